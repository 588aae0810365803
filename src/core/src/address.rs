//! What may stand in an address column or a list of references.

use core::net::IpAddr;

/// An IP address in its shortest form or a host name in small letters; `None` when it is neither.
pub fn normalise(text: &str) -> Option<String> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some(ip.to_canonical().to_string());
    }
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits only is a mistyped IPv4 address, never a name (RFC 3696 section 2).
    let last_is_number = name.rsplit('.').next().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    (name.len() <= 253 && name.split('.').all(label) && !last_is_number).then_some(name)
}

/// Whether an IP address can be one line's own: not unspecified, not multicast, not broadcast.
pub fn is_one_host(ip: IpAddr) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
    !ip.is_unspecified() && !ip.is_multicast() && !broadcast
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_one_address() {
        for (text, normal) in [
            ("127.0.0.1", "127.0.0.1"),
            ("2001:DB8:0:0::1", "2001:db8::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("GW.Example.CN.", "gw.example.cn"),
        ] {
            assert_eq!(normalise(text).as_deref(), Some(normal), "{text}");
        }
    }

    #[test]
    fn no_address_at_all() {
        for text in
            ["", ".", "127.000.000.001", "10.0.0.256", "10.0.0", "a b", "-a.cn", "http://a", "10.0.0.1:80", "a..b"]
        {
            assert_eq!(normalise(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_of_nobody_or_of_many_is_no_lines_own() {
        for (text, one) in [
            ("10.0.0.1", true),
            ("2001:db8::1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("224.0.0.1", false),
            ("ff02::1", false),
            ("255.255.255.255", false),
        ] {
            assert_eq!(is_one_host(text.parse().expect("an address")), one, "{text}");
        }
    }
}
