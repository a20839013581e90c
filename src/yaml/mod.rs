//! The only room that knows YAML text: read with places, written so that Go reads it as meant.
//!
//! Reading and writing are deliberately not symmetric. A config is read through a tree of our own
//! ([`Node`]) because a person with nine mistakes wants to be told nine, each with its line, and
//! because a scalar's *spelling* matters: `1.10` is `1.1` once kustomize has touched it. Objects
//! are written straight from their types, because there is nothing left to decide.

mod alias;
mod block;
mod breaks;
mod comment;
mod decode;
mod encode;
mod encoded;
mod hidden;
mod outline;
mod parse;
mod path;
mod plain;
mod root;
mod rows;
mod split;
mod syntax;
mod tree;
mod write;

pub use alias::{Alias, aliases};
pub use block::{inside, place_inside};
pub use breaks::{OTHER_BREAKS, refuse_breaks};
pub use comment::comment;
pub use decode::{Dialect, decode};
pub use encode::encode;
pub use encoded::Encoded;
pub use hidden::hides_letters;
pub use outline::{Item, Outline, Section, outline};
pub use parse::{parse, parse_part};
pub use path::{Paths, field_path};
pub use plain::{Plain, read_plain};
pub use root::{root_says, unlisted};
pub use rows::Rows;
pub use split::{Piece, split};
pub use tree::{Entry, Node, Scalar, Style, Value};
pub use write::{WriteError, document, list_item, scalar, text_value};

pub(crate) use decode::PLACED;
