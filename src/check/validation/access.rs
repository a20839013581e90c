//! Roles and ConfigMaps.

use super::Field;
use super::grammar::config_key;
use super::metadata::selector;

/// Bytes of a ConfigMap at most.
const CONFIG_LIMIT: usize = 1 << 20;

/// A Role, or with `is_wide` a ClusterRole.
pub fn role(role: &Field<'_>, is_wide: bool) {
    for rule in role.field("rules").items() {
        rule.field("verbs").require();
        let urls = rule.field("nonResourceURLs");
        if urls.is_empty() {
            rule.field("apiGroups").require();
            rule.field("resources").require();
            continue;
        }
        if !is_wide {
            urls.refuse("only a ClusterRole is about URLs", "remove them");
        }
        for name in ["apiGroups", "resources", "resourceNames"] {
            if !rule.field(name).is_empty() {
                urls.refuse("the rule is about resources as well", "write two rules");
            }
        }
    }
    let aggregation = role.field("aggregationRule");
    let selectors = aggregation.field("clusterRoleSelectors");
    if aggregation.exists() {
        selectors.require();
    }
    for one in selectors.items() {
        selector(&one);
    }
}

pub fn config_map(map: &Field<'_>) {
    let data = map.field("data");
    let mut size: usize = data
        .entries()
        .iter()
        .map(|(_, value)| value.text().unwrap_or_default().len())
        .sum();
    for (key, value) in map.field("binaryData").entries() {
        value.accept(config_key(key));
        if data.field(key).exists() {
            value.refuse("`data` has this key as well", "write another one");
        }
        // Four characters of base64 are three bytes.
        size += value.text().unwrap_or_default().len() / 4 * 3;
    }
    if size > CONFIG_LIMIT {
        map.field("binaryData").refuse(
            format!("the ConfigMap has some {size} bytes"),
            format!("it holds at most {CONFIG_LIMIT}"),
        );
    }
}
