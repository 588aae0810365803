//! `/decisions`: what people decided about time that is past; admins approve, reject and take back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, Deciding};
use linewatch_core::person::Deed;
use linewatch_core::record::DecisionId;

use super::super::filters;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::entry::{self, EntryCard, Telltale};
use super::{Frame, Message, render};
use crate::report::rollup::{self, Matter};

/// Decided ones shown; all are in the year's figures.
const DECIDED_SHOWN: usize = 50;
/// What waits may be decided elsewhere.
const EVERY_SECONDS: u32 = 60;

#[derive(Template)]
#[template(path = "decisions.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    said: &'static str,
    mistake: String,
    may_decide: bool,
    /// The visitor's own account, which may not approve what it proposed.
    own: String,
    waiting: Vec<EntryCard>,
    decided: Vec<EntryCard>,
    more: usize,
    unread: String,
}

/// `/decisions`.
pub(in crate::web) async fn show(State(source): State<Shared>, Asked { visit, look: _ }: Asked) -> Response {
    answer(&source, &visit, None).await
}

/// A form of `/decisions`.
pub(in crate::web) async fn act(
    State(source): State<Shared>,
    Asked { visit, look: _ }: Asked,
    fields: Fields,
) -> Response {
    match decide(&source, &visit, &fields).await {
        Ok(done) => form::onward(&format!("/decisions?done={done}")),
        Err(mistake) => answer(&source, &visit, Some(mistake)).await,
    }
}

async fn decide(source: &Shared, visit: &Visit, fields: &Fields) -> Result<&'static str, Mistake> {
    let unknown = || visit.language.pick("没有这个决定。", "There is no such decision.").to_owned();
    let decision = DecisionId(fields.value("number").parse().map_err(|_| unknown())?);
    let reason = fields.value("reason").to_owned();
    let (done, deciding) = match fields.value("do") {
        "approve" => ("approved", Deciding::Approve { decision }),
        "reject" => ("rejected", Deciding::Reject { decision, reason }),
        "withdraw" => ("withdrawn", Deciding::Withdraw { decision, reason }),
        _ => return Err(unknown().into()),
    };
    form::record(source, visit, Act::Decide(deciding)).await.map(|_| done)
}

async fn answer(source: &Shared, visit: &Visit, mistake: Option<Mistake>) -> Response {
    let words = visit.words();
    let pick = |chinese, english| words.language.pick(chinese, english);
    if !visit.viewer.may(Deed::SeeDecisions) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    let read = journal::read(source, |snapshot, config| {
        rollup::entries(snapshot.derived()).map(|entries| (entries, Telltale::of(config)))
    });
    let read = read.await;
    let unread = read.as_ref().err().map(|unread| unread.sentence(visit.language)).unwrap_or_default();
    let cards: Vec<EntryCard> = read.map_or_else(
        |_| Vec::new(),
        |(entries, telltale)| {
            let decisions = entries.iter().filter(|entry| entry.matter != Matter::Planned).rev();
            decisions.map(|entry| entry::card(entry, &telltale, visit, true)).collect()
        },
    );
    let (waiting, mut decided): (Vec<_>, Vec<_>) = cards.into_iter().partition(|card| card.pending);
    let more = decided.len().saturating_sub(DECIDED_SHOWN);
    decided.truncate(DECIDED_SHOWN);
    let (status, mistake) =
        mistake.map_or((StatusCode::OK, String::new()), |mistake| (mistake.status, mistake.sentence));
    let page = Page {
        frame: Frame::new(visit, pick("剔除与更正", "Decisions")).live(visit, EVERY_SECONDS),
        csrf: &visit.viewer.csrf,
        said: match visit.value("done") {
            Some("approved") => pick("已批准，从现在起计入。", "Approved: it counts from now on."),
            Some("rejected") => pick("已驳回。", "Rejected."),
            Some("withdrawn") => pick("已撤回，证据重新计入。", "Taken back: the evidence counts again."),
            _ => "",
        },
        mistake,
        may_decide: visit.viewer.may(Deed::Decide),
        own: visit.viewer.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        waiting,
        decided,
        more,
        unread,
    };
    render(status, &page)
}
