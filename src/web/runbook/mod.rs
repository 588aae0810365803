//! `/runbook` and `/runbook/{alert}`: what an alert means, what to look at, what to do.

mod lines;
mod monitor;
mod year;

use askama::Template;

use super::filters;
use super::pages::Frame;
use super::visit::Visit;

/// 中文, English.
type Said = (&'static str, &'static str);

/// One page, for alerts that mean the same for whoever gets them.
struct Subject {
    /// Names of its alerts, as in the rules.
    alerts: &'static [&'static str],
    title: Said,
    /// What it means.
    meaning: &'static [Said],
    /// What to look at.
    look: &'static [Said],
    /// What to do.
    act: &'static [Said],
}

fn subjects() -> impl Iterator<Item = &'static Subject> {
    [lines::SUBJECTS, monitor::SUBJECTS, year::SUBJECTS].into_iter().flatten()
}

#[derive(Template)]
#[template(path = "runbook.html", config = "src/web/templates/askama.toml")]
struct Page {
    frame: Frame,
    alerts: String,
    title: &'static str,
    sections: [(&'static str, Vec<&'static str>); 3],
}

#[derive(Template)]
#[template(path = "runbooks.html", config = "src/web/templates/askama.toml")]
struct Contents {
    frame: Frame,
    entries: Vec<(&'static str, &'static str, String)>,
}

/// The page of an alert; `None`: there is no such alert.
pub(super) fn page(alert: &str, visit: &Visit) -> Option<impl Template + use<>> {
    let subject = subjects().find(|subject| subject.alerts.contains(&alert))?;
    let language = visit.language;
    let pick = |said: &Said| language.pick(said.0, said.1);
    let listed = |list: &'static [Said]| list.iter().map(pick).collect::<Vec<_>>();
    let title = pick(&subject.title);
    Some(Page {
        frame: Frame::new(visit, title).undated(),
        alerts: subject.alerts.join(language.pick("、", ", ")),
        title,
        sections: [
            (language.pick("说明什么", "What it means"), listed(subject.meaning)),
            (language.pick("先看什么", "What to look at"), listed(subject.look)),
            (language.pick("怎么办", "What to do"), listed(subject.act)),
        ],
    })
}

/// All pages.
pub(super) fn contents(visit: &Visit) -> impl Template + use<> {
    let language = visit.language;
    let entries = subjects()
        .map(|subject| {
            let alerts = subject.alerts.join(language.pick("、", ", "));
            (subject.alerts[0], language.pick(subject.title.0, subject.title.1), alerts)
        })
        .collect();
    Contents { frame: Frame::new(visit, language.pick("处置手册", "Runbook")).undated(), entries }
}
