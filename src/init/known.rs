//! What a profile means for a first set: its image, and what it must be told.

use crate::api::{Access, Field, Need, NeededField};
use crate::problem::Problems;
use crate::profiles::Profile;
use crate::source::Place;

/// What is known of a server, as far as a first set says it.
#[derive(Debug)]
pub struct Known {
    /// What it is, in a few words.
    pub title: String,
    /// Where its image is published.
    image: String,
    /// The tag of which all is known.
    version: String,
    /// What it must be told: a remark, and the line with an example.
    pub needs: Vec<(String, String)>,
    /// Whether it calls the Kubernetes API, whose addresses the platform must then name.
    pub calls_cluster: bool,
}

impl Known {
    /// What `profile` says.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        // A test reads all profiles, so there is nothing to tell.
        let read = profile.read(Place::default(), &mut Problems::default());
        let read = read.unwrap_or_default();
        let needs = read.needs.value().into_iter().flatten();
        let access = read.server.value().and_then(|server| server.access.value());
        Self {
            title: text(&read.title),
            image: text(&read.image),
            version: text(&read.version),
            needs: needs.filter_map(Field::value).map(told).collect(),
            calls_cluster: access
                .into_iter()
                .flatten()
                .any(|access| access.value() == Some(&Access::Cluster)),
        }
    }

    /// The image where it is published.
    #[must_use]
    pub fn published(&self) -> String {
        format!("{}:{}", self.image, self.version)
    }

    /// Its copy in the platform's registry, as a set names it.
    #[must_use]
    pub fn copy(&self) -> String {
        let own = self.image.rsplit('/').next().unwrap_or(&self.image);
        format!("{own}:{}", self.version)
    }

    /// Whether a need is for the field `name`.
    #[must_use]
    pub fn needs_field(&self, name: &str) -> bool {
        self.needs
            .iter()
            .any(|(_, line)| line.split(':').next() == Some(name))
    }
}

fn text(field: &Field<String>) -> String {
    field.value().cloned().unwrap_or_default()
}

fn told(need: &Need) -> (String, String) {
    let mut remark = text(&need.is);
    // The example holds no secret either.
    if !need.secrets.is_absent() {
        remark.push_str("; by its path in the secret store");
    } else if need.field.value() == Some(&NeededField::Token) {
        remark.push_str("; by the name of the proxy's variable that holds it");
    }
    (remark, text(&need.example))
}
