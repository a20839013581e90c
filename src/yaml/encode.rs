//! From typed values to trees, as if they had been written and read again.
//!
//! Most of what is serialized is a field's name or a short word: names are shared with the program,
//! short words need no memory of their own. What manifests do not hold is an [`Error`] without words,
//! since objects that mcpset makes have none of it.

use std::fmt::Error;

use serde::ser::{self, Serialize};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use super::tree::{Entry, Node, Scalar, Style, Value};
use crate::source::Place;

/// The tree of `value`. Its values are numbered: `next` is the place of the root, and each further one
/// has the next `end`; it is left at the first that is free. `None` for what manifests do not hold: bytes,
/// and enums' variants with fields.
#[must_use]
pub fn encode(value: &(impl Serialize + ?Sized), next: &mut Place) -> Option<Node> {
    let mut numbering = Numbering { next: *next };
    let node = value.serialize(&mut numbering).ok();
    *next = numbering.next;
    node
}

/// Numbers the values of objects.
struct Numbering {
    /// The place of the next value.
    next: Place,
}

impl Numbering {
    fn place(&mut self) -> Place {
        let place = self.next;
        self.next.end += 1;
        place
    }

    fn scalar(&mut self, text: SmolStr, style: Style) -> Node {
        Node {
            place: self.place(),
            value: Value::Scalar(Scalar { text, style }),
        }
    }

    fn plain(&mut self, text: SmolStr) -> Node {
        self.scalar(text, Style::Plain)
    }

    fn text(&mut self, text: SmolStr) -> Node {
        self.scalar(text, Style::Text)
    }

    fn mapping(&mut self, length: usize) -> Mapping<'_> {
        Mapping {
            place: self.place(),
            entries: Vec::with_capacity(length),
            key: None,
            numbering: self,
        }
    }

    fn sequence(&mut self, length: usize) -> Sequence<'_> {
        Sequence {
            place: self.place(),
            items: Vec::with_capacity(length),
            numbering: self,
        }
    }
}

/// A mapping of which some entries are known.
struct Mapping<'n> {
    numbering: &'n mut Numbering,
    place: Place,
    entries: Vec<Entry>,
    key: Option<Node>,
}

/// A list of which some items are known.
struct Sequence<'n> {
    numbering: &'n mut Numbering,
    place: Place,
    items: Vec<Node>,
}

impl Mapping<'_> {
    fn add(&mut self, key: Node, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        let value = value.serialize(&mut *self.numbering)?;
        self.entries.push(Entry { key, value });
        Ok(())
    }

    fn field(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        let text = SmolStr::new_static(key);
        let style = Style::Text;
        let key = Node {
            place: self.place,
            value: Value::Scalar(Scalar { text, style }),
        };
        self.add(key, value)
    }

    fn finish(self) -> Node {
        Node {
            place: self.place,
            value: Value::Mapping(self.entries),
        }
    }
}

macro_rules! numbers {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, value: $type) -> Result<Node, Error> {
            Ok(self.plain(value.to_smolstr()))
        })*
    };
}

impl<'n> ser::Serializer for &'n mut Numbering {
    type Ok = Node;
    type Error = Error;
    type SerializeSeq = Sequence<'n>;
    type SerializeTuple = Sequence<'n>;
    type SerializeTupleStruct = Sequence<'n>;
    type SerializeTupleVariant = ser::Impossible<Node, Error>;
    type SerializeMap = Mapping<'n>;
    type SerializeStruct = Mapping<'n>;
    type SerializeStructVariant = ser::Impossible<Node, Error>;

    numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, value: bool) -> Result<Node, Error> {
        Ok(self.plain(SmolStr::new_static(if value { "true" } else { "false" })))
    }

    fn serialize_f32(self, value: f32) -> Result<Node, Error> {
        Ok(self.plain(format_smolstr!("{value:?}")))
    }

    fn serialize_f64(self, value: f64) -> Result<Node, Error> {
        Ok(self.plain(format_smolstr!("{value:?}")))
    }

    fn serialize_char(self, value: char) -> Result<Node, Error> {
        Ok(self.text(value.to_smolstr()))
    }

    fn serialize_str(self, value: &str) -> Result<Node, Error> {
        Ok(self.text(SmolStr::new(value)))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, Error> {
        Err(Error)
    }

    fn serialize_none(self) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, Error> {
        Ok(self.plain(SmolStr::new_static("null")))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Node, Error> {
        Ok(self.text(SmolStr::new_static(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        let mut mapping = self.mapping(1);
        mapping.field(variant, value)?;
        Ok(mapping.finish())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Sequence<'n>, Error> {
        Ok(self.sequence(length.unwrap_or_default()))
    }

    fn serialize_tuple(self, length: usize) -> Result<Sequence<'n>, Error> {
        Ok(self.sequence(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Sequence<'n>, Error> {
        Ok(self.sequence(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Mapping<'n>, Error> {
        Ok(self.mapping(length.unwrap_or_default()))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Mapping<'n>, Error> {
        Ok(self.mapping(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error)
    }
}

macro_rules! sequences {
    ($($kind:ident::$method:ident)*) => {
        $(impl ser::$kind for Sequence<'_> {
            type Ok = Node;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.items.push(item.serialize(&mut *self.numbering)?);
                Ok(())
            }

            fn end(self) -> Result<Node, Error> {
                Ok(Node {
                    place: self.place,
                    value: Value::Sequence(self.items),
                })
            }
        })*
    };
}

sequences! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
}

impl ser::SerializeStruct for Mapping<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.finish())
    }
}

impl ser::SerializeMap for Mapping<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut key = key.serialize(&mut *self.numbering)?;
        key.place = self.place;
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or(Error)?;
        self.add(key, value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.finish())
    }
}
