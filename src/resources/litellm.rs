//! The values of LiteLLM's chart, where Flux finds them: `valuesFrom` of a HelmRelease reads the key
//! `values.yaml`.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::dashboard::FLUX_SUBSTITUTE;
use crate::documents::litellm;
use crate::model::Set;

/// ConfigMap beside the proxy: a HelmRelease reads only what is in its own namespace.
pub fn litellm_values(set: &Set) -> ConfigMap {
    let mut metadata = set.metadata(&set.names.litellm, &set.platform.proxy.namespace);
    // Flux would put its own variables into a description that looks like one.
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.insert(FLUX_SUBSTITUTE.into(), "disabled".into());
    ConfigMap {
        metadata,
        data: Some(BTreeMap::from([(
            "values.yaml".into(),
            litellm::values(set),
        )])),
        ..ConfigMap::default()
    }
}
