//! Which mutant is alive; written into the copy of the core that is tested.

use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex};

enum Mode {
    None,
    One(usize),
    Reached(Mutex<File>),
}

static MODE: LazyLock<Mode> = LazyLock::new(|| {
    if let Ok(path) = std::env::var("MUTANTS_REACHED") {
        let file = File::create(&path).expect("the list of reached mutants can be written");
        Mode::Reached(Mutex::new(file))
    } else if let Ok(number) = std::env::var("MUTANT") {
        Mode::One(number.parse().expect("MUTANT is a number"))
    } else {
        Mode::None
    }
});

static REACHED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];

/// Whether this mutant is the one that lives. When asked to, notes that it was reached.
pub fn is(number: usize) -> bool {
    match &*MODE {
        Mode::None => false,
        Mode::One(chosen) => *chosen == number,
        Mode::Reached(file) => {
            if !REACHED[number].swap(true, Ordering::Relaxed) {
                let mut file = file.lock().expect("no writer panics");
                writeln!(file, "{number}").expect("the list of reached mutants can be written");
            }
            false
        }
    }
}

/// One of two iterators over the same: what a function returns, and what a mutant of it does.
pub enum Either<A, B> {
    First(A),
    Second(B),
}

impl<T, A: Iterator<Item = T>, B: Iterator<Item = T>> Iterator for Either<A, B> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self {
            Self::First(first) => first.next(),
            Self::Second(second) => second.next(),
        }
    }
}
