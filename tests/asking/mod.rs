//! A browser or a program that asks the daemon as somebody: with a session's cookie, with a token, or as nobody.

#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::daemon::{Daemon, Home};

/// What does not come within this long is missing.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200, 404, …
    pub status: u16,
    /// Status line and headers, in small letters but for values.
    pub head: String,
    /// The rest.
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    pub address: SocketAddr,
    /// `linewatch=…`
    pub cookie: Option<String>,
    /// What forms send back.
    pub csrf: String,
    /// `lw_…`
    pub token: Option<String>,
}

impl Asker {
    /// Nobody in particular.
    pub fn nobody(daemon: &Daemon) -> Self {
        Self { address: daemon.address(), cookie: None, csrf: String::new(), token: None }
    }

    /// A program with a token.
    pub fn with_token(daemon: &Daemon, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::nobody(daemon) }
    }

    /// Sends bytes as they are and reads the answer.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        // Who refuses a long body may have closed before all of it was sent; the answer is there.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            chunks(body)
        } else {
            body.to_owned()
        };
        Answer { status, head: head.to_owned(), body }
    }

    /// A request with more header lines, each ended by CRLF.
    pub fn request(&self, method: &str, path: &str, more: &str, body: &[u8]) -> Answer {
        let cookie = self.cookie.as_ref().map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{cookie}{token}{length}{more}Connection: close\r\n\r\n",
            self.address
        );
        self.raw(&[head.as_bytes(), body].concat())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, "", b"")
    }

    /// A form as a page of this site sends it.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = fields.iter().copied().chain([("csrf", self.csrf.as_str())]);
        let body: Vec<String> = fields.map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let more = format!("Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", self.address);
        self.request("POST", path, &more, body.join("&").as_bytes())
    }

    /// JSON as a script of this site, or a program, sends it.
    pub fn json(&self, method: &str, path: &str, body: &serde_json::Value) -> Answer {
        let csrf = if self.csrf.is_empty() { String::new() } else { format!("X-CSRF-Token: {}\r\n", self.csrf) };
        let more = format!("{csrf}Content-Type: application/json\r\n");
        self.request(method, path, &more, body.to_string().as_bytes())
    }

    /// Logs in; the answer, and whoever asks from then on.
    pub fn log_in(&self, account: &str, password: &str) -> (Answer, Self) {
        let answer = self.form("/login", &[("account", account), ("password", password)]);
        let mut new = self.clone();
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        new.cookie = cookie.filter(|cookie| !cookie.ends_with('='));
        new.csrf = if new.cookie.is_some() { new.find_csrf() } else { String::new() };
        (answer, new)
    }

    /// What the page with a form says.
    fn find_csrf(&self) -> String {
        let page = self.get("/password").body;
        let found = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        found.unwrap_or_else(|| panic!("no form in {page}")).to_owned()
    }
}

/// The text of a body in chunks.
fn chunks(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else { break };
        let Some(chunk) = rest.get(..size).filter(|_| size > 0) else { break };
        text.push_str(chunk);
        body = rest.get(size + 2..).unwrap_or_default();
    }
    text
}

/// As a form sends it.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Adds an account with the command, and a password made there.
pub fn add_account(home: &Home, name: &str, role: &[&str]) -> String {
    let arguments = [&["user", "add", name, "--generate", "--by", "root", "--role"], role].concat();
    let output = home.run(&arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

/// Adds an account that has a token only, and returns that.
pub fn add_token(home: &Home, name: &str, role: &[&str]) -> String {
    let arguments = [&["user", "add", name, "--no-password", "--by", "root", "--role"], role].concat();
    let output = home.run(&arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let output = home.run(&["user", "token", "add", name, "--for", "a test", "--by", "root"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

/// Sets a password of one's own with the command.
pub fn set_password(home: &Home, name: &str, password: &str) {
    let mut command = std::process::Command::new(crate::daemon::PROGRAM);
    command.args(["user", "password", name, "--stdin", "--by", "root", "--config"]).arg(home.config());
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().expect("runs");
    child.stdin.take().expect("piped").write_all(format!("{password}\n").as_bytes()).expect("writes");
    assert!(child.wait().expect("ends").success());
}

/// Waits until the daemon knows what a command recorded.
pub fn await_account(daemon: &Daemon, fits: impl Fn(&Answer) -> bool, ask: impl Fn() -> Answer) -> Answer {
    daemon.until("an answer that fits", || {
        let answer = ask();
        if fits(&answer) { Ok(answer) } else { Err(format!("{}\n{}", answer.head, answer.body)) }
    })
}

/// Waits until the daemon shows all that is in the journal, what commands appended included: whoever tries a password
/// before that only uses up attempts.
pub fn await_records(daemon: &Daemon, home: &Home) {
    let recorded = home.records().len() as u64;
    daemon.await_status("all that is recorded", |status| status["monitor"]["head_seq"].as_u64() >= Some(recorded));
}
