//! TLS from files of PEM that are read again when they change, over real connections.

mod daemon;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use daemon::{Daemon, Home, PROGRAM, Row};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A certificate for localhost and its key, as PEM, and the certificate as it is trusted.
struct Issued {
    certificate: String,
    key: String,
    trusted: CertificateDer<'static>,
}

fn issue() -> Issued {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("makes a certificate");
    Issued { certificate: made.cert.pem(), key: made.signing_key.serialize_pem(), trusted: made.cert.der().clone() }
}

struct Secured {
    home: Home,
    certificate: PathBuf,
    key: PathBuf,
}

impl Secured {
    fn with(issued: &Issued) -> Self {
        let home = Home::new().line(Row::new("T-01", "127.65.0.1"));
        let (certificate, key) = (home.path().join("site.pem"), home.path().join("site.key"));
        let secured = Self { home, certificate, key };
        secured.put(issued);
        secured.home.write();
        let toml = secured.home.toml().replace("[store]", "certificate = \"site.pem\"\nkey = \"site.key\"\n[store]");
        fs::write(secured.home.config(), toml).expect("writes");
        secured
    }

    fn put(&self, issued: &Issued) {
        replace(&self.certificate, &issued.certificate);
        replace(&self.key, &issued.key);
    }

    fn start(&self) -> Daemon {
        self.home.spawn_as_written(Command::new(PROGRAM), &[])
    }
}

/// As whoever renews certificates does it: a new file in the place of the old one.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).expect("writes");
    fs::rename(new, path).expect("renames");
}

fn address(daemon: &Daemon) -> SocketAddr {
    let line = daemon.await_log("pages on https://");
    let text = line.split("https://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    text.parse().expect("an address")
}

/// Asks by TLS, trusting one certificate alone; the error of who is not trusted.
fn ask(address: SocketAddr, trusted: &CertificateDer<'static>, request: &str) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        // The end of a connection whose answer is complete needs no farewell.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof && !bytes.is_empty() => {}
        Err(error) => return Err(error.to_string()),
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

#[test]
fn pages_are_served_by_tls_and_cookies_stay_there() {
    let issued = issue();
    let secured = Secured::with(&issued);
    let daemon = secured.start();
    let address = address(&daemon);
    let page = ask(address, &issued.trusted, &get("/login?lang=en")).expect("an answer");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("strict-transport-security: max-age=31536000"), "{page}");
    assert!(ask(address, &issue().trusted, &get("/")).is_err(), "another certificate is not trusted");

    let output = secured.home.run(&["user", "add", "lina", "--role", "crew", "--generate", "--by", "root"]);
    let password = String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned();
    let body = format!("account=lina&password={password}");
    let post = format!(
        "POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let recorded = secured.home.records().len() as u64;
    daemon.await_status("the account", |status| status["monitor"]["head_seq"].as_u64() >= Some(recorded));
    let answer = ask(address, &issued.trusted, &post).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie:")).expect("a cookie");
    assert!(
        cookie.contains("__Host-linewatch=") && cookie.contains("; Secure") && cookie.contains("; HttpOnly"),
        "{cookie}"
    );

    // Whoever speaks no TLS gets nothing, and takes nobody's place.
    let mut plain = TcpStream::connect(address).expect("connects");
    plain.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    plain.write_all(get("/").as_bytes()).expect("writes");
    let mut heard = Vec::new();
    let _ = plain.read_to_end(&mut heard);
    assert!(!heard.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&heard));
    assert_eq!(daemon.stop().code, Some(0));
}

#[test]
fn a_renewed_certificate_is_taken_over_and_a_broken_one_is_not() {
    let (first, second) = (issue(), issue());
    let secured = Secured::with(&first);
    let daemon = secured.start();
    let address = address(&daemon);
    ask(address, &first.trusted, &get("/-/healthy")).expect("an answer");

    secured.put(&second);
    daemon.await_log("certificate and key taken over");
    assert!(ask(address, &second.trusted, &get("/-/healthy")).is_ok_and(|answer| answer.ends_with("healthy\n")));
    assert!(ask(address, &first.trusted, &get("/-/healthy")).is_err());

    for broken in ["", "no certificate", &first.certificate] {
        let mark = daemon.mark();
        replace(&secured.certificate, broken);
        daemon.await_log_after(mark, "cannot be used; the old ones go on");
        assert!(ask(address, &second.trusted, &get("/-/healthy")).is_ok(), "the old one goes on");
    }
}

#[test]
fn what_cannot_be_used_is_refused_before_anything_is_recorded() {
    let (issued, other) = (issue(), issue());
    for (certificate, key, sentence) in [
        (Some("nothing here"), Some(issued.key.as_str()), "there is no certificate in"),
        (Some(issued.certificate.as_str()), Some("nothing here"), "there is no key in"),
        (Some(&issued.certificate), Some(&other.key), "cannot be used"),
        (None, Some(&issued.key), "cannot read"),
    ] {
        let secured = Secured::with(&issued);
        match certificate {
            Some(text) => replace(&secured.certificate, text),
            None => fs::remove_file(&secured.certificate).expect("removes"),
        }
        replace(&secured.key, key.expect("a key"));
        let ended = secured.start().ended();
        assert_eq!(ended.code, Some(1), "{}", ended.log);
        assert!(ended.log.contains(sentence), "{sentence}: {}", ended.log);
        assert!(secured.home.records().is_empty(), "nothing is recorded");
    }
}
