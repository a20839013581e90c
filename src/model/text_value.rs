//! What every value of the model that is plain text can do, written once.
//!
//! `parse` stays with each type, because the rule is what tells the types apart.

/// `text_value!(Type.field)`: the text of `Type` is its field `field`.
macro_rules! text_value {
    ($type:ident . $field:tt) => {
        impl $type {
            /// The text, exactly as it goes into a manifest.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.$field
            }

            /// A copy of the text: what its display would say, in one step instead of many. A
            /// bundle has hundreds of them for each server.
            #[must_use]
            #[allow(
                clippy::inherent_to_string_shadow_display,
                reason = "both say the same, and the tests show it"
            )]
            pub fn to_string(&self) -> String {
                self.$field.to_string()
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.$field)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.$field
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.$field)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.$field.into()
            }
        }
    };
}

/// `displayed_value!(Type)`: `Type` is put together from parts, and written as it displays.
macro_rules! displayed_value {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use serde::Serialize;

    use crate::model::amount::Memory;
    use crate::model::name::ServiceName;

    /// Shows what a value serialises to, for values that are plain text.
    struct Serialised<T>(T);

    impl<T: Serialize> fmt::Display for Serialised<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }

    #[test]
    fn values_serialise_display_and_convert_as_they_were_written() {
        let name = ServiceName::parse("mcp-github").unwrap();
        assert_eq!(Serialised(&name).to_string(), "mcp-github");
        assert_eq!(name.to_string(), "mcp-github");
        assert_eq!(format!("{name}"), "mcp-github");
        assert_eq!(String::from(name), "mcp-github");

        let memory = Memory::parse("1.50Gi").unwrap();
        assert_eq!(Serialised(&memory).to_string(), "1.50Gi");
        assert_eq!(memory.to_string(), "1.50Gi");
        assert_eq!(String::from(memory), "1.50Gi");
    }
}
