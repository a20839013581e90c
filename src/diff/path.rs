//! Where in an object something is.

use std::fmt;

use serde_json::Value as Json;

use super::hidden::shown_text;

/// The way from an object to a value in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub Vec<Step>);

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To a field of a mapping.
    Field(String),
    /// To the item of a list that these fields tell from the others.
    Item {
        /// The fields.
        keys: &'static [&'static str],
        /// Their values, with `/` between them.
        id: String,
    },
    /// To an item of a list by its position, from 0, in the old list and in the new one. What is added
    /// has none in the old list, and what is removed none in the new one.
    Index {
        /// In the old list.
        old: Option<usize>,
        /// In the new list.
        new: Option<usize>,
    },
}

impl Path {
    /// The way one step further.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether it leads to the field at `path`, or into it: `spec.selector`.
    #[must_use]
    pub fn is_within(&self, path: &str) -> bool {
        let mut steps = self.0.iter();
        path.split('.').all(|name| match steps.next() {
            Some(Step::Field(field)) => field == name,
            Some(Step::Item { .. } | Step::Index { .. }) | None => false,
        })
    }
}

/// The values of `keys` in `item`, with `/` between them; `None` where one is missing or no scalar.
#[must_use]
pub fn id(item: &Json, keys: &[&str]) -> Option<String> {
    let parts = keys.iter().map(|key| match item.get(key)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

impl fmt::Display for Path {
    /// `spec.template.spec.containers[github].env[LOG_LEVEL].value`; a field whose name is none that a
    /// program would have is in brackets, too: `metadata.labels[app.kubernetes.io/name]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) => {
                    let is_usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                    if name.is_empty() || !name.chars().all(is_usual) {
                        write!(f, "[{name}]")?;
                    } else if position == 0 {
                        f.write_str(name)?;
                    } else {
                        write!(f, ".{name}")?;
                    }
                }
                Step::Item { id, .. } => write!(f, "[{}]", shown_text(id))?,
                Step::Index { old, new } => match new.or(*old) {
                    Some(index) => write!(f, "[{index}]")?,
                    None => f.write_str("[]")?,
                },
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let field = |name: &str| Step::Field(name.into());
        let path = Path(vec![
            field("spec"),
            field("containers"),
            Step::Item {
                keys: &["name"],
                id: "github".into(),
            },
            field("args"),
            Step::Index {
                old: Some(1),
                new: None,
            },
        ]);
        assert_eq!(path.to_string(), "spec.containers[github].args[1]");
        assert!(path.is_within("spec.containers"));
        assert!(!path.is_within("spec.container"));
        let label = Path(vec![field("labels"), field("app.kubernetes.io/name")]);
        assert_eq!(label.to_string(), "labels[app.kubernetes.io/name]");
    }
}
