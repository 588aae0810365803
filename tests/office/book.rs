//! Stories as workbooks, for the tests that open them with an office suite.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linewatch::config::selfeval::{SHIPPED, SelfEval};
use linewatch::language::Language;
use linewatch::report::rollup::period::Period;
use linewatch::report::rollup::{self, Details, Question, Report, Telling};
use linewatch::report::selfeval::{Evaluation, evaluate};
use linewatch::report::xlsx::{self, Limits, Packed};
use linewatch::store::Store;
use linewatch_core::ledger::{self, Ledger};
use linewatch_core::rollup::Policy;
use linewatch_core::time::Timestamp;

/// The zone of all stories.
pub const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// A workbook and what it was made from.
pub struct Book {
    /// The file's name without its extension.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// The figures.
    pub report: Report,
    /// The form.
    pub evaluation: Evaluation,
    /// The figures as JSON.
    pub json: serde_json::Value,
    /// The language it is in.
    pub language: Language,
    /// Files beside it.
    pub beside: Vec<PathBuf>,
}

/// How to make one.
pub struct Making<'m> {
    pub store: &'m Path,
    pub period: Period,
    pub now: Timestamp,
    /// What stands behind the shipped form.
    pub form: &'m str,
    pub language: Language,
    pub limits: Limits,
    /// Whether people may be named.
    pub people: bool,
}

impl<'m> Making<'m> {
    /// The year 2026 of a store, asked for in January 2027.
    pub fn year(store: &'m Path) -> Self {
        Self {
            store,
            period: Period::year("2026", ZONE).expect("a year"),
            now: crate::rollup_story::at("2027-01-05 00:00:00"),
            form: "",
            language: Language::Chinese,
            limits: Limits::default(),
            people: true,
        }
    }

    /// Makes it in a folder.
    pub fn make(&self, folder: &Path, name: &str) -> Book {
        self.with(|report, details, evaluation, telling| {
            let mut beside = Vec::new();
            let mut spill = |sheet: &str| {
                let path = folder.join(format!("{name}-{sheet}.csv"));
                beside.push(path.clone());
                let file: Box<dyn std::io::Write> = Box::new(std::fs::File::create(&path)?);
                Ok((path.file_name().expect("a name").to_string_lossy().into_owned(), file))
            };
            let mut book = xlsx::workbook(report, details, evaluation, telling, self.limits, &mut spill, |_| ())
                .expect("a workbook");
            let path = folder.join(format!("{name}.xlsx"));
            book.save(&path).expect("saved");
            let json = serde_json::from_str(&rollup::json(report, "咸安区电子政务网")).expect("JSON");
            let (report, evaluation, language) = (report.clone(), evaluation.clone(), self.language);
            Book { name: name.to_owned(), path, report, evaluation, json, language, beside }
        })
    }

    /// Makes it as one file.
    pub fn packed(&self, name: &str) -> Packed {
        self.with(|report, details, evaluation, telling| {
            xlsx::packed(report, details, evaluation, telling, self.limits, name).expect("a workbook")
        })
    }

    fn with<T>(&self, make: impl FnOnce(&Report, &Details<'_, '_>, &Evaluation, Telling<'_>) -> T) -> T {
        let mut reader = Store::open_read_only(self.store).expect("a store");
        let snapshot = reader.snapshot().expect("a snapshot");
        let question = Question { period: self.period, policy: Policy::default(), as_of: None, now: self.now };
        let fold = || {
            let mut ledger = Ledger::new(Arc::new(ledger::Policy::new(ZONE)));
            move |record: &linewatch_core::record::Record| ledger.apply(record)
        };
        let report = rollup::compute(&snapshot, &question, fold(), |_| ()).expect("figures");
        let report = if self.people { report } else { report.without_people() };
        let labels: Vec<(String, String)> =
            [("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")]
                .map(|(name, label)| (name.to_owned(), label.to_owned()))
                .to_vec();
        let telling = Telling { site: "咸安区电子政务网", labels: &labels, language: self.language };
        let classes = ["township", "village", "surveillance"].map(Into::into);
        let form = SelfEval::parse(&format!("{SHIPPED}\n{}", self.form), &classes).expect("a form");
        let evaluation = evaluate(&form, &report, telling);
        let details = Details::of(&snapshot, &question, &report, fold(), |_| ()).expect("details");
        let details = if self.people { details } else { details.without_people() };
        make(&report, &details, &evaluation, telling)
    }
}
