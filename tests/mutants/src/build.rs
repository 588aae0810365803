//! A copy of the tree in which the core holds all mutants, built once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Failure;
use crate::list::Mutant;
use crate::rewrite::{Rewritten, rewrite};
use crate::sites::{Site, sites};

/// What was built.
pub struct Built {
    /// Test programs.
    pub programs: Vec<PathBuf>,
    /// Mutants that do not compile.
    pub ill_typed: BTreeSet<usize>,
    /// Mutants that cannot be chosen at run time (in a `const fn`, for instance), although they may compile.
    pub fixed: BTreeSet<usize>,
}

/// Where the copy's core stands from the root.
const CORE: &str = "src/core/src";

/// Copies the tree under `work`, writes the mutants into the core and builds its tests.
///
/// # Errors
///
/// When a file or a command fails, and when the copy does not compile for a reason that is no mutant's.
pub fn build(root: &Path, work: &Path, mutants: &[Mutant]) -> Result<Built, Failure> {
    let copy = work.join("tree");
    copy_tree(root, &copy)?;
    let mut left_out = BTreeSet::new();
    let mut ill_typed = BTreeSet::new();
    let mut fixed = BTreeSet::new();
    let mut files = BTreeMap::<&str, Vec<(usize, &Mutant)>>::new();
    for (number, mutant) in mutants.iter().enumerate() {
        files.entry(&mutant.file).or_default().push((number, mutant));
    }
    let mut sources = BTreeMap::<String, (String, Vec<Site>)>::new();
    for (file, here) in files {
        let text = read(&root.join(file))?;
        let (found, without) = sites(&text, &here).map_err(|error| Failure::Source(file.to_owned(), error))?;
        // What has no site is a condition with `let` joined by `||`, which is no Rust.
        ill_typed.extend(without);
        sources.insert(file.to_owned(), (text, found));
    }
    let switch = include_str!("switch.rs").replace("COUNT", &mutants.len().max(1).to_string());
    write(&copy.join(CORE).join("mutant.rs"), &switch)?;
    let lib = copy.join(CORE).join("lib.rs");
    write(&lib, &(read(&lib)? + "\n#[doc(hidden)]\npub mod mutant;\n"))?;
    loop {
        let mut written = BTreeMap::new();
        for (file, (text, sites)) in &sources {
            let rewritten = rewrite(text, sites, &left_out);
            write(&copy.join(file), &rewritten.text)?;
            written.insert(file.clone(), rewritten);
        }
        let before = left_out.len();
        for error in errors(&copy, work)? {
            match blame(&error, &written) {
                Blame::Mutant(number) if !error.is_of_the_switch() => {
                    left_out.insert(number);
                    ill_typed.insert(number);
                }
                Blame::Mutant(number) => {
                    left_out.insert(number);
                    fixed.insert(number);
                }
                Blame::Site(numbers) => {
                    left_out.extend(numbers);
                    fixed.extend(numbers);
                }
                Blame::Nobody => return Err(Failure::Tool(error.rendered.unwrap_or(error.message))),
            }
        }
        eprintln!("{} of {} mutants compile so far", mutants.len() - ill_typed.len() - fixed.len(), mutants.len());
        if left_out.len() == before {
            break;
        }
    }
    fixed.retain(|number| !ill_typed.contains(number));
    Ok(Built { programs: programs(&copy, work)?, ill_typed, fixed })
}

enum Blame<'a> {
    /// The error stands in this mutant's own text.
    Mutant(usize),
    /// The error stands in a site with these mutants.
    Site(&'a [usize]),
    /// The error stands elsewhere.
    Nobody,
}

fn blame<'a>(error: &Diagnostic, written: &'a BTreeMap<String, Rewritten>) -> Blame<'a> {
    let mut spans = error.spans.iter().filter_map(|span| Some((written.get(&span.file_name)?, span)));
    if let Some(number) = spans.clone().find_map(|(file, span)| file.mutant_at(span.byte_start)) {
        return Blame::Mutant(number);
    }
    // Without its arm a `match` may lack a case; the error stands at what is matched, the arms follow.
    if error.code.as_ref().is_some_and(|code| code.code == "E0004") {
        let arm = spans.find_map(|(file, span)| file.arm_after(span.byte_start));
        return arm.map_or(Blame::Nobody, Blame::Mutant);
    }
    spans.find_map(|(file, span)| file.site_at(span.byte_start)).map_or(Blame::Nobody, Blame::Site)
}

/// What the compiler says on one line of its output.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        message: Diagnostic,
    },
    CompilerArtifact {
        profile: Profile,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    rendered: Option<String>,
    code: Option<Code>,
    spans: Vec<CodeSpan>,
}

impl Diagnostic {
    /// A constant cannot ask which mutant lives (E0015); a choice can borrow, move or initialise otherwise than the
    /// mutant alone (E05…, E0381, E0382, E0716).
    fn is_of_the_switch(&self) -> bool {
        self.code.as_ref().is_some_and(|code| {
            matches!(code.code.as_str(), "E0015" | "E0381" | "E0382" | "E0716") || code.code.starts_with("E05")
        })
    }
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct CodeSpan {
    file_name: String,
    byte_start: usize,
}

fn cargo(copy: &Path, work: &Path, arguments: &[&str]) -> Result<(bool, Vec<Line>), Failure> {
    let mut command = Command::new("cargo");
    command
        .args(arguments)
        .args(["--locked", "--profile", "mutants", "-p", "linewatch-core", "--message-format", "json"])
        .env("RUSTFLAGS", "--cap-lints allow")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .current_dir(copy)
        .stderr(Stdio::null());
    let output = command.output().map_err(|error| Failure::run(&command, &error))?;
    let lines = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Line>();
    let lines = lines.collect::<Result<_, _>>().map_err(|error| Failure::Tool(error.to_string()))?;
    Ok((output.status.success(), lines))
}

/// What keeps the core from compiling.
fn errors(copy: &Path, work: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let (success, lines) = cargo(copy, work, &["check", "--lib"])?;
    let messages = lines.into_iter().filter_map(|line| match line {
        Line::CompilerMessage { message } => Some(message),
        _ => None,
    });
    let errors: Vec<_> = messages.filter(|message| message.level == "error" && !message.spans.is_empty()).collect();
    if !success && errors.is_empty() {
        return Err(Failure::Tool(format!("`cargo check` fails in {} without saying where", copy.display())));
    }
    Ok(errors)
}

fn programs(copy: &Path, work: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (success, lines) = cargo(copy, work, &["test", "--no-run"])?;
    if !success {
        return Err(Failure::Tool(format!("`cargo test --no-run` fails in {}", copy.display())));
    }
    let programs = lines.into_iter().filter_map(|line| match line {
        Line::CompilerArtifact { profile: Profile { test: true }, executable } => executable,
        _ => None,
    });
    Ok(programs.collect())
}

/// Copies what git knows and what it would add; what has not changed keeps its time, so that little is built again.
fn copy_tree(root: &Path, copy: &Path) -> Result<(), Failure> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let output = command.output().map_err(|error| Failure::run(&command, &error))?;
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let from = root.join(name);
        if from.is_file() {
            let text = fs::read(&from).map_err(|error| Failure::file(&from, &error))?;
            write(&copy.join(name), &text)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::file(path, &error))
}

fn write(path: &Path, text: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
    let text = text.as_ref();
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let parent = path.parent().expect("a file is in a folder");
    fs::create_dir_all(parent).and_then(|()| fs::write(path, text)).map_err(|error| Failure::file(path, &error))
}
