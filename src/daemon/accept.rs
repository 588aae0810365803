//! Accepting HTTP connections, bounded: clients that stall or send garbage cost neither descriptors nor answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::timeout;

/// Connections open at once. One more closes the oldest: answers take milliseconds, so the oldest one stalls or idles.
pub const CONNECTIONS: usize = 256;
/// How long a client may take to send the head of its next request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Room for the head of a request, bytes.
const HEAD_LIMIT_BYTES: usize = 16 * 1024;
/// How long one connection is used; browsers and Prometheus open another one by themselves.
const LONGEST: Duration = Duration::from_mins(5);
/// How long an answer under way may still take then.
const LAST_ANSWER: Duration = Duration::from_secs(30);
/// Pause after a failure to accept, such as no descriptor being left.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves for ever; dropped, it accepts no more.
pub async fn serve(listener: TcpListener, router: Router) {
    let mut open = Open::default();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                open.make_room();
                open.0.push_back(tokio::spawn(converse(stream, peer, router.clone())).abort_handle());
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept an HTTP connection");
                // Asking again at once would only burn the processor.
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Connections by age; they end with the server.
#[derive(Default)]
struct Open(VecDeque<AbortHandle>);

impl Open {
    fn make_room(&mut self) {
        if self.0.len() < CONNECTIONS {
            return;
        }
        self.0.retain(|connection| !connection.is_finished());
        while self.0.len() >= CONNECTIONS {
            if let Some(oldest) = self.0.pop_front() {
                oldest.abort();
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        for connection in &self.0 {
            connection.abort();
        }
    }
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router) {
    let pages = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        pages.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(HEAD_LIMIT_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // Whoever hangs up, is too slow or sends garbage has only himself to blame.
    if timeout(LONGEST, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(LAST_ANSWER, connection).await;
    }
}
