//! The ways that a server's variables lead. A set opens public addresses on 443 and nothing else, which no
//! source had to say.

use super::draft::Server;
use super::remark::Remark;
use super::tree::Value;
use crate::model::HttpEndpoint;

/// Says beside the variables of `server` which addresses in them `egress` must open.
pub fn ask(server: &mut Server) {
    if server.fields.has("egress") || server.fields.has("profile") {
        return;
    }
    let Some(Value::Map(env)) = server.fields.get("env") else {
        return;
    };
    let mut asked = Vec::new();
    for entry in env.iter() {
        if let Value::Text(text) = &entry.value
            && let Ok(endpoint) = HttpEndpoint::parse(text)
            && !is_public(&endpoint)
        {
            asked.push(format!(
                "`egress` must open the way to {}:{}, which {} names",
                endpoint.host(),
                endpoint.port(),
                entry.key
            ));
        }
    }
    for text in asked {
        server.say_at("env", Remark::to_do(server.place, text));
    }
}

/// Whether it is what `egress: [internet]` opens, as far as its name shows.
fn is_public(endpoint: &HttpEndpoint) -> bool {
    let host = endpoint.host();
    let private = [
        ".svc",
        ".cluster.local",
        ".local",
        ".internal",
        ".corp",
        ".lan",
    ];
    endpoint.port().number() == 443
        && host.contains('.')
        && !private.iter().any(|end| host.ends_with(end))
}
