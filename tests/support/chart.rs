//! Charts to render, and what Helm prints of them, taken apart.

use std::path::PathBuf;

use super::kustomize::Folder;

/// A set with nothing in it for Helm to fill in.
pub const SET: &str = "\
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: mcp, namespace: litellm}
spec:
  platform: {registry: registry.example.com}
  servers:
  - name: github
    image: mcp-github:1.0.0
";

/// Documents of other people, written as charts are: before and behind a set in Helm's order, with
/// comments, tabs, odd indentation, anchors, Windows line ends, and the word in every place.
pub const FOREIGN: [(&str, &str); 7] = [
    (
        "comments.yaml",
        "# About the McpServerSet.\napiVersion: v1   # core\nkind: \"ConfigMap\"\nmetadata:\n     name: comments\t# odd indentation\n     labels:   {a: 'b',\n        c: \"d\"}\ndata:\n  text: |+\n    kind: McpServerSet\n\n  folded: >-\n    kind:\n    McpServerSet\n\n  # the last comment\n",
    ),
    (
        "windows.yaml",
        "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: windows\r\ndata:\r\n  text: |\r\n    kind: McpServerSet\r\n  b: c\r\n",
    ),
    (
        "json.yaml",
        "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n \"metadata\": {\"name\": \"json\"}, \"data\": {\"kind\": \"McpServerSet\"}}\n",
    ),
    (
        "anchors.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: anchors}\ndata: {a: &a McpServerSet, b: *a, ? c : d}\n",
    ),
    (
        "several.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n--- # McpServerSet\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {yes: 1.10}\n",
    ),
    (
        "zebra.yaml",
        "apiVersion: example.com/v1\nkind: Zebra # behind the set, since Helm sorts what it does not know by kind\nmetadata: {name: zebra}\nspec: {of: [McpServerSet]}\n",
    ),
    // The id of a template, in a hook.
    (
        "hook.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n  annotations:\n    helm.sh/hook: pre-install\ndata: {is: hook}\n",
    ),
];

/// A chart called `chart` with these templates.
pub fn chart(templates: &[(&str, &str)]) -> Folder {
    let chart = Folder::new(&[(
        "Chart.yaml",
        "{apiVersion: v2, name: chart, version: 0.1.0}\n",
    )]);
    for (name, text) in templates {
        chart.write(&format!("templates/{name}"), text);
    }
    chart
}

/// The foreign templates, and those in `more`.
pub fn mixed(more: &[(&str, &str)]) -> Folder {
    let folder = chart(&FOREIGN);
    for (name, text) in more {
        folder.write(&format!("templates/{name}"), text);
    }
    folder
}

/// The chart that people copy.
pub fn example() -> PathBuf {
    super::root().join("helm-plugin/example-chart")
}

/// The documents of what Helm printed, each with its `---` line.
pub fn pieces(stream: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = stream;
    while let Some((newline, _)) = rest.match_indices("\n---\n").next() {
        let (piece, behind) = rest.split_at(newline + 1);
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// Whether the document `piece` is a set, as an independent reader sees it.
pub fn is_set(piece: &str) -> bool {
    let value: serde_yaml::Value = serde_yaml::from_str(piece).unwrap();
    value["kind"].as_str() == Some("McpServerSet")
}

/// What `mcpset render` makes of the set in `piece`, each object with the comment of its template.
pub fn rendered(piece: &str) -> String {
    let folder = Folder::new(&[("set.yaml", piece)]);
    let text = super::render_text(&folder.path().join("set.yaml"));
    let source = piece
        .lines()
        .find(|line| line.starts_with("# Source: "))
        .unwrap();
    text.replace("---\n", &format!("---\n{source}\n"))
}

/// The stream with every set in it replaced by what `mcpset render` prints for it.
pub fn with_sets_rendered(stream: &str) -> String {
    let mut sets = 0;
    let text = pieces(stream)
        .into_iter()
        .map(|piece| {
            if is_set(piece) {
                sets += 1;
                rendered(piece)
            } else {
                piece.to_owned()
            }
        })
        .collect();
    assert!(sets > 0, "no set in {stream}");
    text
}

/// The objects that `mcpset render` makes of all sets in `stream`.
pub fn rendered_objects(stream: &str) -> Vec<serde_yaml::Value> {
    let sets = pieces(stream).into_iter().filter(|piece| is_set(piece));
    super::sorted(
        sets.flat_map(|set| super::documents(&rendered(set)))
            .collect(),
    )
}

/// The documents of `stream` that come from `template`, or all others.
pub fn of_template<'s>(stream: &'s str, template: &str, is: bool) -> Vec<&'s str> {
    let source = format!("/templates/{template}");
    pieces(stream)
        .into_iter()
        .filter(|piece| piece.lines().nth(1).unwrap().ends_with(&source) == is)
        .collect()
}

/// The documents of what `helm install` printed, hooks included.
pub fn install_pieces(installed: &str) -> Vec<&str> {
    let (_, hooks) = installed.split_once("\nHOOKS:\n").unwrap();
    let (hooks, manifest) = hooks.split_once("MANIFEST:\n").unwrap();
    let mut all = sorted_pieces(hooks);
    all.extend(sorted_pieces(manifest));
    all.sort_unstable();
    all
}

/// The documents of `stream`, without the blank lines that Helm puts between them.
pub fn sorted_pieces(stream: &str) -> Vec<&str> {
    let mut all: Vec<&str> = pieces(stream).into_iter().map(str::trim_end).collect();
    all.sort_unstable();
    all
}
