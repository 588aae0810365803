//! Configuration as tired hands write it: every text is a configuration or a list of mistakes that can be printed.

mod fuzz;

use std::path::Path;

use fuzz::{Edit, Tried, WITHOUT_END, bent_text, time};
use linewatch::config::{Config, ConfigError};
use linewatch::language::Language;

const WORDS: &[&str] = &[
    "[site]",
    "[class.a]",
    "[class.\"区直\"]",
    "[[class]]",
    "[probe]\n",
    "=",
    "\"",
    "\"\"\"",
    "'",
    "''",
    "[",
    "]",
    "{",
    "}",
    "#",
    "\n",
    "\r\n",
    "\r",
    ".",
    ",",
    "true",
    "nan",
    "inf",
    "-1",
    "1e999",
    "0x10",
    "99999999999999999999",
    "\"2s\"",
    "\"0ms\"",
    "\"9999999999999h\"",
    "2026-01-05",
    "\\u0000",
    "\\UFFFFFFFF",
    "\u{feff}",
    "\u{0}",
    "\u{200b}",
    "interval = ",
    "target = 99",
    "confirm_down = 1",
    "name = \"\"",
    "timezone = \"Asia/Beijing\"",
    "listen = \":::\"",
];

/// Whether a text was accepted.
fn read(text: &str) -> bool {
    let path = Path::new("/etc/linewatch/linewatch.toml");
    match Config::parse(path, text) {
        Ok(config) => {
            assert!(config.classes.len() >= 3, "the three classes always exist");
            for class in &config.classes {
                let probing = class.probing;
                assert!((1..=1_000_000).contains(&class.target_ppm) && class.repair.0 > 0, "{class:?}");
                assert!(probing.timeout <= probing.retry_interval && probing.retry_interval <= probing.interval);
            }
            assert_eq!(Config::parse(path, text).ok(), Some(config), "the same text is the same configuration");
            true
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason");
            let error = ConfigError::Mistakes { path: path.to_owned(), source: text.to_owned(), mistakes };
            for language in [Language::Chinese, Language::English] {
                assert!(!error.report(language, false).is_empty() && !error.report(language, true).is_empty());
            }
            false
        }
    }
}

#[test]
fn bent_files() {
    let example = include_str!("../config/linewatch.toml");
    // The same without its comments: most edits hit something that counts.
    let bare: String = example.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect();
    let seeds = [example, bare.as_str(), ""];
    assert!(seeds.iter().all(|seed| read(seed)), "seeds are good");
    let tried = Tried::new("configuration, bent files");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<(u8, Vec<Edit>)>().for_each(
        |(seed, edits)| {
            tried.one(read(&bent_text(seeds[usize::from(*seed) % seeds.len()], edits, WORDS)));
        },
    );
    tried.say();
}

#[test]
fn any_text() {
    let tried = Tried::new("configuration, any text");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<u8>>().for_each(|bytes| {
        tried.one(read(&String::from_utf8_lossy(bytes)));
    });
    tried.say();
}
