//! What a viewer wishes to have recorded: may it be, and what became of it.

use std::sync::Arc;

use linewatch_core::act::{Act, FaultAct, Keeping};
use linewatch_core::ledger::Refusal;
use linewatch_core::line::{Line, LineId, Township};
use linewatch_core::person::{self, Deed};
use linewatch_core::record::{FaultNo, Record};
use linewatch_core::view::Committed;

use super::{Look, Source, Viewer, read};
use crate::language::Language;
use crate::report::objection::{self, Medium};

/// Why nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The viewer's role does not reach so far, or nobody has logged in.
    NotYours(Deed),
    /// It cannot be so.
    Refused(Refusal),
    /// The daemon starts or stops.
    Starting,
    /// The journal cannot be written at present, or too much waits for it.
    JournalWaits,
}

impl NotDone {
    /// What to tell the viewer.
    pub fn sentence(&self, viewer: &Viewer, zone: chrono_tz::Tz, language: Language, medium: Medium) -> String {
        match self {
            Self::NotYours(_) if viewer.account.is_none() => language.pick("要先登录。", "log in first").to_owned(),
            Self::NotYours(_) => language
                .pick(
                    "您的账号没有这个权限；需要的话，请管理员更改角色。",
                    "your account may not do this; ask an admin if it should",
                )
                .to_owned(),
            Self::Refused(refusal) => objection::sentence(refusal, zone, language, medium),
            Self::Starting => language
                .pick(
                    "正在启动或停止，没有记录；请稍后再试。",
                    "starting or stopping; nothing was recorded, try again soon",
                )
                .to_owned(),
            Self::JournalWaits => language
                .pick(
                    "记录库暂时写不进去，没有记录；请稍后看看页面，再试一次。",
                    "the journal cannot be written at present; nothing was recorded. Look again soon and try once more",
                )
                .to_owned(),
        }
    }
}

/// Has an act recorded for a viewer, and returns its records once they are committed and shown. The one way by which
/// pages and API change anything: here the viewer's role is asked.
///
/// # Errors
/// Why nothing was recorded.
pub async fn carry_out(source: &dyn Source, viewer: &Viewer, act: Act) -> Result<Vec<Record>, NotDone> {
    let deed = person::deed_of(&act, viewer.account.as_ref());
    let Some(account) = viewer.account.as_ref().filter(|_| viewer.may(deed)) else {
        return Err(NotDone::NotYours(deed));
    };
    let look = source.look().await.ok_or(NotDone::Starting)?;
    if viewer.township().is_some() && !is_own(source, viewer, deed, &act, &look.snapshot.committed).await {
        return Err(NotDone::NotYours(deed));
    }
    let author = account.as_str();
    source.act(author, act).await
}

/// Whether an act concerns only what belongs to the viewer's township: a line of it, or a fault that stands on one or
/// holds one.
async fn is_own(source: &dyn Source, viewer: &Viewer, deed: Deed, act: &Act, committed: &Committed) -> bool {
    let own = |line: &LineId| {
        let known = committed.lines.iter().find(|known| known.line.id == *line);
        known.is_some_and(|known| viewer.may_in(deed, &known.line.township))
    };
    match act {
        Act::Inspect(inspection) => own(&inspection.line),
        Act::Fault(FaultAct::Report { line, .. }) => own(line),
        Act::Fault(act) => match act.fault() {
            Some(fault) => lines_of(source, fault.clone()).await.iter().any(own),
            None => false,
        },
        Act::Keep(Keeping::SetPassword { account } | Keeping::SignOut { account }) => {
            viewer.account.as_ref() == Some(account)
        }
        Act::Plan(_) | Act::Decide(_) | Act::Import(_) | Act::Seal(_) | Act::Keep(_) => false,
    }
}

/// The line that a fault stands on, and those that are affected.
async fn lines_of(source: &dyn Source, fault: FaultNo) -> Vec<LineId> {
    let found = read(source, move |snapshot| {
        let Some(row) = snapshot.fault(&fault)? else { return Ok(Vec::new()) };
        let points = snapshot.points(&fault)?.into_iter().map(|point| point.line);
        let named = row.work.named.iter().map(|point| point.line.clone());
        Ok([row.line.clone()].into_iter().chain(points).chain(named).collect())
    });
    found.await.unwrap_or_default()
}

impl Look {
    /// All lines in service that are looked at.
    pub fn lines(&self) -> Vec<Arc<Line>> {
        self.snapshot.committed.lines.iter().map(|known| Arc::clone(&known.line)).collect()
    }

    /// What belongs to one township: its lines, their outages, and the faults that stand on them or hold one of them.
    /// How the monitor and the journal are stays as it is.
    #[must_use]
    pub fn within(&self, township: &Township) -> Self {
        let mut snapshot = (*self.snapshot).clone();
        let mut committed = (*snapshot.committed).clone();
        committed.lines.retain(|known| known.line.township == *township);
        let own: std::collections::HashSet<&LineId> = committed.lines.iter().map(|known| &known.line.id).collect();
        committed.outages.retain(|outage| own.contains(&outage.line));
        committed.faults.retain(|fault| {
            own.contains(&fault.line) || fault.work.named.iter().any(|point| own.contains(&point.line))
        });
        let mut live = (*self.live).clone();
        live.lines.retain(|line| own.contains(&line.id));
        snapshot.committed = committed.into();
        snapshot.availability = Vec::new();
        Self { snapshot: snapshot.into(), live: live.into(), settings: self.settings }
    }
}
