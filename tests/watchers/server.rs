//! The servers, and how they are asked.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use linewatch::clock;
use serde_json::Value;

use crate::lab::Namespace;

/// What does not come within this long is missing.
pub const PATIENCE: Duration = Duration::from_mins(5);
/// Between two questions to a server that cannot be waited on otherwise.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(200);
const FORM: &str = "application/x-www-form-urlencoded";

/// A running Prometheus or Alertmanager; killed when dropped. Ports are those of the files, since the namespace has
/// its own.
pub struct Server {
    child: Child,
}

impl Server {
    /// Prometheus with `prometheus/` of a folder.
    pub fn prometheus(namespace: &Namespace, folder: &Path) -> Self {
        let mut command = namespace.command("prometheus");
        command
            .arg(format!("--config.file={}", folder.join("prometheus/prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("tsdb").display()))
            .args(["--web.listen-address=127.0.0.1:9090", "--rules.alert.resend-delay=2s", "--log.level=warn"]);
        Self::spawn(command, namespace, folder, "prometheus", 9090)
    }

    /// Alertmanager with `alertmanager/` of a folder.
    pub fn alertmanager(namespace: &Namespace, folder: &Path) -> Self {
        let mut command = namespace.command("prometheus-alertmanager");
        command
            .arg(format!("--config.file={}", folder.join("alertmanager/alertmanager.yml").display()))
            .arg(format!("--storage.path={}", folder.join("alerts").display()))
            .args(["--web.listen-address=127.0.0.1:9093", "--cluster.listen-address=", "--log.level=warn"]);
        Self::spawn(command, namespace, folder, "alertmanager", 9093)
    }

    fn spawn(mut command: Command, namespace: &Namespace, folder: &Path, name: &str, port: u16) -> Self {
        let path = folder.join(format!("{name}.log"));
        let log = File::create(&path).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} (install it as tests/run does): {error}"));
        let mut server = Self { child };
        namespace.enter(|| {
            until(&format!("{name} is ready"), || {
                if let Some(ended) = server.child.try_wait().expect("waits") {
                    panic!("{name} {ended}:\n{}", std::fs::read_to_string(&path).unwrap_or_default());
                }
                let answer = request(port, "GET", "/-/ready", FORM, "").map_err(|error| error.to_string())?;
                if answer.0 == 200 { Ok(()) } else { Err(answer.1) }
            });
        });
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks until it is so; panics with the last answer when it never is.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let begun = clock::elapsed();
    loop {
        let last = match ask() {
            Ok(found) => return found,
            Err(last) => last,
        };
        let waited = u64::try_from(clock::elapsed().0 - begun.0).unwrap_or(0);
        assert!(Duration::from_millis(waited) < PATIENCE, "never: {what}; last:\n{last}");
        std::thread::sleep(BETWEEN_QUESTIONS);
    }
}

/// The result of a query of Prometheus; an error is what it said.
pub fn ask(query: &str) -> Result<Vec<Value>, String> {
    let encoded = query.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
    let (status, body) =
        request(9090, "POST", "/api/v1/query", FORM, &format!("query={encoded}")).map_err(|error| error.to_string())?;
    let answer: Value = serde_json::from_str(&body).map_err(|error| format!("{error}: {body}"))?;
    if status != 200 {
        return Err(format!("{query}: {}", answer["error"]));
    }
    match &answer["data"]["result"] {
        Value::Array(series) => Ok(series.clone()),
        other => Err(format!("{query}: {other}")),
    }
}

/// One request in HTTP 1.0, which is answered in one piece.
fn request(port: u16, method: &str, path: &str, kind: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Ok((head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0), body.to_owned()))
}

impl Server {
    /// Alerts as Alertmanager has them, inhibited ones too.
    pub fn alerts() -> Vec<Value> {
        let (_, body) = request(9093, "GET", "/api/v2/alerts", FORM, "").expect("Alertmanager answers");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }

    /// Tells Alertmanager of alerts, as Prometheus does.
    pub fn tell(alerts: &Value) {
        let answer = request(9093, "POST", "/api/v2/alerts", "application/json", &alerts.to_string());
        let (status, body) = answer.expect("Alertmanager answers");
        assert_eq!(status, 200, "{body}");
    }
}
