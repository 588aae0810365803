//! What is told to people: figures and states as data, and as text in both languages.

pub mod accounts;
pub mod check;
pub mod course;
pub mod decided;
pub mod difference;
pub mod document;
pub mod faults;
pub mod grafana;
pub mod health;
pub mod imports;
pub mod inspections;
pub mod lines;
pub mod method;
pub mod objection;
pub mod outages;
pub mod pictures;
mod plain_table;
pub mod quality;
pub mod reload;
pub mod rollup;
pub mod selfeval;
pub mod sentences;
pub mod status;
pub mod table;
pub mod words;
pub mod xlsx;

pub use plain_table::terminal_width;
