//! The values for LiteLLM's charts, through the real Helm 3 and Helm 4: beside a person's own values
//! nothing is lost but what the comment in them says. The chart here has the keys of LiteLLM's two
//! and does with them what these do.

use crate::support;
use crate::support::chart::chart;
use crate::support::helm::Helm;
use crate::support::run::run;
use serde_json::{Value, json};

const SET: &str = include_str!("litellm/set.yaml");

/// What a chart makes of its values: a config file and a container's environment.
const SINGLE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: single}
data:
  config.yaml: |
{{ .Values.proxy_config | toYaml | indent 4 }}
  env: |
{{- range $key, $value := .Values.envVars }}
    - name: {{ $key }}
      value: {{ $value | quote }}
{{- end }}
{{- with .Values.extraEnvVars }}
{{ toYaml . | indent 4 }}
{{- end }}
";
const COMPONENTS: &str = "\
{{- range $name := list \"gateway\" \"backend\" }}
{{- $component := index $.Values $name }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $name }}}
data:
  config.yaml: |
{{ $.Values.gateway.config.proxy_config | toYaml | indent 4 }}
  env: |
{{ toYaml $component.extraEnv | indent 4 }}
{{- end }}
";

/// A person's own values for `litellm-helm`.
const OWN_SINGLE: &str = "\
envVars: {LOG_LEVEL: debug}
extraEnvVars: [{name: REGION, value: eu}]
proxy_config:
  model_list: [{model_name: small}]
  mcp_servers:
    other: {url: https://mcp.example.com/mcp, transport: http}
    mcp_github: {rpm: 30}
";
/// The same for `litellm`.
const OWN_COMPONENTS: &str = "\
backend:
  extraEnv: [{name: REGION, value: eu}]
gateway:
  extraEnv: [{name: REGION, value: eu}]
  config:
    proxy_config:
      model_list: [{model_name: small}]
      mcp_servers:
        other: {url: https://mcp.example.com/mcp, transport: http}
        mcp_github: {rpm: 30}
";

fn litellm(set: &str, form: &str) -> String {
    let mut command = support::mcpset();
    run(command.args(["litellm", "-", "--as", form]), set.as_bytes()).done()
}

fn yaml(text: &Value) -> Value {
    serde_yaml::from_str(text.as_str().unwrap()).unwrap()
}

/// The ConfigMaps that a chart with `template` makes of `files`, the later winning.
fn rendered(helm: &Helm, template: &str, files: [&str; 2]) -> Vec<Value> {
    let folder = chart(&[("all.yaml", template)]);
    folder.write("one.yaml", files[0]);
    folder.write("two.yaml", files[1]);
    let file = |name: &str| format!("--values={}", folder.path().join(name).display());
    let text = helm.plain_template(folder.path(), &[&file("one.yaml"), &file("two.yaml")]);
    let documents = support::documents(&text).into_iter();
    documents
        .map(|document| serde_json::to_value(document.value).unwrap())
        .collect()
}

/// What a person's own values and ours are together.
fn together() -> Value {
    let mut config: Value = serde_yaml::from_str(&litellm(SET, "config")).unwrap();
    config["model_list"] = json!([{"model_name": "small"}]);
    let servers = &mut config["mcp_servers"];
    servers["other"] = json!({"url": "https://mcp.example.com/mcp", "transport": "http"});
    servers["mcp_github"]["rpm"] = json!(30);
    config
}

/// The names in a container's environment, sorted.
fn names(env: &Value) -> Vec<String> {
    let env = yaml(env);
    let mut names: Vec<String> = env
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| variable["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

const OURS: [&str; 4] = [
    "MCP_ENABLED",
    "MCP_GITHUB_ENDPOINT",
    "MCP_S3_ENDPOINT",
    "MCP_WEB_SEARCH_ENDPOINT",
];

fn nothing_is_lost(helm: &Helm) {
    let values = litellm(SET, "values");
    for files in [[OWN_SINGLE, &values], [&values, OWN_SINGLE]] {
        let maps = rendered(helm, SINGLE, files);
        assert_eq!(yaml(&maps[0]["data"]["config.yaml"]), together());
        let mut all: Vec<&str> = OURS.to_vec();
        all.extend(["LOG_LEVEL", "REGION"]);
        all.sort_unstable();
        assert_eq!(names(&maps[0]["data"]["env"]), all);
    }
    let set = SET.replace("chart: litellm-helm", "chart: litellm");
    let values = litellm(&set, "values");
    assert!(
        values.contains("your own `extraEnv` and `guardrails` would replace what stands here.")
    );
    for (files, env) in [
        ([OWN_COMPONENTS, &values], &OURS[..]),
        ([&values, OWN_COMPONENTS], &["REGION"][..]),
    ] {
        let maps = rendered(helm, COMPONENTS, files);
        assert_eq!(maps.len(), 2);
        for map in maps {
            assert_eq!(yaml(&map["data"]["config.yaml"]), together());
            assert_eq!(names(&map["data"]["env"]), env);
        }
    }
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn helm_3_merges_the_values_with_a_persons_own() {
    nothing_is_lost(&Helm::without_plugin("helm3"));
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_merges_the_values_with_a_persons_own() {
    nothing_is_lost(&Helm::without_plugin("helm4"));
}
