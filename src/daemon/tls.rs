//! TLS from two files of PEM, which are read again when they change: a renewed certificate needs no restart, and one
//! that cannot be used leaves the old one in force.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;
use crate::language::Language;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Why there is no TLS.
#[derive(Debug)]
pub enum TlsError {
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// There is no certificate, or no key, in a file.
    Empty(PathBuf, &'static str),
    /// The two do not belong together, or are of a kind that is not known.
    Unusable(PathBuf, String),
}

impl TlsError {
    /// One sentence that says what to do.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Unreadable(path, error) => language.pick(
                format!(
                    "读不了 {}：{error}；请检查 [http] certificate、key 和文件权限（私钥可设为 640，属组 linewatch）",
                    path.display()
                ),
                format!(
                    "cannot read {}: {error}. Check [http] certificate and key and the file's permissions (the key \
                     may be 640 with group linewatch).",
                    path.display()
                ),
            ),
            Self::Empty(path, what) => language.pick(
                format!("{} 里没有{}（要 PEM 格式）", path.display(), if *what == "key" { "私钥" } else { "证书" }),
                format!("there is no {what} in {} (PEM is wanted)", path.display()),
            ),
            Self::Unusable(path, why) => language.pick(
                format!("证书 {} 不能用：{why}；请检查证书和私钥是否配套", path.display()),
                format!("the certificate {} cannot be used: {why}. Check that it belongs to the key.", path.display()),
            ),
        }
    }
}

/// What connections are answered with; replaced as a whole.
pub type InUse = Arc<ArcSwap<ServerConfig>>;

/// Reads both files.
///
/// # Errors
/// See [`TlsError`].
fn read(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let bytes = |path: &Path| std::fs::read(path).map_err(|error| TlsError::Unreadable(path.to_owned(), error));
    let (certificate, key) = (bytes(&files.certificate)?, bytes(&files.key)?);
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&certificate).collect::<Result<_, _>>().unwrap_or_default();
    if chain.is_empty() {
        return Err(TlsError::Empty(files.certificate.clone(), "certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| TlsError::Empty(files.key.clone(), "key"))?;
    let unusable = |error: rustls::Error| TlsError::Unusable(files.certificate.clone(), error.to_string());
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Files that were read, and what became of them.
#[derive(Debug)]
pub struct Secured {
    files: TlsFiles,
    in_use: InUse,
    /// The files as they were before they were read: what is written while they are is not missed.
    taken: [Mark; 2],
}

impl Secured {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn of(files: &TlsFiles) -> Result<Self, TlsError> {
        let taken = marks(files);
        let in_use = Arc::new(ArcSwap::from_pointee(read(files)?));
        Ok(Self { files: files.clone(), in_use, taken })
    }

    /// What connections are answered with.
    pub fn in_use(&self) -> InUse {
        Arc::clone(&self.in_use)
    }

    /// Takes the files over whenever they change, for ever.
    pub async fn follow(mut self) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            let found = marks(&self.files);
            if found == self.taken {
                continue;
            }
            // Both at once or neither: between the writing of the one and the other they do not fit, and are read again
            // when the second has changed.
            self.taken = found;
            match read(&self.files) {
                Ok(config) => {
                    self.in_use.store(Arc::new(config));
                    tracing::info!(certificate = %self.files.certificate.display(), "certificate and key taken over");
                }
                Err(error) => {
                    let reason = error.sentence(Language::English);
                    tracing::error!(%reason, "certificate and key changed and cannot be used; the old ones go on");
                }
            }
        }
    }
}

/// What changes when a file does: inode, size and both times of change, to the nanosecond.
type Mark = Option<(u64, u64, i64, i64, i64)>;

fn marks(files: &TlsFiles) -> [Mark; 2] {
    [&files.certificate, &files.key].map(|path| {
        let known = std::fs::metadata(path).ok()?;
        Some((known.ino(), known.size(), known.mtime(), known.mtime_nsec(), known.ctime_nsec()))
    })
}
