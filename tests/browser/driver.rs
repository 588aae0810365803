//! The program that drives the browser, and the little HTTP it wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::lab::Namespace;

/// Longer than anything that is waited for in a page.
const PATIENCE: Duration = Duration::from_mins(1);

/// The driver; killed when dropped.
pub struct Driver<'a> {
    namespace: &'a Namespace,
    child: Child,
    address: SocketAddr,
}

impl<'a> Driver<'a> {
    /// Started inside a namespace, on a free port.
    pub fn start(namespace: &'a Namespace) -> Self {
        let mut command = namespace.command("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("chromedriver: {error}; the tests of the pages need the packages chromium and chromium-driver")
        });
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let port = line.rsplit_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver says its port; is the package chromium-driver installed?");
        // Read on, so that it never waits for somebody to read.
        std::thread::spawn(move || lines.for_each(drop));
        Self { namespace, child, address: (Ipv4Addr::LOCALHOST, port).into() }
    }

    /// Asks; an error is what the driver says of it.
    pub fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.namespace.enter(|| send(self.address, method, path, &body)).map_err(|why| why.to_string())?;
        let value: Value = serde_json::from_str(&answer).map_err(|why| format!("{why}: {answer}"))?;
        match value["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["value"]["message"].as_str().unwrap_or_default())),
            None => Ok(value["value"].clone()),
        }
    }
}

impl Drop for Driver<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(address: SocketAddr, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut bytes = vec![0; length.unwrap_or(0)];
    match length {
        Some(_) => reader.read_exact(&mut bytes)?,
        None => reader.read_to_end(&mut bytes).map(drop)?,
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
