//! The same figures as one would ask a database for them. It knows nothing of windows, corrections, imports, bridged
//! gaps or lines that change: the bench's year has none, so that both have to agree.

use std::collections::BTreeMap;
use std::path::Path;

use linewatch_core::rollup::{Figures, Rollup};
use rusqlite::{Connection, OpenFlags, params};

use super::year::{FROM, TO};

/// Sums of a group, in milliseconds, and its counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub lines: i64,
    pub own_ms: i64,
    pub upstream_ms: i64,
    pub undetermined_ms: i64,
    pub outages: i64,
    pub longest_ms: i64,
}

/// By class, township, carrier, line and month, and the total under the empty name.
pub type Found = BTreeMap<(&'static str, String), Sums>;

const BY_LINE: &str = "
WITH unseen AS (
    SELECT coalesce(sum(min(until_ms, ?2) - max(from_ms, ?1)), 0) AS ms FROM gaps
    WHERE all_lines = 1 AND from_ms < ?2 AND until_ms > ?1
), pieces AS (
    SELECT o.line, o.outage, s.attribution, min(o.end_ms, ?2) - max(o.start_ms, ?1) AS ms, o.end_ms - o.start_ms AS whole
    FROM outages AS o JOIN segments AS s ON s.outage = o.outage
    WHERE o.start_ms < ?2 AND o.end_ms > ?1
)
SELECT l.line, l.class, l.township, l.carrier,
       coalesce(sum(CASE WHEN p.attribution = 'own' THEN p.ms END), 0),
       coalesce(sum(CASE WHEN p.attribution = 'upstream' THEN p.ms END), 0),
       count(p.outage), coalesce(max(p.whole), 0), (SELECT ms FROM unseen)
FROM lines AS l LEFT JOIN pieces AS p ON p.line = l.line
GROUP BY l.line";

/// Asks the database.
pub fn figures(path: &Path) -> (Found, usize) {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let mut statement = connection.prepare(BY_LINE).expect("SQL");
    let mut found = Found::new();
    let mut rows = statement.query(params![FROM, TO]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let text = |place: usize| row.get::<_, String>(place).expect("text");
        let number = |place: usize| row.get::<_, i64>(place).expect("a number");
        let sums = Sums {
            lines: 1,
            own_ms: number(4),
            upstream_ms: number(5),
            outages: number(6),
            longest_ms: number(7),
            undetermined_ms: number(8),
        };
        let names = [
            ("total", String::new()),
            ("class", text(1)),
            ("township", text(2)),
            ("carrier", text(3)),
            ("line", text(0)),
        ];
        for name in names {
            let group = found.entry(name).or_default();
            group.lines += 1;
            group.own_ms += sums.own_ms;
            group.upstream_ms += sums.upstream_ms;
            group.undetermined_ms += sums.undetermined_ms;
            group.outages += sums.outages;
            group.longest_ms = group.longest_ms.max(sums.longest_ms);
        }
    }
    let groups = found.len();
    (found, groups)
}

/// Fails where the two disagree.
pub fn same(found: &Found, rollup: &Rollup) {
    let check = |kind: &'static str, name: &str, figures: &Figures| {
        let sums = found.get(&(kind, name.to_owned())).copied().unwrap_or_default();
        let ours = Sums {
            lines: figures.lines.cast_signed(),
            own_ms: figures.down_own_ms.0,
            upstream_ms: figures.down_upstream_ms.0,
            undetermined_ms: figures.undetermined_ms.0,
            outages: figures.outages.cast_signed(),
            longest_ms: figures.longest_outage_ms.map_or(0, |length| length.0),
        };
        assert_eq!(ours, sums, "{kind} {name}");
    };
    check("total", "", &rollup.total);
    rollup.classes.iter().for_each(|of| check("class", of.class.as_str(), &of.figures));
    rollup.townships.iter().for_each(|of| check("township", of.township.as_str(), &of.figures));
    rollup.carriers.iter().for_each(|of| check("carrier", &of.carrier, &of.figures));
    rollup.lines.iter().for_each(|of| check("line", of.line.as_str(), &of.figures));
}
