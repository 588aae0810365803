//! `POST /-/reload`: from this machine and from no web page, or by an admin.

use std::net::{IpAddr, SocketAddr};

use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use linewatch_core::person::Deed;

use super::Shared;
use super::visit::Visit;
use crate::language::Language;
use crate::report::reload::Reloaded;

/// Headers of a browser that acts for a page, and of a proxy that acts for another machine.
const FROM_ELSEWHERE: [&str; 4] = ["origin", "forwarded", "x-forwarded-for", "x-real-ip"];

/// Who is connected: put into the extensions of each request by whoever accepted it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// 200 taken over · 202 waits for the journal · 403 not from here · 409 refused · 422 mistakes · 503 starts or stops.
pub async fn reload(
    State(source): State<Shared>,
    visit: Visit,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let language = visit.language;
    let here = extensions.get::<Peer>().is_some_and(|peer| is_here(peer.0.ip()));
    let from_here = here && !FROM_ELSEWHERE.iter().any(|name| headers.contains_key(*name));
    if !from_here && !visit.viewer.may(Deed::Reload) {
        let sentence = language.pick(
            "只能在本机上或由管理员重新载入：curl -X POST，或给监测程序发 SIGHUP 信号。",
            "only from this machine itself or by an admin: curl -X POST, or SIGHUP to the daemon",
        );
        return answer(StatusCode::FORBIDDEN, sentence);
    }
    let allow_removal = visit.value("allow_removal") == Some("yes");
    match source.reload(allow_removal).await {
        Some(outcome) => answer(status(&outcome), &outcome.sentence(language)),
        None => answer(StatusCode::SERVICE_UNAVAILABLE, starting(language)),
    }
}

/// Loopback, also as an IPv4 address within IPv6.
fn is_here(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

fn status(outcome: &Reloaded) -> StatusCode {
    match outcome {
        Reloaded::TakenOver { .. } => StatusCode::OK,
        Reloaded::Waiting => StatusCode::ACCEPTED,
        Reloaded::TooManyRemoved { .. } | Reloaded::ClockBehind | Reloaded::Busy => StatusCode::CONFLICT,
        Reloaded::Mistakes { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn starting(language: Language) -> &'static str {
    language.pick("正在启动或停止，请稍后再试。", "starting or stopping, try again soon")
}

fn answer(status: StatusCode, sentence: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{sentence}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn here_is_loopback_in_every_notation() {
        for (address, here) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false),
            ("::ffff:10.0.0.1", false),
        ] {
            assert_eq!(is_here(address.parse().unwrap()), here, "{address}");
        }
    }
}
