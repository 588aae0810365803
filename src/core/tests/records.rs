//! What stands in records: kinds are spelt as the journal spells them, numbers and words as people read them, and a scope
//! concerns the lines that it names.

use linewatch_core::line::{ClassName, Line, LineId};
use linewatch_core::record::{
    AccountName, Amendment, Attribution, Claim, DecisionId, FaultNo, FaultSource, OutageId, PlannedId, Record, Scope,
    TokenId,
};
use linewatch_core::rollup::{Fen, Policy};
use linewatch_core::time::{Span, Timestamp};
use linewatch_core::upstream::Upstream;

/// One record of each kind, as they are kept for ever.
fn golden() -> Vec<(serde_json::Value, Record)> {
    let text = include_str!("../../../tests/golden.jsonl");
    text.lines()
        .map(|line| (serde_json::from_str(line).expect("JSON"), serde_json::from_str(line).expect("a record")))
        .collect()
}

#[test]
fn a_kind_is_what_the_journal_says() {
    let mut kinds = std::collections::BTreeSet::new();
    for (json, record) in golden() {
        let (subject, fact) = json["fact"].as_object().and_then(|fact| fact.iter().next()).expect("one subject");
        let verb = fact.as_object().and_then(|fact| fact.keys().next()).map(String::as_str).or(fact.as_str());
        assert_eq!(record.fact.kind(), format!("{subject}.{}", verb.expect("one verb")));
        kinds.insert(record.fact.kind());
    }
    assert!(kinds.len() > 50, "{kinds:?}");
}

#[test]
fn of_two_faults_the_other_is_the_one_that_stays() {
    let other = |verb: &str| {
        let facts = golden().into_iter().filter_map(|(json, record)| {
            let linewatch_core::record::Fact::Fault(fact) = record.fact else { return None };
            json["fact"]["fault"].get(verb).is_some().then(|| (fact.fault().clone(), fact.other().cloned()))
        });
        facts.collect::<Vec<_>>()
    };
    for verb in ["merged", "combined", "split"] {
        let facts = other(verb);
        assert!(!facts.is_empty(), "{verb}");
        for (fault, other) in facts {
            assert_ne!(Some(fault), other.clone(), "{verb}");
            assert!(other.is_some(), "{verb}");
        }
    }
    for (fault, other) in other("closed").into_iter().chain(other("opened")) {
        assert_eq!(other, None, "{fault}");
    }
    let no = FaultNo::new(chrono::NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day"), 3);
    assert_eq!(no.to_string(), "F20260105-003");
    assert_eq!(format!("{no:>15}|"), "  F20260105-003|", "columns line up");
}

#[test]
fn numbers_and_names_are_printed_as_they_are() {
    assert_eq!(OutageId(7).to_string(), "7");
    assert_eq!(DecisionId(8).to_string(), "8");
    assert_eq!(PlannedId(9).to_string(), "9");
    assert_eq!(TokenId(10).to_string(), "10");
    assert_eq!("王芳".parse::<AccountName>().expect("a name").to_string(), "王芳");
    assert_eq!([FaultSource::Detected, FaultSource::Reported].map(FaultSource::label), ["detected", "reported"]);
    let attributions = [Attribution::Own, Attribution::Upstream("T".into()), Attribution::Declared];
    assert_eq!(attributions.each_ref().map(Attribution::label), ["own", "upstream", "declared"]);
    let yuan = [0, 5, 1234, -5, -1234].map(|fen| Fen(fen).to_string());
    assert_eq!(yuan, ["0.00", "0.05", "12.34", "-0.05", "-12.34"]);
    assert_eq!(serde_json::to_string(&Fen(1234)).expect("a number"), "12.34");
}

#[test]
fn only_what_makes_a_figure_worse_needs_no_second_person() {
    let outage = OutageId(7);
    let span = Span::new(Timestamp(0), Timestamp(1));
    let claims = [
        (serde_json::json!({"declared": {"line": "A", "from": 0, "until": 1}}), false),
        (serde_json::json!({"excluded": {"scope": "all", "span": span}}), true),
        (serde_json::json!({"corrected": {"outage": outage, "counts": null}}), true),
        (serde_json::json!({"exempted": {"fault": "F20260105-003"}}), true),
    ];
    for (json, needs) in claims {
        let claim: Claim = serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(claim.needs_approval(), needs, "{json}");
    }
}

#[test]
fn an_amendment_says_nothing_or_something() {
    assert!(Amendment::default().is_empty());
    assert!(!Amendment { remedy: Some("接好了".to_owned()), ..Amendment::default() }.is_empty());
}

#[test]
fn a_class_has_its_own_target_or_everybodys() {
    let mut policy = Policy { target_ppm: 990_000, ..Policy::default() };
    policy.targets_ppm.insert(ClassName::from("township"), 999_000);
    assert_eq!((policy.target(&"township".into()), policy.target(&"village".into())), (999_000, 990_000));
}

#[test]
fn a_scope_concerns_the_lines_it_names() {
    let line = |id: &str, class: &str, township: &str, upstream: Option<&str>| Line {
        township: township.into(),
        upstream: upstream.map(LineId::from),
        ..Line::new(id, id, class, "10.0.0.1")
    };
    let lines = [
        line("T", "township", "east", None),
        line("V", "village", "east", Some("T")),
        line("W", "village", "west", Some("V")),
        line("X", "surveillance", "west", None),
    ];
    let upstream = Upstream::of(&lines);
    let table = [
        (Scope::All, "TVWX", None),
        (Scope::Line("T".into()), "T", Some("T")),
        (Scope::Trunk("T".into()), "TVW", Some("T")),
        (Scope::Trunk("X".into()), "X", Some("X")),
        (Scope::Class("village".into()), "VW", None),
        (Scope::Township("east".into()), "TV", None),
    ];
    for (scope, expected, on) in &table {
        let concerned = lines.iter().filter(|line| scope.concerns(line, &upstream)).map(|line| line.id.as_str());
        assert_eq!(concerned.collect::<String>(), *expected, "{scope:?}");
        assert_eq!(scope.line().map(LineId::as_str), *on, "{scope:?}");
    }
}

#[test]
fn a_scope_includes_itself_and_what_can_never_be_more() {
    let line = |id: &str| Scope::Line(id.into());
    let trunk = |id: &str| Scope::Trunk(id.into());
    let class = |name: &str| Scope::Class(name.into());
    for (one, other, includes) in [
        (Scope::All, Scope::All, true),
        (Scope::All, class("village"), true),
        (class("village"), Scope::All, false),
        (trunk("T"), trunk("T"), true),
        (trunk("T"), line("T"), true),
        (trunk("T"), line("V"), false),
        (trunk("T"), trunk("V"), false),
        (line("T"), trunk("T"), false),
        (line("T"), line("T"), true),
        (line("T"), line("V"), false),
        (class("village"), class("township"), false),
        (class("village"), class("village"), true),
    ] {
        assert_eq!(one.includes(&other), includes, "{one:?} {other:?}");
    }
}
