//! What a definition of a custom kind says that a value is.

use super::Field;
use super::grammar::{config_key, dns_subdomain};
use Shape::{
    Either, Fields, Filled, Flag, Key, List, Name, Number, OneOf, Port, Text, Texts, Word,
};

/// What a value is.
pub enum Shape {
    /// Any text.
    Text,
    /// One that is not empty.
    Word,
    /// The name of an object.
    Name,
    /// A key of a Secret.
    Key,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    Flag,
    Number,
    /// A number or a text.
    Port,
    /// Names of labels and the like, and their texts.
    Texts,
    /// A list, which may not be empty.
    Filled(&'static Shape),
    List(&'static Shape),
    /// A mapping with these fields, the first ones required.
    Fields(&'static [&'static str], &'static [(&'static str, Shape)]),
    /// A mapping with one of these fields.
    Either(&'static [(&'static str, Shape)]),
}

/// Refuses what in `field` is not of `shape`.
pub fn compare(field: &Field<'_>, shape: &Shape) {
    if !field.exists() {
        return;
    }
    match shape {
        Flag => field.is_flag(),
        Number => field.is_number(),
        Port if field.number().is_some() => field,
        Port | Text => field.is_text(),
        Word => field.is_text().require(),
        Name | Key | OneOf(_) => {
            let field = field.is_text().require();
            match shape {
                Name => field.parse(dns_subdomain),
                OneOf(values) => field.one_of(values),
                _ => field.parse(config_key),
            }
            field
        }
        Texts => {
            for (_, value) in field.is_mapping().entries() {
                compare(&value, &Text);
            }
            field
        }
        Filled(item) | List(item) => {
            if matches!(shape, Filled(_)) {
                field.require();
            }
            for value in field.is_list().items() {
                compare(&value, item);
            }
            field
        }
        Fields(required, fields) => {
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            field.is_mapping().only(&names);
            for name in *required {
                if !field.field(name).exists() {
                    field.field(name).require();
                }
            }
            for (name, shape) in *fields {
                compare(&field.field(name), shape);
            }
            field
        }
        Either(fields) => {
            let names: Vec<&'static str> = fields.iter().map(|(name, _)| *name).collect();
            field.is_mapping().only(&names).exactly_one(&names);
            for (name, shape) in *fields {
                compare(&field.field(name), shape);
            }
            field
        }
    };
}
