//! What people do with the pages, in a real browser: a township office reports, a crew repairs, an admin closes, and
//! whoever looks on sees it without loading anything anew.

mod browser;
mod daemon;
mod lab;

use browser::{PASSWORD, Screen, Site};

#[test]
fn an_office_reports_a_crew_repairs_and_an_admin_closes_while_a_second_window_follows() {
    lab::run(|| {
        let site = Site::open();
        let browser = site.browser();
        let (office, crew, admin) =
            (browser.window(Screen::PHONE), browser.window(Screen::PHONE), browser.window(Screen::DESK));
        admin.log_in("admin", PASSWORD);
        admin.go("/faults");
        admin.mark();

        // The office: four fields on a phone, its own lines to choose from.
        office.log_in("office", PASSWORD);
        office.click(".tabs a[href='/report-fault']");
        let own = office.text("select[name=line]");
        assert!(own.contains("花纹社区政务专线") && !own.contains("浮山街道"), "{own}");
        office.choose("select[name=line]", "V-02");
        office.click("input[name=symptom][value='丢包']");
        office.type_into("textarea[name=words]", "视频会议总是卡 <script>alert(1)</script>");
        office.type_into("input[name=phone]", "0715-8000001");
        office.click("main form button");
        office.await_text("[role=status]", "已报障");
        let fault = office.path().split(['/', '?']).nth(2).expect("a number").to_owned();
        assert!(fault.starts_with('F'), "{}", office.path());
        office.mark();

        // The second window has it, without having been loaded anew.
        admin.await_text(".card", "花纹社区政务专线");
        assert!(admin.is_same());
        admin.go(&format!("/faults/{fault}"));
        admin.await_text("[data-part=story]", "视频会议总是卡 <script>alert(1)</script>");
        admin.mark();

        // The crew: one big button after another.
        crew.log_in("crew", PASSWORD);
        crew.click(".tabs a[href='/faults']");
        crew.click(".card h3 a");
        for (button, stage) in [("受理", "已受理"), ("到场", "已到场"), ("已修复", "已修复")] {
            assert!(crew.text(".bigstep button").starts_with(button), "{}", crew.text(".bigstep"));
            crew.click(".bigstep button");
            crew.await_text(".status", stage);
            admin.await_text(".status", stage);
        }
        assert!(admin.is_same());
        assert_eq!(crew.text(".bigstep button"), "", "closing is the admin's");
        assert_eq!(crew.script("return document.querySelector('[href^=\"tel:\"]')?.href"), "tel:0715-8000001");

        // What a page does not offer is not done either, and an office sees nothing of others.
        let status = crew.script_until(
            "const done = arguments[arguments.length - 1]; \
             const body = new URLSearchParams({ do: 'close', cause: '光缆/施工', csrf: document.querySelector('[name=csrf]').value }); \
             fetch(location.pathname, { method: 'POST', body }).then((answer) => done(answer.status))",
            &serde_json::json!([]),
        );
        assert_eq!(status, 403);
        let other = browser.window(Screen::PHONE);
        other.log_in("office", PASSWORD);
        for hidden in ["/lines/T-02", "/decisions", "/report/2026/figures.csv"] {
            other.go(hidden);
            assert!(!other.text("main").contains("浮山街道"), "{hidden}: {}", other.text("main"));
        }
        other.go("/lines");
        assert_eq!(other.text("[data-part=rows] p"), "3 条线路");

        // The admin closes it with a cause from the tree; the office sees that.
        admin.choose("#close select[name=cause]", "设备/光猫/收发器");
        admin.type_into("#close textarea[name=remedy]", "更换光猫");
        admin.click("#close button");
        admin.await_text(".status", "已关闭");
        office.await_text(".status", "已关闭");
        assert!(office.is_same());

        // The office opens it again: it was not repaired.
        office.click("#reopen summary");
        office.type_into("#reopen input[name=reason]", "还是卡");
        office.click("#reopen button");
        office.await_text(".status", "待受理");

        let steps = [
            ("fault.reported", "office"),
            ("fault.acknowledged", "crew"),
            ("fault.arrived", "crew"),
            ("fault.repaired", "crew"),
            ("fault.closed", "admin"),
            ("fault.reopened", "office"),
        ];
        let said: Vec<_> = recorded(&site.home).into_iter().filter(|(_, by)| by != "linewatch").collect();
        assert_eq!(said, steps.map(|(kind, by)| (kind.to_owned(), by.to_owned())));
        site.home.verified();
    });
}

/// Kinds of the records about faults with their authors, in order.
fn recorded(home: &daemon::Home) -> Vec<(String, String)> {
    let records = home.records();
    let about = records.iter().filter(|record| record.fact.kind().starts_with("fault."));
    about.map(|record| (record.fact.kind().to_owned(), record.author.to_string())).collect()
}

#[test]
fn a_cut_line_appears_on_the_open_page_and_goes_by_itself() {
    lab::run(|| {
        let site = Site::open();
        let browser = site.browser();
        let (desk, wall) = (browser.window(Screen::DESK), browser.window(Screen::DESK));
        desk.go("/");
        desk.await_text("h1", "5 条线路全部正常");
        desk.mark();
        wall.go("/wall");
        wall.await_that("document.querySelectorAll('.cells .up').length === 5");
        wall.mark();

        site.cut("10.64.2.3");
        desk.await_text(".card.down", "区政府办公室专线");
        desk.await_text(".headline", "1 条线路中断");
        wall.await_that("document.querySelectorAll('.cells .down').length === 1");
        wall.await_text(".wall-list .card", "区政府办公室专线");
        desk.await_text(".card", "故障 F");

        site.mend("10.64.2.3");
        desk.await_text(".headline", "全部正常");
        wall.await_that("document.querySelectorAll('.cells .up').length === 5");
        wall.await_text(".wall-list", "没有中断");
        assert!(desk.is_same() && wall.is_same(), "nothing was loaded anew");
        assert_eq!(site.home.count("fault.restored"), 1, "restored by itself");
    });
}

#[test]
fn restored_while_the_line_is_down_is_said_loudly() {
    lab::run(|| {
        let site = Site::open();
        let browser = site.browser();
        let crew = browser.window(Screen::PHONE);
        crew.log_in("crew", PASSWORD);
        crew.go("/faults");
        site.cut("10.64.2.1");
        crew.await_text(".card", "浮山街道主干专线");
        crew.click(".card h3 a");
        for stage in ["已受理", "已到场"] {
            crew.click(".bigstep button");
            crew.await_text(".status", stage);
        }
        crew.click(".bigstep button");
        crew.await_text(".loud", "线路仍然中断");
        assert_eq!(crew.text("[role=status].said"), "", "nothing praises what did not happen");
        crew.await_text(".status", "已到场");
        crew.mark();

        site.mend("10.64.2.1");
        crew.await_text(".status", "已修复");
        crew.await_that("document.querySelector('.loud') === null");
        assert!(crew.is_same());
    });
}

#[test]
fn without_a_script_links_and_forms_do_the_same() {
    lab::run(|| {
        let site = Site::open();
        let page = site.pair.near.enter(|| site.daemon.get("/"));
        assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""), "{}", page.body);
        for path in ["/", "/faults", "/lines", "/lines/T-04", "/maintenance", "/inspections", "/wall", "/more"] {
            let page = site.pair.near.enter(|| site.daemon.get(path));
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(!page.body.contains("onclick") && !page.body.contains("javascript:"), "{path}");
            assert_eq!(page.body.matches("<script").count(), 1, "{path}: one file and nothing within the page");
        }
    });
}
