//! What a mail server would be handed.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};

use super::PATIENCE;
use crate::lab::Namespace;

/// One e-mail, decoded.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who it is for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// All parts, one after the other.
    pub body: String,
}

/// Listens at 127.0.0.1:25 of a namespace until the test ends.
pub struct Mailbox {
    inbox: Receiver<Mail>,
}

impl Mailbox {
    /// Starts it.
    pub fn start(namespace: &Namespace) -> Self {
        let (outbox, inbox) = mpsc::channel();
        let listener = namespace.enter(|| TcpListener::bind("127.0.0.1:25").expect("a free port"));
        // Ends with the process; the socket is in a namespace that goes with the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(mail) = received(&stream)
                    && outbox.send(mail).is_err()
                {
                    return;
                }
            }
        });
        Self { inbox }
    }

    /// Waits for the next.
    pub fn next(&self, what: &str) -> Mail {
        self.inbox.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no e-mail: {what}"))
    }
}

/// Plays the server's side of SMTP; `None`: nothing was sent.
fn received(stream: &TcpStream) -> Option<Mail> {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines().map_while(Result::ok);
    let say = |text: &str| {
        let mut stream = stream;
        stream.write_all(format!("{text}\r\n").as_bytes())
    };
    say("220 test").ok()?;
    let mut mail = None;
    while let Some(line) = lines.next() {
        match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                say("354 go on").ok()?;
                let text: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                mail = Some(read(&text));
                say("250 taken").ok()?;
            }
            "QUIT" => {
                say("221 bye").ok()?;
                break;
            }
            _ => say("250 fine").ok()?,
        }
    }
    mail
}

fn read(lines: &[String]) -> Mail {
    let head = |name: &str| {
        let found = lines.iter().position(|line| line.to_ascii_lowercase().starts_with(name)).expect("a header");
        let more = lines[found + 1..].iter().take_while(|line| line.starts_with(' '));
        let whole: String = std::iter::once(&lines[found][name.len()..]).chain(more.map(String::as_str)).collect();
        whole.trim().to_owned()
    };
    let body = lines.iter().skip_while(|line| !line.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n");
    // A soft line break ends in an equals sign.
    Mail { to: head("to:"), subject: words(&head("subject:")), body: unquoted(&body.replace("=\n", ""), false) }
}

/// Encoded words of RFC 2047, Q encoding; blanks between two of them do not count.
fn words(text: &str) -> String {
    let mut plain = String::new();
    for word in text.split_whitespace() {
        let inside = word.strip_prefix("=?utf-8?q?").and_then(|rest| rest.strip_suffix("?="));
        plain.push_str(inside.unwrap_or(word));
    }
    unquoted(&plain, true)
}

/// Quoted-printable; in headers an underscore is a blank.
fn unquoted(text: &str, header: bool) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        match (bytes[at], code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'=', Some(byte)) => {
                plain.push(byte);
                at += 2;
            }
            (b'_', _) if header => plain.push(b' '),
            (byte, _) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8(plain).expect("UTF-8")
}
