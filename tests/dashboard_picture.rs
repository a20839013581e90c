//! `docs/dashboard.svg`, the picture in the README: what Grafana shows of a set.
//!
//! `UPDATE_PICTURE=1 cargo test --test all dashboard_picture::` draws it anew.

use crate::support;
use std::fs;

use crate::support::picture::{self, svg};
use proptest::prelude::*;
use serde_json::Value;

/// The set that is drawn.
const EXAMPLE: &str = "examples/quickstart.yaml";
const PICTURE: &str = "docs/dashboard.svg";
/// Bytes of a picture that loads as fast as the page around it.
const LIMIT: usize = 60 << 10;

fn drawn() -> String {
    let json = support::stdout_of(
        support::mcpset()
            .args(["dashboard", EXAMPLE])
            .output()
            .unwrap(),
    );
    picture::draw(&serde_json::from_str::<Value>(&json).unwrap())
}

#[test]
fn the_picture_shows_the_dashboard_as_it_is() {
    let path = support::root().join(PICTURE);
    let drawn = drawn();
    assert!(drawn.len() < LIMIT, "{} bytes", drawn.len());
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &drawn).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == drawn,
        "{PICTURE} is not up to date: UPDATE_PICTURE=1 cargo test --test all dashboard_picture::"
    );
}

#[test]
fn a_changed_dashboard_is_another_picture() {
    let bundle = support::Bundle::of(support::QUICKSTART).unwrap();
    let dashboard = support::dashboard::of(&bundle).unwrap();
    for pointer in [
        "/panels/1/title",
        "/panels/1/fieldConfig/defaults/unit",
        "/templating/list/1/label",
    ] {
        let mut changed = dashboard.clone();
        *changed.pointer_mut(pointer).unwrap() = "another".into();
        assert_ne!(picture::draw(&changed), drawn(), "{pointer}");
    }
    assert_eq!(picture::draw(&dashboard), drawn());
}

proptest! {
    #[test]
    fn no_text_becomes_markup(text in any::<String>()) {
        let escaped = svg::xml(&text);
        prop_assert!(!escaped.contains(['<', '>', '"']));
        prop_assert_eq!(escaped.matches('&').count(), escaped.matches(';').count() - text.matches(';').count());
    }
}
