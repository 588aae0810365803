//! The control socket beside the store: one JSON line asks, one JSON document answers, the daemon closes.

use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use linewatch_core::view::Shown;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Look, Source, line_report};
use crate::report::status::{LineReport, StatusReport};

/// A question is one line, and not a long one.
const QUESTION_LIMIT_BYTES: u64 = 4096;
/// Whoever asks or reads slower than this is left alone.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many are answered at once; more wait in the kernel's queue.
const AT_ONCE: usize = 8;
/// Who may ask: the daemon's user and group.
const MODE: u32 = 0o660;
/// The socket's file name, beside the store.
const FILE_NAME: &str = "control.sock";

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// How the district is. Braces, since serde refuses unknown keys only in variants that have some.
    Status {},
    /// How one line is.
    Line {
        /// Its id.
        line: String,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// How the district is.
    Status(Box<StatusReport>),
    /// How the line is.
    Line(Box<LineReport>),
    /// No such line is in service.
    NoSuchLine,
    /// The daemon starts or stops.
    Starting,
    /// The question was not understood, and why.
    Misunderstood(String),
}

/// Where the socket of a store is.
pub fn path_beside(store: &Path) -> PathBuf {
    store.with_file_name(FILE_NAME)
}

/// The listening socket; its file goes when this does.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Listens at a path. A socket that a killed daemon left there is replaced; one that answers, or a file that is
    /// no socket, is not.
    ///
    /// # Errors
    /// When another daemon answers there, or the file cannot be made.
    pub fn bind(path: &Path) -> io::Result<Self> {
        remove_stale(path)?;
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(MODE))?;
        Ok(Self { listener, path: path.to_owned() })
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // A file that somebody removed already is as good as removed.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn remove_stale(path: &Path) -> io::Result<()> {
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !metadata.file_type().is_socket() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file that is no socket is in its place"));
    }
    if StdUnixStream::connect(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another daemon answers there"));
    }
    std::fs::remove_file(path)
}

/// Answers questions for ever; dropped, it stops at once.
pub async fn serve(socket: ControlSocket, source: Arc<dyn Source>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match socket.listener.accept().await {
            Ok((stream, _)) => {
                let source = Arc::clone(&source);
                tokio::spawn(async move {
                    // Whoever hangs up or is too slow has only himself to blame.
                    let _ = timeout(PATIENCE, converse(stream, source.as_ref())).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept on the control socket");
                // Out of descriptors: asking again at once would only burn the processor.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, source: &dyn Source) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut asked = String::new();
    BufReader::new(reading.take(QUESTION_LIMIT_BYTES)).read_line(&mut asked).await?;
    let answer = match serde_json::from_str::<Question>(&asked) {
        Ok(question) => match source.look().await {
            Some(look) => answer(source, &look, &question).await,
            None => Answer::Starting,
        },
        Err(error) => Answer::Misunderstood(error.to_string()),
    };
    let mut text = serde_json::to_vec(&answer)?;
    text.push(b'\n');
    writing.write_all(&text).await?;
    writing.shutdown().await
}

async fn answer(source: &dyn Source, look: &Look, question: &Question) -> Answer {
    let language = look.settings.language;
    match question {
        Question::Status {} => {
            Answer::Status(Box::new(StatusReport::of(&Shown::of(&look.snapshot, &look.live), language)))
        }
        Question::Line { line } => {
            line_report(source, look, line).await.map_or(Answer::NoSuchLine, |report| Answer::Line(Box::new(report)))
        }
    }
}
