//! Each mutant is tried by the tests that reach it, the quickest first, until one fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::{Failure, Progress};

/// One test of the core.
pub struct Test {
    /// The program that holds it.
    program: PathBuf,
    /// Its name.
    pub name: String,
    /// How long it takes when nothing is changed.
    pub takes: Duration,
    /// The mutants that it reaches.
    reaches: BTreeSet<usize>,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This test failed.
    Caught(String),
    /// This test did not end, or took all memory.
    Endless(String),
    /// All tests that reach it passed; so many.
    Lives(usize),
}

/// Memory that a test may take, in bytes. A mutant that never stops allocating ends there.
const MEMORY: u64 = 3 << 30;

/// Finds all tests and runs each alone, to learn how long it takes and what it reaches.
///
/// # Errors
///
/// When a test fails although nothing is changed.
pub fn survey(programs: &[PathBuf], folder: &Path, jobs: usize) -> Result<Vec<Test>, Failure> {
    let mut names = vec![];
    for program in programs {
        let mut command = Command::new(program);
        command.args(["--list", "--format", "terse"]).current_dir(folder);
        let output = command.output().map_err(|error| Failure::run(&command, &error))?;
        let list = String::from_utf8_lossy(&output.stdout).into_owned();
        names
            .extend(list.lines().filter_map(|line| line.strip_suffix(": test")).map(|name| (program, name.to_owned())));
    }
    let progress = Progress::new("tests with nothing changed", names.len());
    let mut tests = side_by_side(&names, jobs, |at, (program, name)| {
        let list = program.with_extension(format!("reached.{at}"));
        let begin = now();
        let passed =
            run(program, name, folder, Duration::from_mins(10), ("MUTANTS_REACHED", &list.display().to_string()))?;
        if passed != Ended::Passed {
            return Err(Failure::Tool(format!("{name} fails although nothing is changed")));
        }
        let takes = now() - begin;
        // A test that reaches nothing writes no list.
        let noted = fs::read_to_string(&list).unwrap_or_default();
        fs::remove_file(&list).ok();
        progress.step();
        let reaches = noted.lines().filter_map(|line| line.parse().ok()).collect();
        Ok(Test { program: (*program).clone(), name: name.clone(), takes, reaches })
    })?;
    tests.sort_by_key(|test| test.takes);
    Ok(tests)
}

/// Tries mutants and tells of each at once. `of_function` names what each is in: the test that caught one is the first to try its neighbours.
///
/// # Errors
///
/// When a test cannot be run.
pub fn try_all(
    mutants: &[usize],
    of_function: impl Fn(usize) -> String + Sync,
    tests: &[Test],
    folder: &Path,
    jobs: usize,
    told: impl Fn(usize, &Fate) -> Result<(), Failure> + Sync,
) -> Result<Vec<(usize, Fate)>, Failure> {
    let progress = Progress::new("mutants tried", mutants.len());
    let catchers = Mutex::new(BTreeMap::<String, Vec<usize>>::new());
    side_by_side(mutants, jobs, |_, number| {
        let function = of_function(*number);
        let first = catchers.lock().expect("no thread panics").get(&function).cloned().unwrap_or_default();
        let mut order: Vec<usize> = first.iter().rev().copied().collect();
        order.extend((0..tests.len()).filter(|test| !first.contains(test)));
        order.retain(|test| tests[*test].reaches.contains(number));
        let mut fate = Fate::Lives(order.len());
        for at in order {
            let test = &tests[at];
            let limit = Duration::from_secs(6) + test.takes * 12;
            let ended = run(&test.program, &test.name, folder, limit, ("MUTANT", &number.to_string()))?;
            fate = match ended {
                Ended::Passed => continue,
                Ended::Failed => Fate::Caught(test.name.clone()),
                Ended::Endless => Fate::Endless(test.name.clone()),
            };
            let mut catchers = catchers.lock().expect("no thread panics");
            let known = catchers.entry(function).or_default();
            known.retain(|other| *other != at);
            known.push(at);
            break;
        }
        progress.step();
        told(*number, &fate)?;
        Ok((*number, fate))
    })
}

#[expect(clippy::disallowed_methods, reason = "how long a test takes is measured here, and nothing else")]
fn now() -> Instant {
    Instant::now()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Passed,
    Failed,
    Endless,
}

fn run(
    program: &Path,
    name: &str,
    folder: &Path,
    limit: Duration,
    (key, value): (&str, &str),
) -> Result<Ended, Failure> {
    let mut command = Command::new("timeout");
    command
        .args([
            "--kill-after=1",
            &format!("{:.3}", limit.as_secs_f64()),
            "prlimit",
            &format!("--as={MEMORY}"),
            "--core=0",
        ])
        .arg(program)
        .args(["--exact", name, "--test-threads", "1"])
        .env(key, value)
        // The first failure is enough, and one mutant's must not be the next one's.
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true")
        .env("PROPTEST_RNG_SEED", "8401")
        .env("RUST_BACKTRACE", "0")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let status = command.status().map_err(|error| Failure::run(&command, &error))?;
    Ok(match status.code() {
        Some(0) => Ended::Passed,
        Some(124 | 137) => Ended::Endless,
        _ => Ended::Failed,
    })
}

/// Does one thing with each item on several threads; results in the items' order.
fn side_by_side<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    each: impl Fn(usize, &I) -> Result<O, Failure> + Sync,
) -> Result<Vec<O>, Failure> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = vec![];
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return Ok(done) };
            done.push((at, each(at, item)?));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        let mut all = vec![];
        for thread in threads {
            all.append(&mut thread.join().expect("no thread panics")?);
        }
        Ok::<_, Failure>(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, output)| output).collect())
}
