//! Argo CD's config management plugin: parameters, and the files of an application's directory.
//!
//! Argo CD takes an empty output for an application without resources, and with automatic pruning
//! deletes everything. So nothing generated is an error here, always.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::says;
use crate::api::{Entries, Field, List, Placed};
use crate::model::{Scale, Server, Set};
use crate::overrides::Overrides;
use crate::problem::{Code, Problem, Problems};
use crate::source::{Origin, Place, Sources};
use crate::yaml::{Dialect, Node, decode, parse};

/// The parameters that the user set; announced defaults are not among them.
pub const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";
/// The namespace that the application is deployed to.
pub const NAMESPACE: &str = "ARGOCD_APP_NAMESPACE";

/// What makes a directory a kustomization.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// What Argo CD takes for manifests in a plain directory.
const MANIFESTS: [&str; 3] = ["yaml", "yml", "json"];

/// What a file holds that Argo CD must not take for a manifest.
/// Source: argo-cd `reposerver/repository/repository.go`.
const SKIPPED: &str = "+argocd:skip-file-rendering";

const IMAGES: &str = "images";
const REPLICAS: &str = "replicas";
const NAMESPACE_PARAMETER: &str = "namespace";

/// One parameter of an application, as Argo CD hands it over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameter {
    name: Field<String>,
    string: Field<String>,
    map: Field<Entries<String>>,
    #[allow(dead_code, reason = "known to Argo CD, and not used by us")]
    array: Field<List<String>>,
}

/// Reads what Argo CD hands over in the environment.
pub fn overrides(sources: &mut Sources, problems: &mut Problems) -> Overrides {
    let mut overrides = namespace_only(sources);
    let Some((source, text)) = variable(PARAMETERS, sources) else {
        return overrides;
    };
    if let Err(error) = serde_json::from_str::<Json>(&text) {
        problems.push(
            Problem::error(
                Code::Syntax,
                None,
                format!("{PARAMETERS} is no JSON: {error}"),
            )
            .help("Argo CD writes it; look at `spec.source.plugin.parameters` of the Application"),
        );
        return overrides;
    }
    // JSON is YAML, and our reader knows places.
    for document in parse(&text, source, problems) {
        let parameters: List<Parameter> =
            decode(&document, Dialect::Written, problems).unwrap_or_default();
        for parameter in parameters.iter().filter_map(Field::given) {
            take(&mut overrides, parameter, problems);
        }
    }
    overrides
}

/// The application's namespace, for sets that name none, without any parameter.
pub fn namespace_only(sources: &mut Sources) -> Overrides {
    Overrides {
        default_namespace: variable(NAMESPACE, sources).map(|(source, namespace)| Placed {
            place: whole(source, &namespace),
            value: namespace,
        }),
        ..Overrides::default()
    }
}

/// What is needed to resolve sets for [`announcement`]. Argo CD does not say the namespace when it
/// asks for parameters, and no announced value depends on it: any will do.
pub fn any_namespace(sources: &mut Sources) -> Overrides {
    let mut overrides = namespace_only(sources);
    let any = "default".to_owned();
    if let (None, Ok(source)) = (
        &overrides.default_namespace,
        sources.add(NAMESPACE, any.clone(), Origin::Person),
    ) {
        overrides.default_namespace = Some(Placed {
            place: whole(source, &any),
            value: any,
        });
    }
    overrides
}

/// The namespace that the first of `documents` names, else the application's, as far as it is known.
#[must_use]
pub fn namespace(documents: &[Node]) -> String {
    documents
        .first()
        .and_then(|set| set.get("metadata")?.get("namespace")?.text())
        .map(str::to_owned)
        .or_else(|| std::env::var(NAMESPACE).ok())
        .unwrap_or_default()
}

/// An environment variable that is set and not empty, kept so that problems can show it.
fn variable(name: &str, sources: &mut Sources) -> Option<(u32, String)> {
    let text = std::env::var(name).ok()?;
    if text.trim().is_empty() {
        return None;
    }
    let source = sources.add(name, text.clone(), Origin::Person).ok()?;
    Some((source, text))
}

fn whole(source: u32, text: &str) -> Place {
    Place {
        source,
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
    }
}

fn take(overrides: &mut Overrides, parameter: &Placed<Parameter>, problems: &mut Problems) {
    let known = [IMAGES, REPLICAS, NAMESPACE_PARAMETER].map(|name| format!("`{name}`"));
    let place = parameter.value.name.place().unwrap_or(parameter.place);
    let name = parameter.value.name.value().map_or("", String::as_str);
    let entries = |problems: &mut Problems| {
        if parameter.value.map.is_absent() {
            problems.push(
                Problem::error(Code::WrongType, place, format!("`{name}` is a map"))
                    .help("set it as `map: {server: value}`"),
            );
        }
        let map = parameter.value.map.value().cloned().unwrap_or_default();
        map.into_given()
    };
    match name {
        IMAGES => overrides.images.extend(entries(problems)),
        REPLICAS => {
            for (server, text) in entries(problems) {
                match text.value.parse() {
                    Ok(number) => overrides.replicas.push((
                        server,
                        Placed {
                            value: number,
                            place: text.place,
                        },
                    )),
                    Err(_) => problems.push(
                        Problem::error(
                            Code::InvalidValue,
                            text.place,
                            format!("`{}` is not a number of pods", text.value),
                        )
                        .help("write a number such as \"2\""),
                    ),
                }
            }
        }
        NAMESPACE_PARAMETER => match parameter.value.string.given() {
            Some(namespace) if namespace.value.is_empty() => {}
            Some(namespace) => overrides.namespace = Some(namespace.clone()),
            None => problems.push(
                Problem::error(Code::WrongType, place, "`namespace` is a string")
                    .help("set it as `string: litellm`"),
            ),
        },
        _ => problems.push(
            Problem::error(
                Code::UnknownField,
                place,
                format!("there is no parameter `{name}`"),
            )
            .help(format!("the parameters are {}", known.join(", "))),
        ),
    }
}

/// The parameters of `sets` with the values they have without any being set.
#[must_use]
pub fn announcement(sets: &[Set], namespace: &str) -> Json {
    let of = |value: fn(&Server) -> Option<String>| -> serde_json::Map<String, Json> {
        sets.iter()
            .flat_map(|set| &set.servers)
            .filter_map(|server| Some((server.name.clone(), value(server)?.into())))
            .collect()
    };
    json!([
        {
            "name": IMAGES,
            "title": "Images",
            "tooltip": "Tag, or whole image, of a server",
            "collectionType": "map",
            "map": of(|server| Some(server.image.tag().to_owned())),
        },
        {
            "name": REPLICAS,
            "title": "Replicas",
            "tooltip": "Number of pods of a server",
            "collectionType": "map",
            "map": of(|server| match server.scale {
                Scale::Fixed(number) => Some(number.to_string()),
                Scale::Auto(_) => None,
            }),
        },
        {
            "name": NAMESPACE_PARAMETER,
            "title": "Namespace",
            "tooltip": "Namespace of the servers",
            "string": namespace,
        },
    ])
}

/// Whether `folder` is a kustomization, which only kustomize can build.
#[must_use]
pub fn is_kustomization(folder: &Path) -> bool {
    KUSTOMIZATIONS
        .iter()
        .any(|name| folder.join(name).is_file())
}

/// The manifests of `folder` itself, by name, as Argo CD reads a plain directory. One that is no file is
/// noted: Argo CD would pass a link to nothing by, and delete what it took to the cluster before.
pub fn manifests(folder: &Path, problems: &mut Problems) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for name in names(folder, problems) {
        let path = PathBuf::from(name);
        let extension = path.extension().and_then(OsStr::to_str);
        if !extension.is_some_and(|extension| MANIFESTS.contains(&extension)) {
            continue;
        }
        let shown = path.display();
        let problem = match std::fs::metadata(folder.join(&path)) {
            Ok(found) if found.is_file() => {
                paths.push(path);
                continue;
            }
            Ok(found) if found.is_dir() => continue,
            Ok(_) => format!("{shown} is called like a manifest, and is no file"),
            Err(error) => format!("{shown} cannot be read: {error}"),
        };
        problems.push(
            Problem::error(Code::Io, None, problem)
                .help("remove it, or give Argo CD the file: what it held would be deleted"),
        );
    }
    paths.sort();
    paths
}

fn names(folder: &Path, problems: &mut Problems) -> Vec<OsString> {
    let entries = std::fs::read_dir(folder).and_then(|entries| {
        let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
        names.collect()
    });
    entries.unwrap_or_else(|error| {
        let what = format!("the current directory cannot be read: {error}");
        problems.push(Problem::error(Code::Io, None, what));
        Vec::new()
    })
}

/// Whether the source `index` asks Argo CD to pass it by.
#[must_use]
pub fn is_skipped(index: u32, sources: &Sources) -> bool {
    sources
        .get(index)
        .is_some_and(|source| says(&source.text, SKIPPED))
}
