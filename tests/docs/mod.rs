//! What the pages say is so: their commands run, their links lead somewhere, and what the README
//! shows is what comes out.

mod commands;
mod inline;
mod links;
mod page;
mod promises;
mod readme;
mod restarts;
mod scratch;
