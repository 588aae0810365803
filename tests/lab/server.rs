//! TCP servers in a namespace that behave as a test says.

use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use socket2::SockRef;

use super::Namespace;

/// A server on one port, for every address of its namespace and both IP versions. Each connection has a thread.
pub struct Server {
    listener: Arc<TcpListener>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens; the rule owns each connection.
    pub fn start(namespace: &Namespace, port: u16, rule: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = namespace.enter(|| TcpListener::bind(("::", port))).expect("a free port in a new namespace");
        let listener = Arc::new(listener);
        let (accepting, rule) = (Arc::clone(&listener), Arc::new(rule));
        let thread = thread::spawn(move || {
            while let Ok((connection, _)) = accepting.accept() {
                let rule = Arc::clone(&rule);
                thread::spawn(move || rule(connection));
            }
        });
        Self { listener, thread: Some(thread) }
    }

    /// What a client says up to and including an empty line; less when it goes.
    pub fn request(connection: &mut TcpStream) -> String {
        let (mut request, mut byte) = (Vec::new(), [0]);
        while !request.ends_with(b"\r\n\r\n") && matches!(connection.read(&mut byte), Ok(1)) {
            request.push(byte[0]);
        }
        String::from_utf8_lossy(&request).into_owned()
    }

    /// Waits until the client has gone.
    pub fn until_gone(mut connection: TcpStream) {
        let mut bytes = [0; 256];
        while matches!(connection.read(&mut bytes), Ok(1..)) {}
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ends `accept`.
        let _ = SockRef::from(&*self.listener).shutdown(Shutdown::Both);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
