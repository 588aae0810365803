//! Accounts and sessions in a real browser: an admin adds an account on the page, its owner logs in with the one-time
//! password on a phone and sets another one, and is signed out everywhere by the admin.

mod browser;
mod daemon;
mod lab;

use browser::{Axe, PASSWORD, Screen, Site};

#[test]
fn an_account_is_added_used_and_signed_out_without_a_terminal() {
    lab::run(|| {
        let (site, axe) = (Site::open(), Axe::load());
        let browser = site.browser();
        let (admin, phone) = (browser.window(Screen::DESK), browser.window(Screen::PHONE));
        admin.log_in("admin", PASSWORD);
        admin.go("/more");
        admin.click("a[href='/accounts']");
        assert!(admin.text("main").contains("crew") && admin.text("main").contains("李师傅"));
        assert_eq!(axe.barriers(&admin), Vec::<String>::new());
        admin.type_into("input[name=account]", "fushan");
        admin.type_into("input[name=name]", "浮山街道办");
        admin.choose("select[name=role]", "office");
        admin.choose("select[name=township]", "浮山街道");
        admin.click("#add button");
        admin.await_text("h1", "浮山街道办");
        let once = admin.text("code.secret");
        assert_eq!(once.split('-').count(), 4, "{once}");
        assert_eq!(axe.barriers(&admin), Vec::<String>::new());

        // The owner, on a phone.
        phone.go("/login");
        phone.type_into("#account", "fushan");
        phone.type_into("#password", &once);
        phone.click("main form button");
        phone.await_text("h1", "修改密码");
        phone.type_into("#old", &once);
        phone.type_into("#new", "green-tea-at-six");
        phone.type_into("#again", "green-tea-at-six");
        phone.click("main form button");
        phone.await_that("location.pathname === '/'");
        phone.go("/sessions");
        phone.await_text(".card", "就是这里");
        assert_eq!(axe.barriers(&phone), Vec::<String>::new());
        let wide = phone.script("return document.documentElement.scrollWidth > innerWidth");
        assert_eq!(wide, false);
        phone.go("/accounts");
        assert!(phone.text("main").contains("看不到这个页面"), "{}", phone.text("main"));

        // The admin signs it out everywhere.
        admin.go("/accounts/fushan");
        admin.await_text("#sessions .card", "登录于");
        assert!(admin.text("code.secret").is_empty(), "a password is shown once");
        admin.click("#sessions button");
        admin.await_text("[role=status]", "已在所有地方退出登录");
        phone.go("/sessions");
        assert!(phone.text("main").contains("要先登录"), "{}", phone.text("main"));

        let said = site.home.records();
        let said: Vec<_> = said.iter().filter(|record| record.fact.kind().starts_with("person.")).collect();
        let said: Vec<_> = said.iter().map(|record| (record.fact.kind(), record.author.as_str())).collect();
        let expected = [
            ("person.added", "admin"),
            ("person.password_set", "admin"),
            ("person.password_set", "fushan"),
            ("person.signed_out", "admin"),
        ];
        // What was said before the browser was opened made the accounts it logs in with.
        assert_eq!(said[said.len() - expected.len()..], expected);
        site.home.verified();
    });
}
