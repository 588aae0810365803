//! Text and JSON of what people read.
