//! What variables and files say of their own pod: the downward API.

use super::Field;
use super::grammar::{annotation_key, qualified_name};
use crate::model::{DOWNWARD_FIELDS, Invalid, Quantity, quoted};

/// What a variable can say as well as [`DOWNWARD_FIELDS`], since Kubernetes 1.30.
const HOST_ADDRESSES: &str = "status.hostIPs";
/// What a file can say.
const OF_FILE: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// A field of the pod, for a variable or for a file.
pub fn pod_field(source: &Field<'_>, is_variable: bool) {
    source.field("apiVersion").one_of(&["v1"]);
    let path = source.field("fieldPath");
    path.require();
    path.parse(|text| {
        if let Some((list, key)) = subscript(text) {
            return match list {
                "metadata.labels" => qualified_name(key),
                "metadata.annotations" => annotation_key(key),
                _ => unknown(text),
            };
        }
        let is_known = if is_variable {
            DOWNWARD_FIELDS.contains(&text) || text == HOST_ADDRESSES
        } else {
            OF_FILE.contains(&text)
        };
        if is_known { Ok(()) } else { unknown(text) }
    });
}

/// `list['key']`
fn subscript(text: &str) -> Option<(&str, &str)> {
    let (list, key) = text.strip_suffix("']")?.split_once("['")?;
    Some((list, key))
}

fn unknown(text: &str) -> Result<(), Invalid> {
    Err(Invalid {
        problem: format!("{} is no field that a pod tells", quoted(text)),
        help: "write one such as `metadata.name` or `metadata.labels['app']`".to_owned(),
    })
}

/// An amount that a container requests or gets.
pub fn container_resource(source: &Field<'_>, is_file: bool) {
    if is_file {
        source.field("containerName").require();
    }
    let resource = source.field("resource");
    resource.require();
    let name = resource.text().unwrap_or_default();
    let amount = name
        .strip_prefix("limits.")
        .or(name.strip_prefix("requests."));
    let amount = amount.unwrap_or_default();
    let is_known = ["cpu", "memory", "ephemeral-storage"].contains(&amount);
    if resource.exists() && !is_known && !amount.starts_with("hugepages-") {
        let problem = format!("{} is nothing that a container tells", quoted(name));
        resource.refuse(problem, "write one such as `limits.memory`");
    }
    let divisor = source.field("divisor");
    let Some(text) = divisor.said() else {
        return;
    };
    let is_unit = text.strip_prefix('1').is_some_and(|unit| match amount {
        "cpu" => ["", "m"].contains(&unit),
        _ => {
            unit.is_empty()
                || ["k", "M", "G", "T", "P", "E"].contains(&unit)
                || unit.len() == 2 && unit.ends_with('i')
        }
    });
    if !is_unit || Quantity::parse(&text).is_err() {
        let help = "write `1`, for processors `1m`, for bytes a unit such as `1Mi`";
        divisor.refuse(format!("{} is no unit of it", quoted(&text)), help);
    }
}
