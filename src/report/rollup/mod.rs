//! The figures of a period: read from the store, computed by the core, told as text, CSV and JSON.

pub mod period;
