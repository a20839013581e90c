//! Images, as the platform's registry has them once they are mirrored.
//!
//! A set refuses images from elsewhere, and so does the guide's policy. So every image is written as
//! it will be called in the platform's registry, and the reference to copy it from stands above it. A
//! version that nobody said is not made up: mcpset refuses the set until a person writes one.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Image, Server};
use super::names::image_name;
use super::remark::{Kind, Remark, quoted};
use crate::model::{ImageReference, RegistryPrefix};

/// What stands for the platform's registry until somebody says which it is.
pub const PLACEHOLDER: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

/// An image as it is written.
#[derive(Debug)]
pub struct Written {
    /// What stands behind `image:`.
    pub text: String,
    /// What stands above it.
    pub remarks: Vec<Remark>,
}

/// The registry that the images of `servers` already come from, if it is one of ECR.
pub fn common_registry(servers: &[Server]) -> Option<RegistryPrefix> {
    servers.iter().find_map(|server| {
        let reference = reference(&server.image)?;
        let host = reference.name().registry()?;
        let is_ecr = host.contains(".dkr.ecr.") && host.contains(".amazonaws.com");
        RegistryPrefix::parse(host).ok().filter(|_| is_ecr)
    })
}

/// The images of `servers`, which are called `names`, under `registry`.
pub fn images(
    servers: &[Server],
    names: &[String],
    registry: Option<&RegistryPrefix>,
) -> Vec<Written> {
    let short = short_names(servers, registry);
    let images = servers.iter().zip(names);
    images
        .map(|(server, name)| match &server.image {
            Image::Reference { text, version } => {
                existing(server, name, text, version.as_deref(), registry, &short)
            }
            Image::Built {
                name: image,
                version,
                how,
            } => built(server, image, version.as_deref(), how),
            Image::Unknown => Written {
                text: name.clone(),
                remarks: vec![Remark::to_do(
                    server.place,
                    "no image is named: write one with its version",
                )],
            },
        })
        .collect()
}

fn built(server: &Server, name: &str, version: Option<&str>, how: &str) -> Written {
    let name = image_name(name);
    let tag = version.filter(|version| is_tag(version));
    let pin = if tag.is_some() {
        ""
    } else {
        "; no version is named, so write one behind it, as mcpset refuses the set until then"
    };
    Written {
        text: tag.map_or_else(|| name.clone(), |tag| format!("{name}:{tag}")),
        remarks: vec![Remark::to_do(
            server.place,
            format!("build this image and push it: {how}{pin}"),
        )],
    }
}

fn existing(
    server: &Server,
    name: &str,
    text: &str,
    version: Option<&str>,
    registry: Option<&RegistryPrefix>,
    short: &BTreeMap<String, String>,
) -> Written {
    let Some(reference) = reference(&server.image) else {
        let what = format!("{} is no image: write one with its version", quoted(text));
        return Written {
            text: name.to_owned(),
            remarks: vec![Remark::to_do(server.place, what)],
        };
    };
    let full = reference.name().to_string();
    let mut image = short.get(&full).cloned().unwrap_or_else(|| name.to_owned());
    let is_there = registry.is_some_and(|registry| registry.covers(reference.name()));
    let mut remarks = Vec::new();
    let tag = reference
        .tag()
        .filter(|tag| !tag.eq_ignore_ascii_case("latest"));
    let version = version.filter(|version| is_tag(version));
    let source = match (tag, reference.tag(), version) {
        (Some(tag), _, _) => {
            image = format!("{image}:{tag}");
            format!("{full}:{tag}")
        }
        (None, _, Some(version)) => {
            image = format!("{image}:{version}");
            remarks.push(Remark::new(
                Kind::Guessed,
                "the tag is the server's version",
            ));
            format!("{full}:{version}")
        }
        (None, tag, None) => {
            let what = match tag {
                Some(tag) => format!("{} is no fixed version", quoted(&format!("{full}:{tag}"))),
                None => format!("{} names no version", quoted(text)),
            };
            image = tag.map_or_else(|| image.clone(), |tag| format!("{image}:{tag}"));
            remarks.push(Remark::to_do(
                server.place,
                format!(
                    "{what}: write a tag such as `1.4.2`, as mcpset refuses the set until then"
                ),
            ));
            tag.map_or_else(|| full.clone(), |tag| format!("{full}:{tag}"))
        }
    };
    let digest = reference
        .digest()
        .map(|digest| format!("@{digest}"))
        .unwrap_or_default();
    if !is_there {
        remarks.insert(0, Remark::new(Kind::Mirror, format!("{source}{digest}")));
    }
    Written {
        text: format!("{image}{digest}"),
        remarks,
    }
}

/// The reference that `image` is; one whose tag was never filled in (`${VERSION}`) has none.
fn reference(image: &Image) -> Option<ImageReference> {
    let Image::Reference { text, .. } = image else {
        return None;
    };
    ImageReference::parse(text).ok().or_else(|| {
        let (name, tag) = text.rsplit_once(':')?;
        let is_open = tag.contains(['$', '{', '<']) && !tag.contains('/');
        ImageReference::parse(name).ok().filter(|_| is_open)
    })
}

fn is_tag(text: &str) -> bool {
    !text.eq_ignore_ascii_case("latest") && ImageReference::parse(&format!("x:{text}")).is_ok()
}

/// What each image of `servers` is called in `registry`: the last part of its name, the whole path
/// where two would be called alike, and with the host where even that is not enough.
fn short_names(servers: &[Server], registry: Option<&RegistryPrefix>) -> BTreeMap<String, String> {
    let found = servers.iter().filter_map(|server| reference(&server.image));
    let found: BTreeMap<String, ImageReference> = found
        .map(|reference| (reference.name().to_string(), reference))
        .collect();
    let here = |reference: &ImageReference| {
        let registry = registry.filter(|registry| registry.covers(reference.name()))?;
        let path = registry
            .path()
            .map(|path| format!("{path}/"))
            .unwrap_or_default();
        reference
            .name()
            .repository()
            .strip_prefix(&path)
            .map(str::to_owned)
    };
    let mut short: BTreeMap<String, String> = found
        .iter()
        .filter_map(|(full, reference)| Some((full.clone(), here(reference)?)))
        .collect();
    let built = servers.iter().filter_map(|server| match &server.image {
        Image::Built { name, .. } => Some(image_name(name)),
        Image::Reference { .. } | Image::Unknown => None,
    });
    let mut taken: BTreeSet<String> = short.values().cloned().chain(built).collect();
    let elsewhere: Vec<(&String, &ImageReference)> = found
        .iter()
        .filter(|(full, _)| !short.contains_key(*full))
        .collect();
    let count = |wanted: &str| {
        let names = elsewhere.iter().filter(|(_, other)| last(other) == wanted);
        names.count()
    };
    let mut names = Vec::new();
    for (full, reference) in &elsewhere {
        let path = reference.name().repository();
        let host = reference.name().registry().unwrap_or("docker.io");
        let host = host.replace([':', '[', ']'], "-").to_ascii_lowercase();
        let whole = format!("{}/{path}", host.replace('.', "-"));
        let wanted = match count(last(reference)) {
            1 => [last(reference), path],
            _ => [path, path],
        };
        let free = wanted.into_iter().find(|name| !taken.contains(*name));
        let name = free.map_or(whole, str::to_owned);
        taken.insert(name.clone());
        names.push(((*full).clone(), name));
    }
    short.extend(names);
    short
}

/// The last part of an image's name; with the one before it where it would say nothing.
fn last(reference: &ImageReference) -> &str {
    /// Names under which a repository keeps what it is about.
    const EMPTY: [&str; 4] = ["server", "mcp", "mcp-server", "app"];
    let path = reference.name().repository();
    let Some((before, last)) = path.rsplit_once('/') else {
        return path;
    };
    if !EMPTY.contains(&last) {
        return last;
    }
    let start = before.rfind('/').map_or(0, |slash| slash + 1);
    path.get(start..).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn written(images: &[&str], registry: Option<&str>) -> Vec<String> {
        let servers: Vec<Server> = images
            .iter()
            .map(|image| {
                let mut server = Server::new("x", Place::default(), "x");
                server.image = Image::Reference {
                    text: (*image).to_owned(),
                    version: None,
                };
                server
            })
            .collect();
        let names: Vec<String> = images.iter().map(|_| "x".to_owned()).collect();
        let registry = registry.map(|text| RegistryPrefix::parse(text).unwrap());
        let written = super::images(&servers, &names, registry.as_ref());
        written.into_iter().map(|image| image.text).collect()
    }

    #[test]
    fn images_keep_the_last_part_of_their_name() {
        assert_eq!(
            written(&["ghcr.io/github/github-mcp-server:v1"], None),
            ["github-mcp-server:v1"]
        );
    }

    #[test]
    fn images_that_would_be_called_alike_keep_their_path_and_then_their_host() {
        assert_eq!(
            written(&["a/x:1", "b/x:1", "a/x:2"], None),
            ["a/x:1", "b/x:1", "a/x:2"]
        );
        assert_eq!(
            written(&["ghcr.io/a/x:1", "quay.io/a/x:1"], None),
            ["a/x:1", "quay-io/a/x:1"]
        );
    }

    #[test]
    fn what_is_in_the_registry_already_stays_where_it_is() {
        let registry = Some("registry.example.com/mcp");
        assert_eq!(
            written(&["registry.example.com/mcp/team/x:1"], registry),
            ["team/x:1"]
        );
    }

    #[test]
    fn no_version_is_made_up() {
        assert_eq!(
            written(&["a/x", "a/y:latest", "a/z:${VERSION}"], None),
            ["x", "y:latest", "z"]
        );
    }
}
