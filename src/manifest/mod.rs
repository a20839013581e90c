//! Kubernetes objects as any tool wrote them: what the checks look at.
//!
//! Our own objects and other people's are looked at in one form, a tree in which every value knows
//! its place, so that each rule is written once. A value that is absent still has a place to point
//! at: that of what should hold it.

mod at;
mod generated;
mod index;
mod json;
mod kinds;
mod labels;
mod list;
mod object;
mod pod;
mod selector;
mod selectors;

pub use at::At;
pub use generated::{GENERATED, first, path_of, tree};
pub use index::{Index, Labelled, Pods, Service, Services};
pub use json::{json, json_at, key};
pub use labels::Labels;
pub use list::{is_kustomization, items};
pub use object::{Manifests, Object};
pub use pod::{Container, Pod};
pub use selector::selects;
pub use selectors::Selectors;
