//! A real Chromium without a screen, driven by the protocol `WebDriver` (W3C), inside a network namespace or not.
//!
//! ```ignore
//! mod browser;
//!
//! let browser = Browser::new(&pair.near, "http://127.0.0.1:8401");
//! let phone = browser.window(Screen::PHONE);
//! phone.go("/faults");
//! phone.click("main h3 a");                       // waits for the page that it leads to
//! phone.await_text("h1", "汀泗桥镇");               // waits for the page itself to change
//! ```
//!
//! Waiting is done in the page, by an observer of its changes, with a deadline; nothing is polled.

#![allow(dead_code, unused_imports, reason = "every test file uses its own part of it")]

mod axe;
mod driver;
mod site;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::lab::Namespace;
pub use axe::Axe;
use driver::Driver;
pub use site::{PASSWORD, Site, TOWNSHIP};

/// What does not come within this long is missing, in milliseconds.
const PATIENCE_MS: u32 = 45_000;
/// A wait begins anew after this long: the page it was begun in may have been left meanwhile, and then nobody answers.
const ONE_WAIT_MS: u32 = 3_000;
/// How `WebDriver` names an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A screen.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Whether it is touched, and as narrow as it says.
    pub phone: bool,
}

impl Screen {
    /// A phone in one hand.
    pub const PHONE: Self = Self { width: 390, height: 844, phone: true };
    /// A desk, or a wall.
    pub const DESK: Self = Self { width: 1920, height: 1080, phone: false };
}

/// The browser; ends with its value.
pub struct Browser<'a> {
    driver: Driver<'a>,
    site: String,
}

impl<'a> Browser<'a> {
    /// Started inside a namespace, for a site that is served there.
    pub fn new(namespace: &'a Namespace, site: &str) -> Self {
        Self { driver: Driver::start(namespace), site: site.to_owned() }
    }

    /// A window of its own: no cookie is shared with others.
    pub fn window(&self, screen: Screen) -> Window<'_> {
        let profile = tempfile::tempdir().expect("a folder");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=zh-CN",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let Screen { width, height, phone } = screen;
        let metrics = json!({ "width": width, "height": height, "pixelRatio": 1, "mobile": phone, "touch": phone });
        let options = json!({ "args": arguments, "mobileEmulation": { "deviceMetrics": metrics } });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options, "timeouts": { "script": PATIENCE_MS, "pageLoad": PATIENCE_MS },
        } } });
        let answer = self.driver.ask("POST", "/session", &wanted).unwrap_or_else(|why| panic!("no window: {why}"));
        let session = answer["sessionId"].as_str().expect("a session").to_owned();
        Window { browser: self, session, _profile: profile }
    }
}

/// A window with one page.
pub struct Window<'a> {
    browser: &'a Browser<'a>,
    session: String,
    _profile: tempfile::TempDir,
}

impl Window<'_> {
    fn try_ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.browser.driver.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        self.try_ask(method, path, body).unwrap_or_else(|why| panic!("{method} {path}: {why}\n{}", self.told()))
    }

    /// The text of the page, for a test that fails.
    fn told(&self) -> String {
        let body = json!({ "script": "return location.href + '\\n' + document.body.innerText", "args": [] });
        let told = self.try_ask("POST", "/execute/sync", &body);
        told.ok().and_then(|told| told.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Goes to a page of the site.
    #[track_caller]
    pub fn go(&self, path: &str) {
        self.ask("POST", "/url", &json!({ "url": format!("{}{path}", self.browser.site) }));
    }

    /// The path and the parameters of the page.
    #[track_caller]
    pub fn path(&self) -> String {
        self.script("return location.pathname + location.search").as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page and returns what it returns.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that ends by calling its last argument.
    #[track_caller]
    pub fn script_until(&self, script: &str, arguments: &Value) -> Value {
        self.ask("POST", "/timeouts", &json!({ "script": PATIENCE_MS }));
        self.ask("POST", "/execute/async", &json!({ "script": script, "args": arguments }))
    }

    #[track_caller]
    fn element(&self, css: &str) -> String {
        let found = self.ask("POST", "/element", &json!({ "using": "css selector", "value": css }));
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("no {css}: {found}\n{}", self.told())).to_owned()
    }

    /// Clicks; what that leads to is loaded when this returns.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.await_that(&format!("document.querySelector({css:?}) !== null"));
        // In the middle, where neither a menu nor a header lies over it.
        self.script(&format!("document.querySelector({css:?})?.scrollIntoView({{ block: 'center' }})"));
        // A part of the page may be replaced between finding and clicking.
        for _ in 0..5 {
            let element = self.element(css);
            match self.try_ask("POST", &format!("/element/{element}/click"), &json!({})) {
                Ok(_) => return,
                Err(why) if why.contains("stale element") => {}
                Err(why) => panic!("{css} is not clicked: {why}\n{}", self.told()),
            }
        }
        panic!("{css} is replaced again and again\n{}", self.told());
    }

    /// Types into a field.
    #[track_caller]
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.ask("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Chooses what is so called in a list.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        let script = format!(
            "const list = document.querySelector({css:?}); list.value = {value:?}; \
             list.dispatchEvent(new Event('input', {{ bubbles: true }})); return list.value"
        );
        assert_eq!(self.script(&script), json!(value), "{css} has no {value}\n{}", self.told());
    }

    /// Presses keys, as `WebDriver` writes them, wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() })))
            .collect();
        self.ask("POST", "/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }));
    }

    /// The visible text of the first such element; empty where there is none.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let text = self.script(&format!("return document.querySelector({css:?})?.innerText ?? ''"));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until some such element has the text.
    #[track_caller]
    pub fn await_text(&self, css: &str, text: &str) {
        self.await_that(&format!(
            "[...document.querySelectorAll({css:?})].some((found) => found.innerText.includes({text:?}))"
        ));
    }

    /// Waits until no such element has the text.
    #[track_caller]
    pub fn await_no_text(&self, css: &str, text: &str) {
        self.await_that(&format!(
            "![...document.querySelectorAll({css:?})].some((found) => found.innerText.includes({text:?}))"
        ));
    }

    /// Waits until an expression is true, looked at whenever the page changes.
    #[track_caller]
    pub fn await_that(&self, expression: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             const look = () => {{ if ({expression}) {{ eyes.disconnect(); done(true); }} }}; \
             const eyes = new MutationObserver(look); \
             eyes.observe(document, {{ subtree: true, childList: true, characterData: true, attributes: true }}); look();"
        );
        let body = json!({ "script": script, "args": [] });
        self.ask("POST", "/timeouts", &json!({ "script": ONE_WAIT_MS }));
        let mut last = String::new();
        for _ in 0..PATIENCE_MS / ONE_WAIT_MS {
            match self.try_ask("POST", "/execute/async", &body) {
                Ok(_) => return,
                Err(why) => last = why,
            }
        }
        panic!("{expression} does not come: {last}\n{}", self.told());
    }

    /// Marks the page; [`Window::is_same`] tells whether it was loaded anew since.
    #[track_caller]
    pub fn mark(&self) {
        self.script("window.marked = true");
    }

    /// Whether the page is the one that was marked.
    #[track_caller]
    pub fn is_same(&self) -> bool {
        self.script("return window.marked === true") == json!(true)
    }

    /// What the page looks like in the dark or in the light.
    #[track_caller]
    pub fn scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.ask("POST", "/goog/cdp/execute", &body);
    }

    /// Logs in.
    #[track_caller]
    pub fn log_in(&self, account: &str, password: &str) {
        self.go("/login");
        self.type_into("[name=account]", account);
        self.type_into("[name=password]", password);
        self.click("main form button");
        self.await_that("location.pathname !== '/login'");
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // Panicking here would hide why the test failed.
        let _ = self.try_ask("DELETE", "", &Value::Null);
    }
}

/// Where files for tests are kept between runs.
pub fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("browser")
}
