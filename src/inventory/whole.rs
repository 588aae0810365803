//! What one row alone cannot tell: ids and addresses that stand twice, upstreams that lead nowhere or round.

use std::collections::HashMap;

use linewatch_core::line::{Line, LineId, ProbeMethod};
use linewatch_core::time::{Span, Timestamp};

use super::Column;
use super::mistake::{InventoryError, Mistake, Problem};
use super::table::Table;
use crate::spelling::closest;

/// Checks lines against each other; `lines` are those of the table's rows, in order.
pub fn check(table: &Table, lines: &[Line], mistakes: &mut Vec<Mistake>) {
    let row = |index: usize| table.rows[index].number;
    let mut first_of: HashMap<&LineId, usize> = HashMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.id.as_str().is_empty()) {
        if let Some(first) = first_of.get(&line.id) {
            let problem = Problem::TwiceId { id: line.id.to_string(), first: row(*first) };
            mistakes.push(Mistake { row: row(index), column: Some(Column::Id), problem });
        } else {
            first_of.insert(&line.id, index);
        }
    }
    let mut by_address: HashMap<(&str, ProbeMethod), Vec<usize>> = HashMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.address.is_empty()) {
        let same = by_address.entry((&line.address, line.probe)).or_default();
        // A line may take over the address of one that has left service.
        let clash = same.iter().find(|first| !service(&lines[**first]).clip(service(line)).is_empty());
        if let Some(first) = clash {
            let other = lines[*first].id.to_string();
            let problem = Problem::TwiceAddress { address: line.address.clone(), id: other, first: row(*first) };
            mistakes.push(Mistake { row: row(index), column: Some(Column::Address), problem });
        }
        same.push(index);
    }
    upstreams(table, lines, &first_of, mistakes);
}

fn service(line: &Line) -> Span {
    Span::new(line.opened.unwrap_or(Timestamp::MIN), line.closed.unwrap_or(Timestamp::MAX))
}

fn upstreams(table: &Table, lines: &[Line], first_of: &HashMap<&LineId, usize>, mistakes: &mut Vec<Mistake>) {
    let mut wrong = |index: usize, problem| {
        mistakes.push(Mistake { row: table.rows[index].number, column: Some(Column::Upstream), problem });
    };
    let mut missing = 0;
    for (index, line) in lines.iter().enumerate() {
        let Some(upstream) = line.upstream.as_ref().filter(|id| !first_of.contains_key(id)) else { continue };
        // Looking for the likeliest id reads all of them: not for mistakes that nobody will see.
        missing += 1;
        let looked_for = missing <= InventoryError::SHOWN;
        let suggestion =
            looked_for.then(|| closest(upstream.as_str(), lines.iter().map(|line| line.id.as_str()))).flatten();
        let problem =
            Problem::MissingUpstream { text: upstream.to_string(), suggestion: suggestion.map(str::to_owned) };
        wrong(index, problem);
    }
    let next = |index: usize| lines[index].upstream.as_ref().and_then(|id| first_of.get(id)).copied();
    // The walk that reached a line first; a line reached again by the same walk closes a loop.
    let mut walk_of: Vec<Option<usize>> = vec![None; lines.len()];
    for walk in 0..lines.len() {
        let mut at = walk;
        while walk_of[at].is_none() {
            walk_of[at] = Some(walk);
            let Some(up) = next(at) else { break };
            if walk_of[up] == Some(walk) {
                wrong(up, Problem::Loop(around(lines, up, next)));
            }
            at = up;
        }
    }
}

/// The ids from a line of a loop around to itself.
fn around(lines: &[Line], start: usize, next: impl Fn(usize) -> Option<usize>) -> Vec<String> {
    let mut ids = vec![lines[start].id.to_string()];
    let mut at = start;
    while let Some(up) = next(at) {
        ids.push(lines[up].id.to_string());
        if up == start {
            break;
        }
        at = up;
    }
    ids
}
