//! Images, which come from approved registries under a name that stays.

use super::platform::Registries;
use super::scope::{Reported, Scope};
use crate::api::Placed;
use crate::model::PinnedImage;
use crate::problem::{Code, Problem};

/// The image that `text` names, by the rules of `registries`.
pub fn image(
    scope: &mut Scope<'_>,
    text: &Placed<String>,
    registries: Result<&Registries, Reported>,
) -> Result<PinnedImage, Reported> {
    let image = scope.valid(
        PinnedImage::parse(&text.value),
        Code::ImagePolicy,
        text.place,
    )?;
    let registries = registries?;
    let image = match (&registries.default, image.name().registry()) {
        (Some(registry), None) => {
            scope.valid(image.with_registry(registry), Code::ImagePolicy, text.place)?
        }
        _ => image,
    };
    let image = scope.valid(image.canonical(), Code::ImagePolicy, text.place)?;
    let approved = &registries.approved;
    if !approved.iter().any(|prefix| prefix.covers(image.name())) {
        let help = if approved.is_empty() {
            "name your registry in `platform.registry`, such as `123456789012.dkr.ecr.us-east-1.amazonaws.com`".into()
        } else {
            let approved: Vec<String> = approved.iter().map(|p| format!("`{p}`")).collect();
            format!(
                "approved are {}; push the image there, or add its registry to `platform.approvedRegistries`",
                approved.join(", ")
            )
        };
        return scope.report(
            Problem::error(
                Code::ImagePolicy,
                text.place,
                format!("`{image}` does not come from an approved registry"),
            )
            .help(help),
        );
    }
    if registries.require_digest && image.digest().is_none() {
        return scope.report(
            Problem::error(
                Code::ImagePolicy,
                text.place,
                format!(
                    "`{image}` has no digest, and `platform.policy.requireDigest` asks for one"
                ),
            )
            .help(format!("write `{}@sha256:…`", text.value)),
        );
    }
    Ok(image)
}
