//! What the Application sets, and what it is told that it can set.

use serde_json::{Value as Json, json};

use super::{
    NAMESPACE, PARAMETERS, argocd, cause, find, generate, generated, github, image, namespaces,
    support,
};
use support::kustomize::Folder;

#[test]
fn parameters_are_announced_with_todays_values_as_text() {
    let second = github().replace("github", "s3").replace(
        "image: 'mcp-s3:1.0.0'",
        "image: 'registry.example.com/team/s3:2.1.0', replicas: 3",
    );
    let app = Folder::new(&[("a.yaml", &github()), ("b.yaml", &second)]);
    // What is set for the application is no default: Argo CD shows both.
    let set = [(PARAMETERS, r#"[{"name":"replicas","map":{"s3":"9"}}]"#)];
    let output = argocd(&app, &["parameters"], &set).output().unwrap();
    let mut announced: Json = serde_json::from_str(&support::stdout_of(output)).unwrap();
    for parameter in announced.as_array_mut().unwrap() {
        let parameter = parameter.as_object_mut().unwrap();
        for text in ["title", "tooltip"] {
            let text = parameter.remove(text).unwrap();
            assert!(!text.as_str().unwrap().is_empty());
        }
    }
    assert_eq!(
        announced,
        json!([
            {"name": "images", "collectionType": "map", "map": {"github": "1.0.0", "s3": "2.1.0"}},
            {"name": "replicas", "collectionType": "map", "map": {"github": "2", "s3": "3"}},
            {"name": "namespace", "string": "litellm"},
        ])
    );
}

#[test]
fn a_tag_or_a_whole_image_replaces_the_image_of_its_server_alone() {
    let two = github().replace(
        "  servers:\n",
        "  servers:\n  - {name: s3, image: 'mcp-s3:2.0.0@sha256:0000000000000000000000000000000000000000000000000000000000000000'}\n",
    );
    let app = Folder::new(&[("mcp.yaml", &two)]);
    for (parameters, github, s3) in [
        (r#"{"github": "1.10"}"#, "mcp-github:1.10", None),
        (
            r#"{"s3": "2.1.0"}"#,
            "mcp-github:1.0.0",
            Some("mcp-s3:2.1.0"),
        ),
        (
            r#"{"github": "registry.example.com/team/other:3.0.0"}"#,
            "team/other:3.0.0",
            None,
        ),
    ] {
        let parameters = format!(r#"[{{"name": "images", "map": {parameters}}}]"#);
        let documents = generated(&app, &[(PARAMETERS, &parameters)]);
        let image = |name| {
            let image = image(&documents, name);
            image
                .strip_prefix("registry.example.com/")
                .unwrap()
                .to_owned()
        };
        assert_eq!(image("github-github"), github);
        if let Some(s3) = s3 {
            assert_eq!(image("github-s3"), s3);
        } else {
            assert!(image("github-s3").starts_with("mcp-s3:2.0.0@sha256:00"));
        }
    }
}

#[test]
fn replicas_are_numbers_written_as_text() {
    let app = Folder::new(&[("mcp.yaml", &github())]);
    let parameters = [(PARAMETERS, r#"[{"name":"replicas","map":{"github":"5"}}]"#)];
    let documents = generated(&app, &parameters);
    let deployment = find(&documents, "Deployment", "github-github");
    assert_eq!(deployment["spec"]["replicas"], 5);
}

#[test]
fn the_parameter_goes_before_the_set_and_the_set_before_the_application_in_naming_the_namespace() {
    let named = Folder::new(&[("mcp.yaml", &github())]);
    let silent = github().replace(", namespace: litellm", "");
    let silent = Folder::new(&[("mcp.yaml", &silent)]);
    let application = (NAMESPACE, "from-application");
    let parameter = (
        PARAMETERS,
        r#"[{"name":"namespace","string":"from-parameter"}]"#,
    );
    let all = |app: &Folder, env: &[(&str, &str)]| namespaces(&generated(app, env)).join(" and ");
    assert_eq!(all(&named, &[application]), "litellm");
    assert_eq!(all(&silent, &[application]), "from-application");
    assert_eq!(all(&silent, &[application, parameter]), "from-parameter");
    assert_eq!(all(&named, &[application, parameter]), "from-parameter");
    cause(generate(&silent, &[]));

    // Asking for the parameters, Argo CD does not say the application's namespace.
    for (env, namespace) in [(&[application][..], "from-application"), (&[], "")] {
        let announced = argocd(&silent, &["parameters"], env).output();
        let announced = support::stdout_of(announced.unwrap());
        let announced: Json = serde_json::from_str(&announced).unwrap();
        assert_eq!(announced[2]["string"], namespace);
    }
}

#[test]
fn no_parameters_change_nothing() {
    let app = Folder::new(&[("mcp.yaml", &github())]);
    let expected = support::stdout_of(generate(&app, &[]));
    for nothing in ["", "[]", "null", r#"[{"name":"images","map":{}}]"#] {
        let output = generate(&app, &[(PARAMETERS, nothing)]);
        assert_eq!(support::stdout_of(output), expected, "{nothing}");
    }
}

#[test]
fn parameters_that_cannot_be_meant_are_refused_with_the_cause() {
    let app = Folder::new(&[("mcp.yaml", &github())]);
    for (parameters, expected) in [
        ("{", "ARGOCD_APP_PARAMETERS is no JSON"),
        (r#"[{"name":"images","map":{"github":"1.1.0"}}"#, "no JSON"),
        ("images: {github: 1.1.0}", "no JSON"),
        (r#"{"name":"images"}"#, "expected a list"),
        (r#"["images"]"#, "expected a mapping"),
        (r#"[{"name":"image","map":{}}]"#, "no parameter `image`"),
        (r#"[{"map":{"github":"1.1.0"}}]"#, "no parameter"),
        (
            r#"[{"name":"images","map":{"githup":"1.1.0"}}]"#,
            "no set has a server `githup`",
        ),
        (
            r#"[{"name":"replicas","map":{"githup":"2"}}]"#,
            "no set has a server `githup`",
        ),
        (
            r#"[{"name":"images","map":{"github":"latest"}}]"#,
            "not a fixed version",
        ),
        (r#"[{"name":"images","map":{"github":""}}]"#, "image"),
        (
            r#"[{"name":"images","map":{"github":"evil.example.com/x:1.0.0"}}]"#,
            "evil.example.com",
        ),
        (
            r#"[{"name":"images","string":"1.1.0"}]"#,
            "`images` is a map",
        ),
        (
            r#"[{"name":"images","array":["1.1.0"]}]"#,
            "`images` is a map",
        ),
        (
            r#"[{"name":"replicas","map":{"github":"two"}}]"#,
            "`two` is not a number",
        ),
        (
            r#"[{"name":"replicas","map":{"github":"2.5"}}]"#,
            "`2.5` is not a number",
        ),
        (
            r#"[{"name":"replicas","map":{"github":""}}]"#,
            "not a number",
        ),
        (
            r#"[{"name":"replicas","map":{"github":"-1"}}]"#,
            "not a number of pods",
        ),
        (
            r#"[{"name":"replicas","map":{"github":"99999999999999999999"}}]"#,
            "not a number",
        ),
        (
            r#"[{"name":"namespace","map":{"a":"b"}}]"#,
            "`namespace` is a string",
        ),
        (
            r#"[{"name":"namespace","string":"Not A Name"}]"#,
            "Not A Name",
        ),
    ] {
        let stderr = cause(generate(&app, &[(PARAMETERS, parameters)]));
        assert!(stderr.contains(expected), "{parameters}: {stderr}");
    }
}

/// Argo CD caches what a failed plugin prints and shows it to everyone who may see the application.
#[test]
fn no_failure_repeats_a_credential() {
    const TOKEN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    let with_env = github().replace(
        "image: 'mcp-github:1.0.0'",
        &format!("image: 'mcp-github:latest', env: {{GITHUB_TOKEN: {TOKEN}}}"),
    );
    let good = github();
    let parameter = |value: Json| json!([value]).to_string();
    for (set, parameters) in [
        (&with_env, String::new()),
        (&good, parameter(json!({"name": "token", "string": TOKEN}))),
        (&good, parameter(json!({"name": TOKEN, "string": "x"}))),
        (
            &good,
            parameter(json!({"name": "images", "map": {TOKEN: "1.1.0"}})),
        ),
        (&good, parameter(json!({"name": "images", "string": TOKEN}))),
        (
            &good,
            parameter(json!({"name": "replicas", "map": {"github": TOKEN}})),
        ),
        (
            &good,
            parameter(json!({"name": "namespace", "string": TOKEN})),
        ),
        (
            &good,
            format!("[{{\"name\": \"token\", \"string\": \"{TOKEN}"),
        ),
    ] {
        let app = Folder::new(&[("mcp.yaml", set)]);
        let env = [
            (PARAMETERS, parameters.as_str()),
            ("ARGOCD_ENV_TOKEN", TOKEN),
            ("PARAM_TOKEN", TOKEN),
        ];
        let stderr = cause(generate(&app, &env));
        assert!(!stderr.contains(TOKEN), "{parameters}: {stderr}");
    }
}
