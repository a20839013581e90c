//! The text of a first set.

use super::example::{self, Example};
use super::known::Known;
use super::{SCHEMA, SET, Server, Wanted};
use crate::api::{API_VERSION, KIND};
use crate::yaml::{comment, scalar};

/// How a remark begins where what stands below is an example, and cannot stay.
pub const TO_FILL_IN: &str = "To fill in: ";

/// What kustomize finds the program by.
const FUNCTION: &str = "config.kubernetes.io/function: |\n      exec: {path: mcpset}\n";

/// Where a remark goes on in the next line.
const WIDEST: usize = 100;

/// What is longer than an example can show.
const STDIN: &str =
    "How a server is run that reads standard input: `mcpset explain servers.stdio`.";

/// The columns of what a set says of itself and of its platform, and of a server's fields.
const SET_LEVEL: usize = 2;
const FIELD_LEVEL: usize = 4;

/// A set of what is `wanted`, with comments.
#[must_use]
pub fn set(wanted: &Wanted) -> String {
    let mut out = String::new();
    // An editor that knows YAML reads this line.
    comment(
        &mut out,
        0,
        &format!("yaml-language-server: $schema={SCHEMA}"),
    );
    comment(&mut out, 0, "");
    for text in [
        &format!("`mcpset render {SET}` prints all that these servers need on Kubernetes."),
        &format!("`mcpset explain --of {SET}` says what was decided for them, and why."),
        "A line such as `# replicas: 3` is an example: take the `# ` away, and it counts.",
    ] {
        remark(&mut out, 0, text);
    }
    field(&mut out, 0, "apiVersion", API_VERSION);
    field(&mut out, 0, "kind", KIND);
    out.push_str("metadata:\n");
    field(&mut out, SET_LEVEL, "name", &wanted.name);
    remark(
        &mut out,
        SET_LEVEL,
        "URLs and network policies contain it: change it here, and not by kustomize's `namespace:`.",
    );
    field(&mut out, SET_LEVEL, "namespace", &wanted.namespace);
    out.push_str("  annotations:\n");
    remark(
        &mut out,
        FIELD_LEVEL,
        "What makes kustomize run the mcpset that is on the PATH.",
    );
    out.push_str("    ");
    out.push_str(FUNCTION);
    out.push_str("spec:\n  platform:\n");
    platform(&mut out, wanted);
    examples(&mut out, SET_LEVEL, &example::SPEC, None, "");
    out.push_str("  servers:\n");
    // Examples below one server are enough: one of which nothing is known, if there is one.
    let unknown = wanted.servers.iter().position(|one| one.profile.is_none());
    for (index, one) in wanted.servers.iter().enumerate() {
        server(&mut out, one, index == unknown.unwrap_or_default());
    }
    out
}

fn platform(out: &mut String, wanted: &Wanted) {
    remark(
        out,
        FIELD_LEVEL,
        "Images without a host come from here; from elsewhere none is accepted.",
    );
    field(out, FIELD_LEVEL, "registry", &wanted.registry);
    let mut profiles = wanted.servers.iter().filter_map(|server| server.profile);
    if profiles.any(|profile| Known::of(profile).calls_cluster) {
        to_fill_in(
            out,
            "the address of the Service `kubernetes`, and the subnets of the control plane",
            "network: {apiServerCidrs: [172.20.0.1/32, 10.0.0.0/24]}",
        );
    }
    examples(out, FIELD_LEVEL, &example::PLATFORM, None, "");
}

fn server(out: &mut String, server: &Server, has_examples: bool) {
    let known = server.profile.map(Known::of);
    out.push_str("  - name: ");
    scalar(out, &server.name);
    out.push('\n');
    if let (Some(profile), Some(known)) = (server.profile, &known) {
        let text = format!(
            "{}: `mcpset explain profile/{}` says what is known of it.",
            known.title, profile.name
        );
        remark(out, FIELD_LEVEL, &text);
        field(out, FIELD_LEVEL, "profile", profile.name);
        if server.image == known.copy() {
            let text = format!("Copy {} into your registry.", known.published());
            remark(out, FIELD_LEVEL, &text);
        }
    }
    field(out, FIELD_LEVEL, "image", &server.image);
    for (what, line) in known.iter().flat_map(|known| &known.needs) {
        to_fill_in(out, what, line);
    }
    if has_examples {
        let (all, known) = (&example::SERVER, known.as_ref());
        examples(out, FIELD_LEVEL, all, known, &server.name);
        if server.profile.is_none() {
            remark(out, FIELD_LEVEL, STDIN);
        }
    }
}

/// A line of our own that cannot stay as it is.
fn to_fill_in(out: &mut String, what: &str, line: &str) {
    remark(out, FIELD_LEVEL, &format!("{TO_FILL_IN}{what}"));
    out.extend(std::iter::repeat_n(' ', FIELD_LEVEL));
    out.push_str(line);
    out.push('\n');
}

/// Those of `all` that suit, as comments.
fn examples(out: &mut String, indent: usize, all: &[Example], known: Option<&Known>, name: &str) {
    for example in all.iter().filter(|example| example.suits(known)) {
        remark(out, indent, example.remark);
        comment(out, indent, &example.line(name));
    }
}

fn field(out: &mut String, indent: usize, key: &str, value: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(key);
    out.push_str(": ");
    scalar(out, value);
    out.push('\n');
}

/// A comment that goes on in further lines where it is long.
fn remark(out: &mut String, indent: usize, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent + line.chars().count() + word.chars().count() > WIDEST {
            comment(out, indent, &line);
            line.clear();
        }
        line.push_str(word);
        line.push(' ');
    }
    comment(out, indent, &line);
}
