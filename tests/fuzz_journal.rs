//! Journal lines from a damaged disk or a forger's hand: the reader says what is wrong and never panics, and what it
//! accepts comes back the same.

mod fuzz;

use fuzz::{Edit, Tried, WITHOUT_END, bent, time};
use linewatch::language::Language;
use linewatch::store::codec::{decode, encode};

/// Every kind of record, as shipped.
const GOLDEN: &str = include_str!("golden.jsonl");

const WORDS: &[&str] = &[
    "\"v\":2",
    "null",
    "[]",
    "{}",
    "{",
    "}",
    "\"",
    "\\u0000",
    "\\ud800",
    "-1",
    "1.5",
    "1e999",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "\"seq\":0",
    "\"fact\":",
    "\"observation\":",
    "\"outage\":",
    "\"fault\":",
    "\"line\":",
    "\"origin\":{\"imported\":",
    "live",
    "own",
    "own_side",
    ",",
    ":",
    "\u{feff}",
    "\n",
];

/// Whether bytes were accepted.
fn read(bytes: &[u8]) -> bool {
    match decode(bytes) {
        Ok(record) => {
            let written = encode(&record);
            assert_eq!(decode(written.as_bytes()).as_ref(), Ok(&record), "read back otherwise: {written}");
            assert_eq!(encode(&decode(written.as_bytes()).expect("just read")), written, "written otherwise");
            true
        }
        Err(error) => {
            assert!(!error.sentence(Language::Chinese).is_empty() && !error.sentence(Language::English).is_empty());
            false
        }
    }
}

#[test]
fn golden_lines_are_written_as_they_were_read() {
    for line in GOLDEN.lines() {
        assert_eq!(encode(&decode(line.as_bytes()).expect(line)), line);
    }
}

#[test]
fn bent_records() {
    let seeds: Vec<&str> = GOLDEN.lines().collect();
    let tried = Tried::new("journal, bent records");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<(u8, Vec<Edit>)>().for_each(
        |(seed, edits)| {
            tried.one(read(&bent(seeds[usize::from(*seed) % seeds.len()].as_bytes(), edits, WORDS)));
        },
    );
    tried.say();
}

#[test]
fn any_bytes() {
    let tried = Tried::new("journal, any bytes");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<u8>>().for_each(|bytes| {
        tried.one(read(bytes));
    });
    tried.say();
}
