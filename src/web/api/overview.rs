//! How things are now, and who asks.

use axum::Json;
use axum::extract::State;
use linewatch_core::person::Deed;
use linewatch_core::record::Role;
use linewatch_core::view::Shown;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::{Shared, Viewer};
use super::output::moment;
use crate::language::Language;
use crate::report::accounts;
use crate::report::status::{Counts, Group, StatusReport, Trouble};

/// How things are at one instant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// Now.
    #[schema(format = DateTime)]
    at: String,
    /// The site's name.
    site: String,
    /// The site's zone by its IANA name.
    zone: String,
    /// Whether records are committed and every line is watched.
    ready: bool,
    /// The sentence that comes first, in English.
    headline: String,
    /// 概况.
    headline_zh: String,
    /// All lines in service that the viewer sees.
    total: Count,
    /// By class.
    classes: Vec<CountOf>,
    /// By township.
    townships: Vec<CountOf>,
    /// What is wrong, most lines behind it first.
    troubles: Vec<WhatIsWrong>,
    /// Since when the monitor sees nothing, if so.
    #[schema(format = DateTime)]
    blind_since: Option<String>,
    /// All is certain and durable up to here.
    #[schema(format = DateTime)]
    heartbeat: Option<String>,
    /// Why records cannot be written now.
    journal_failing: Option<String>,
    /// Number of the last record.
    #[schema(minimum = 0)]
    head: u64,
}

/// Lines by state, and faults.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    pub lines: u64,
    pub up: u64,
    pub suspect: u64,
    pub down: u64,
    pub recovering: u64,
    pub pending: u64,
    pub undetermined: u64,
    pub outages_open: u64,
    pub cut_off: u64,
    pub faults_open: u64,
    pub faults_overdue: u64,
}

/// Of a class or a township.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountOf {
    /// As in the inventory; a township may be empty.
    key: String,
    /// As people say it.
    label: String,
    /// Its lines.
    counts: Count,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhatIsWrong {
    /// The line to repair.
    line: String,
    /// Its name.
    name: String,
    /// Its township.
    township: String,
    /// Its state; none when it is not in service any more.
    state: Option<String>,
    /// Since when it is down.
    #[schema(format = DateTime)]
    down_since: Option<String>,
    /// Its open fault.
    fault: Option<String>,
    /// Whether the fault's deadline has passed.
    overdue: bool,
    /// Lines cut off by it.
    cut_off: Vec<String>,
}

impl From<&Counts> for Count {
    fn from(counts: &Counts) -> Self {
        let Counts {
            lines,
            up,
            suspect,
            down,
            recovering,
            pending,
            undetermined,
            outages_open,
            cut_off,
            faults_open,
            faults_overdue,
        } = *counts;
        Self {
            lines,
            up,
            suspect,
            down,
            recovering,
            pending,
            undetermined,
            outages_open,
            cut_off,
            faults_open,
            faults_overdue,
        }
    }
}

impl From<&Group> for CountOf {
    fn from(group: &Group) -> Self {
        Self { key: group.key.clone(), label: group.label.clone(), counts: (&group.counts).into() }
    }
}

impl From<&Trouble> for WhatIsWrong {
    fn from(trouble: &Trouble) -> Self {
        Self {
            line: trouble.line.id.to_string(),
            name: trouble.line.name.clone(),
            township: trouble.line.township.clone(),
            state: trouble.state.map(|state| state.label().to_owned()),
            down_since: trouble.outage.as_ref().map(|outage| moment(outage.start)),
            fault: trouble.fault.as_ref().map(|fault| fault.number.to_string()),
            overdue: trouble.fault.as_ref().is_some_and(|fault| fault.overdue),
            cut_off: trouble.cut_off.iter().map(|cut| cut.line.id.to_string()).collect(),
        }
    }
}

/// How things are now.
#[utoipa::path(
    get, path = "/api/v1/status", tag = "status",
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Overview)),
)]
pub(super) async fn overview(State(source): State<Shared>, viewer: Viewer) -> Result<Json<Overview>, Problem> {
    let look = super::look(&source, &viewer).await?;
    let shown = Shown::of(&look.snapshot, &look.live);
    let report = StatusReport::of(&shown, look.settings.language);
    let headline = |language| report.headline(&report.words(language)).1;
    Ok(Json(Overview {
        at: moment(report.at),
        site: report.site.clone(),
        zone: report.zone.clone(),
        ready: report.ready,
        headline: headline(Language::English),
        headline_zh: headline(Language::Chinese),
        total: (&report.total).into(),
        classes: report.classes.iter().map(CountOf::from).collect(),
        townships: report.townships.iter().map(CountOf::from).collect(),
        troubles: report.troubles.iter().map(WhatIsWrong::from).collect(),
        blind_since: report.monitor.blind.map(|blind| moment(blind.from)),
        heartbeat: report.monitor.heartbeat.map(moment),
        journal_failing: report.monitor.journal_failing.clone(),
        head: report.monitor.head_seq,
    }))
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// The account; none for nobody in particular.
    account: Option<String>,
    /// What people call its owner.
    name: String,
    /// What it is for: `viewer`, `crew`, `office`, `admin`.
    role: Option<String>,
    /// The office's township.
    township: Option<String>,
    /// What it may do, by the words of `x-linewatch-deed`.
    may: Vec<String>,
    /// What a script sends back as `x-csrf-token`; empty with a token.
    csrf: String,
}

/// Who asks, and what he may do.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "accounts",
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Me)),
)]
pub(super) async fn me(viewer: Viewer) -> Json<Me> {
    Json(Me {
        account: viewer.account.as_ref().map(ToString::to_string),
        name: viewer.name.clone(),
        role: viewer.role.as_ref().map(|role: &Role| accounts::label(role).to_owned()),
        township: viewer.township().map(ToString::to_string),
        may: Deed::ALL.into_iter().filter(|deed| viewer.may(*deed)).map(|deed| deed.label().to_owned()).collect(),
        csrf: viewer.csrf,
    })
}
