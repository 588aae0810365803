//! A client small enough to be trusted.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::process::PATIENCE;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200, 404, …
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The rest.
    pub body: String,
}

/// Asks for a path; an error when nobody answers in time.
pub fn get(address: SocketAddr, path: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
