//! What is told to people: figures and states as data, and as text in both languages.

pub mod health;
pub mod sentences;
pub mod status;
pub mod table;
pub mod words;
