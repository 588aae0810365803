//! Every page as people with a screen reader, a keyboard alone, or weak eyes get it; and how it fits its screen.

mod browser;
mod daemon;
mod lab;

use browser::{Axe, PASSWORD, Screen, Site, Window};

/// Key codes of `WebDriver`.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Pages that everybody may see.
const OPEN: [&str; 20] = [
    "/",
    "/faults",
    "/faults?show=open",
    "/faults?show=month",
    "/faults?q=nowhere",
    "/lines",
    "/lines?q=nowhere",
    "/lines/T-04",
    "/lines/T-04?year=2020",
    "/maintenance",
    "/inspections",
    "/wall",
    "/more",
    "/runbook",
    "/runbook/LinewatchTrunkDown",
    "/api",
    "/report",
    "/login",
    "/nowhere",
    "/report-fault",
];
/// Pages for those who have logged in.
const CLOSED: [&str; 12] = [
    "/faults?show=mine",
    "/report-fault",
    "/lines/V-01",
    "/decisions",
    "/maintenance",
    "/inspections",
    "/more",
    "/password",
    "/sessions",
    "/accounts",
    "/accounts/crew",
    "/faults/print",
];

/// Goes to a page, and fails where somebody could not use it, or where it is wider than the screen.
#[track_caller]
fn look(window: &Window<'_>, axe: &Axe, path: &str, barriers: &mut Vec<String>) {
    window.go(path);
    barriers.extend(axe.barriers(window).into_iter().map(|found| format!("{path}: {found}")));
    barriers.extend(width(window, path));
}

/// What a page says that does not fit its screen's width. `innerWidth` grows with such a page on a phone.
#[track_caller]
fn width(window: &Window<'_>, path: &str) -> Option<String> {
    let wide = window.script(
        "const page = document.documentElement; \
         return page.scrollWidth > page.clientWidth ? `${page.scrollWidth} of ${page.clientWidth}` : ''",
    );
    (wide != "").then(|| format!("{path} is too wide: {wide}"))
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
fn no_page_scrolls_sideways_on_a_phone_whoever_looks_at_it_in_either_language_and_scheme() {
    lab::run(|| {
        let site = Site::open();
        for address in ["10.64.1.1", "10.64.1.11"] {
            site.cut(address);
        }
        site.daemon.await_log("fault.opened");
        let browser = site.browser();
        let mut wide = Vec::new();
        for account in ["", "viewer", "office", "crew", "admin"] {
            let phone = browser.window(Screen::PHONE);
            if !account.is_empty() {
                phone.log_in(account, PASSWORD);
            }
            phone.go("/faults");
            phone.await_text(".card", "汀泗桥镇主干专线");
            let fault = phone.script("return document.querySelector('.card h3 a').getAttribute('href')");
            let fault = fault.as_str().expect("a fault").to_owned();
            for language in ["zh-CN", "en"] {
                phone.go(&format!("/?lang={language}"));
                let own = ["/", "/lines/T-04", &fault].into_iter().chain(CLOSED);
                let paths: Vec<&str> =
                    if account.is_empty() { OPEN.into_iter().chain([&*fault]).collect() } else { own.collect() };
                for path in paths {
                    phone.go(path);
                    phone.script("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
                    for scheme in ["light", "dark"] {
                        phone.scheme(scheme);
                        let found = width(&phone, path);
                        wide.extend(found.map(|found| format!("{account} {language} {scheme}: {found}")));
                    }
                }
            }
        }
        assert!(wide.is_empty(), "{}", wide.join("\n"));
    });
}

#[test]
fn who_may_not_see_a_page_is_told_so_and_offered_to_log_in_only_where_that_helps() {
    lab::run(|| {
        let site = Site::open();
        let browser = site.browser();
        let phone = browser.window(Screen::PHONE);
        phone.go("/report-fault");
        phone.click("main a.main");
        assert_eq!(phone.path(), "/login?next=%2Freport-fault");
        phone.type_into("[name=account]", "crew");
        phone.type_into("[name=password]", PASSWORD);
        phone.click("main form button");
        phone.await_that("location.pathname === '/report-fault' && document.querySelector('[name=symptom]') !== null");

        let viewer = browser.window(Screen::PHONE);
        viewer.log_in("viewer", PASSWORD);
        assert_eq!(viewer.text(".tabs a[href='/report-fault']"), "", "nothing is offered that would be refused");
        viewer.go("/report-fault");
        assert_eq!(viewer.script("return document.querySelectorAll('main a[href^=\"/login\"]').length"), 0);
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
        phone.go("/faults");
        let fault = phone.script("return document.querySelector('.card h3 a').getAttribute('href')");
        let fault = fault.as_str().expect("a fault").to_owned();
        let pages = [
            "/",
            "/faults",
            &fault,
            "/report-fault",
            "/more",
            "/lines",
            "/lines/T-04",
            "/inspections",
            "/maintenance",
            "/report",
            "/runbook",
            "/password",
        ];
        for path in pages {
            phone.go(path);
            phone.script("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
            let small = phone.script(
                "return [...document.querySelectorAll('button, .button, .tabs a, .chips a, input:not([type=hidden], \
                 [type=radio], [type=checkbox]), label:has([type=radio], [type=checkbox]), select, textarea, summary, \
                 .card h3 a, .card p > a:only-child, .crumbs a, .place a, h2 a, .links a, .go, tbody th a, details li a, .call')].filter((found) => \
                 found.offsetParent !== null && found.getBoundingClientRect().height < 43).map((found) => found.outerHTML)",
            );
            assert_eq!(small, serde_json::json!([]), "{path}");
        }
    });
}
