//! What the templates do to text before it stands in a page.

#![expect(clippy::inline_always, clippy::unused_self, reason = "written by the macro of askama")]

use std::fmt::{Display, Write};

use askama::Values;
use askama::filters::{Html, Safe, escape};

/// No longer than this is a day, an id or a number; anything longer may have to break.
const LONGEST: usize = 20;

/// Text in which days, ids and numbers such as `2026-11-28`, `F20261128-001`, `V-100` or `-u` are not broken at their
/// hyphens at a line's end, and no line begins with the dot between two parts.
#[askama::filter_fn]
pub(super) fn whole(text: impl Display, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(kept(&text.to_string())?))
}

fn kept(text: &str) -> Result<String, std::fmt::Error> {
    let mut html = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c| !in_run(c)).unwrap_or(rest.len()));
        if is_kept(run) {
            write!(html, "<span class=\"number\">{run}</span>")?;
        } else {
            html.push_str(run);
        }
        let (between, next) = after.split_at(after.find(in_run).unwrap_or(after.len()));
        write!(html, "{}", escaped(&between.replace(" · ", "\u{a0}· "))?)?;
        rest = next;
    }
    Ok(html)
}

fn escaped(text: &str) -> Result<impl Display + use<'_>, std::fmt::Error> {
    escape(text, Html).map_err(|never| match never {})
}

/// Letters, digits and hyphens of ASCII: nothing of them has a meaning in HTML.
fn in_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_kept(run: &str) -> bool {
    let hyphened = |pair: &[u8]| pair[0] == b'-' && pair[1].is_ascii_digit();
    let option = run.len() > 1 && run.starts_with('-');
    run.len() <= LONGEST && (option || run.as_bytes().windows(2).any(hyphened))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_hyphen_before_a_digit_stays_whole() {
        let span = |text: &str| format!("<span class=\"number\">{text}</span>");
        for (text, html) in [
            ("", String::new()),
            ("修复时限 2026-11-29 04:00:20，无", format!("修复时限 {} 04:00:20，无", span("2026-11-29"))),
            ("故障 F20261128-001", format!("故障 {}", span("F20261128-001"))),
            ("V-100", span("V-100")),
            ("V-100 · 汀泗桥镇", format!("{}\u{a0}· 汀泗桥镇", span("V-100"))),
            ("journalctl -u x", format!("journalctl {} x", span("-u"))),
            ("one-time – a - b", "one-time – a - b".to_owned()),
            ("<b>&2026-01-01", format!("&#60;b&#62;&#38;{}", span("2026-01-01"))),
            ("123456789012-123456789", "123456789012-123456789".to_owned()),
        ] {
            assert_eq!(kept(text).expect("text"), html);
        }
    }
}
