//! Mutation testing of the core: changes one thing at a time and looks whether a test notices.
//!
//! `cargo mutants` finds what can be changed. It would build the core for each change, three thousand times; so all changes
//! are written into one copy of the core, each behind a question (`mutant::is`), and the copy is built once. Each test is run
//! alone first, to learn which changes it reaches; then each change is made in turn and tried by the tests that reach it,
//! the quickest first, until one fails.
//!
//! - [`list`]: what can be changed.
//! - [`sites`]: where in a file that is.
//! - [`rewrite`]: the file with all its changes.
//! - [`build`]: the copy; what does not compile is left out and counted.
//! - [`trial`]: tests against changes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

mod build;
mod list;
mod rewrite;
mod sites;
mod trial;

use list::Mutant;
use trial::Fate;

/// Changes one thing in the core at a time and looks whether a test notices.
///
/// What lives is written to missed.txt beside the other results. Why some of it may live stands in
/// src/core/tests/survivors.md.
#[derive(Parser)]
#[command(bin_name = "tests/mutants/run")]
struct Arguments {
    /// Try those only whose names stand in this file, a line each (an earlier missed.txt, for instance)
    #[arg(long, value_name = "FILE")]
    only: Option<PathBuf>,
    /// Try every Nth only
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,
    /// Try with the tests of these programs only (as of `small_rules`); without it, with all of the core's
    #[arg(long, value_name = "PROGRAM")]
    tests: Vec<String>,
    /// Leave out tests that take longer than so many seconds: a lower bound, in a fraction of the time
    #[arg(long, value_name = "SECONDS")]
    slowest: Option<f64>,
    /// Tests side by side
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(1, usize::from))]
    jobs: usize,
    /// Fail when less than this share of the mutants is caught, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    at_least: f64,
    /// Where to build and to write results
    #[arg(long, value_name = "FOLDER", default_value = "target/mutants-report")]
    output: PathBuf,
    /// More options for `cargo mutants --list`: -f FILE, --in-diff FILE
    #[arg(last = true)]
    options: Vec<String>,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A command cannot be run.
    #[error("cannot run {0}: {1}")]
    Run(String, String),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, String),
    /// A source file is no Rust.
    #[error("{0}: {1}")]
    Source(String, syn::Error),
    /// A command fails.
    #[error("{0}")]
    Tool(String),
}

impl Failure {
    fn run(command: &Command, error: &io::Error) -> Self {
        Self::Run(command.get_program().to_string_lossy().into_owned(), error.to_string())
    }

    fn file(path: &Path, error: &io::Error) -> Self {
        Self::File(path.display().to_string(), error.to_string())
    }
}

fn main() -> ExitCode {
    match tried(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("mutants: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether enough were caught.
fn tried(arguments: &Arguments) -> Result<bool, Failure> {
    let root = std::env::current_dir().map_err(|error| Failure::file(Path::new("."), &error))?;
    let mut mutants = list::list(&root, &arguments.options)?;
    if let Some(only) = &arguments.only {
        let wanted = fs::read_to_string(only).map_err(|error| Failure::file(only, &error))?;
        let wanted: BTreeSet<&str> = wanted.lines().collect();
        mutants.retain(|mutant| wanted.contains(mutant.name.as_str()));
    }
    let mutants: Vec<Mutant> = mutants.into_iter().step_by(arguments.every.max(1)).collect();
    let work = root.join(&arguments.output);
    let built = build::build(&root, &work, &mutants)?;
    let folder = work.join("tree/src/core");
    let mut programs = built.programs.clone();
    programs.retain(|program| {
        // Cargo adds a dash and a digest.
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = name.rsplit_once('-').map_or("", |(name, _)| name);
        arguments.tests.is_empty() || arguments.tests.iter().any(|wanted| wanted == name)
    });
    let mut tests = trial::survey(&programs, &folder, arguments.jobs)?;
    let all_tests = tests.len();
    tests.retain(|test| arguments.slowest.is_none_or(|slowest| test.takes.as_secs_f64() <= slowest));
    if tests.len() < all_tests {
        println!(
            "{} tests take longer than {} s and are left out",
            all_tests - tests.len(),
            arguments.slowest.unwrap_or(0.0)
        );
    }
    let numbers: Vec<usize> = (0..mutants.len())
        .filter(|number| !built.ill_typed.contains(number) && !built.fixed.contains(number))
        .collect();
    let function = |number: usize| {
        let mutant = &mutants[number];
        let name = mutant.function.as_ref().map_or("", |function| function.function_name.as_str());
        format!("{} {name}", mutant.file)
    };
    // A run that is broken off leaves what it found.
    let path = work.join("so-far.txt");
    let log = File::create(&path).map_err(|error| Failure::file(&path, &error))?;
    let told = |number: usize, fate: &Fate| {
        writeln!(&log, "{fate:?}\t{}", mutants[number].name).map_err(|error| Failure::file(&path, &error))
    };
    let fates = trial::try_all(&numbers, function, &tests, &folder, arguments.jobs, told)?;
    tell(arguments, &mutants, &built, &fates, tests.len())
}

fn tell(
    arguments: &Arguments,
    mutants: &[Mutant],
    built: &build::Built,
    fates: &[(usize, Fate)],
    tests: usize,
) -> Result<bool, Failure> {
    let write = |name: &str, lines: Vec<String>| {
        let path = arguments.output.join(name);
        fs::write(&path, lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>())
            .map_err(|error| Failure::file(&path, &error))
    };
    let name = |number: usize| mutants[number].name.clone();
    let mut caught = vec![];
    let mut endless = vec![];
    let mut missed = vec![];
    let mut reached_by = vec![];
    for (number, fate) in fates {
        match fate {
            Fate::Caught(test) => caught.push(format!("{}\t{test}", name(*number))),
            Fate::Endless(test) => endless.push(format!("{}\t{test}", name(*number))),
            Fate::Lives(tests) => {
                missed.push(name(*number));
                reached_by.push(format!("{}\treached by {tests} tests", name(*number)));
            }
        }
    }
    let total = fates.len();
    let found = caught.len() + endless.len();
    #[expect(clippy::cast_precision_loss, reason = "thousands, not more")]
    let share = if total == 0 { 100.0 } else { found as f64 * 100.0 / total as f64 };
    println!("{} mutants of the core, {tests} tests", mutants.len());
    println!("{} do not compile", built.ill_typed.len());
    println!("{} cannot be chosen at run time and were not tried", built.fixed.len());
    println!("{found} of {total} caught, {share:.1} %; {} of them as endless loops", endless.len());
    println!("{} live: {}", missed.len(), arguments.output.join("missed.txt").display());
    write("caught.txt", caught)?;
    write("endless.txt", endless)?;
    write("missed.txt", missed)?;
    write("missed-reached.txt", reached_by)?;
    write("ill-typed.txt", built.ill_typed.iter().map(|number| name(*number)).collect())?;
    write("not-tried.txt", built.fixed.iter().map(|number| name(*number)).collect())?;
    Ok(share >= arguments.at_least)
}

/// How far it is, on the terminal; without one, a line every twentieth.
pub struct Progress {
    what: &'static str,
    bar: ProgressBar,
}

impl Progress {
    fn new(what: &'static str, length: usize) -> Self {
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}").expect("the template is right");
        Self { what, bar: ProgressBar::new(length as u64).with_style(style).with_message(what) }
    }

    /// One more is done.
    fn step(&self) {
        self.bar.inc(1);
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        if self.bar.is_hidden() && done.is_multiple_of(all.div_ceil(20).max(1)) {
            eprintln!("{}: {done} of {all}", self.what);
        }
    }
}
