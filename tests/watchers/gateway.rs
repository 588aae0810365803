//! What an SMS gateway would be sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};

use serde_json::Value;

use super::PATIENCE;
use crate::lab::Namespace;

/// One alert of a webhook's message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Path and query that it was sent to.
    pub path: String,
    /// `firing` or `resolved`.
    pub status: String,
    /// Its labels.
    pub labels: Value,
    /// Its annotations.
    pub annotations: Value,
}

impl Message {
    /// A label's value.
    pub fn label(&self, name: &str) -> &str {
        self.labels[name].as_str().unwrap_or_default()
    }

    /// What a gateway would send by SMS.
    pub fn sms(&self) -> &str {
        let name = if self.status == "resolved" { "restored" } else { "summary" };
        self.annotations[name].as_str().unwrap_or_default()
    }
}

/// Listens at 127.0.0.1:8402 of a namespace until the test ends.
pub struct Gateway {
    inbox: Receiver<Message>,
    /// Everything that came, in order; the watchdog apart.
    pub seen: Vec<Message>,
}

impl Gateway {
    /// Starts it.
    pub fn start(namespace: &Namespace) -> Self {
        let (outbox, inbox) = mpsc::channel();
        let listener = namespace.enter(|| TcpListener::bind("127.0.0.1:8402").expect("a free port"));
        // Ends with the process; the socket is in a namespace that goes with the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                for message in received(stream) {
                    if outbox.send(message).is_err() {
                        return;
                    }
                }
            }
        });
        Self { inbox, seen: Vec::new() }
    }

    /// Waits for a message that fits.
    pub fn await_message(&mut self, what: &str, fits: impl Fn(&Message) -> bool) -> Message {
        loop {
            let message = self.next().unwrap_or_else(|| panic!("no message: {what}; came:\n{:#?}", self.seen));
            if fits(&message) {
                return message;
            }
        }
    }

    /// Waits for one more sign of life of the whole chain, sent after everything before it.
    pub fn await_watchdog(&mut self) {
        self.await_message("Watchdog", |message| message.label("alertname") == "Watchdog");
    }

    fn next(&mut self) -> Option<Message> {
        let message = self.inbox.recv_timeout(PATIENCE).ok()?;
        if message.label("alertname") != "Watchdog" {
            self.seen.push(message.clone());
        }
        Some(message)
    }
}

/// The alerts of one request.
fn received(mut stream: TcpStream) -> Vec<Message> {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if head.is_empty() {
            head = line;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let alerts = body["alerts"].as_array().cloned().unwrap_or_default();
    let message = |alert: Value| Message {
        path: path.clone(),
        status: alert["status"].as_str().unwrap_or_default().to_owned(),
        labels: alert["labels"].clone(),
        annotations: alert["annotations"].clone(),
    };
    alerts.into_iter().map(message).collect()
}
