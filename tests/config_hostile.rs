//! Whatever stands in the files: an answer or a report, never a panic, and every mistake has its place.

use std::path::Path;

use linewatch::config::{Config, ConfigError};
use linewatch::inventory::{self, InventoryError, Rules};
use linewatch::language::Language;
use proptest::prelude::*;

/// Pieces of which configurations and their ruins are made.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "[site]\n",
        "[probe]\n",
        "[class.village]\n",
        "[class.\"医院\"]\n",
        "[[references]]\n",
        "interval = ",
        "name = ",
        "target = ",
        "addresses = [",
        "\"2s\"",
        "\"咸安",
        "\"",
        "'''",
        "]",
        "{",
        "}",
        "=",
        ".",
        "\n",
        "\r\n",
        "\t",
        "# 注\n",
        "99",
        "-1",
        "0x7fffffffffffffff",
        "1e400",
        "nan",
        "true",
        "2026-01-01",
        "\u{3000}",
        "\u{0}",
        "🙂",
        "é",
    ];
    prop_oneof![proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), any::<char>().prop_map(String::from)]
}

fn cell() -> impl Strategy<Value = String> {
    let cells = [
        "id",
        "name",
        "class",
        "address",
        "upstream",
        "opened",
        "线路编号",
        "A",
        "B",
        "village",
        "10.0.0.1",
        "2026-01-01",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\"",
        "\u{feff}",
        "\u{3000}",
        "\0",
        "🙂",
    ];
    prop_oneof![proptest::sample::select(cells.to_vec()).prop_map(str::to_owned), any::<char>().prop_map(String::from)]
}

proptest! {
    #[test]
    fn a_configuration_is_read_or_its_mistakes_are_reported(pieces in prop::collection::vec(piece(), 0..40)) {
        let source = pieces.concat();
        let path = Path::new("a.toml");
        if let Err(mistakes) = Config::parse(path, &source) {
            prop_assert!(!mistakes.is_empty());
            for mistake in &mistakes {
                prop_assert!(mistake.span.end <= source.len(), "{mistake:?}");
            }
            let error = ConfigError::Mistakes { path: path.to_owned(), source, mistakes };
            for language in [Language::Chinese, Language::English] {
                prop_assert!(error.report(language, true).contains("a.toml"));
            }
        }
    }

    #[test]
    fn an_inventory_is_read_or_its_mistakes_are_reported(
        header in prop::sample::select(vec!["", "id,name,class,address,upstream,opened\n"]),
        cells in prop::collection::vec(cell(), 0..60),
    ) {
        let rules = Rules {
            zone: chrono_tz::Asia::Shanghai,
            classes: vec![("village".into(), "村社区".to_owned())],
        };
        let text = format!("{header}{}", cells.concat());
        if let Err(mistakes) = inventory::parse(&text, &rules) {
            prop_assert!(!mistakes.is_empty());
            let rows = text.lines().count().max(1) + text.matches('\r').count();
            for mistake in &mistakes {
                prop_assert!((1..=rows).contains(&mistake.row), "{mistake:?}");
            }
            let error = InventoryError::Mistakes { path: "a.csv".into(), sheet: None, mistakes };
            prop_assert!(error.report(Language::Chinese).contains("a.csv"));
        }
    }
}
