//! The files that pages load: one stylesheet, one script, one icon, all of them within the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file within the program.
pub(super) struct Asset {
    path: &'static str,
    kind: &'static str,
    text: &'static str,
    /// Changes with the text, and stands in the address, so that a browser may keep the file for good.
    version: u32,
}

/// What pages look like.
pub(super) static STYLE: Asset =
    Asset::new("/assets/style.css", "text/css; charset=utf-8", include_str!("templates/style.css"));
/// What keeps pages as things are now.
pub(super) static SCRIPT: Asset =
    Asset::new("/assets/live.js", "text/javascript; charset=utf-8", include_str!("templates/live.js"));
/// In the browser's tab.
pub(super) static ICON: Asset = Asset::new("/assets/icon.svg", "image/svg+xml", include_str!("templates/icon.svg"));

impl Asset {
    const fn new(path: &'static str, kind: &'static str, text: &'static str) -> Self {
        Self { path, kind, text, version: fnv(text.as_bytes()) }
    }

    /// Where it is asked for.
    pub(super) fn address(&self) -> String {
        format!("{}?v={:08x}", self.path, self.version)
    }

    /// The answer with it.
    pub(super) fn answer(&self) -> Response {
        // The address changes with the text: an old one is never used for a new page.
        let headers = [(header::CONTENT_TYPE, self.kind), (header::CACHE_CONTROL, "max-age=604800")];
        (headers, self.text).into_response()
    }
}

/// FNV-1a of 32 bits.
const fn fnv(bytes: &[u8]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}
