//! `linewatch user`, with the daemon stopped: what is printed, recorded and refused.

mod asking;
mod daemon;

use std::process::Output;

use asking::{add_account, set_password};
use daemon::{Home, Row};

/// A home whose store the daemon has made.
fn home() -> Home {
    let home = Home::new().line(Row::new("T-01", "127.67.0.1").township("汀泗桥镇"));
    let daemon = home.start();
    daemon.await_log("observation.sighted");
    assert_eq!(daemon.stop().code, Some(0));
    home
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8").trim().to_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn accounts_are_added_listed_changed_and_disabled() {
    let home = home();
    let (code, out, _) = said(&home.run(&["user", "list"]));
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "There are no accounts. The first admin: linewatch user add NAME --role admin")
    );
    let once = add_account(&home, "张伟", &["admin"]);
    assert_eq!(once.split('-').count(), 4, "only the password is printed to standard output: {once:?}");
    add_account(&home, "tingsi", &["office", "--township", "汀泗桥镇"]);
    set_password(&home, "张伟", "tomato salad at noon");
    assert!(home.run(&["user", "role", "tingsi", "--role", "crew", "--by", "张伟"]).status.success());
    assert!(home.run(&["user", "disable", "tingsi", "--reason", "调离", "--by", "张伟"]).status.success());
    let (code, out, _) = said(&home.run(&["user", "list"]));
    assert_eq!(code, Some(0));
    for text in ["张伟", "admin", "tingsi", "crew", "disabled (张伟", "调离"] {
        assert!(out.contains(text), "{text}: {out}");
    }
    let list: serde_json::Value = serde_json::from_slice(&home.run(&["user", "list", "--json"]).stdout).expect("JSON");
    assert_eq!((list[0]["account"].as_str(), list[0]["role"].as_str()), (Some("张伟"), Some("admin")));
    assert_eq!((list[1]["enabled"].as_bool(), list[1]["disabled"]["by"].as_str()), (Some(false), Some("张伟")));
    assert!(!list.to_string().contains("argon2"));
    let kinds: Vec<(String, &str)> = home
        .records()
        .into_iter()
        .filter(|record| record.fact.kind().starts_with("person."))
        .map(|record| (record.author.clone(), record.fact.kind()))
        .collect();
    let told: Vec<(&str, &str)> = kinds.iter().map(|(author, kind)| (author.as_str(), *kind)).collect();
    assert_eq!(
        told,
        [
            ("root", "person.added"),
            ("root", "person.password_set"),
            ("root", "person.added"),
            ("root", "person.password_set"),
            ("root", "person.password_set"),
            ("张伟", "person.role_changed"),
            ("张伟", "person.disabled"),
        ]
    );
    home.verified();
    let rebuilt = home.run(&["journal", "rebuild"]);
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let home = home();
    add_account(&home, "boss", &["admin"]);
    let records = home.said();
    for (arguments, sentence) in [
        (&["user", "add", "boss", "--role", "crew", "--generate"][..], "there is an account boss"),
        (&["user", "add", "a b", "--role", "crew", "--generate"], "is no name of an account"),
        (&["user", "add", "linewatch", "--role", "crew", "--generate"], "is no name of an account"),
        (&["user", "add", "x", "--role", "office", "--generate"], "an office needs --township"),
        (&["user", "add", "x", "--role", "crew", "--township", "y", "--generate"], "an office needs --township"),
        (
            &["user", "add", "x", "--role", "office", "--township", "别处镇", "--generate"],
            "no line is in township 别处镇",
        ),
        (&["user", "disable", "boss", "--reason", "r"], "boss is the last admin"),
        (&["user", "disable", "nobody", "--reason", "r"], "there is no account nobody"),
        (&["user", "token", "revoke", "boss", "1"], "has no token 1"),
        (&["user", "add", "x", "--role", "crew"], "no terminal to ask for a password"),
    ] {
        let arguments = [arguments, &["--by", "root"]].concat();
        let mut command = std::process::Command::new(daemon::PROGRAM);
        command.args(&arguments).arg("--config").arg(home.config()).stdin(std::process::Stdio::null());
        let (code, out, complaint) = said(&command.output().expect("runs"));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}: {complaint}");
        assert!(complaint.contains(sentence), "{arguments:?}: {complaint}");
    }
    let wrong = home.run(&["user", "add", "x", "--role", "king", "--generate"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(home.said(), records, "nothing was recorded");
}
