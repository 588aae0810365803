//! `/sessions`: where one is logged in, and how to end that everywhere else.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::person::Deed;

use super::super::form::{self, Mistake};
use super::super::visit::Visit;
use super::super::{NotDone, Shared};
use super::account::{SessionCard, session_cards};
use super::{Frame, Message, render};
use crate::clock;

#[derive(Template)]
#[template(path = "sessions.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    said: bool,
    mistake: String,
    sessions: Vec<SessionCard>,
}

/// `/sessions`.
pub(in crate::web) async fn show(State(source): State<Shared>, visit: Visit) -> Response {
    answer(&source, &visit, None)
}

/// The form of `/sessions`: all others end.
pub(in crate::web) async fn act(State(source): State<Shared>, visit: Visit) -> Response {
    let (Some(access), Some(own)) = (source.access(), &visit.viewer.account) else {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(&visit));
    };
    let but = visit.viewer.session.as_ref();
    match access.sign_out(source.as_ref(), own.as_str(), own, but).await {
        Ok(_) => form::onward("/sessions?done=ended"),
        Err(why) => answer(&source, &visit, Some(form::mistake(&why, &visit))),
    }
}

fn answer(source: &Shared, visit: &Visit, mistake: Option<Mistake>) -> Response {
    let own = visit.viewer.account.as_ref().filter(|_| visit.viewer.may(Deed::OwnPassword));
    let row = own.and_then(|own| source.account(own));
    let (Some(row), Some(access)) = (row, source.access()) else {
        let sentence = form::mistake(&NotDone::NotYours(Deed::OwnPassword), visit).sentence;
        return render(StatusCode::FORBIDDEN, &Message::new(visit, sentence));
    };
    let (status, mistake) =
        mistake.map_or((StatusCode::OK, String::new()), |mistake| (mistake.status, mistake.sentence));
    let page = Page {
        frame: Frame::new(visit, visit.language.pick("我的登录", "Where I am logged in")).undated(),
        csrf: &visit.viewer.csrf,
        said: visit.value("done").is_some(),
        mistake,
        sessions: session_cards(&access.sessions_of(&row, clock::read().wall), visit),
    };
    render(status, &page)
}
