//! HTTP connections, by TLS or without, with a deadline for the head of each request, so that a client that sends a
//! byte now and then does not keep its place either.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

use super::tls::InUse;
use crate::web::{Limited, Peer};

/// How long a client may take to send the head of its next request, and how long to agree on TLS.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Room for the head of a request, bytes.
const HEAD_LIMIT_BYTES: usize = 16 * 1024;

/// Serves for ever; dropped, it accepts no more, and the listener closes what is open.
pub async fn serve(mut listener: Limited, router: Router, tls: Option<InUse>) {
    loop {
        let (stream, peer) = listener.accept().await;
        let router = router.clone();
        match &tls {
            None => {
                tokio::spawn(converse(stream, peer, router));
            }
            Some(in_use) => {
                let acceptor = TlsAcceptor::from(in_use.load_full());
                tokio::spawn(async move {
                    // Whoever speaks no TLS, or too slowly, has only himself to blame.
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_PATIENCE, acceptor.accept(stream)).await {
                        converse(stream, peer, router).await;
                    }
                });
            }
        }
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr, router: Router) {
    let pages = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        pages.call(request)
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(HEAD_LIMIT_BYTES);
    // Whoever hangs up, is too slow or sends garbage has only himself to blame.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}
