//! Every refusal says what to do in the words of where it is shown: a command names its options, a page its fields
//! and buttons, the API its operations and members.

use linewatch::language::Language;
use linewatch::report::objection::{self, Medium};
use linewatch_core::ledger::{
    AccountObjection, DecisionObjection, FaultObjection, ImportObjection, Missing, Objection, PlannedObjection,
    Refusal, SealObjection, Stage,
};
use linewatch_core::record::{AccountName, DecisionId, FaultNo, OutageId, PlannedId, TokenId};
use linewatch_core::time::{Span, Timestamp};

const SOURCES: [&str; 2] =
    [include_str!("../src/core/src/ledger/objection.rs"), include_str!("../src/core/src/ledger/mod.rs")];

/// One of each.
#[expect(clippy::too_many_lines, reason = "a line for each refusal")]
fn all() -> Vec<Refusal> {
    let at = Timestamp(1_780_000_000_000);
    let span = Span::new(at, Timestamp(at.0 + 60_000));
    let by = || "li".to_owned();
    let fault = || FaultNo::from_stored("F20260105-003".to_owned());
    let account = || "li".parse::<AccountName>().expect("a name");
    let (window, decision, outage) = (PlannedId(7), DecisionId(8), OutageId(9));
    let (line, known) = (|| "V-001".into(), || vec!["施工".to_owned()]);
    let faults = [
        FaultObjection::Closed { fault: fault(), by: by() },
        FaultObjection::Void { fault: fault(), by: by() },
        FaultObjection::Restored { fault: fault(), at },
        FaultObjection::Open(fault()),
        FaultObjection::Done { fault: fault(), stage: Stage::OnSite, at, by: by() },
        FaultObjection::BeforeOpening { fault: fault(), at, opened: at },
        FaultObjection::OutOfOrder { fault: fault(), stage: Stage::OnSite, at, other: Stage::Restored, other_at: at },
        FaultObjection::StillDown { fault: fault(), line: line() },
        FaultObjection::NotClosed(fault()),
        FaultObjection::UnknownCause { cause: vec!["施".to_owned()], known: vec![known()] },
        FaultObjection::UnknownSymptom { symptom: by(), known: known() },
        FaultObjection::UnknownChannel { channel: by(), known: known() },
        FaultObjection::Itself(fault()),
        FaultObjection::Point { fault: fault(), line: line() },
        FaultObjection::NoPoint { fault: fault(), line: line() },
        FaultObjection::OwnLine { fault: fault(), line: line() },
        FaultObjection::TooLong { letters: 3, most: 2 },
    ];
    let decisions = [
        DecisionObjection::Unknown(decision),
        DecisionObjection::OwnWord { decision, by: by() },
        DecisionObjection::NeedsNoApproval(decision),
        DecisionObjection::Approved { decision, by: by() },
        DecisionObjection::Rejected { decision, by: by() },
        DecisionObjection::Withdrawn { decision, by: by() },
        DecisionObjection::DeclaresNothing(decision),
        DecisionObjection::Ended { decision, at },
        DecisionObjection::Declared(decision),
        DecisionObjection::Excluded(decision),
        DecisionObjection::Exempted { fault: fault(), decision },
        DecisionObjection::UnknownOutage(outage),
        DecisionObjection::OutageOpen(outage),
        DecisionObjection::Corrected { outage, decision },
        DecisionObjection::NothingCorrected(outage),
        DecisionObjection::Apart { outage, recorded: span },
    ];
    let windows = [
        PlannedObjection::Unknown(window),
        PlannedObjection::Cancelled { planned: window, by: by() },
        PlannedObjection::Over { planned: window, end: at },
        PlannedObjection::Planned(window),
    ];
    let accounts = [
        AccountObjection::Exists(account()),
        AccountObjection::Unknown(account()),
        AccountObjection::Disabled { account: account(), by: by() },
        AccountObjection::NotDisabled(account()),
        AccountObjection::SameRole(account()),
        AccountObjection::LastAdmin(account()),
        AccountObjection::UnknownToken { account: account(), token: TokenId(4) },
    ];
    let imports = [
        ImportObjection::Twice("a.jsonl".to_owned()),
        ImportObjection::Nothing("a.jsonl".to_owned()),
        ImportObjection::NotYet { place: 0, at, now: at },
    ];
    let seals = [
        SealObjection::NotOver { name: by(), end: at, now: at },
        SealObjection::UnknownHead(3),
        SealObjection::Sealed { name: by(), revision: 0 },
        SealObjection::Sealed { name: by(), revision: 1 },
    ];
    let missing = [
        Missing::Reason,
        Missing::Document,
        Missing::Label,
        Missing::Cause,
        Missing::Recipient,
        Missing::Words,
        Missing::Lines,
    ];
    let other = [
        Objection::NotYet { at, now: at },
        Objection::UnknownFault(fault()),
        Objection::EmptySpan(span),
        Objection::UnknownClass("village".into()),
        Objection::UnknownTownship("汀泗桥镇".into()),
        Objection::NotInService { line: line(), service: span },
    ];
    let person = (faults.into_iter().map(Objection::Fault))
        .chain(decisions.into_iter().map(Objection::Decision))
        .chain(windows.into_iter().map(Objection::Planned))
        .chain(accounts.into_iter().map(Objection::Account))
        .chain(imports.into_iter().map(Objection::Import))
        .chain(seals.into_iter().map(Objection::Seal))
        .chain(missing.into_iter().map(Objection::Missing))
        .chain(other);
    [
        Refusal::TooManyRemoved { removed: 30, lines: 401 },
        Refusal::BeforeLastRecord { now: at, recorded_at: at },
        Refusal::UnknownLine(line()),
    ]
    .into_iter()
    .chain(person.map(Refusal::Person))
    .collect()
}

/// Names of the variants of the refusals' enums, as their source has them.
fn variants() -> Vec<&'static str> {
    let mut within = false;
    let mut found = Vec::new();
    for line in SOURCES.iter().flat_map(|source| source.lines()) {
        let heads = ["Objection {", "Missing {", "Refusal {"];
        within =
            (within && line != "}") || (line.starts_with("pub enum") && heads.iter().any(|head| line.ends_with(head)));
        let name = line
            .strip_prefix("    ")
            .filter(|rest| within && rest.starts_with(|letter: char| letter.is_ascii_uppercase()));
        found.extend(name.and_then(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next()));
    }
    found
}

fn said(refusal: &Refusal, medium: Medium) -> Vec<String> {
    let in_language = |language| objection::sentence(refusal, chrono_tz::Asia::Shanghai, language, medium);
    [Language::Chinese, Language::English].map(in_language).to_vec()
}

#[test]
fn the_list_of_refusals_is_whole() {
    let said = format!("{:?}", all());
    let (names, words) = (variants(), said.split(|letter: char| !letter.is_alphanumeric()).collect::<Vec<_>>());
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        assert!(words.contains(&name), "no refusal of the list is a {name}");
    }
}

#[test]
fn neither_a_page_nor_the_api_speaks_of_the_command_line() {
    for refusal in all() {
        for medium in [Medium::Page, Medium::Api] {
            for sentence in said(&refusal, medium) {
                assert!(
                    !sentence.contains("--") && !sentence.contains("linewatch "),
                    "{medium:?} {refusal:?}: {sentence}"
                );
                assert!(!sentence.is_empty());
            }
        }
        for sentence in said(&refusal, Medium::Page) {
            assert!(!sentence.contains('`') && !sentence.contains("/api"), "{refusal:?}: {sentence}");
        }
        for sentence in said(&refusal, Medium::Shell) {
            assert!(!sentence.contains('「') || !sentence.contains("页面"), "{refusal:?}: {sentence}");
            assert!(!sentence.contains("/api"), "{refusal:?}: {sentence}");
        }
    }
}

#[test]
fn each_place_has_its_own_words_for_the_same_thing() {
    let missing = Refusal::Person(Objection::Missing(Missing::Document));
    assert_eq!(said(&missing, Medium::Shell)[0], "要写明依据的文号：用 --document");
    assert_eq!(said(&missing, Medium::Page)[0], "要写明依据的文号：填「依据的文号」");
    assert_eq!(said(&missing, Medium::Api)[0], "要写明依据的文号：写 `document`");
    let closed = FaultObjection::Closed { fault: FaultNo::from_stored("F1".to_owned()), by: "li".to_owned() };
    let closed = Refusal::Person(Objection::Fault(closed));
    assert_eq!(
        said(&closed, Medium::Shell)[0],
        "故障 F1 已由 li 关闭；没有修好的话可以重开：linewatch fault reopen F1"
    );
    assert_eq!(said(&closed, Medium::Page)[0], "故障 F1 已由 li 关闭；没有修好的话可以重开：「没有修好：重开」");
    assert_eq!(
        said(&closed, Medium::Api)[1],
        "li closed fault F1 already; if it is not repaired: `POST /api/v1/faults/F1/steps` (`step`: `reopen`)"
    );
}

/// What a page's sentence calls a field or a button is written in a template.
#[test]
fn the_pages_have_the_fields_and_buttons_that_refusals_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web");
    let mut shown = String::new();
    for folder in ["templates", "pages"] {
        for entry in
            std::fs::read_dir(format!("{}/{folder}", concat!(env!("CARGO_MANIFEST_DIR"), "/src/web"))).expect("pages")
        {
            shown += &std::fs::read_to_string(entry.expect("a file").path()).unwrap_or_default();
        }
    }
    assert!(!shown.is_empty(), "{folder}");
    for refusal in all() {
        if matches!(&refusal, Refusal::Person(Objection::Fault(objection))
            if matches!(objection, FaultObjection::UnknownCause { .. } | FaultObjection::UnknownSymptom { .. }
                | FaultObjection::UnknownChannel { .. } | FaultObjection::Done { .. } | FaultObjection::OutOfOrder { .. }))
        {
            // These quote what was said, or stages.
            continue;
        }
        for quoted in said(&refusal, Medium::Page)[0].split('「').skip(1) {
            let name = quoted.split('」').next().unwrap_or_default();
            assert!(shown.contains(&format!("\"{name}\"")), "{refusal:?} names 「{name}」, which no page has");
        }
    }
}
