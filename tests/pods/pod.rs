//! One pod of a rendered bundle, read as the kubelet reads it: its containers with their images' defaults,
//! their environments with what Secrets, ConfigMaps and fields hold, and its volumes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::{Container, EnvVarSource, SecurityContext, Service};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;

use super::image::Image;
use super::volume::{self, Objects};
use crate::support::bundle::{Bundle, Labels, Pod};
use crate::support::kubelet::expand_with;
use crate::support::run::run;
use crate::support::{self};

/// Its address, which only it and who enters its network know.
pub const ADDRESS: &str = "10.1.2.3";

/// What the kubelet tells every container of the cluster's own API server.
const API_SERVER: [(&str, &str); 7] = [
    ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
    ("KUBERNETES_SERVICE_PORT", "443"),
    ("KUBERNETES_SERVICE_PORT_HTTPS", "443"),
    ("KUBERNETES_PORT", "tcp://10.96.0.1:443"),
    ("KUBERNETES_PORT_443_TCP", "tcp://10.96.0.1:443"),
    ("KUBERNETES_PORT_443_TCP_PORT", "443"),
    ("KUBERNETES_PORT_443_TCP_ADDR", "10.96.0.1"),
];

/// The volume of the ServiceAccount's token, and where every container finds it.
const TOKEN: &str = "kube-api-access";
const TOKEN_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// A set with one server, and what its ConfigMaps and Secrets hold.
#[derive(Debug)]
pub struct Deployed {
    /// The set.
    pub config: String,
    /// What mcpset made of it.
    pub bundle: Bundle,
    /// The pod of its one server.
    pub pod: Pod,
    objects: Objects,
}

/// Where LiteLLM is told that the server is.
#[derive(Debug)]
pub struct Endpoint {
    /// `http://mcp-time.tools.svc.cluster.local:8080/mcp`
    pub url: String,
    /// `http` or `sse`.
    pub transport: String,
    /// The Service's name in DNS, in the forms that a resolver takes.
    pub hosts: Vec<String>,
}

impl Deployed {
    /// The one server of `config`, where the secret store holds `stored`: values by `path#property`.
    pub fn of(config: &str, stored: &[(&str, &str)]) -> Self {
        let bundle = Bundle::of(config).unwrap_or_else(|problems| panic!("{problems}"));
        let pod = bundle.pods().remove(0);
        let mut objects = Objects::new();
        for map in bundle.of_kind("ConfigMap") {
            objects.insert(text(&map["metadata"]["name"]), texts(&map["data"]));
        }
        for external in bundle.of_kind("ExternalSecret") {
            let keys = external["spec"]["data"].as_array().unwrap();
            let value = |item: &Value| {
                let (key, property) = (&item["remoteRef"]["key"], &item["remoteRef"]["property"]);
                let property = property
                    .as_str()
                    .map_or_else(String::new, |name| format!("#{name}"));
                let path = format!("{}{property}", text(key));
                let known = stored.iter().find(|(name, _)| *name == path);
                let (_, value) = known.unwrap_or_else(|| panic!("the store has no {path}"));
                (text(&item["secretKey"]), (*value).to_owned())
            };
            let name = text(&external["spec"]["target"]["name"]);
            objects.insert(name, keys.iter().map(value).collect());
        }
        Self {
            config: config.to_owned(),
            bundle,
            pod,
            objects,
        }
    }

    /// The pod's name, as a ReplicaSet would make it.
    pub fn pod_name(&self) -> String {
        format!("{}-5d4f8c7b9-x2x7q", self.pod.name)
    }

    /// The container that serves.
    pub fn container(&self) -> &Container {
        self.pod.spec.containers.last().unwrap()
    }

    /// How a client reaches it: by what LiteLLM is told, and only where the Service leads there.
    pub fn endpoint(&self) -> Endpoint {
        let mut command = support::mcpset();
        let args = ["litellm", "-", "--as", "config"];
        let told = run(command.args(args), self.config.as_bytes()).done();
        let config = support::bundle::read(&told).remove(0);
        let server = &config["mcp_servers"][self.pod.name.replace('-', "_")];
        let variable = text(&server["url"]).replace("os.environ/", "# - ");
        let mut lines = told.lines();
        let url = lines.find_map(|line| line.strip_prefix(&variable)?.strip_prefix('='));
        let url = url.unwrap().to_owned();
        let (host, rest) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once(':')
            .unwrap();
        let port = rest.split('/').next().unwrap().parse().unwrap();
        let service = self.service(host);
        assert_eq!(self.behind(&service, port), port, "{service:?}");
        let parts: Vec<&str> = host.split('.').collect();
        Endpoint {
            hosts: (1..=parts.len())
                .map(|end| parts[..end].join("."))
                .collect(),
            transport: text(&server["transport"]),
            url,
        }
    }

    /// Where the Service says that metrics are: a port's name and a path.
    pub fn metrics(&self) -> Option<(String, String)> {
        let service = self.bundle.all::<Service>().remove(0).metadata;
        let port = service.labels.unwrap().remove("mcpset.dev/metrics-port")?;
        let path = service
            .annotations
            .unwrap()
            .remove("mcpset.dev/metrics-path");
        Some((port, path.unwrap()))
    }

    /// The Service that DNS calls `host`.
    fn service(&self, host: &str) -> Service {
        let mut services = self.bundle.all::<Service>().into_iter();
        let found = services.find(|service| {
            let metadata = &service.metadata;
            let name = metadata.name.as_deref().unwrap();
            let namespace = metadata.namespace.as_deref().unwrap();
            host == format!("{name}.{namespace}.svc.cluster.local")
        });
        found.unwrap_or_else(|| panic!("no Service for {host}"))
    }

    /// The pod's port to which the Service leads from its `port`.
    fn behind(&self, service: &Service, port: i32) -> i32 {
        let spec = service.spec.as_ref().unwrap();
        let selected = |selector: &Labels| {
            let labels = &self.pod.labels;
            selector
                .iter()
                .all(|(key, value)| labels.get(key) == Some(value))
        };
        assert!(spec.selector.as_ref().is_some_and(selected), "{service:?}");
        let mut ports = spec.ports.iter().flatten();
        let found = ports.find(|found| found.port == port);
        let found = found.unwrap_or_else(|| panic!("no port {port}: {service:?}"));
        found
            .target_port
            .as_ref()
            .map_or(port, |port| self.port(port))
    }

    /// The number of a port that a probe or a Service names.
    pub fn port(&self, port: &IntOrString) -> i32 {
        match port {
            IntOrString::Int(number) => *number,
            IntOrString::String(name) => {
                let mut ports = self.container().ports.iter().flatten();
                let found = ports.find(|found| found.name.as_ref() == Some(name));
                found
                    .unwrap_or_else(|| panic!("no port {name}"))
                    .container_port
            }
        }
    }

    /// Writes into `folder` what sandbox.sh and container.sh read.
    pub fn write(&self, folder: &Path) {
        let group = self.group();
        fs::write(folder.join("group"), group.to_string()).unwrap();
        let hosts = format!("127.0.0.1 localhost\n{ADDRESS} {}\n", self.pod_name());
        fs::write(folder.join("hosts"), hosts).unwrap();
        let volumes = folder.join("volumes");
        fs::create_dir(&volumes).unwrap();
        for volume in self.pod.spec.volumes.iter().flatten() {
            volume::fill(&volumes, volume, &self.objects, group);
        }
        if self.has_token() {
            volume::fill_token(&volumes, TOKEN, &self.pod.namespace, group);
        }
        for (number, container) in self.containers().enumerate() {
            let folder = folder.join(format!("containers/{number}-{}", container.name));
            fs::create_dir_all(&folder).unwrap();
            self.write_container(&folder, container);
        }
    }

    /// Whether its processes may call the API server.
    fn has_token(&self) -> bool {
        self.pod.spec.automount_service_account_token == Some(true)
    }

    /// All containers in the order in which they run.
    fn containers(&self) -> impl Iterator<Item = &Container> {
        assert_eq!(self.pod.spec.containers.len(), 1, "one serves");
        let init = self.pod.spec.init_containers.iter().flatten();
        init.chain(&self.pod.spec.containers)
    }

    fn write_container(&self, folder: &Path, container: &Container) {
        let image = Image::of(container.image.as_deref().unwrap());
        let env = self.env(container, &image);
        let expanded = |texts: &Vec<String>| {
            let value = |name: &str| env.get(name).cloned();
            let texts = texts.iter();
            texts.map(|text| expand_with(text, value).0).collect()
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let mut program: Vec<String> = container
            .command
            .as_ref()
            .map_or_else(|| texts(&[image.program]), expanded);
        // A pod's own command does away with the image's arguments, too.
        program.extend(match (&container.args, &container.command) {
            (Some(args), _) => expanded(args),
            (None, None) => texts(image.cmd),
            (None, Some(_)) => Vec::new(),
        });
        let (user, own_group) = self.user(container);
        let workdir = container.working_dir.as_deref().unwrap_or("/");
        let group = self.group().to_string();
        let needs = image.needs();
        let needs = needs.iter().map(|path| path.display().to_string());
        let mounts = container.volume_mounts.iter().flatten().flat_map(|mount| {
            assert_eq!((&mount.sub_path, &mount.sub_path_expr), (&None, &None));
            let mode = if mount.read_only == Some(true) {
                "ro"
            } else {
                "rw"
            };
            [mount.name.clone(), mount.mount_path.clone(), mode.into()]
        });
        let token = [TOKEN, TOKEN_FOLDER, "ro"].map(str::to_owned);
        let token = self.has_token().then_some(token).into_iter().flatten();
        let mounts = mounts.chain(token);
        let write = |name: &str, texts: Vec<String>| {
            let ended = texts.iter().map(|text| format!("{text}\0"));
            fs::write(folder.join(name), ended.collect::<String>()).unwrap();
        };
        write("argv", program);
        let variables = env.iter().map(|(name, value)| format!("{name}={value}"));
        write("env", variables.collect());
        write("mounts", mounts.collect());
        write("needs", needs.collect());
        write("user", vec![user, own_group, group, workdir.to_owned()]);
    }

    /// User and group, which `runAsNonRoot` wants as numbers; and what container.sh takes for granted.
    fn user(&self, container: &Container) -> (String, String) {
        let of_pod = self.pod.spec.security_context.clone().unwrap_or_default();
        let own: SecurityContext = container.security_context.clone().unwrap_or_default();
        let user = own.run_as_user.or(of_pod.run_as_user).unwrap();
        let group = own.run_as_group.or(of_pod.run_as_group).unwrap();
        assert!(user > 0, "the kubelet starts nothing as root");
        assert_eq!(own.read_only_root_filesystem, Some(true));
        assert_eq!(own.allow_privilege_escalation, Some(false));
        let dropped = own.capabilities.unwrap();
        assert_eq!(
            (dropped.add, dropped.drop),
            (None, Some(vec!["ALL".to_owned()]))
        );
        (user.to_string(), group.to_string())
    }

    fn group(&self) -> u32 {
        let context = self.pod.spec.security_context.as_ref().unwrap();
        u32::try_from(context.fs_group.unwrap()).unwrap()
    }

    /// All variables of `container`. A later one may name those before it.
    fn env(&self, container: &Container, image: &Image) -> BTreeMap<String, String> {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut env = BTreeMap::from([
            ("PATH".to_owned(), image.path()),
            ("HOSTNAME".to_owned(), self.pod_name()),
        ]);
        let services: BTreeMap<String, String> = API_SERVER.into_iter().map(owned).collect();
        env.extend(services.clone());
        let mut own = BTreeMap::new();
        assert!(container.env_from.is_none());
        for variable in container.env.iter().flatten() {
            let known = |name: &str| own.get(name).or(services.get(name)).cloned();
            let value = match &variable.value_from {
                Some(source) => self.source(container, source),
                None => expand_with(variable.value.as_deref().unwrap_or(""), known).0,
            };
            own.insert(variable.name.clone(), value);
        }
        env.extend(own);
        env
    }

    /// What a variable is set to from elsewhere.
    fn source(&self, container: &Container, source: &EnvVarSource) -> String {
        let object = |name: &str, key: &str| {
            let object = self.objects.get(name);
            let value = object.and_then(|object| object.get(key));
            value
                .unwrap_or_else(|| panic!("no {key} in {name}"))
                .clone()
        };
        if let Some(secret) = &source.secret_key_ref {
            return object(&secret.name, &secret.key);
        }
        if let Some(config) = &source.config_map_key_ref {
            return object(&config.name, &config.key);
        }
        let Some(field) = &source.field_ref else {
            panic!("tests/pods knows no {source:?} of {}", container.name);
        };
        match field.field_path.as_str() {
            "metadata.name" => self.pod_name(),
            "metadata.namespace" => self.pod.namespace.clone(),
            "metadata.uid" => "6f1d1c3e-5f4b-4a5e-9d0a-2f1f3f1b7c11".into(),
            "spec.nodeName" => "node-1".into(),
            "spec.serviceAccountName" => self.pod.spec.service_account_name.clone().unwrap(),
            "status.podIP" => ADDRESS.into(),
            "status.hostIP" => "10.1.0.1".into(),
            path => {
                let label = path.strip_prefix("metadata.labels['");
                let label = label.and_then(|rest| rest.strip_suffix("']"));
                let label = label.unwrap_or_else(|| panic!("tests/pods knows no field {path}"));
                self.pod.labels[label].clone()
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn texts(data: &Value) -> BTreeMap<String, String> {
    let entries = data.as_object().unwrap().iter();
    entries
        .map(|(key, value)| (key.clone(), text(value)))
        .collect()
}

/// The programs beside this file.
pub fn script(name: &str) -> PathBuf {
    support::root().join("tests/pods").join(name)
}
