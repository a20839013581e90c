//! What serde asks of a node, and what it is told.

use serde::de::value::SeqDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::access::{Fields, Placed, Variant};
use super::{BOOLEAN, Decoder, Failure, NUMBER, PLACED, SHAPE, WHOLE_NUMBER, listed, nearest};
use crate::problem::{Code, Problem};
use crate::yaml::plain::{Plain, read_plain};
use crate::yaml::tree::{Scalar, Style, Value};

impl<'de> Deserializer<'de> for Decoder<'de, '_, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match &self.node.value {
            Value::Sequence(_) => self.deserialize_seq(visitor),
            Value::Mapping(_) => self.deserialize_map(visitor),
            Value::Scalar(scalar) if scalar.style == Style::Text => self.deserialize_str(visitor),
            Value::Scalar(scalar) => match read_plain(&scalar.text) {
                Plain::Null => self.told(visitor.visit_unit()),
                Plain::Bool(value) => self.told(visitor.visit_bool(value)),
                Plain::Integer => self.deserialize_i64(visitor),
                // A text or a number, and readers differ on its digits.
                Plain::Float | Plain::Text | Plain::Ambiguous(_) => self.deserialize_str(visitor),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.scalar(BOOLEAN)? {
            Scalar {
                text,
                style: Style::Plain,
            } if text == "true" || text == "false" => self.told(visitor.visit_bool(text == "true")),
            _ => Err(self.wrong_type(BOOLEAN)),
        }
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let number = self.number(WHOLE_NUMBER, "from -2147483648 to 2147483647")?;
        self.told(visitor.visit_i32(number))
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let number = self.number(WHOLE_NUMBER, "of at most 18 digits")?;
        self.told(visitor.visit_i64(number))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let number = self.number(NUMBER, "of fewer digits")?;
        self.told(visitor.visit_f64(number))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let text = self.text()?;
        self.told(visitor.visit_borrowed_str(text))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.node.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if name == PLACED {
            return visitor.visit_map(Placed::new(self));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let Value::Sequence(items) = &self.node.value else {
            return Err(self.wrong_type("a list"));
        };
        for empty in items.iter().filter(|item| item.is_null()) {
            self.report(
                Problem::error(
                    Code::WrongType,
                    empty.place,
                    "an item of this list is empty",
                )
                .help("write a value behind the dash, or remove the dash"),
            );
        }
        let items = items.iter().map(move |node| self.part(node));
        self.told(visitor.visit_seq(SeqDeserializer::new(items)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let entries = self.entries(None)?;
        self.told(visitor.visit_map(Fields::new(self, entries, None)))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let entries = self.entries(Some(fields))?;
        self.told(visitor.visit_map(Fields::new(self, entries, Some(fields))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let variant = if name == SHAPE {
            let shape = self.shape();
            *variants
                .iter()
                .find(|variant| **variant == shape || shape == "false" && **variant == "text")
                .ok_or_else(|| self.wrong_type(&shapes(variants)))?
        } else {
            self.word(variants)?
        };
        let shapes: &[_] = if name == SHAPE { variants } else { &[] };
        self.told(visitor.visit_enum(Variant {
            decoder: Self { shapes, ..self },
            variant,
        }))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct tuple
        tuple_struct identifier
    }
}

impl Decoder<'_, '_, '_> {
    /// Which of `words` stands here. Words are told from each other however they are quoted.
    fn word(&self, words: &'static [&'static str]) -> Result<&'static str, Failure> {
        let text = self.scalar("text")?.text.as_str();
        if let Some(word) = words.iter().find(|word| **word == text) {
            return Ok(word);
        }
        let (problem, choice) = match words {
            [only] => (
                format!("expected `{only}`, found `{text}`"),
                format!("write `{only}`"),
            ),
            _ => (
                format!("`{text}` is none of {}", listed(words)),
                "write one of these".to_owned(),
            ),
        };
        let off = ["false", "no", "off"].contains(&text).then_some("none");
        let near = nearest(text, words).or(off.filter(|off| words.contains(off)));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.shapes.contains(&"mapping") => format!("{choice}, or a mapping"),
            None => choice,
        };
        Err(self.report(Problem::error(Code::InvalidValue, self.node.place, problem).help(help)))
    }
}

fn shapes(variants: &[&str]) -> String {
    let words: Vec<&str> = variants
        .iter()
        .map(|variant| match *variant {
            "false" => "`false`",
            "list" => "a list",
            "mapping" => "a mapping",
            _ => "text",
        })
        .collect();
    words.join(" or ")
}

impl<'n> IntoDeserializer<'n, Failure> for Decoder<'n, '_, '_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
