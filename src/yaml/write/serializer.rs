//! serde's calls, one by one, as calls of [`Writer`] and [`Block`].
//!
//! Enums are tagged as `serde_json` does it: a unit variant is its name, any other is a map of
//! one entry.

use serde::ser::{self, Serialize};

use super::{Block, Place, Shape, WriteError, Writer};

macro_rules! tokens {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, value: $type) -> Result<(), WriteError> {
            self.token(format_args!("{value}"))
        })*
    };
}

impl<'w, 'o> ser::Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Block<'w, 'o>;
    type SerializeTuple = Block<'w, 'o>;
    type SerializeTupleStruct = Block<'w, 'o>;
    type SerializeTupleVariant = Block<'w, 'o>;
    type SerializeMap = Block<'w, 'o>;
    type SerializeStruct = Block<'w, 'o>;
    type SerializeStructVariant = Block<'w, 'o>;

    tokens! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_f32(self, value: f32) -> Result<(), WriteError> {
        self.float(value.is_finite(), format_args!("{value:?}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), WriteError> {
        self.float(value.is_finite(), format_args!("{value:?}"))
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), WriteError> {
        Err(WriteError::Bytes)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        match self.place {
            Place::Key => Err(WriteError::Key("null")),
            _ => self.token(format_args!("null")),
        }
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        let mut tag = self.block(Shape::Map)?;
        tag.key(variant)?;
        tag.value(value)?;
        tag.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Block<'w, 'o>, WriteError> {
        self.block(Shape::List)
    }

    fn serialize_tuple(self, _: usize) -> Result<Block<'w, 'o>, WriteError> {
        self.block(Shape::List)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Block<'w, 'o>, WriteError> {
        self.block(Shape::List)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'w, 'o>, WriteError> {
        self.variant(variant, Shape::List)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Block<'w, 'o>, WriteError> {
        self.block(Shape::Map)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Block<'w, 'o>, WriteError> {
        self.block(Shape::Map)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'w, 'o>, WriteError> {
        self.variant(variant, Shape::Map)
    }
}

macro_rules! lists {
    ($($kind:ident::$method:ident)*) => {
        $(impl ser::$kind for Block<'_, '_> {
            type Ok = ();
            type Error = WriteError;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), WriteError> {
                self.item(item)
            }

            fn end(self) -> Result<(), WriteError> {
                self.close();
                Ok(())
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! structs {
    ($($kind:ident)*) => {
        $(impl ser::$kind for Block<'_, '_> {
            type Ok = ();
            type Error = WriteError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), WriteError> {
                self.key(key)?;
                self.value(value)
            }

            fn end(self) -> Result<(), WriteError> {
                self.close();
                Ok(())
            }
        })*
    };
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Block<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.value(value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}
