//! Canonical bytes: the UTF-8 JSON of a record as it is written once, stored as it is and never serialised again.
//!
//! Reading checks the (kind, version) of every record. Versions of the past are lifted in `lift`, the one place
//! for it; versions of the future stop with "written by a newer linewatch".

use std::borrow::Cow;
use std::fmt;

use linewatch_core::record::{RECORD_VERSION, Record};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::language::Language;

/// Every kind of record that this program knows, with the version that it writes.
pub const KINDS: [(&str, u16); 59] = [
    ("observation.resumed", RECORD_VERSION),
    ("observation.checkpoint", RECORD_VERSION),
    ("observation.blinded", RECORD_VERSION),
    ("observation.sighted", RECORD_VERSION),
    ("observation.clock_stepped", RECORD_VERSION),
    ("observation.line_lost", RECORD_VERSION),
    ("observation.line_seen", RECORD_VERSION),
    ("line.commissioned", RECORD_VERSION),
    ("line.changed", RECORD_VERSION),
    ("line.decommissioned", RECORD_VERSION),
    ("outage.started", RECORD_VERSION),
    ("outage.attributed", RECORD_VERSION),
    ("outage.bridged", RECORD_VERSION),
    ("outage.ended", RECORD_VERSION),
    ("fault.opened", RECORD_VERSION),
    ("fault.joined", RECORD_VERSION),
    ("fault.left", RECORD_VERSION),
    ("fault.relapsed", RECORD_VERSION),
    ("fault.restored", RECORD_VERSION),
    ("fault.merged", RECORD_VERSION),
    ("planned.added", RECORD_VERSION),
    ("planned.cancelled", RECORD_VERSION),
    ("decision.proposed", RECORD_VERSION),
    ("decision.ended", RECORD_VERSION),
    ("decision.approved", RECORD_VERSION),
    ("decision.rejected", RECORD_VERSION),
    ("decision.withdrawn", RECORD_VERSION),
    ("inspection.made", RECORD_VERSION),
    ("history.imported", RECORD_VERSION),
    ("history.line", RECORD_VERSION),
    ("history.observed", RECORD_VERSION),
    ("history.outage", RECORD_VERSION),
    ("history.planned", RECORD_VERSION),
    ("history.fault", RECORD_VERSION),
    ("seal.sealed", RECORD_VERSION),
    ("fault.dated", RECORD_VERSION),
    ("fault.verified", RECORD_VERSION),
    ("fault.reported", RECORD_VERSION),
    ("fault.report_joined", RECORD_VERSION),
    ("fault.acknowledged", RECORD_VERSION),
    ("fault.dispatched", RECORD_VERSION),
    ("fault.arrived", RECORD_VERSION),
    ("fault.repaired", RECORD_VERSION),
    ("fault.closed", RECORD_VERSION),
    ("fault.reopened", RECORD_VERSION),
    ("fault.combined", RECORD_VERSION),
    ("fault.split", RECORD_VERSION),
    ("fault.voided", RECORD_VERSION),
    ("fault.noted", RECORD_VERSION),
    ("fault.point_added", RECORD_VERSION),
    ("fault.point_removed", RECORD_VERSION),
    ("person.added", RECORD_VERSION),
    ("person.role_changed", RECORD_VERSION),
    ("person.disabled", RECORD_VERSION),
    ("person.enabled", RECORD_VERSION),
    ("person.password_set", RECORD_VERSION),
    ("person.token_added", RECORD_VERSION),
    ("person.token_revoked", RECORD_VERSION),
    ("person.signed_out", RECORD_VERSION),
];

/// Why bytes are no record for this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// The kind is unknown, or its version higher than ours.
    Newer {
        /// `subject.verb`.
        kind: String,
        /// Version.
        v: u16,
    },
    /// Not a record at all: damaged, or made by hand.
    Unreadable {
        /// What the JSON reader says.
        reason: String,
    },
}

impl CodecError {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Newer { kind, v } => language.pick(
                format!("由更新版本的 linewatch 写入（{kind}，版本 {v}），请升级本程序"),
                format!("written by a newer linewatch ({kind}, version {v}): upgrade this program"),
            ),
            Self::Unreadable { reason } => {
                language.pick(format!("内容不是有效的记录：{reason}"), format!("the bytes are no record: {reason}"))
            }
        }
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for CodecError {}

/// The canonical bytes of a new record. Call it once per record and keep the bytes.
///
/// # Panics
/// Never: records hold strings, integers and lists only, and those always have a JSON form.
pub fn encode(record: &Record) -> String {
    serde_json::to_string(record).expect("strings, integers and lists always have a JSON form")
}

/// Reads canonical bytes.
///
/// # Errors
/// [`CodecError::Newer`] for an unknown kind or a higher version, [`CodecError::Unreadable`] for anything else.
pub fn decode(bytes: &[u8]) -> Result<Record, CodecError> {
    // Nearly all records are of today's versions: read them in one pass and look closer only when that fails.
    let failure = match serde_json::from_slice::<Record>(bytes) {
        Ok(record) if version_of(record.fact.kind()) == Some(record.v) => return Ok(record),
        Ok(_) => None,
        Err(error) => Some(unreadable(&error)),
    };
    let Envelope { v, fact: Kind(kind) } = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
    match version_of(&kind) {
        None => Err(CodecError::Newer { kind, v }),
        Some(ours) if v > ours => Err(CodecError::Newer { kind, v }),
        Some(ours) if v < ours => lift(&kind, v, serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?),
        Some(_) => Err(failure.unwrap_or_else(|| CodecError::Unreadable { reason: format!("{kind}, version {v}") })),
    }
}

/// Turns a record of an older version into today's meaning. No kind has an older version yet: an arm
/// `("subject.verb", 1) => …` that alters the JSON and reads it comes here with the first version 2, and stays for ever.
fn lift(kind: &str, v: u16, _record: Value) -> Result<Record, CodecError> {
    #[expect(clippy::match_single_binding, reason = "arms are added as versions grow old")]
    match (kind, v) {
        _ => Err(CodecError::Unreadable { reason: format!("{kind} never had a version {v}") }),
    }
}

fn version_of(kind: &str) -> Option<u16> {
    KINDS.iter().find(|(name, _)| *name == kind).map(|(_, v)| *v)
}

fn unreadable(error: &serde_json::Error) -> CodecError {
    CodecError::Unreadable { reason: error.to_string() }
}

/// What every record of every version has.
#[derive(Deserialize)]
struct Envelope {
    v: u16,
    fact: Kind,
}

/// `subject.verb` of a fact `{"subject":{"verb":…}}`, without reading the rest.
struct Kind(String);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Subject;
        impl<'de> Visitor<'de> for Subject {
            type Value = Kind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a fact")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kind, A::Error> {
                let (subject, Verb(verb)) = map
                    .next_entry::<Cow<'de, str>, Verb>()?
                    .ok_or_else(|| serde::de::Error::custom("a fact without a subject"))?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Kind(format!("{subject}.{verb}")))
            }
        }
        deserializer.deserialize_map(Subject)
    }
}

/// The verb of a fact: the key of an object, or a plain string for a verb without details.
struct Verb(String);

impl<'de> Deserialize<'de> for Verb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Verb;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a verb")
            }

            fn visit_str<E: serde::de::Error>(self, verb: &str) -> Result<Verb, E> {
                Ok(Verb(verb.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Verb, A::Error> {
                let (verb, _) = map
                    .next_entry::<Cow<'de, str>, IgnoredAny>()?
                    .ok_or_else(|| serde::de::Error::custom("a fact without a verb"))?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Verb(verb.into_owned()))
            }
        }
        deserializer.deserialize_any(Name)
    }
}

#[cfg(test)]
mod tests {
    use linewatch_core::record::{Fact, ObservationFact, Origin};
    use linewatch_core::time::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn record(seq: u64, at: i64, author: &str) -> Record {
        Record {
            seq,
            v: RECORD_VERSION,
            recorded_at: Timestamp(at),
            origin: Origin::Live,
            author: author.to_owned(),
            fact: Fact::Observation(ObservationFact::Sighted { at: Timestamp(at) }),
        }
    }

    const SIGHTED: &str = r#"{"seq":1,"v":1,"recorded_at":5,"origin":"live","author":"linewatch","fact":{"observation":{"sighted":{"at":5}}}}"#;

    #[test]
    fn the_canonical_form_is_what_it_always_was() {
        assert_eq!(encode(&record(1, 5, "linewatch")), SIGHTED);
        assert_eq!(decode(SIGHTED.as_bytes()), Ok(record(1, 5, "linewatch")));
    }

    #[test]
    fn a_higher_version_was_written_by_a_newer_linewatch() {
        for (from, to, kind, v) in [
            (r#""v":1"#, r#""v":2"#, "observation.sighted", 2),
            ("sighted", "dreamt", "observation.dreamt", 1),
            ("observation", "weather", "weather.sighted", 1),
            (r#"{"sighted":{"at":5}}"#, r#""rested""#, "observation.rested", 1),
        ] {
            let bytes = SIGHTED.replace(from, to);
            let error = decode(bytes.as_bytes()).expect_err(&bytes);
            assert_eq!(error, CodecError::Newer { kind: kind.to_owned(), v });
            assert!(error.to_string().contains("written by a newer linewatch"), "{error}");
        }
    }

    #[test]
    fn a_newer_version_with_another_envelope_or_body_is_still_told_apart() {
        let bytes = SIGHTED.replace(r#""v":1"#, r#""v":3,"site":"x""#).replace(r#""at":5"#, r#""when":[5]"#);
        assert_eq!(decode(bytes.as_bytes()), Err(CodecError::Newer { kind: "observation.sighted".to_owned(), v: 3 }));
    }

    #[test]
    fn a_version_that_never_was_reaches_the_lift_and_is_refused_there() {
        let bytes = SIGHTED.replace(r#""v":1"#, r#""v":0"#);
        let Err(CodecError::Unreadable { reason }) = decode(bytes.as_bytes()) else { panic!("{bytes} was read") };
        assert_eq!(reason, "observation.sighted never had a version 0");
    }

    #[test]
    fn damaged_bytes_and_unknown_keys_are_unreadable() {
        for bytes in [
            "",
            "{}",
            "null",
            &SIGHTED[..40],
            &SIGHTED.replace(r#""at":5"#, r#""at":5,"by":6"#),
            &SIGHTED.replace(r#""author""#, r#""site":"x","author""#),
            &SIGHTED.replace(r#"{"observation":{"sighted":{"at":5}}}"#, "{}"),
            &SIGHTED.replace(r#"{"sighted":{"at":5}}"#, "{}"),
        ] {
            assert!(matches!(decode(bytes.as_bytes()), Err(CodecError::Unreadable { .. })), "{bytes}");
        }
    }

    /// `f32` and `f64` are not `Eq`, and `Record` derives it: a float anywhere in a record would not compile.
    #[test]
    fn no_float_can_be_in_a_record() {
        fn without_floats<T: Eq>(_: &T) {}
        without_floats(&record(1, 5, "x"));
    }

    #[test]
    fn a_float_is_not_read_for_an_integer() {
        for number in ["5.0", "5e0", "5.5", "-0.0"] {
            let bytes = SIGHTED.replace(r#""at":5"#, &format!(r#""at":{number}"#));
            assert!(matches!(decode(bytes.as_bytes()), Err(CodecError::Unreadable { .. })), "{number}");
        }
    }

    proptest! {
        #[test]
        fn any_text_and_any_instant_come_back_and_no_number_is_a_float(
            seq in 1..u64::MAX, at in any::<i64>(), author in any::<String>()
        ) {
            let record = record(seq, at, &author);
            let bytes = encode(&record);
            prop_assert!(!bytes.contains('\n'), "one record is one line");
            prop_assert_eq!(decode(bytes.as_bytes()), Ok(record));
            let value: Value = serde_json::from_str(&bytes).unwrap();
            for number in [&value["seq"], &value["v"], &value["recorded_at"], &value["fact"]["observation"]["sighted"]["at"]] {
                prop_assert!(number.is_i64() || number.is_u64());
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>()) {
            prop_assert!(decode(&bytes).is_err());
        }
    }
}
