//! A page of Markdown, as far as the tests must understand it: fenced blocks, headings, links and
//! the code within lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support;

/// A page by its lines.
pub struct Page {
    /// Its path, relative to the project's folder.
    pub path: String,
    /// Its fenced blocks.
    pub blocks: Vec<Block>,
    /// Its headings, without their marks.
    pub headings: Vec<String>,
    /// The paragraphs outside of the blocks, with the number of their first line.
    prose: Vec<(usize, String)>,
}

/// A fenced block.
pub struct Block {
    /// What stands behind the fence: the language, and for us how it is run.
    pub info: String,
    /// Its text, without what it is indented by.
    pub text: String,
    /// The line of its fence.
    pub line: usize,
    /// The heading above it.
    pub heading: String,
    /// Whether nothing but blank lines stands between it and the block before.
    pub follows: bool,
}

/// A piece of prose, or the code in it.
struct Piece<'p> {
    line: usize,
    text: &'p str,
    is_code: bool,
}

impl Page {
    /// The page at `path`.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(support::root().join(path)).unwrap();
        Self::of(path, &text)
    }

    /// The page that `text` is.
    pub fn of(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.into(),
            blocks: Vec::new(),
            headings: Vec::new(),
            prose: Vec::new(),
        };
        let mut open: Option<(usize, Block)> = None;
        let mut follows = false;
        let mut is_inside = false;
        for (number, line) in (1..).zip(text.lines()) {
            let indent = line.len() - line.trim_start().len();
            let fence = line.trim_start().strip_prefix("```");
            if let Some((indent, block)) = &mut open {
                if fence == Some("") {
                    page.blocks.extend(open.take().map(|(_, block)| block));
                    follows = true;
                    is_inside = false;
                } else {
                    block.text.push_str(line.get(*indent..).unwrap_or_default());
                    block.text.push('\n');
                }
            } else if let Some(info) = fence {
                let block = Block {
                    info: info.into(),
                    text: String::new(),
                    line: number,
                    heading: page.headings.last().cloned().unwrap_or_default(),
                    follows,
                };
                open = Some((indent, block));
            } else {
                follows = follows && line.trim().is_empty();
                if line.starts_with('#') {
                    let heading = line.trim_start_matches('#').trim();
                    page.headings.push(heading.into());
                }
                match page.prose.last_mut() {
                    Some((_, paragraph)) if is_inside => {
                        paragraph.push('\n');
                        paragraph.push_str(line);
                    }
                    _ if line.trim().is_empty() => {}
                    _ => page.prose.push((number, line.into())),
                }
                is_inside = !line.trim().is_empty();
            }
        }
        assert!(open.is_none(), "{path}: a block does not end");
        page
    }

    /// The fragments that lead to its headings, as GitHub makes them.
    pub fn anchors(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let anchor = |heading: &String| {
            let slug: String = heading
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect();
            let before = seen.entry(slug.clone()).or_default();
            *before += 1;
            match *before {
                1 => slug,
                count => format!("{slug}-{}", count - 1),
            }
        };
        self.headings.iter().map(anchor).collect()
    }

    /// What its links lead to, with the line: `[…](target)` outside of code.
    pub fn links(&self) -> Vec<(usize, String)> {
        let prose = self.pieces().filter(|piece| !piece.is_code);
        let links = prose.flat_map(|piece| {
            let mut line = piece.line;
            let mut links = Vec::new();
            for (index, part) in piece.text.split("](").enumerate() {
                if index > 0 {
                    let target = part.split([')', ' ']).next().unwrap_or_default();
                    links.push((line, target.to_owned()));
                }
                line += part.matches('\n').count();
            }
            links
        });
        links.collect()
    }

    /// The code within its lines, with the line.
    pub fn spans(&self) -> Vec<(usize, String)> {
        let code = self.pieces().filter(|piece| piece.is_code);
        code.map(|piece| (piece.line, piece.text.replace('\n', " ")))
            .collect()
    }

    /// What stands outside of the blocks, cut at the marks of code.
    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.prose.iter().flat_map(|(line, paragraph)| {
            let mut line = *line;
            let pieces = paragraph.split('`').enumerate();
            pieces.map(move |(index, text)| {
                let piece = Piece {
                    line,
                    text,
                    is_code: index % 2 == 1,
                };
                line += text.matches('\n').count();
                piece
            })
        })
    }

    /// The first two cells of each row of the table whose head begins with `head`.
    pub fn rows(&self, head: &str) -> Vec<(String, String)> {
        let start = format!("| {head} |");
        let mut tables = self.prose.iter().map(|(_, paragraph)| paragraph);
        let table = tables.find(|paragraph| paragraph.starts_with(&start));
        let rows = table.unwrap().lines().skip(2);
        rows.map(|row| {
            let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
            let mut cell = || cells.next().unwrap().to_owned();
            (cell(), cell())
        })
        .collect()
    }

    /// `path:line`, as editors open it.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// Every page that people read, relative to the project's folder.
pub fn pages() -> Vec<Page> {
    let mut paths = vec![
        PathBuf::from("argocd-plugin/README.md"),
        "helm-plugin/README.md".into(),
        "kustomize-plugin/README.md".into(),
    ];
    for folder in ["", "docs"] {
        for entry in fs::read_dir(support::root().join(folder)).unwrap() {
            let path = Path::new(folder).join(entry.unwrap().file_name());
            if path.extension().is_some_and(|end| end == "md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 10);
    let page = |path: PathBuf| Page::read(path.to_str().unwrap());
    paths.into_iter().map(page).collect()
}

#[test]
fn blocks_and_what_follows_them_are_found_in_lists_too() {
    let page = Page::of(
        "page.md",
        "# One\n\n```sh\na\n```\n\n```text\nb\n```\nWords.\n- item\n\n  ```sh cluster\n  c\n    d\n  ```\n",
    );
    let seen: Vec<_> = page
        .blocks
        .iter()
        .map(|block| {
            (
                block.info.as_str(),
                block.text.as_str(),
                block.line,
                block.follows,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("sh", "a\n", 3, false),
            ("text", "b\n", 7, true),
            ("sh cluster", "c\n  d\n", 13, false)
        ]
    );
}

#[test]
fn anchors_are_those_of_github() {
    let page = Page::of(
        "page.md",
        "# MCP056 role-grants\n## Flux, plain CI\n## A `b`\n## A b\n",
    );
    assert_eq!(
        page.anchors(),
        ["mcp056-role-grants", "flux-plain-ci", "a-b", "a-b-1"]
    );
}
