//! RTSP, as little of it as proves that the service answers: one OPTIONS request, one status line.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use socket2::Socket;
use tokio::io::Interest;

use super::family::{own_failure, send_failure};
use super::sockopt;

/// The longest status line that is read, bytes, its end included.
const LONGEST_LINE: usize = 1024;

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The line sent a status line, whatever status.
    Status,
    /// It did not.
    Failed(Outcome),
}

/// A request under way on an open connection.
pub(super) struct Exchange {
    socket: Socket,
    line: [u8; LONGEST_LINE],
    filled: usize,
}

impl Exchange {
    /// Sends the request, which fits into the empty send buffer of a new connection.
    pub fn begin(socket: Socket, address: SocketAddr) -> Result<Self, Outcome> {
        // From here on TCP itself deals with ICMP errors: they end no open connection (RFC 5461).
        sockopt::queue_icmp_errors(&socket, address.is_ipv6(), false)
            .map_err(|error| Outcome::Unsent(own_failure(&error)))?;
        let request = request(address);
        match (&socket).write(request.as_bytes()) {
            Ok(written) if written == request.len() => {}
            Ok(_) => return Err(Outcome::Unsent(UnsentCause::NoBuffer)),
            // What the line said before it went may still be there to read.
            Err(error) if gone(&error) => {}
            Err(error) => return Err(send_failure(&error, false)),
        }
        Ok(Self { socket, line: [0; LONGEST_LINE], filled: 0 })
    }

    /// Waits for the status line, or for something that is none.
    pub async fn verdict(&mut self) -> Verdict {
        loop {
            if let Some(verdict) = self.look() {
                return verdict;
            }
            if let Err(error) = sockopt::ready(&self.socket, Interest::READABLE).await {
                return Verdict::Failed(Outcome::Unsent(own_failure(&error)));
            }
        }
    }

    /// Reads what has arrived; `None` while the line is not complete.
    pub fn look(&mut self) -> Option<Verdict> {
        let closed = Verdict::Failed(Outcome::Loss(LossCause::Closed));
        loop {
            match (&self.socket).read(&mut self.line[self.filled..]) {
                Ok(0) => return Some(closed),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if gone(&error) => return Some(closed),
                Err(error) if error.raw_os_error() == Some(libc::ETIMEDOUT) => {
                    return Some(Verdict::Failed(Outcome::Loss(LossCause::Timeout)));
                }
                Err(error) => return Some(Verdict::Failed(send_failure(&error, false))),
            }
            match read_status(&self.line[..self.filled]) {
                Reading::Status(_) => return Some(Verdict::Status),
                Reading::Incomplete if self.filled < LONGEST_LINE => {}
                Reading::Incomplete | Reading::Other => {
                    return Some(Verdict::Failed(Outcome::Loss(LossCause::NotRtsp)));
                }
            }
        }
    }
}

/// Whether the error says that the line has ended the connection.
fn gone(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ECONNRESET | libc::EPIPE | libc::ECONNREFUSED))
}

/// The request of RFC 2326 section 10.1, in the form that every player sends: with the address of the server, in
/// version 1.0, which servers of version 2.0 answer, too (with 505 at worst).
fn request(address: SocketAddr) -> String {
    // Without the interface of a link-local address, which means nothing to the other side.
    let host = SocketAddr::new(address.ip(), address.port());
    let version = env!("CARGO_PKG_VERSION");
    format!("OPTIONS rtsp://{host}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: linewatch/{version}\r\n\r\n")
}

/// What the bytes received so far are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// A status line with this status.
    Status(u16),
    /// The beginning of one, perhaps.
    Incomplete,
    /// Something else.
    Other,
}

/// Reads `Status-Line = RTSP-Version SP Status-Code SP Reason-Phrase CRLF` (RFC 2326 section 7.1, RFC 7826 section
/// 8.1). Two things that devices get wrong are forgiven: a missing reason with its blank, and LF alone as the end.
fn read_status(bytes: &[u8]) -> Reading {
    const VERSIONS: [&[u8]; 2] = [b"RTSP/1.0 ", b"RTSP/2.0 "];
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let line = &bytes[..end.unwrap_or(bytes.len())];
    let incomplete = if end.is_none() { Reading::Incomplete } else { Reading::Other };
    let head = line.get(..VERSIONS[0].len()).unwrap_or(line);
    if !VERSIONS.iter().any(|version| version.starts_with(head)) {
        return Reading::Other;
    }
    let rest = &line[head.len()..];
    let (code, reason) = rest.split_at(rest.len().min(3));
    if !code.iter().all(u8::is_ascii_digit) || !matches!(code.first(), None | Some(b'1'..=b'5')) {
        return Reading::Other;
    }
    if code.len() < 3 {
        return incomplete;
    }
    let reason = if end.is_some() { reason.strip_suffix(b"\r").unwrap_or(reason) } else { reason };
    // Without the line's end the last byte may be the CR of it.
    let text = if end.is_none() { reason.strip_suffix(b"\r").unwrap_or(reason) } else { reason };
    let plain = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    if !matches!(text.first(), None | Some(b' ')) || !text.iter().all(plain) {
        return Reading::Other;
    }
    if end.is_none() {
        return Reading::Incomplete;
    }
    Reading::Status(code.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_status_is_a_status() {
        for (line, status) in [
            ("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", 200),
            ("RTSP/1.0 401 Unauthorized\r\n", 401),
            ("RTSP/1.0 404 Stream Not Found\r\n", 404),
            ("RTSP/1.0 454 Session Not Found\r\n", 454),
            ("RTSP/1.0 505 RTSP Version not supported\r\n", 505),
            ("RTSP/2.0 200 OK\r\n", 200),
            ("RTSP/1.0 100 Continue\r\n", 100),
            ("RTSP/1.0 200 \r\n", 200),
            ("RTSP/1.0 200\r\n", 200),
            ("RTSP/1.0 200 OK\n", 200),
            ("RTSP/1.0 200 成功\r\n", 200),
        ] {
            assert_eq!(read_status(line.as_bytes()), Reading::Status(status), "{line:?}");
            let end = line.find('\n').unwrap();
            for cut in 0..end {
                assert_eq!(read_status(&line.as_bytes()[..cut]), Reading::Incomplete, "{:?}", &line.as_bytes()[..cut]);
            }
        }
    }

    #[test]
    fn everything_else_is_none() {
        for line in [
            "HTTP/1.0 200 OK\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
            "H",
            "\r\n",
            "\nRTSP/1.0 200 OK\r\n",
            " RTSP/1.0 200 OK\r\n",
            "rtsp/1.0 200 OK\r\n",
            "RTSP/1.1 200 OK\r\n",
            "RTSP/3.0 200 OK\r\n",
            "RTSP/1.0\r\n",
            "RTSP/1.0 \r\n",
            "RTSP/1.0 20\r\n",
            "RTSP/1.0 20 OK\r\n",
            "RTSP/1.0 2000 OK\r\n",
            "RTSP/1.0 099 OK\r\n",
            "RTSP/1.0 600 OK\r\n",
            "RTSP/1.0  200 OK\r\n",
            "RTSP/1.0 200OK\r\n",
            "RTSP/1.0 200 O\0K\r\n",
            "RTSP/1.0 200 O\rK\r\n",
            "OPTIONS rtsp://10.0.0.1:554/ RTSP/1.0\r\n",
            "SSH-2.0-dropbear\r\n",
        ] {
            assert_eq!(read_status(line.as_bytes()), Reading::Other, "{line:?}");
        }
    }

    #[test]
    fn the_request_names_the_server_as_players_do() {
        let v4 = request("10.64.0.1:554".parse().unwrap());
        assert!(v4.starts_with("OPTIONS rtsp://10.64.0.1:554/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: linewatch/"), "{v4}");
        assert!(v4.ends_with("\r\n\r\n"));
        let v6 = request("[fe80::1%3]:8554".parse().unwrap());
        assert!(v6.starts_with("OPTIONS rtsp://[fe80::1]:8554/ RTSP/1.0\r\n"), "{v6}");
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..LONGEST_LINE)) {
            let _ = read_status(&bytes);
        }

        /// Once something is no status line, no more bytes make it one; once it is one, it stays one.
        #[test]
        fn more_bytes_change_no_verdict(
            line in "RTSP/[12][.]0 [0-9]{1,4}[ A-Z\r]{0,4}\r?\n?", more in prop::collection::vec(any::<u8>(), 0..8),
        ) {
            let before = read_status(line.as_bytes());
            let after = read_status(&[line.as_bytes(), &more].concat());
            prop_assert!(before == Reading::Incomplete || before == after, "{before:?}, then {after:?}");
        }
    }
}
