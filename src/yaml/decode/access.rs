//! The parts of a node, one after the other: a value with its place, the entries of a mapping, the
//! variant of an enum.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::{Decoder, Failure};
use crate::source::Place;
use crate::yaml::tree::{Entry, Node};

/// Source, start, end, then the value itself: what `api::Field` takes apart.
pub(super) struct Placed<'n, 'c, 'p> {
    pub(super) decoder: Decoder<'n, 'c, 'p>,
    pub(super) step: u8,
}

impl<'n> SeqAccess<'n> for Placed<'n, '_, '_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        let Place { source, start, end } = self.decoder.node.place;
        self.step += 1;
        match self.step {
            1 => seed.deserialize(source.into_deserializer()).map(Some),
            2 => seed.deserialize(start.into_deserializer()).map(Some),
            3 => seed.deserialize(end.into_deserializer()).map(Some),
            4 if self.decoder.node.is_null() => Ok(None),
            4 => seed.deserialize(self.decoder).map(Some),
            _ => Ok(None),
        }
    }
}

/// The entries of a mapping; of a struct, only those it knows.
pub(super) struct Fields<'n, 'c, 'p> {
    pub(super) decoder: Decoder<'n, 'c, 'p>,
    pub(super) entries: std::slice::Iter<'n, Entry>,
    pub(super) known: Option<&'static [&'static str]>,
    pub(super) value: Option<&'n Node>,
}

impl<'n> MapAccess<'n> for Fields<'n, '_, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        for entry in self.entries.by_ref() {
            let key = entry.name();
            let Some(known) = self.known else {
                if entry.key.is_null() {
                    self.decoder.no_key(entry);
                    continue;
                }
                self.value = Some(&entry.value);
                let key = Decoder {
                    node: &entry.key,
                    context: self.decoder.context,
                };
                return seed.deserialize(key).map(Some);
            };
            if known.contains(&key) {
                self.value = Some(&entry.value);
                return seed.deserialize(StrDeserializer::new(key)).map(Some);
            }
            self.decoder.unknown_field(entry, known);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some(node) = self.value.take() else {
            return Err(Failure::Said("a value without its key".into()));
        };
        seed.deserialize(Decoder {
            node,
            context: self.decoder.context,
        })
    }
}

/// A chosen variant and, for a choice by shape, the node it holds.
pub(super) struct Variant<'n, 'c, 'p> {
    pub(super) decoder: Decoder<'n, 'c, 'p>,
    pub(super) variant: &'static str,
}

impl<'n, 'c, 'p> EnumAccess<'n> for Variant<'n, 'c, 'p> {
    type Error = Failure;
    type Variant = Decoder<'n, 'c, 'p>;

    fn variant_seed<V: DeserializeSeed<'n>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Failure> {
        let value = seed.deserialize(StrDeserializer::<Failure>::new(self.variant))?;
        Ok((value, self.decoder))
    }
}

impl<'n> VariantAccess<'n> for Decoder<'n, '_, '_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, Failure> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'n>>(self, _len: usize, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_struct("", fields, visitor)
    }
}
