//! All tests in one program: sixty would link, each for seconds, what one links once.
//!
//! `cargo test --test all rules::` runs one file of them.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::module_inception,
    reason = "a folder of tests and the program that they are about have one name"
)]

mod alone;
mod argocd;
mod bad_input;
mod benches;
mod bounds;
mod changes;
mod check;
mod checklist;
mod command_line;
mod corpus;
mod crd_validation;
mod dashboard;
mod dashboard_linter;
mod dashboard_picture;
mod determinism;
mod diff;
mod docs;
mod explain;
mod faults;
mod foreign_manifests;
mod gatekeeper;
mod go_readers;
mod go_strings;
mod golden;
mod grafana_schema;
mod graph;
mod guide;
mod guide_requirements;
mod helm;
mod hostile;
mod iam;
mod import;
mod init;
mod instructions;
mod kpt_style;
mod krm_input;
mod kustomize;
mod kustomize_transform;
mod linters;
mod litellm;
mod litellm_helm;
mod litellm_values;
mod mutations;
mod network;
mod packaging;
mod patch_validation;
mod patches;
mod pod_security;
mod pods;
mod policies_among_items;
mod post_render;
mod profiles;
mod prometheus;
mod promql_reader;
mod promtool;
mod properties;
mod render_output;
mod render_people;
mod reports;
mod resource_list;
mod roles;
mod rows;
mod rules;
mod runbook;
mod schema;
mod schema_forms;
mod stages;
mod stdio;
mod strict_objects;
mod supply_chain;
mod support;
mod yaml_writer;
