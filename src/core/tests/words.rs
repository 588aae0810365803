//! Words that stand in the journal, in the inventory and on metrics: each is spelt in one way, and read back.

use linewatch_core::line::{Line, ProbeMethod};
use linewatch_core::outcome::{State, UnsentCause};
use linewatch_core::time::{Millis, Timestamp};

#[test]
fn a_way_of_probing_is_written_as_it_is_read() {
    for (text, method) in
        [("icmp", ProbeMethod::Icmp), ("tcp:443", ProbeMethod::Tcp(443)), ("rtsp:554", ProbeMethod::Rtsp(554))]
    {
        assert_eq!(text.parse(), Ok(method));
        assert_eq!(text.to_ascii_uppercase().parse(), Ok(method), "people write capitals");
        assert_eq!(method.to_string(), text);
        let json = serde_json::to_value(method).expect("a text");
        assert_eq!(json, text);
        assert_eq!(serde_json::from_value::<ProbeMethod>(json).expect("what was written"), method);
    }
}

#[test]
fn no_other_way_of_probing_is_known() {
    for text in
        ["", "ping", "icmp:1", "tcp", "rtsp", "udp:53", "tcp:", "tcp:0", "tcp:65536", "tcp:-1", "rtsp:0", "rtsp:x"]
    {
        let error = text.parse::<ProbeMethod>().expect_err(text);
        assert_eq!(error.to_string(), format!("unknown probe method {text:?}: use icmp, tcp:PORT or rtsp:PORT"));
        assert!(serde_json::from_value::<ProbeMethod>(text.into()).is_err(), "{text}");
    }
}

#[test]
fn labels_of_states_and_causes_are_those_of_the_journal() {
    for state in State::ALL {
        assert_eq!(serde_json::to_value(state).expect("a text"), state.label());
        assert_eq!(state.to_string(), state.label());
        assert_eq!(format!("{state:>13}").len(), 13, "columns line up");
    }
    assert_eq!(State::ALL.map(|state| state as u8), [0, 1, 2, 3, 4, 5], "the numbers of linewatch_line_state");
    for (number, cause) in UnsentCause::ALL.into_iter().enumerate() {
        assert_eq!(serde_json::to_value(cause).expect("a text"), cause.label());
        assert_eq!(cause as usize, number, "counted by its place");
    }
}

#[test]
fn an_instant_is_written_in_utc_to_the_millisecond() {
    assert_eq!(Timestamp(1_767_571_200_050).to_string(), "2026-01-05T00:00:00.050Z");
    assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
    assert!((Millis(1500).as_secs_f64() - 1.5).abs() < 1e-12);
}

#[test]
fn a_line_is_in_service_from_the_first_instant_of_its_opening_to_the_last_before_its_closing() {
    let always = Line::new("V-1", "白沙村", "village", "10.0.0.1");
    let some_time = Line { opened: Some(Timestamp(10)), closed: Some(Timestamp(20)), ..always.clone() };
    for (at, inside) in [(9, false), (10, true), (19, true), (20, false)] {
        assert!(always.in_service(Timestamp(at)));
        assert_eq!(some_time.in_service(Timestamp(at)), inside, "{at}");
    }
}
