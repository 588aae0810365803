//! Who connects and then stalls keeps nobody else out: connections without progress are closed, and when too many
//! are open, the oldest goes.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Sleep, sleep};

/// Connections open at once; well below the 1024 descriptors that a process has by default.
pub const CONNECTIONS: usize = 256;
/// A connection on which no byte moves for this long is closed; a browser or Prometheus connects anew.
const PATIENCE: Duration = Duration::from_secs(75);

/// A listener with limits.
#[derive(Debug)]
pub struct Limited {
    listener: TcpListener,
    /// Of open connections, oldest first; dropped, it closes its connection.
    open: VecDeque<oneshot::Sender<()>>,
    /// One for each connection that may be open; given back when it is really closed.
    places: Arc<Semaphore>,
}

impl Limited {
    /// Limits a listener.
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, open: VecDeque::new(), places: Arc::new(Semaphore::new(CONNECTIONS)) }
    }
}

impl Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        self.open.retain(|open| !open.is_closed());
        if self.places.available_permits() == 0 {
            self.open.pop_front();
        }
        let place = Arc::clone(&self.places).acquire_owned().await.expect("nobody closes the semaphore");
        let (open, closer) = oneshot::channel();
        self.open.push_back(open);
        (Connection { stream, closer, closed: false, patience: Box::pin(sleep(PATIENCE)), _place: place }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends by itself.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Done when the listener wants the place.
    closer: oneshot::Receiver<()>,
    closed: bool,
    patience: Pin<Box<Sleep>>,
    /// Declared last: given back after the stream is closed.
    _place: OwnedSemaphorePermit,
}

impl Connection {
    /// Passes on what a read or write came to; an error instead of waiting longer than is right.
    fn within_limits<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.patience.set(sleep(PATIENCE));
            return polled;
        }
        self.closed = self.closed
            || Pin::new(&mut self.closer).poll(context).is_ready()
            || self.patience.as_mut().poll(context).is_ready();
        if self.closed {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.within_limits(context, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_limits(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.within_limits(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
