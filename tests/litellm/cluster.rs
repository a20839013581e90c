//! A set as it is deployed, on a piece of loopback: its servers with what their Deployments say, and
//! the proxy with what mcpset tells it, each under the name that the cluster's DNS would give it. So
//! every address in what mcpset writes is used as it stands there.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::Value;

use super::process::{Names, Proxy, Server};
use crate::support::bundle::{self, Pod};
use crate::support::config::{Order, yaml};
use crate::support::kubelet;
use crate::support::run::run;
use crate::support::{self, Bundle};

/// What every proxy needs to start.
pub const OWN: &str = "\
model_list: []
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
";
/// The same for one that asks `keys.py` about keys: groups stand on teams, and teams in a database.
const OWN_WITH_TEAMS: &str = "\
model_list: []
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  custom_auth: keys.authenticate
";

/// How the proxy is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// With a config file that somebody wrote, where the master key may do everything.
    File,
    /// By the chart that the set names, with keys for teams.
    Chart,
}

/// A set and what runs of it.
pub struct Cluster {
    /// The proxy.
    pub proxy: Proxy,
    /// Its Service, as a URL.
    pub url: String,
    /// The set.
    pub set: String,
    /// The names of the servers and the proxy.
    pub names: Names,
    /// The servers, to be kept running.
    _servers: Vec<Server>,
}

impl Cluster {
    /// Deploys `set` behind a proxy that has `secrets` in its environment, and whose Service is
    /// `service`, in the `number`th piece of loopback.
    pub fn start(
        (number, set): (u8, &Value),
        service: &str,
        installation: Installation,
        secrets: &[(&str, &str)],
    ) -> Self {
        let set = yaml(set, Order::Sorted);
        let bundle = Bundle::of(&set).unwrap();
        let pods = bundle.pods();
        let hosts = pods
            .iter()
            .map(|pod| format!("{}.{}.svc.cluster.local", pod.name, pod.namespace));
        let proxy = format!("{service}.litellm.svc.cluster.local");
        let hosts: Vec<String> = hosts.chain([proxy]).collect();
        let places: Vec<(&str, Ipv4Addr)> = (1..)
            .zip(&hosts)
            .map(|(host, name)| (name.as_str(), address(number, host)))
            .collect();
        let names = Names::new(places.iter().copied());
        let (proxy, proxy_address) = *places.last().unwrap();

        let told = Told::by(&set, installation);
        let servers = pods.iter().zip(&places).map(|(pod, (host, address))| {
            let place = SocketAddr::from((*address, port(pod)));
            Server::start(told.transport(pod), (host, place), &names, &env(pod))
        });
        let servers = servers.collect();
        let files = [
            ("config.yaml", told.config.as_str()),
            ("grants.json", &litellm(&set, "grants")),
            ("keys.py", include_str!("keys.py")),
        ];
        let mut env = told.env.clone();
        for secret in &told.secrets {
            let known = secrets.iter().find(|(name, _)| name == secret);
            let (name, value) = known.unwrap_or_else(|| panic!("no value for {secret}"));
            env.push(((*name).to_owned(), (*value).to_owned()));
        }
        let place = SocketAddr::from((proxy_address, 4000));
        Self {
            proxy: Proxy::start(place, &names, &files, &env),
            url: format!("http://{proxy}:4000"),
            names,
            set,
            _servers: servers,
        }
    }
}

/// An address of this process alone.
pub fn address(number: u8, host: u8) -> Ipv4Addr {
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, high, low, number * 16 + host)
}

/// The port of the MCP endpoint of `pod`.
fn port(pod: &Pod) -> u16 {
    let mut ports = pod.container().ports.iter().flatten();
    let http = ports.find(|port| port.name.as_deref() == Some("http"));
    u16::try_from(http.unwrap().container_port).unwrap()
}

/// The variables of `pod` that are written out in its Deployment.
fn env(pod: &Pod) -> Vec<(String, String)> {
    let variables = pod.container().env.iter().flatten();
    variables
        .filter_map(|variable| {
            let (value, _) = kubelet::expand(variable.value.as_ref()?);
            Some((variable.name.clone(), value))
        })
        .collect()
}

/// What `mcpset litellm` says to a proxy.
struct Told {
    /// Text of its `config.yaml`, with what its people write themselves.
    config: String,
    /// Its environment.
    env: Vec<(String, String)>,
    /// Variables that come from a Secret.
    secrets: Vec<String>,
}

impl Told {
    fn by(set: &str, installation: Installation) -> Self {
        let form = match installation {
            Installation::File => "config",
            Installation::Chart => "values",
        };
        let text = litellm(set, form);
        let listed = text.lines().filter_map(|line| line.strip_prefix("# - "));
        let (env, secrets): (Vec<&str>, Vec<&str>) = listed.partition(|line| line.contains('='));
        let env = env.into_iter().filter_map(|line| line.split_once('='));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let (config, env) = match installation {
            Installation::File => (format!("{OWN}{text}"), env.map(owned).collect()),
            Installation::Chart => by_chart(&bundle::read(&text).remove(0)),
        };
        Self {
            config,
            env,
            secrets: secrets.into_iter().map(str::to_owned).collect(),
        }
    }

    /// How the proxy speaks to `pod`.
    fn transport(&self, pod: &Pod) -> &'static str {
        let config = bundle::read(&self.config).remove(0);
        let server = &config["mcp_servers"][pod.name.replace('-', "_")];
        match server["transport"].as_str().unwrap() {
            "sse" => "sse",
            "http" => "http",
            other => panic!("{other}"),
        }
    }
}

/// What the charts make of `values`: the config file and the environment of what serves MCP.
fn by_chart(values: &Value) -> (String, Vec<(String, String)>) {
    let (config, env) = match &values["gateway"] {
        Value::Null => (&values["proxy_config"], &values["envVars"]),
        gateway => (&gateway["config"]["proxy_config"], &gateway["extraEnv"]),
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let env = match env {
        Value::Array(list) => list
            .iter()
            .map(|variable| (text(&variable["name"]), text(&variable["value"])))
            .collect(),
        map => map
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
    };
    (
        format!("{OWN_WITH_TEAMS}{}", yaml(config, Order::Sorted)),
        env,
    )
}

/// What `mcpset litellm` prints of `set`.
fn litellm(set: &str, form: &str) -> String {
    let mut command = support::mcpset();
    run(command.args(["litellm", "-", "--as", form]), set.as_bytes()).done()
}
