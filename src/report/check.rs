//! What the configured probing costs, what it finds and what it cannot see.

mod text;

use std::collections::{BTreeMap, HashMap};

use linewatch_core::line::{ClassName, Line, LineId};
use linewatch_core::probing::Probing;
use linewatch_core::time::{Millis, Timestamp};
use serde_json::{Value, json};

use crate::config::Config;
use crate::language::Language;
use crate::probe::{ChosenSocket, OpenError};

pub use text::text;

/// The loss for which false confirmations are told: 1 %.
pub const LOSS: f64 = 0.01;

/// What opening the probe engine on this machine gave: its sockets, or why it cannot probe here.
pub type Sockets = Result<Vec<ChosenSocket>, OpenError>;

/// What a configuration and an inventory amount to.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Lines in the file.
    pub lines: usize,
    /// Of them in service now: these are probed.
    pub in_service: usize,
    /// Classes in the order of the configuration.
    pub classes: Vec<ClassAssessment>,
    /// Lines in service by township in the order of the file, and by class in the order of `classes`.
    pub townships: Vec<(String, Vec<usize>)>,
    /// Reference addresses.
    pub references: usize,
    /// Probes a second that references take.
    pub reference_rate: f64,
    /// After how long a silence of everything that is probed the monitor is blind; `None` when nothing is probed.
    pub blind_after: Option<Millis>,
    /// What is not wrong, but not good either.
    pub warnings: Vec<Warning>,
}

/// One class.
#[derive(Clone, Debug)]
pub struct ClassAssessment {
    /// Its name.
    pub name: ClassName,
    /// Its name for people.
    pub label: String,
    /// Lines in service.
    pub lines: usize,
    /// How they are probed.
    pub probing: Probing,
}

/// What is not wrong, but not good either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No line is probed at all.
    NoLines,
    /// No reference address, though other lines can give sight.
    NoReferences,
    /// Lines whose outage can never be confirmed: there is no reference, and every other line is an ancestor
    /// or a descendant (design rule 4).
    NoSight {
        /// How many.
        count: usize,
        /// The first of them.
        first: LineId,
    },
    /// Pages can be reached from other machines, and passwords are sent there in the clear.
    PlainPasswords(std::net::SocketAddr),
    /// A reference that is a line itself: it fails when the line fails.
    ReferenceIsLine {
        /// The address.
        address: String,
        /// The line.
        line: LineId,
    },
}

/// Works it out for the lines in service at `now`.
pub fn assess(config: &Config, lines: &[Line], now: Timestamp) -> Assessment {
    let serving: Vec<&Line> = lines.iter().filter(|line| line.in_service(now)).collect();
    let classes: Vec<_> = config
        .classes
        .iter()
        .map(|class| ClassAssessment {
            name: class.name.clone(),
            label: class.label.clone(),
            lines: serving.iter().filter(|line| line.class == class.name).count(),
            probing: class.probing,
        })
        .collect();
    let references = config.references.len();
    let probed = classes.iter().filter(|class| class.lines > 0).map(|class| class.probing);
    let blind_after = Probing::blind_after(probed.chain(config.references.first().map(|_| config.probe.probing)));
    Assessment {
        lines: lines.len(),
        in_service: serving.len(),
        townships: by_township(&serving, &classes),
        warnings: warnings(config, lines, &serving),
        classes,
        references,
        reference_rate: config.probe.probing.rate() * count(references),
        blind_after,
    }
}

impl ClassAssessment {
    /// Probes a second while all answer.
    pub fn rate(&self) -> f64 {
        self.probing.rate() * count(self.lines)
    }

    /// Probes a second while all are suspect.
    pub fn suspect_rate(&self) -> f64 {
        self.probing.suspect_rate() * count(self.lines)
    }

    /// False confirmations a year at [`LOSS`].
    pub fn false_confirmations(&self) -> f64 {
        self.probing.false_confirmations_per_year(LOSS) * count(self.lines)
    }
}

impl Assessment {
    /// Probes a second while all answer, references included.
    pub fn rate(&self) -> f64 {
        self.classes.iter().map(ClassAssessment::rate).sum::<f64>() + self.reference_rate
    }

    /// Probes a second while all lines are suspect, references included.
    pub fn suspect_rate(&self) -> f64 {
        self.classes.iter().map(ClassAssessment::suspect_rate).sum::<f64>() + self.reference_rate
    }

    /// Milliseconds between two probes when they are evenly spread; `None` when there are none.
    pub fn spacing_ms(&self) -> Option<f64> {
        let rate = self.rate();
        (rate > 0.0).then(|| 1000.0 / rate)
    }

    /// False confirmations a year at [`LOSS`], all lines.
    pub fn false_confirmations(&self) -> f64 {
        self.classes.iter().map(ClassAssessment::false_confirmations).sum()
    }

    /// The whole as JSON, with what opening the sockets gave.
    pub fn json(&self, config: &Config, sockets: &Sockets, language: Language) -> Value {
        let classes: Vec<Value> = self
            .classes
            .iter()
            .map(|class| {
                let probing = class.probing;
                json!({
                    "class": class.name.as_str(), "label": class.label, "lines": class.lines,
                    "interval_ms": probing.interval.0, "timeout_ms": probing.timeout.0,
                    "retry_interval_ms": probing.retry_interval.0,
                    "confirm_down": probing.confirm_down, "confirm_up": probing.confirm_up,
                    "probes_per_second": class.rate(), "probes_per_second_all_suspect": class.suspect_rate(),
                    "shortest_cut_ms": probing.shortest_cut().0,
                    "detection_best_ms": probing.detection_best().0, "detection_worst_ms": probing.detection_worst().0,
                    "false_confirmations_per_line_year": probing.false_confirmations_per_year(LOSS),
                    "false_confirmations_per_year": class.false_confirmations(),
                })
            })
            .collect();
        let townships: Vec<Value> = self
            .townships
            .iter()
            .map(|(township, counts)| {
                let by_class: serde_json::Map<String, Value> = self
                    .classes
                    .iter()
                    .zip(counts)
                    .map(|(class, count)| (class.name.to_string(), json!(count)))
                    .collect();
                json!({ "township": township, "lines": counts.iter().sum::<usize>(), "classes": by_class })
            })
            .collect();
        json!({
            "configuration": config.path, "inventory": config.inventory.file, "store": config.store.path,
            "site": config.site.name, "lines": self.lines, "lines_in_service": self.in_service,
            "classes": classes, "townships": townships, "references": self.references,
            "probes_per_second": self.rate(), "probes_per_second_all_suspect": self.suspect_rate(),
            "spacing_ms": self.spacing_ms(), "loss_assumed": LOSS, "blind_after_ms": self.blind_after,
            "false_confirmations_per_year": self.false_confirmations(),
            "icmp": sockets_json(sockets, language),
            "warnings": self.warnings.iter().map(Warning::json).collect::<Vec<_>>(),
        })
    }
}

fn sockets_json(sockets: &Sockets, language: Language) -> Value {
    let open: Vec<Value> = sockets
        .iter()
        .flatten()
        .map(|socket| {
            json!({
                "version": socket.version.to_string(), "socket": socket.kind.to_string(),
                "receive_buffer_bytes": socket.receive_buffer, "hints": socket.hints,
            })
        })
        .collect();
    let refused = sockets.as_ref().err().map(|error| error.explain(language));
    json!({ "permitted": refused.is_none(), "sockets": open, "refused": refused })
}

impl Warning {
    fn json(&self) -> Value {
        match self {
            Self::NoLines => json!({ "kind": "no_lines" }),
            Self::NoReferences => json!({ "kind": "no_references" }),
            Self::NoSight { count, first } => json!({ "kind": "no_sight", "lines": count, "first": first }),
            Self::PlainPasswords(listen) => json!({ "kind": "plain_passwords", "listen": listen }),
            Self::ReferenceIsLine { address, line } => {
                json!({ "kind": "reference_is_line", "address": address, "line": line })
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines stay far below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}

fn by_township(serving: &[&Line], classes: &[ClassAssessment]) -> Vec<(String, Vec<usize>)> {
    let mut townships: Vec<(String, Vec<usize>)> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for line in serving {
        let Some(class) = classes.iter().position(|class| class.name == line.class) else { continue };
        let name = line.township.as_str();
        let index = *place.entry(name).or_insert_with(|| {
            townships.push((name.to_owned(), vec![0; classes.len()]));
            townships.len() - 1
        });
        townships[index].1[class] += 1;
    }
    // Lines of no township come last.
    townships.sort_by_key(|(name, _)| name.is_empty());
    townships
}

fn warnings(config: &Config, lines: &[Line], serving: &[&Line]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if serving.is_empty() {
        warnings.push(Warning::NoLines);
    }
    if config.references.is_empty() && !serving.is_empty() {
        let unseen = without_sight(lines, serving);
        match unseen.first() {
            Some(first) => warnings.push(Warning::NoSight { count: unseen.len(), first: (*first).clone() }),
            None => warnings.push(Warning::NoReferences),
        }
    }
    if !config.http.listen.ip().is_loopback() && config.http.tls.is_none() {
        warnings.push(Warning::PlainPasswords(config.http.listen));
    }
    for address in &config.references {
        if let Some(line) = serving.iter().find(|line| line.address == *address) {
            warnings.push(Warning::ReferenceIsLine { address: address.clone(), line: line.id.clone() });
        }
    }
    warnings
}

/// Lines for which every other line in service is an ancestor or a descendant.
fn without_sight<'a>(lines: &'a [Line], serving: &[&'a Line]) -> Vec<&'a LineId> {
    let upstream: HashMap<&LineId, &LineId> =
        lines.iter().filter_map(|line| Some((&line.id, line.upstream.as_ref()?))).collect();
    let ancestors = |id| std::iter::successors(upstream.get(id).copied(), |id| upstream.get(id).copied());
    let mut related: HashMap<&LineId, usize> = serving.iter().map(|line| (&line.id, 0)).collect();
    for line in serving {
        let serving_ancestors: Vec<_> = ancestors(&line.id).filter(|id| related.contains_key(id)).collect();
        *related.entry(&line.id).or_default() += serving_ancestors.len();
        for ancestor in serving_ancestors {
            *related.entry(ancestor).or_default() += 1;
        }
    }
    serving.iter().map(|line| &line.id).filter(|id| related[id] + 1 == serving.len()).collect()
}
