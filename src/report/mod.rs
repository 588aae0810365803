//! What is told to people: figures and states as data, and as text in both languages.

pub mod check;
pub mod lines;
mod plain_table;

pub use plain_table::terminal_width;
