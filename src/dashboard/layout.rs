//! Places on the grid: rows of panels that fill the width, one under the other.

use super::charts::Unplaced;
use super::grafana::{COLUMNS, GridPos, Panel, PanelKind, Row};

/// Height of a row's title.
const TITLE: u32 = 1;

/// Panels side by side under a title.
#[derive(Debug, Clone)]
pub struct Section {
    /// The title.
    pub title: &'static str,
    /// Height of the panels, in units of 30 pixels.
    pub height: u32,
    /// The panels, from left to right; they share the width.
    pub panels: Vec<Unplaced>,
}

/// Gives every panel its number and its place.
pub fn placed(sections: Vec<Section>) -> Vec<Panel> {
    let mut panels = Vec::new();
    let mut y = 0;
    let sections = sections
        .into_iter()
        .filter(|section| !section.panels.is_empty());
    for section in sections {
        panels.push(Panel {
            id: 0,
            title: section.title.to_owned(),
            grid_pos: GridPos {
                h: TITLE,
                w: COLUMNS,
                x: 0,
                y,
            },
            kind: PanelKind::Row(Row {
                collapsed: false,
                panels: Vec::new(),
            }),
        });
        y += TITLE;
        let count = u32::try_from(section.panels.len()).unwrap_or(COLUMNS);
        for (index, panel) in (0..count).zip(section.panels) {
            let left = COLUMNS * index / count;
            panels.push(Panel {
                id: 0,
                title: panel.title.to_owned(),
                grid_pos: GridPos {
                    h: section.height,
                    w: COLUMNS * (index + 1) / count - left,
                    x: left,
                    y,
                },
                kind: panel.kind,
            });
        }
        y += section.height;
    }
    for (id, panel) in (1..).zip(&mut panels) {
        panel.id = id;
    }
    panels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::charts::page;
    use proptest::prelude::*;

    fn section((height, count): (u32, usize)) -> Section {
        Section {
            title: "Row",
            height,
            panels: vec![page("Panel", "", String::new()); count],
        }
    }

    proptest! {
        #[test]
        fn the_panels_of_any_rows_cover_the_grid_once(
            sections in proptest::collection::vec((1_u32..20, 0_usize..=24), 0..8),
        ) {
            let panels = placed(sections.iter().copied().map(section).collect());
            let height = panels.iter().map(|panel| panel.grid_pos.y + panel.grid_pos.h).max();
            let mut cells = vec![0; (height.unwrap_or(0) * COLUMNS) as usize];
            for GridPos { h, w, x, y } in panels.iter().map(|panel| panel.grid_pos) {
                for row in y..y + h {
                    for column in x..x + w {
                        cells[(row * COLUMNS + column) as usize] += 1;
                    }
                }
            }
            prop_assert!(cells.iter().all(|count| *count == 1));
        }
    }
}
