//! Links of the pages.

use std::path::Path;

use super::page::{Page, pages};
use crate::support;

#[test]
fn every_relative_link_leads_to_a_file_and_every_fragment_to_a_heading() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        for (line, link) in page.links() {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            count += 1;
            if let Err(why) = lead(&page, &link) {
                wrong.push(format!("{}: {link}: {why}", page.at(line)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "only {count} links were found");
}

/// Follows `link` of `page`.
fn lead(page: &Page, link: &str) -> Result<(), &'static str> {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let folder = Path::new(&page.path).parent().unwrap();
    let target = if path.is_empty() {
        support::root().join(&page.path)
    } else {
        support::root().join(folder).join(path)
    };
    if !target.exists() {
        return Err("there is no such file");
    }
    if fragment.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&target).map_err(|_| "a fragment of what is no page")?;
    let anchors = Page::of(link, &text).anchors();
    if anchors.iter().any(|anchor| anchor == fragment) {
        Ok(())
    } else {
        Err("there is no such heading")
    }
}
