//! What a viewer wishes to have recorded: may it be, and what became of it.

use linewatch_core::act::{Act, FaultAct};
use linewatch_core::ledger::Refusal;
use linewatch_core::line::{LineId, Township};
use linewatch_core::person::{self, Deed};
use linewatch_core::record::Record;
use linewatch_core::view::Committed;

use super::{Look, Source, Viewer};
use crate::language::Language;
use crate::report::objection;

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
    pub fn sentence(&self, viewer: &Viewer, zone: chrono_tz::Tz, language: Language) -> String {
        match self {
            Self::NotYours(_) if viewer.account.is_none() => language.pick("要先登录。", "log in first").to_owned(),
            Self::NotYours(_) => language
                .pick(
                    "您的账号没有这个权限；需要的话，请管理员更改角色。",
                    "your account may not do this; ask an admin if it should",
                )
                .to_owned(),
            Self::Refused(refusal) => objection::sentence(refusal, zone, language),
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
    if viewer.township().is_some() && !concerned(&act, &look.snapshot.committed).all(|of| viewer.may_in(deed, &of)) {
        return Err(NotDone::NotYours(deed));
    }
    let author = account.as_str();
    source.act(author, act).await
}

/// The townships that an act concerns; one without a name where it concerns what belongs to none.
fn concerned(act: &Act, committed: &Committed) -> impl Iterator<Item = Township> {
    let of_line = |line: &LineId| {
        let known = committed.lines.iter().find(|known| known.line.id == *line);
        known.map_or(Township::from(""), |known| known.line.township.clone())
    };
    let one = match act {
        Act::Inspect(inspection) => Some(of_line(&inspection.line)),
        Act::Plan(_) | Act::Decide(_) | Act::Import(_) | Act::Seal(_) => Some(Township::from("")),
        Act::Fault(FaultAct::Report { line, .. }) => Some(of_line(line)),
        Act::Fault(act) => {
            let known = act.fault().and_then(|fault| committed.faults.iter().find(|known| known.fault == *fault));
            Some(known.map_or(Township::from(""), |known| of_line(&known.line)))
        }
        Act::Keep(_) => None,
    };
    one.into_iter()
}

impl Look {
    /// What belongs to one township: its lines, their outages, and the faults that stand on them or hold one of them.
    /// How the monitor and the journal are stays as it is.
    #[must_use]
    pub fn within(&self, township: &Township) -> Self {
        let mut snapshot = (*self.snapshot).clone();
        let mut committed = (*snapshot.committed).clone();
        committed.lines.retain(|known| known.line.township == *township);
        let own: std::collections::HashSet<&LineId> = committed.lines.iter().map(|known| &known.line.id).collect();
        committed.outages.retain(|outage| own.contains(&outage.line));
        committed.faults.retain(|fault| own.contains(&fault.line));
        let mut live = (*self.live).clone();
        live.lines.retain(|line| own.contains(&line.id));
        snapshot.committed = committed.into();
        snapshot.availability = Vec::new();
        Self { snapshot: snapshot.into(), live: live.into(), settings: self.settings }
    }
}
