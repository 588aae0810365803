//! Every mistake the configuration can hold: the exact message in both languages, one case a row.

use std::path::Path;

use linewatch::config::{Config, ConfigError};
use linewatch::language::Language;

const CASES: &[(&str, &str)] = &[
    ("syntax", "[site\nname = \"a\"\n"),
    ("syntax_quote", "[site]\nname = \"a\nlanguage = \"en\"\n"),
    ("duplicate_key", "[probe]\ninterval = \"2s\"\ninterval = \"3s\"\n"),
    ("unknown_section", "[prob]\ninterval = \"2s\"\n"),
    ("unknown_section_unlike_any", "[quality]\nhours = 1\n"),
    ("unknown_key", "[probe]\nintervall = \"2s\"\n"),
    ("unknown_key_of_another_section", "[probe]\nopen_after = \"60s\"\n"),
    ("unknown_key_unlike_any", "[http]\nzzz = 1\n"),
    ("key_outside_a_section", "interval = \"2s\"\n"),
    ("section_is_no_table", "site = \"咸安\"\n"),
    ("class_is_no_table", "[class]\nvillage = 5\n"),
    ("text_wanted", "[site]\nname = 5\n"),
    ("text_empty", "[site]\nname = \" \"\n"),
    ("duration_wanted", "[probe]\ninterval = 2\n"),
    ("duration_unreadable", "[probe]\ninterval = \"2 sec\"\n"),
    ("duration_too_short", "[probe]\ninterval = \"100ms\"\nretry_interval = \"100ms\"\ntimeout = \"100ms\"\n"),
    ("duration_too_long", "[probe]\ninterval = \"2h\"\n"),
    ("timeout_longer_than_retry", "[probe]\ntimeout = \"1500ms\"\n"),
    ("retry_longer_than_interval", "[probe]\nretry_interval = \"3s\"\n"),
    ("interval_shorter_than_retry_default", "[probe]\ninterval = \"500ms\"\n"),
    ("class_timeout_longer_than_retry", "[class.village]\ntimeout = \"2s\"\n"),
    ("count_wanted", "[probe]\nconfirm_down = \"5\"\n"),
    ("count_too_small", "[probe]\nconfirm_down = 1\n"),
    ("count_too_large", "[probe]\nconfirm_up = 101\n"),
    ("count_negative", "[class.village]\nrepair_hours = -1\n"),
    ("ratio_wanted", "[class.village]\ntarget = \"99%\"\n"),
    ("ratio_in_percent", "[class.village]\ntarget = 99\n"),
    ("ratio_zero", "[class.village]\ntarget = 0.0\n"),
    ("choice_unknown", "[probe]\nsocket = \"dgram\"\n"),
    ("language_unknown", "[site]\nlanguage = \"zh\"\n"),
    ("metrics_unknown", "[metrics]\nlines = \"none\"\n"),
    ("zone_unknown", "[site]\ntimezone = \"Asia/Shanhai\"\n"),
    ("zone_unlike_any", "[site]\ntimezone = \"北京\"\n"),
    ("listen_without_port", "[http]\nlisten = \"127.0.0.1\"\n"),
    ("references_no_list", "[references]\naddresses = \"10.0.0.1\"\n"),
    ("reference_no_text", "[references]\naddresses = [1]\n"),
    ("reference_no_address", "[references]\naddresses = [\"10.0.0\", \"核心\"]\n"),
    ("reference_twice", "[references]\naddresses = [\"fd00::1\", \"FD00:0::1\"]\n"),
    ("probe_key_in_class", "[class.village]\nsocket = \"raw\"\n"),
    ("class_key_unknown", "[class.village]\nrepair_hour = 4\n"),
    ("class_name", "[class.\"医院\"]\nlabel = \"医院\"\n"),
    ("merge_window_beyond_memory", "[faults]\nmerge_window = \"25h\"\n"),
    ("causes_no_table", "[faults]\ncauses = [\"施工\"]\n"),
    ("causes_empty", "[faults.causes]\n"),
    ("causes_no_list", "[faults.causes]\n\"光缆\" = \"施工\"\n"),
    ("cause_twice", "[faults.causes]\n\"光缆\" = [\"施工\", \"人为\", \"施工\"]\n"),
    ("cause_blank", "[faults.causes]\n\"光缆\" = [\"施工\", \" \"]\n"),
    ("symptoms_empty", "[faults]\nsymptoms = []\n"),
    ("channel_no_text", "[faults]\nchannels = [\"电话\", 5]\n"),
    ("symptoms_misspelled", "[faults]\nsymptom = [\"中断\"]\n"),
    ("faults_key_unknown", "[faults]\nmerge_windows = \"30m\"\n"),
    (
        "many_at_once",
        "[site]\nname = 1\n[probe]\nintervall = \"2s\"\ntimeout = \"2s\"\n\n[class.village]\ntarget = 99.5\n[stor]\npath = \"a\"\n",
    ),
];

fn report(source: &str, language: Language) -> String {
    let path = Path::new("linewatch.toml");
    let mistakes = Config::parse(path, source).expect_err("the case holds a mistake");
    ConfigError::Mistakes { path: path.to_owned(), source: source.to_owned(), mistakes }.report(language, false)
}

#[test]
fn every_mistake_is_said_in_both_languages() {
    for (name, source) in CASES {
        let text = format!("{}\n\n{}", report(source, Language::Chinese), report(source, Language::English));
        insta::with_settings!({ description => *source, omit_expression => true }, {
            insta::assert_snapshot!(*name, text);
        });
    }
}

#[test]
fn a_mistake_is_reported_once() {
    let mistakes = Config::parse(Path::new("a.toml"), "[probe]\ntimeout = \"3s\"\n").expect_err("longer than retry");
    assert_eq!(mistakes.len(), 1, "classes inherit it, the mistake stands in [probe]: {mistakes:?}");
}

#[test]
fn a_terminal_gets_colours_and_a_file_does_not() {
    let source = "[site]\nname = 5\n".to_owned();
    let path = Path::new("a.toml").to_owned();
    let mistakes = Config::parse(&path, &source).expect_err("not a text");
    let error = ConfigError::Mistakes { path, source, mistakes };
    assert!(error.report(Language::Chinese, true).contains("\u{1b}["));
    assert!(!error.report(Language::Chinese, false).contains('\u{1b}'));
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let gbk = folder.path().join("gbk.toml");
    std::fs::write(&gbk, b"[site]\nname = \"\xcf\xcc\xb0\xb2\"\n").expect("written");
    let mut text = String::new();
    for path in [folder.path().join("none.toml"), folder.path().to_owned(), gbk] {
        let error = Config::load(Some(&path)).expect_err("cannot be read");
        for language in [Language::Chinese, Language::English] {
            text.push_str(&error.report(language, false).replace(folder.path().to_str().expect("UTF-8"), "FOLDER"));
            text.push('\n');
        }
    }
    for language in [Language::Chinese, Language::English] {
        text.push_str(&ConfigError::NoDefault.report(language, false));
        text.push('\n');
    }
    insta::assert_snapshot!("unreadable", text);
}
