//! The JSON of a rollup: `linewatch.rollup/1`, whose names and meanings others rely on.

use linewatch_core::rollup::{Policy, Rollup};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::ledger_text::ledger_json;
use super::period::rfc3339;
use super::seal_text::sealed_json;
use crate::store::StoreKind;

/// Name and version of the form.
pub const SCHEMA: &str = "linewatch.rollup/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    period: PeriodPart,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    policy: &'a Policy,
    journal: JournalPart,
    #[serde(flatten)]
    figures: &'a Rollup,
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<Value>,
    /// `null`: not sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<Value>,
}

#[derive(Serialize)]
struct PeriodPart {
    from: String,
    to: String,
    zone: String,
    /// Counted up to here; earlier than `to` while the period runs.
    counted_to: String,
    running: bool,
}

#[derive(Serialize)]
struct JournalPart {
    head: String,
    records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    simulated: bool,
    imported: u64,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report, site: Option<&'a str>) -> Self {
        let about = &report.about;
        let zone = about.period.zone();
        let time = |at| rfc3339(at, zone);
        let span = about.period.span();
        Self {
            schema: SCHEMA,
            site,
            period: PeriodPart {
                from: time(span.start),
                to: time(span.end),
                zone: zone.to_string(),
                counted_to: time(about.until),
                running: about.running(),
            },
            as_of: site.is_some().then(|| time(about.as_of)),
            policy: &about.policy,
            journal: JournalPart {
                head: about.head.to_string(),
                records: about.head.seq,
                verified: site.is_some().then_some(about.verified),
                simulated: about.kind == StoreKind::Simulated,
                imported: about.imported,
            },
            figures: &report.figures,
            ledger: site.is_some().then(|| ledger_json(&report.ledger, zone)),
            seal: site.is_some().then(|| report.seal.as_ref().map_or(Value::Null, |sealed| sealed_json(sealed, zone))),
        }
    }
}

/// The figures as indented JSON.
///
/// # Panics
/// Never: names, numbers and lists always have a JSON form.
pub fn json(report: &Report, site: &str) -> String {
    let document = Document::of(report, Some(site));
    serde_json::to_string_pretty(&document).expect("names, numbers and lists always have a JSON form") + "\n"
}

/// The canonical form: compact, and without what may differ between two computations from the same records by the same
/// policy (the site's name, the time of asking, whether the chain was verified meanwhile, what was sealed since), and the
/// ledger, whose effects are among the figures.
///
/// # Panics
/// Never, as [`json`].
pub fn canonical_json(report: &Report) -> Vec<u8> {
    serde_json::to_vec(&Document::of(report, None)).expect("names, numbers and lists always have a JSON form")
}
