//! A bar for what takes its time.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use linewatch_core::time::Elapsed;

use crate::clock;

/// A bar on stderr, shown only on a terminal and only when the work takes longer than a second.
pub struct Progress {
    bar: ProgressBar,
    started: Elapsed,
    shown: bool,
}

impl Progress {
    /// The clock is asked once in so many records.
    const EVERY: u64 = 1024;

    /// Of so many, with a word for what is done.
    pub fn new(total: u64, label: &'static str) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        Self { bar: bar.with_style(style).with_message(label), started: clock::elapsed(), shown: false }
    }

    /// So many are done.
    pub fn done(&mut self, records: u64) {
        if !records.is_multiple_of(Self::EVERY) {
            return;
        }
        self.show_when_long();
        self.bar.set_position(records);
    }

    /// Like [`Progress::done`], for steps that are long enough each; the total may become known on the way.
    pub fn step(&mut self, done: u64, total: u64) {
        self.show_when_long();
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    fn show_when_long(&mut self) {
        if !self.shown && clock::elapsed().0 - self.started.0 > 1000 && io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
