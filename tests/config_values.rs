//! What a configuration without mistakes amounts to.

use std::path::{Path, PathBuf};

use linewatch::config::{Config, LineMetrics, Problem, SocketKind};
use linewatch::language::Language;
use linewatch_core::ledger::Choices;
use linewatch_core::probing::Probing;
use linewatch_core::time::Millis;

fn parse(source: &str) -> Config {
    Config::parse(Path::new("/srv/lw/linewatch.toml"), source).expect("no mistakes")
}

fn shipped() -> Config {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/linewatch.toml");
    Config::load(Some(&path)).unwrap_or_else(|error| panic!("{}", error.report(Language::English, false)))
}

#[test]
fn an_empty_file_has_every_default() {
    let config = parse("");
    assert_eq!(config.site.zone, chrono_tz::Asia::Shanghai);
    assert_eq!(config.site.language, Language::Chinese);
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8401");
    assert_eq!(config.store.path, Path::new("/srv/lw/linewatch-data/journal.db"));
    assert_eq!(config.inventory.file, Path::new("/srv/lw/lines.csv"));
    assert_eq!(config.probe.probing, Probing::default());
    assert_eq!(config.probe.socket, SocketKind::Auto);
    assert_eq!(config.metrics.lines, LineMetrics::Full);
    assert!(config.references.is_empty());
    let classes: Vec<_> = config
        .classes
        .iter()
        .map(|class| (class.name.as_str(), class.label.as_str(), class.target_ppm, class.repair.0 / 3_600_000))
        .collect();
    let wanted = [
        ("township", "区直及乡镇", 990_000, 4),
        ("village", "村社区", 990_000, 12),
        ("surveillance", "视频监控", 990_000, 12),
    ];
    assert_eq!(classes, wanted);
}

#[test]
fn a_class_takes_from_probe_what_it_does_not_say() {
    let config = parse(
        "[probe]\ninterval = \"10s\"\nconfirm_down = 3\n[class.hospital]\nlabel = \"医院\"\ntarget = 0.9995\n\
         repair_hours = 2\ninterval = \"1s\"\n[class.village]\nconfirm_up = 4\n",
    );
    let hospital = config.class(&"hospital".into()).expect("configured");
    let wanted = Probing { interval: Millis(1000), confirm_down: 3, ..Probing::default() };
    assert_eq!((hospital.probing, hospital.target_ppm, hospital.repair), (wanted, 999_500, Millis(7_200_000)));
    let village = config.class(&"village".into()).expect("always there");
    let wanted = Probing { interval: Millis(10_000), confirm_down: 3, confirm_up: 4, ..Probing::default() };
    assert_eq!(village.probing, wanted);
    assert_eq!(config.classes.len(), 4);
}

#[test]
fn the_policy_is_what_the_file_says() {
    let policy = parse("[site]\ntimezone = \"Asia/Urumqi\"\n[faults]\nopen_after = \"90s\"\ngrace = \"0s\"\n").policy();
    assert_eq!(policy.zone, chrono_tz::Asia::Urumqi);
    assert_eq!((policy.open_after, policy.grace), (Millis(90_000), Millis::ZERO));
    assert_eq!((policy.merge_window, policy.stability), (Millis(1_800_000), Millis(300_000)));
    assert_eq!(policy.repair_time(&"township".into()), Millis(4 * 3_600_000));
    assert_eq!(policy.repair_time(&"village".into()), Millis(12 * 3_600_000));
}

#[test]
fn what_people_choose_from_is_shown_in_the_order_of_the_file() {
    let usual = parse("").policy().choices;
    assert_eq!(usual, Choices::default());
    let paths: Vec<String> = usual.cause_paths().iter().map(|path| path.join("/")).collect();
    assert_eq!((paths.len(), paths[0].as_str(), paths[11].as_str()), (19, "光缆/施工", "设备/光猫/收发器"));
    let source = "[faults]\nlate_after = \"2h\"\nchannels = [\"值班\", \"网格员\"]\n[faults.causes]\n\"线路\" = [\"挖断\", \"车挂\"]\n\
                  \"其他\" = []\n\"供电\" = [\"停电\"]\n";
    let policy = parse(source).policy();
    assert_eq!(policy.late_after, Millis(7_200_000));
    assert_eq!((policy.choices.channels.len(), &policy.choices.symptoms), (2, &usual.symptoms));
    let kinds: Vec<_> = policy.choices.causes.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(kinds, ["线路", "其他", "供电"]);
    assert_eq!(policy.choices.cause_paths()[2], ["其他"]);
}

#[test]
fn faults_are_merged_as_long_as_the_ledger_remembers_them() {
    let memory = linewatch_core::ledger::Ledger::MEMORY;
    assert_eq!(parse("[faults]\nmerge_window = \"24h\"\n").faults.merge_window, memory);
    let beyond = format!("[faults]\nmerge_window = \"{}ms\"\n", memory.0 + 1);
    let mistakes = Config::parse(Path::new("a.toml"), &beyond).expect_err("longer than the memory");
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    assert_eq!(mistakes[0].problem, Problem::BeyondMemory { is: Millis(memory.0 + 1), memory });
}

#[test]
fn the_store_lies_where_the_installation_expects_it() {
    for (config, store) in [
        ("/etc/linewatch/linewatch.toml", "/var/lib/linewatch/journal.db"),
        ("/home/a/linewatch/config/linewatch.toml", "/home/a/linewatch/linewatch-data/journal.db"),
        ("config/linewatch.toml", "linewatch-data/journal.db"),
        ("linewatch.toml", "linewatch-data/journal.db"),
        ("/srv/lw.toml", "/srv/linewatch-data/journal.db"),
    ] {
        assert_eq!(Config::parse(Path::new(config), "").expect("empty is fine").store.path, PathBuf::from(store));
    }
    let config = parse("[store]\npath = \"../data/j.db\"\n[inventory]\nfile = \"/srv/all.csv\"\n");
    assert_eq!(config.store.path, Path::new("/srv/lw/../data/j.db"));
    assert_eq!(config.inventory.file, Path::new("/srv/all.csv"));
}

#[test]
fn the_shipped_file_says_the_defaults_and_that_it_is_an_example() {
    let shipped = shipped();
    let defaults = Config::parse(&shipped.path, "").expect("empty is fine");
    assert!(shipped.site.name.contains("示例"));
    assert_eq!(shipped.references, ["127.0.0.2", "127.0.0.3"]);
    let without_example = Config { site: defaults.site.clone(), references: Vec::new(), ..shipped };
    assert_eq!(without_example, defaults);
}

#[test]
fn the_shipped_file_names_every_setting() {
    let text = std::fs::read_to_string(shipped().path).expect("readable");
    for key in [
        "name",
        "timezone",
        "language",
        "listen",
        "path",
        "file",
        "interval",
        "timeout",
        "retry_interval",
        "confirm_down",
        "confirm_up",
        "socket",
        "label",
        "target",
        "repair_hours",
        "addresses",
        "open_after",
        "merge_window",
        "stability",
        "grace",
        "late_after",
        "symptoms",
        "channels",
        "lines",
    ] {
        let written = text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = ")));
        assert!(written, "{key} is not explained in config/linewatch.toml");
    }
}
