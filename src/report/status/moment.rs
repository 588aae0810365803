//! Instants in JSON: RFC 3339 in UTC, to the millisecond.

use linewatch_core::time::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(in crate::report) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

pub(in crate::report) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

fn parse<E: Error>(text: &str) -> Result<Timestamp, E> {
    let at = chrono::DateTime::parse_from_rfc3339(text).map_err(|error| E::custom(format!("{text:?}: {error}")))?;
    Ok(Timestamp(at.timestamp_millis()))
}

pub(in crate::report) mod optional {
    use super::{Deserialize, Deserializer, Serializer, Timestamp, parse};

    #[expect(clippy::ref_option, reason = "serde passes a reference")]
    pub(in crate::report) fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.collect_str(at),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::report) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| parse(&text)).transpose()
    }
}
