//! Every page as people with a screen reader, a keyboard alone, or weak eyes get it; and how it fits its screen.

mod browser;
mod daemon;
mod lab;

use browser::{Axe, PASSWORD, Screen, Site, Window};

/// Key codes of `WebDriver`.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Pages that everybody may see.
const OPEN: [&str; 11] = [
    "/",
    "/faults",
    "/faults?show=month",
    "/lines",
    "/lines/T-04",
    "/maintenance",
    "/inspections",
    "/wall",
    "/more",
    "/runbook",
    "/login",
];
/// Pages for those who have logged in.
const CLOSED: [&str; 6] = ["/report-fault", "/decisions", "/maintenance", "/inspections", "/password", "/faults/print"];

/// Goes to a page, and fails where somebody could not use it, or where it is wider than the screen.
#[track_caller]
fn look(window: &Window<'_>, axe: &Axe, path: &str, barriers: &mut Vec<String>) {
    window.go(path);
    barriers.extend(axe.barriers(window).into_iter().map(|found| format!("{path}: {found}")));
    let too_wide = window
        .script("return document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : 0");
    if too_wide != 0 {
        barriers.push(format!("{path} is {too_wide} wide"));
    }
}

#[test]
fn no_page_has_a_serious_barrier_by_day_and_by_night() {
    lab::run(|| {
        let (site, axe) = (Site::open(), Axe::load());
        // Something of everything: a trunk that is down with its villages, and so a fault with several points.
        for address in ["10.64.1.1", "10.64.1.11", "10.64.1.12"] {
            site.cut(address);
        }
        site.daemon.await_log("fault.opened");
        let browser = site.browser();
        let mut barriers = Vec::new();
        for screen in [Screen::PHONE, Screen::DESK] {
            let window = browser.window(screen);
            for (scheme, language) in [("light", "zh-CN"), ("dark", "en")] {
                window.scheme(scheme);
                window.go(&format!("/?lang={language}"));
                for path in OPEN {
                    look(&window, &axe, path, &mut barriers);
                }
            }
            window.log_in("admin", PASSWORD);
            for (scheme, language) in [("light", "en"), ("dark", "zh-CN")] {
                window.scheme(scheme);
                window.go(&format!("/?lang={language}"));
                for path in CLOSED {
                    look(&window, &axe, path, &mut barriers);
                }
                window.go("/faults");
                let fault = window.script("return document.querySelector('.card h3 a').getAttribute('href')");
                let fault = fault.as_str().expect("a fault").to_owned();
                window.go(&fault);
                // Folded forms are looked at too.
                window.script("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
                barriers.extend(axe.barriers(&window).into_iter().map(|found| format!("{fault}: {found}")));
                let year = "/report";
                look(&window, &axe, year, &mut barriers);
            }
        }
        assert!(barriers.is_empty(), "{}", barriers.join("\n"));
    });
}

#[test]
fn the_next_step_is_done_with_the_keyboard_alone() {
    lab::run(|| {
        let site = Site::open();
        site.cut("10.64.2.3");
        site.daemon.await_log("fault.opened");
        let browser = site.browser();
        let window = browser.window(Screen::DESK);
        window.log_in("crew", PASSWORD);
        window.go("/faults");
        window.await_text(".card", "区政府办公室专线");
        window.click(".card h3 a");
        // The first key leads past the menu, to the content.
        window.press(TAB);
        assert_eq!(window.script("return document.activeElement.className"), "skip");
        window.press(ENTER);
        let steps = (0..12).find(|_| {
            window.press(TAB);
            window.script("return document.activeElement.matches('.bigstep button')") == true
        });
        assert!(steps.is_some(), "the big button is not reached");
        let ring = window.script("return getComputedStyle(document.activeElement).outlineStyle");
        assert_eq!(ring, "solid", "whoever uses keys sees where he is");
        window.press(ENTER);
        window.await_text(".status", "已受理");
    });
}

#[test]
fn the_language_that_was_asked_for_stays() {
    lab::run(|| {
        let site = Site::open();
        let browser = site.browser();
        let window = browser.window(Screen::PHONE);
        window.go("/");
        window.await_text("h1", "全部正常");
        window.click("header a[lang=en]");
        window.await_text("h1", "All 5 lines are up");
        window.click(".tabs a[href='/lines']");
        assert_eq!(window.text("h1"), "Lines");
        assert_eq!(window.path(), "/lines", "no address carries it");
        window.click("header a[lang=zh-CN]");
        assert_eq!(window.text("h1"), "线路");
        // Whatever else was asked for is kept.
        window.go("/lines?class=village");
        window.click("header a[lang=en]");
        assert_eq!(window.text("tbody tr:nth-child(2) th"), "花纹社区政务专线");
    });
}

#[test]
fn whatever_a_finger_has_to_hit_is_large_enough() {
    lab::run(|| {
        let site = Site::open();
        site.cut("10.64.2.3");
        site.daemon.await_log("fault.opened");
        let browser = site.browser();
        let phone = browser.window(Screen::PHONE);
        phone.log_in("crew", PASSWORD);
        for path in ["/", "/faults", "/report-fault", "/more", "/lines", "/inspections"] {
            phone.go(path);
            let small = phone.script(
                "return [...document.querySelectorAll('button, .button, .tabs a, .chips a, input:not([type=hidden], \
                 [type=radio], [type=checkbox]), select, textarea, summary')].filter((found) => \
                 found.offsetParent !== null && found.getBoundingClientRect().height < 43).map((found) => found.outerHTML)",
            );
            assert_eq!(small, serde_json::json!([]), "{path}");
        }
    });
}
