//! Walks the parsed file section by section and collects every mistake on the way.
//!
//! A value that is wrong is reported and replaced by its default, so that the rest is still checked.

mod choices;
pub mod selfeval;
mod value;

use std::ops::Range;
use std::path::Path;

use linewatch_core::address;
use linewatch_core::ledger::Ledger;
use linewatch_core::probing::Probing;
use linewatch_core::time::Millis;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    Class, Config, Faults, Http, Inventory, LineMetrics, Metrics, Mistake, Probe, Problem, Report, Rollup, Site,
    SocketKind, Store, TlsFiles, Viewing,
};
use crate::language::Language;
use crate::spelling::closest;
use value::Found;

/// Every section and its keys.
const SECTIONS: [(&str, &[&str]); 10] = [
    ("site", &["name", "timezone", "language"]),
    ("http", &["listen", "certificate", "key", "viewing", "session"]),
    ("store", &["path"]),
    ("inventory", &["file"]),
    ("probe", &["interval", "timeout", "retry_interval", "confirm_down", "confirm_up", "socket"]),
    ("references", &["addresses"]),
    ("faults", &["open_after", "merge_window", "stability", "grace", "late_after", "causes", "symptoms", "channels"]),
    ("metrics", &["lines"]),
    ("rollup", &["policy", "minimum_coverage"]),
    ("report", &["selfeval"]),
];

/// Keys of `[class.NAME]`.
const CLASS_KEYS: [&str; 8] =
    ["label", "target", "repair_hours", "interval", "timeout", "retry_interval", "confirm_down", "confirm_up"];

/// Keys of `[probe]` that a class cannot have.
const PROBE_ONLY: [&str; 1] = ["socket"];

/// The classes that exist without being configured: name, label, repair hours.
const CLASSES: [(&str, &str, i64); 3] =
    [("township", "区直及乡镇", 4), ("village", "村社区", 12), ("surveillance", "视频监控", 12)];

const SECOND: Millis = Millis::from_secs(1);
const HOUR: Millis = Millis::from_secs(3600);

/// One section, or nothing when it is not there.
#[derive(Clone, Copy)]
struct Section<'t> {
    /// `probe` or `class.village`.
    name: &'t str,
    table: Option<&'t DeTable<'t>>,
}

impl<'t> Section<'t> {
    fn value(self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table?.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }
}

/// Collects mistakes.
struct Reader {
    mistakes: Vec<Mistake>,
}

/// Reads everything.
pub fn read(path: &Path, source: &str) -> Result<Config, Vec<Mistake>> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mistakes = errors.iter().map(|error| Mistake {
        span: error.span().unwrap_or(0..0),
        problem: Problem::Syntax(error.message().replace('\n', "; ")),
    });
    let mut reader = Reader { mistakes: mistakes.collect() };
    let broken_at = reader.mistakes.iter().map(|mistake| mistake.span.start).min();
    let config = reader.config(path, root.get_ref());
    if let Some(broken_at) = broken_at {
        // Behind broken syntax the parser only guesses what belongs where.
        reader.mistakes.retain(|mistake| !mistake.problem.is_unknown_name() || mistake.span.start < broken_at);
    }
    if reader.mistakes.is_empty() {
        return Ok(config);
    }
    reader.mistakes.sort_by_key(|mistake| mistake.span.start);
    Err(reader.mistakes)
}

/// `site.language`, whatever the rest is like.
pub fn language(source: &str) -> Option<Language> {
    let (root, _) = DeTable::parse_recoverable(source);
    let site = root.get_ref().iter().find(|(name, _)| name.get_ref() == "site")?.1;
    let table = site.get_ref().as_table()?;
    let tag = Section { name: "site", table: Some(table) }.value("language")?.get_ref().as_str()?;
    Language::from_tag(tag)
}

impl Reader {
    fn config(&mut self, path: &Path, root: &DeTable<'_>) -> Config {
        self.unknown_sections(root);
        let folder = path.parent().unwrap_or(Path::new(""));
        let site = self.site(root);
        let http = self.http(self.section(root, "http"), folder);
        let store = self.text(self.section(root, "store"), "path");
        let file = self.text(self.section(root, "inventory"), "file");
        let form = self.text(self.section(root, "report"), "selfeval");
        let probe = self.probe(self.section(root, "probe"));
        Config {
            path: path.to_owned(),
            site,
            http,
            store: Store { path: store.map_or_else(|| Store::default_path(path), |found| folder.join(found.value)) },
            inventory: Inventory {
                file: folder.join(file.map_or_else(|| "lines.csv".to_owned(), |found| found.value)),
            },
            classes: self.classes(root, &probe.probing),
            probe,
            references: self.references(self.section(root, "references")),
            faults: self.faults(self.section(root, "faults")),
            metrics: Metrics { lines: self.line_metrics(self.section(root, "metrics")) },
            rollup: self.rollup(self.section(root, "rollup")),
            report: Report { selfeval: form.map(|found| folder.join(found.value)) },
        }
    }

    fn unknown_sections(&mut self, root: &DeTable<'_>) {
        let known: Vec<String> =
            SECTIONS.iter().map(|(name, _)| *name).chain(["class.NAME"]).map(|name| format!("[{name}]")).collect();
        for (name, value) in root {
            let text = name.get_ref().as_ref();
            if let Some((section, keys)) = SECTIONS.iter().find(|(section, _)| *section == text) {
                self.keys(section, value, keys);
                continue;
            }
            if text == "class" {
                self.table("class", value);
                continue;
            }
            let names = SECTIONS.iter().map(|(name, _)| *name).chain(["class"]);
            // A key written above the first section belongs into one: say which.
            let suggestion = match SECTIONS.iter().find(|(_, keys)| keys.contains(&text)) {
                Some((section, _)) => Some(format!("[{section}] {text} = …")),
                None => closest(text, names).map(|name| format!("[{name}]")),
            };
            let problem = if value.get_ref().is_table() {
                Problem::UnknownSection { name: text.to_owned(), suggestion, known: known.clone() }
            } else {
                Problem::UnknownKey { key: text.to_owned(), suggestion, known: known.clone() }
            };
            self.wrong(name.span(), problem);
        }
    }

    /// Reports the keys of a section that do not exist.
    fn keys(&mut self, section: &str, value: &Spanned<DeValue<'_>>, keys: &[&str]) {
        let Some(table) = self.table(section, value) else { return };
        for (name, _) in table {
            let text = name.get_ref().as_ref();
            if keys.contains(&text) {
                continue;
            }
            let key = format!("{section}.{text}");
            let problem = if section.starts_with("class.") && PROBE_ONLY.contains(&text) {
                Problem::ProbeOnly { key, name: text.to_owned() }
            } else {
                let elsewhere = SECTIONS.iter().find(|(_, keys)| keys.contains(&text));
                let suggestion = match elsewhere {
                    Some((section, _)) => Some(format!("[{section}] {text}")),
                    None => closest(text, keys.iter().copied()).map(str::to_owned),
                };
                Problem::UnknownKey { key, suggestion, known: keys.iter().map(|key| (*key).to_owned()).collect() }
            };
            self.wrong(name.span(), problem);
        }
    }

    #[expect(clippy::unused_self, reason = "reads like its siblings")]
    fn section<'t>(&self, root: &'t DeTable<'t>, name: &'t str) -> Section<'t> {
        let table =
            root.iter().find(|(key, _)| key.get_ref() == name).and_then(|(_, value)| value.get_ref().as_table());
        Section { name, table }
    }

    fn site(&mut self, root: &DeTable<'_>) -> Site {
        let section = self.section(root, "site");
        Site {
            name: self.text(section, "name").map_or_else(|| "linewatch".to_owned(), |found| found.value),
            zone: self.zone(section),
            language: self
                .choice(section, "language", &[("zh-CN", Language::Chinese), ("en", Language::English)])
                .unwrap_or_default(),
        }
    }

    fn http(&mut self, section: Section<'_>, folder: &Path) -> Http {
        let (certificate, key) = (self.text(section, "certificate"), self.text(section, "key"));
        let tls = match (certificate, key) {
            (Some(certificate), Some(key)) => {
                Some(TlsFiles { certificate: folder.join(certificate.value), key: folder.join(key.value) })
            }
            (Some(lonely), None) => {
                self.wrong(lonely.span, Problem::Alone { key: "http.certificate", other: "key" });
                None
            }
            (None, Some(lonely)) => {
                self.wrong(lonely.span, Problem::Alone { key: "http.key", other: "certificate" });
                None
            }
            (None, None) => None,
        };
        let viewing = [("open", Viewing::Open), ("closed", Viewing::Closed)];
        Http {
            listen: self.listen(section),
            tls,
            viewing: self.choice(section, "viewing", &viewing).unwrap_or(Viewing::Open),
            session: self
                .duration(section, "session", SECOND * 300, HOUR * 24 * 30)
                .map_or(HOUR * 24 * 7, |found| found.value),
        }
    }

    fn probe(&mut self, section: Section<'_>) -> Probe {
        let defaults = Probing::default();
        let probing = self.probing(section, defaults);
        let kinds = [("auto", SocketKind::Auto), ("datagram", SocketKind::Datagram), ("raw", SocketKind::Raw)];
        Probe { probing, socket: self.choice(section, "socket", &kinds).unwrap_or(SocketKind::Auto) }
    }

    /// The probing of a section, what it does not say taken from `base`.
    fn probing(&mut self, section: Section<'_>, base: Probing) -> Probing {
        let interval = self.duration(section, "interval", Millis(200), HOUR);
        let timeout = self.duration(section, "timeout", Millis(10), HOUR);
        let retry_interval = self.duration(section, "retry_interval", Millis(100), HOUR);
        let probing = Probing {
            interval: interval.as_ref().map_or(base.interval, |found| found.value),
            timeout: timeout.as_ref().map_or(base.timeout, |found| found.value),
            retry_interval: retry_interval.as_ref().map_or(base.retry_interval, |found| found.value),
            confirm_down: self.count(section, "confirm_down", 2, 100).unwrap_or(base.confirm_down),
            confirm_up: self.count(section, "confirm_up", 1, 100).unwrap_or(base.confirm_up),
        };
        let times = [
            ("timeout", probing.timeout, timeout),
            ("retry_interval", probing.retry_interval, retry_interval),
            ("interval", probing.interval, interval),
        ];
        for pair in times.windows(2) {
            let [(shorter, shorter_is, shorter_at), (longer, longer_is, longer_at)] = pair else { continue };
            // Said where one of the two is written; a pair inherited from [probe] is reported there.
            let Some(at) = shorter_at.as_ref().or(longer_at.as_ref()) else { continue };
            if shorter_is > longer_is {
                let problem = Problem::TooLong {
                    section: section.name.to_owned(),
                    shorter,
                    shorter_is: *shorter_is,
                    longer,
                    longer_is: *longer_is,
                };
                self.wrong(at.span.clone(), problem);
            }
        }
        probing
    }

    fn classes(&mut self, root: &DeTable<'_>, base: &Probing) -> Vec<Class> {
        let empty = DeTable::new();
        let written = self.section(root, "class").table.unwrap_or(&empty);
        let mut classes = Vec::new();
        for (name, label, hours) in CLASSES {
            let table = written.iter().find(|(key, _)| key.get_ref() == name);
            classes.push(self.class(name, label, hours, table.map(|(_, value)| value), base));
        }
        let mut others: Vec<_> =
            written.iter().filter(|(key, _)| CLASSES.iter().all(|(name, ..)| key.get_ref() != name)).collect();
        others.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in others {
            let name = key.get_ref().as_ref();
            if !is_class_name(name) {
                self.wrong(key.span(), Problem::BadClassName(name.to_owned()));
            }
            classes.push(self.class(name, name, 12, Some(value), base));
        }
        classes
    }

    fn class(
        &mut self,
        name: &str,
        label: &str,
        hours: i64,
        value: Option<&Spanned<DeValue<'_>>>,
        base: &Probing,
    ) -> Class {
        let section_name = format!("class.{name}");
        if let Some(value) = value {
            self.keys(&section_name, value, &CLASS_KEYS);
        }
        let section = Section { name: &section_name, table: value.and_then(|value| value.get_ref().as_table()) };
        Class {
            name: name.into(),
            label: self.text(section, "label").map_or_else(|| label.to_owned(), |found| found.value),
            target_ppm: self.ratio_ppm(section, "target").unwrap_or(990_000),
            repair: HOUR * self.count(section, "repair_hours", 1, 8760).map_or(hours, i64::from),
            probing: self.probing(section, *base),
        }
    }

    fn references(&mut self, section: Section<'_>) -> Vec<String> {
        let mut addresses: Vec<String> = Vec::new();
        for Found { value, span } in self.texts(section, "addresses") {
            let Some(address) = address::normalise(&value) else {
                self.wrong(span, Problem::BadAddress(value));
                continue;
            };
            if addresses.contains(&address) {
                self.wrong(span, Problem::TwiceReference(value));
                continue;
            }
            addresses.push(address);
        }
        addresses
    }

    fn faults(&mut self, section: Section<'_>) -> Faults {
        let day = HOUR * 24;
        let mut length =
            |key, default| self.duration(section, key, Millis::ZERO, day).map_or(default, |found| found.value);
        Faults {
            open_after: length("open_after", SECOND * 60),
            stability: length("stability", SECOND * 300),
            grace: length("grace", SECOND * 60),
            late_after: length("late_after", SECOND * 1800),
            merge_window: self.merge_window(section),
            choices: self.choices(section),
        }
    }

    /// A window longer than the ledger's memory would merge some relapses and forget others.
    fn merge_window(&mut self, section: Section<'_>) -> Millis {
        let Some(Found { value, span }) = self.duration(section, "merge_window", Millis::ZERO, Millis(i64::MAX)) else {
            return SECOND * 1800;
        };
        if value > Ledger::MEMORY {
            self.wrong(span, Problem::BeyondMemory { is: value, memory: Ledger::MEMORY });
        }
        value
    }

    fn line_metrics(&mut self, section: Section<'_>) -> LineMetrics {
        let choices = [("full", LineMetrics::Full), ("state", LineMetrics::State), ("off", LineMetrics::Off)];
        self.choice(section, "lines", &choices).unwrap_or(LineMetrics::Full)
    }

    fn rollup(&mut self, section: Section<'_>) -> Rollup {
        Rollup {
            policy: self.text(section, "policy").map_or_else(|| "默认口径".to_owned(), |found| found.value),
            minimum_coverage_ppm: self.ratio_ppm(section, "minimum_coverage").unwrap_or(950_000),
        }
    }

    fn wrong(&mut self, span: Range<usize>, problem: Problem) {
        self.mistakes.push(Mistake { span, problem });
    }
}

/// A class name becomes a label of metrics and a key of records.
fn is_class_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
