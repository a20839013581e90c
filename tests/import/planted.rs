//! Sources with a credential wherever people put them.

use serde_json::{Value, json};

/// A value that no output may hold, whatever the field.
pub const PLANTED: &str = "Pl4nted-hunter2";

/// Sources with [`PLANTED`] wherever people put credentials.
pub fn planted() -> Vec<String> {
    let client = |server: Value| json!({"mcpServers": {"a": server}}).to_string();
    let deployment = |container: Value| {
        let container = {
            let mut whole =
                json!({"name": "a", "image": "a/b:1", "ports": [{"containerPort": 80}]});
            whole
                .as_object_mut()
                .unwrap()
                .extend(container.as_object().unwrap().clone());
            whole
        };
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
            "spec": {"template": {"spec": {"containers": [container]}}},
        })
        .to_string()
    };
    let registry = |package: Value| {
        let mut whole =
            json!({"registryType": "oci", "identifier": "a/b:1", "transport": {"type": "stdio"}});
        whole
            .as_object_mut()
            .unwrap()
            .extend(package.as_object().unwrap().clone());
        json!({"name": "x/a", "packages": [whole]}).to_string()
    };
    let p = PLANTED;
    vec![
        client(json!({"command": "npx", "args": ["-y", "a"], "env": {"API_KEY": p}})),
        client(json!({"command": "npx", "args": ["-y", "a", "--api-key", p]})),
        client(json!({"command": "npx", "args": ["-y", "a", format!("--token={p}")]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--header", format!("Authorization: Bearer {p}")]})),
        client(json!({"command": "npx", "args": ["mcp-remote", format!("https://a.example/{p}/sse?key={p}")]})),
        client(json!({"command": "docker", "args": ["run", "-i", "-e", format!("DB_PASSWORD={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-e", "TOKEN", "a/b:1"], "env": {"TOKEN": p}})),
        client(json!({"command": "docker", "args": ["run", format!("--env=TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-ie", format!("TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-ite", format!("TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", format!("-eTOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "--secret", p, "a/b:1"]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--token", format!("-{p}")]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--header", "Authorization:", "Bearer", p]})),
        client(json!({"command": format!("run Authorization: Bearer {p}")})),
        client(json!({"command": "sh", "args": ["-c", format!("run --token '{p}' x")]})),
        client(json!({"command": "node", "args": ["x.js"], "env": {"URL": format!("postgres://a:{p}@db/x")}})),
        client(json!({"url": format!("https://user:{p}@a.example/sse?token={p}"), "headers": {"Authorization": p}})),
        client(json!({"command": "npx", "args": ["-y", "a", p], "env": {"SECRET": p, "OTHER": p}})),
        // Refused, and so said on standard error.
        client(json!({"command": "npx", "args": ["a", "${input:org}"], "env": {"API_KEY": p}})),
        format!("{{\"mcpServers\": {{\"a\": {{\"env\": {{\"API_KEY\": \"{p}\" \"b\": 1}}}}}}}}"),
        format!("{{\"mcpServers\": {{\"a\": {{\"args\": [\"--api-key\",\n\"{p}\" \"b\"]}}}}}}"),
        format!("apiVersion: v1\nkind: Secret\ndata:\n  a: {p}\n b: 1\n"),
        format!("{{\"name\": \"a\", \"api_key\": \"{p}\"}}"),
        format!("a:\n  private-key: |\n    one\n    {p}\n   b: [\n"),
        format!("x: 1\n\"token\": 1\n{p}: 1\n{p}: 2\n"),
        deployment(json!({"env": [{"name": "API_KEY", "value": p}]})),
        deployment(json!({"args": ["--password", p]})),
        deployment(json!({"command": ["sh", "-c", format!("TOKEN={p} run")]})),
        deployment(json!({"envFrom": [{"secretRef": {"name": "s"}}]}))
            + &format!("\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{TOKEN: {p}}}\ndata: {{OTHER: {p}}}\n"),
        deployment(json!({"args": ["x", p], "env": [{"name": "X", "value": p}]}))
            + "\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {X: UGw0bnRlZC1odW50ZXIy}\n",
        deployment(json!({"args": ["x", p], "env": [{"name": "X", "value": p}]}))
            + &format!("\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{X: {p}}}\n"),
        deployment(json!({"envFrom": [{"configMapRef": {"name": "s"}}]}))
            + &format!("\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: s}}\ndata: {{TOKEN: {p}}}\n"),
        registry(json!({"environmentVariables": [{"name": "X", "isSecret": true, "default": p}]})),
        registry(json!({"environmentVariables": [{"name": "X_TOKEN", "value": p}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--api-key", "value": p}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "value": format!("TOKEN={p}")}]})),
        registry(json!({"environmentVariables": [{"name": "X", "isSecret": true, "value": p}]})),
        registry(json!({"packageArguments": [{"type": "positional", "isSecret": true, "value": p}]})),
        registry(json!({"packageArguments": [{"type": "positional", "isSecret": true, "default": p}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--x", "isSecret": true, "value": format!("{p}==")}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--x", "isSecret": true, "default": p}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "isSecret": true, "value": format!("FOO={p}")}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "isSecret": true, "value": p}]})),
        registry(json!({"environmentVariables": [
            {"name": "X", "value": "a{v}", "variables": {"v": {"isSecret": true, "value": p}}},
            {"name": "Y", "description": format!("such as {p}"), "isRequired": true, "isSecret": true, "default": p},
        ]})),
        json!({
            "inputs": [{"id": "x", "type": "promptString", "password": true, "default": p}],
            "servers": {"a": {"command": "npx", "args": ["a", "${input:x}", p], "env": {"X": "${input:x}", "Y": p}}},
        })
        .to_string(),
        json!({
            "apiVersion": "toolhive.stacklok.dev/v1beta1", "kind": "MCPServer", "metadata": {"name": "a"},
            "spec": {"image": "a/b:1", "args": ["--token", p], "env": [{"name": "TOKEN", "value": p}]},
        })
        .to_string(),
        json!({
            "apiVersion": "kagent.dev/v1alpha1", "kind": "MCPServer", "metadata": {"name": "a"},
            "spec": {"deployment": {"image": "a/b:1", "cmd": "x", "env": {"TOKEN": p}}},
        })
        .to_string(),
    ]
    .into_iter()
    .chain(planted_in_texts())
    .collect()
}

/// Sources in which [`PLANTED`] is a part of a text, in every field that takes one.
fn planted_in_texts() -> Vec<String> {
    let p = PLANTED;
    let texts = [
        format!("token={p}"),
        format!("api key: {p}"),
        format!("{{\"client_secret\": \"{p}\"}}"),
        format!("AccountKey={p};x=1"),
        format!("Authorization: Basic {p}"),
        format!("Bearer {p}"),
        format!("run --api-key {p}"),
        format!("https://{p}@host/x"),
        format!("https://u:a/{p}@h"),
        format!("https://u:a#{p}@h"),
        format!("https://u:${p}@h"),
        format!("https://h/x?access_token={p}&y=1"),
        format!("a\npassphrase: {p}\n"),
    ];
    let mut sources = Vec::new();
    for text in texts {
        let text = text.as_str();
        for client in [
            json!({"command": "npx", "args": ["a", text]}),
            json!({"command": "npx", "args": [text]}),
            json!({"command": "uvx", "args": ["--from", text, "x"]}),
            json!({"command": text}),
            json!({"command": text, "args": ["x"]}),
            json!({"command": "sh", "args": ["-c", text]}),
            json!({"command": "a", "env": {"X": text}}),
            json!({"command": "a", "env": {(text): "x"}}),
            json!({"command": "a", "headers": {(text): text}, (text): text}),
            json!({"url": text}),
            json!({"command": "docker", "args": ["run", "-v", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "--log-opt", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "--entrypoint", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "-e", text, text, text]}),
            json!({"command": "a", "args": ["${input:org}", text]}),
        ] {
            sources.push(json!({"mcpServers": {"a": client}}).to_string());
        }
        sources.push(json!({"mcpServers": {(text): {"command": "a"}}}).to_string());
        sources.push(
            json!({"name": text, "description": text, "version": text, "packages": [{
                "registryType": "pypi", "identifier": text, "version": text, (text): text,
                "packageArguments": [{"type": "positional", "value": text}],
                "environmentVariables": [{"name": text, "value": text, "description": text, "isRequired": true}],
                "transport": {"type": "sse", "url": text},
            }], "remotes": [{"url": text}]})
            .to_string(),
        );
        let template = json!({
            "metadata": {"annotations": {"a/b": text}, "labels": {"a/b": text}},
            "spec": {
                "nodeSelector": {"a/b": text},
                "priorityClassName": text,
                "volumes": [
                    {"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": text}},
                    {"name": "c", "configMap": {"name": "m"}}, {"name": text, "secret": {"secretName": text}},
                ],
                "containers": [{
                    "name": "a", "image": text, "ports": [{"containerPort": 80}], "args": ["x", text],
                    "workingDir": text,
                    "env": [{"name": "X", "value": text}, {"name": "Y", "valueFrom": {
                        "configMapKeyRef": {"name": "m", "key": "k"},
                    }}],
                    "volumeMounts": [
                        {"name": "a", "mountPath": format!("/{text}")}, {"name": "b", "mountPath": text},
                        {"name": "c", "mountPath": text}, {"name": text, "mountPath": text},
                    ],
                }],
            },
        });
        sources.push(
            json!({"apiVersion": "v1", "kind": "List", "items": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": template}},
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"k": text}},
            ]})
            .to_string(),
        );
    }
    sources
}
