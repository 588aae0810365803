//! What is told to people: figures and states as data, and as text in both languages.

pub mod accounts;
pub mod check;
pub mod course;
pub mod difference;
pub mod faults;
pub mod grafana;
pub mod health;
pub mod lines;
pub mod objection;
mod plain_table;
pub mod quality;
pub mod reload;
pub mod rollup;
pub mod sentences;
pub mod status;
pub mod table;
pub mod words;

pub use plain_table::terminal_width;
