//! Records against truth.
