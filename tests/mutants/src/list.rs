//! What can be mutated, as `cargo mutants --list --json` finds it.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::Failure;

/// One change of the source, small enough that a test should notice it.
#[derive(Clone, Debug, Deserialize)]
pub struct Mutant {
    /// Path from the root of the workspace.
    pub file: String,
    /// What kind of change it is.
    pub genre: Genre,
    /// File, place and change in words; unique.
    pub name: String,
    /// What comes instead.
    pub replacement: String,
    /// What is replaced.
    pub span: Span,
    /// The function that it is in.
    pub function: Option<Function>,
}

/// Kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Genre {
    /// The body of a function becomes a constant.
    FnValue,
    /// `<` becomes `<=`, `&&` becomes `||`, and so on.
    BinaryOperator,
    /// `!` or `-` is left out.
    UnaryOperator,
    /// An arm of a `match` is left out.
    MatchArm,
    /// The condition of an arm becomes true or false.
    MatchArmGuard,
    /// A field is left out, so that it takes its default.
    StructField,
}

/// From the first character to behind the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Span {
    /// The first character.
    pub start: Place,
    /// Behind the last character.
    pub end: Place,
}

/// A place in a file, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// A function, as written.
#[derive(Clone, Debug, Deserialize)]
pub struct Function {
    /// Its name with its type's.
    pub function_name: String,
}

/// All mutants of the core, or those that further options of `cargo mutants` leave (`-f FILE`, `--in-diff FILE`).
///
/// # Errors
///
/// When `cargo mutants` cannot be run, fails, or says something else than expected.
pub fn list(root: &Path, options: &[String]) -> Result<Vec<Mutant>, Failure> {
    let mut command = Command::new("cargo");
    command.args(["mutants", "-p", "linewatch-core", "--list", "--json"]).args(options).current_dir(root);
    let output = command.output().map_err(|error| Failure::run(&command, &error))?;
    if !output.status.success() {
        return Err(Failure::Tool(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::Tool(error.to_string()))
}
