//! Nobody sees or does what the role may not: every operation of the API's description by every role, against the table
//! of the core; every page and every list by a township's office, against the names of other townships.

mod asking;
mod daemon;

use std::collections::BTreeMap;

use asking::{Answer, Asker, add_token, await_account};
use daemon::{Daemon, Home, Row};
use linewatch_core::person::{Deed, may_somewhere};
use linewatch_core::record::Role;
use serde_json::{Value, json};

const OWN: &str = "汀泗桥镇";
const OTHER: &str = "官埠桥镇";

/// A district of two townships, with a fault, an inspection, planned downtime and a decision in each, and one that
/// asks in every role.
struct District {
    home: Home,
    daemon: Daemon,
    askers: Vec<(Option<Role>, Asker)>,
    /// The fault in the office's own township, and the other one.
    faults: [String; 2],
}

impl District {
    fn new() -> Self {
        let home = Home::new()
            .line(Row::new("OWN-01", "127.62.0.1").township(OWN))
            .line(Row::new("OWN-02", "127.62.0.2").township(OWN).below("OWN-01"))
            .line(Row::new("FOREIGN-01", "127.62.0.3").township(OTHER).named("FOREIGN trunk"))
            .line(Row::new("FOREIGN-02", "127.62.0.4").township(OTHER).named("FOREIGN village"));
        let daemon = home.start();
        let roles = [
            ("admin", Role::Admin, vec!["admin"]),
            ("second", Role::Admin, vec!["admin"]),
            ("crew", Role::Crew, vec!["crew"]),
            ("viewer", Role::Viewer, vec!["viewer"]),
            ("office", Role::Office(OWN.into()), vec!["office", "--township", OWN]),
        ];
        let mut askers = vec![(None, Asker::nobody(&daemon))];
        for (name, role, arguments) in roles {
            let asker = Asker::with_token(&daemon, &add_token(&home, name, &arguments));
            askers.push((Some(role), asker));
        }
        let last = askers.last().expect("askers").1.clone();
        await_account(&daemon, |answer| answer.status == 200, || last.get("/api/v1/me"));
        let mut district = Self { home, daemon, askers, faults: [String::new(), String::new()] };
        district.fill();
        district
    }

    fn by(&self, role: Option<&Role>) -> &Asker {
        &self.askers.iter().find(|(of, _)| of.as_ref() == role).expect("a role").1
    }

    fn admin(&self) -> &Asker {
        self.by(Some(&Role::Admin))
    }

    fn fill(&mut self) {
        let admin = self.admin().clone();
        let done = |answer: Answer| {
            assert_eq!(answer.status, 201, "{}", answer.body);
            answer.json()
        };
        for (place, line) in ["OWN-02", "FOREIGN-02"].into_iter().enumerate() {
            let report = json!({"line": line, "channel": "电话", "reporter": "王大明", "phone": "0715-8888001", "words": "看不了"});
            done(admin.json("POST", "/api/v1/faults", &report))["fault"]
                .as_str()
                .expect("a number")
                .clone_into(&mut self.faults[place]);
            done(admin.json(
                "POST",
                "/api/v1/inspections",
                &json!({"line": line, "findings": "fibre bent", "inspector": "王大明"}),
            ));
            let window = json!({
                "scope": {"kind": "line", "of": line}, "until": "2099-01-01T00:00:00Z", "reason": "cutover", "document": "D-1",
            });
            done(admin.json("POST", "/api/v1/planned", &window));
            let claim = json!({"kind": "declare", "line": line, "from": "2026-01-01T00:00:00Z", "until": "2026-01-01T01:00:00Z", "reason": "r", "document": "D-2"});
            let answer = admin.json("POST", "/api/v1/decisions", &claim);
            assert!([201, 422].contains(&answer.status), "{}", answer.body);
        }
        done(admin.json(
            "POST",
            "/api/v1/decisions",
            &json!({"kind": "exempt", "fault": self.faults[1], "reason": "storm", "document": "D-3"}),
        ));
    }

    fn description(&self) -> Value {
        Asker::nobody(&self.daemon).get("/api/v1/openapi.json").json()
    }

    /// A path with its parameters filled in.
    fn path(&self, template: &str) -> String {
        template
            .replace("/faults/{number}", &format!("/faults/{}", self.faults[0]))
            .replace("{number}", "1")
            .replace("{id}", "OWN-01")
            .replace("{account}", "viewer")
    }
}

/// Every operation: path, method, deed.
fn operations(description: &Value) -> Vec<(String, String, Deed)> {
    let mut found = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let named =
                operation["x-linewatch-deed"].as_str().unwrap_or_else(|| panic!("{method} {path} names no deed"));
            let deed = Deed::ALL.into_iter().find(|deed| deed.label() == named).unwrap_or_else(|| panic!("{named}"));
            found.push((path.clone(), method.to_uppercase(), deed));
        }
    }
    found
}

#[test]
fn every_operation_is_open_to_whom_the_table_names_and_to_nobody_else() {
    let district = District::new();
    let description = district.description();
    let operations = operations(&description);
    assert!(operations.len() >= 24, "{operations:?}");
    let records = district.home.said();
    let mut refused = 0;
    for (template, method, deed) in &operations {
        if template.ends_with("/events") {
            continue;
        }
        for (role, asker) in &district.askers {
            // Nothing that is sent is right, so that nothing is changed by whoever may.
            let path = district.path(template);
            let answer = match (method.as_str(), template.as_str()) {
                ("GET", _) => asker.get(&path),
                // These need no body, so that nothing sent could be wrong.
                (_, path_of)
                    if ["{account}/password", "/sessions"].iter().any(|end| path_of.ends_with(end))
                        && may_somewhere(role.as_ref(), *deed) =>
                {
                    continue;
                }
                _ => asker.json(method, &path, &json!({"nonsense": true})),
            };
            let what = format!("{method} {path} ({}) by {role:?}: {} {}", deed.label(), answer.status, answer.body);
            let expected = match (may_somewhere(role.as_ref(), *deed), role) {
                (true, _) => None,
                (false, None) => Some(401),
                (false, Some(_)) => Some(403),
            };
            match expected {
                Some(status) => {
                    refused += 1;
                    assert_eq!(answer.status, status, "{what}");
                    assert!(
                        answer.header("content-type").is_some_and(|kind| kind == "application/problem+json"),
                        "{what}"
                    );
                    let problem = answer.json();
                    assert!(problem["detail"].is_string() && problem["detail_zh"].is_string(), "{what}");
                }
                None => assert!(![401, 403, 405, 500].contains(&answer.status), "{what}"),
            }
        }
    }
    assert!(refused > 40, "{refused}");
    assert_eq!(district.home.said(), records, "nothing was recorded");
}

#[test]
fn each_step_of_a_repair_asks_for_its_own_deed() {
    let district = District::new();
    let own = &district.faults[0];
    let steps = [
        (json!({"step": "acknowledge"}), Deed::Work),
        (json!({"step": "dispatch", "to": "x"}), Deed::Work),
        (json!({"step": "arrive"}), Deed::Work),
        (json!({"step": "restore"}), Deed::Work),
        (json!({"step": "add_point", "line": "OWN-01"}), Deed::Work),
        (json!({"step": "note", "ticket": "T"}), Deed::Work),
        (json!({"step": "note", "words": "w"}), Deed::Report),
        (json!({"step": "note", "cause": ["光缆", "施工"]}), Deed::Judge),
        (json!({"step": "note", "responsibility": "r"}), Deed::Judge),
        (json!({"step": "close", "cause": ["光缆", "施工"]}), Deed::Judge),
        (json!({"step": "merge", "into": "F20260101-001", "reason": "r"}), Deed::Judge),
        (json!({"step": "split", "lines": ["OWN-02"], "reason": "r"}), Deed::Judge),
        (json!({"step": "void", "reason": "r"}), Deed::Judge),
        (json!({"step": "reopen", "reason": "r"}), Deed::Reopen),
    ];
    let path = format!("/api/v1/faults/{own}/steps");
    for (step, deed) in &steps {
        for (role, asker) in &district.askers {
            if may_somewhere(role.as_ref(), *deed) {
                continue;
            }
            let answer = asker.json("POST", &path, step);
            let status = if role.is_none() { 401 } else { 403 };
            assert_eq!(answer.status, status, "{step} by {role:?}: {}", answer.body);
        }
    }
    // And those who may, can: the whole way.
    let (crew, admin) = (district.by(Some(&Role::Crew)), district.admin());
    let office = district.by(Some(&Role::Office(OWN.into())));
    for (asker, step) in [
        (office, &steps[6].0),
        (crew, &steps[0].0),
        (crew, &steps[2].0),
        (crew, &steps[3].0),
        (office, &steps[13].0),
        (crew, &steps[3].0),
        (admin, &steps[9].0),
    ] {
        let answer = asker.json("POST", &path, step);
        assert_eq!(answer.status, 201, "{step}: {}", answer.body);
    }
    let fault = admin.get(&format!("/api/v1/faults/{own}")).json();
    assert_eq!(fault["fault"]["stage"], "closed");
    let authors: Vec<&str> =
        fault["timeline"].as_array().expect("entries").iter().filter_map(|entry| entry["by"].as_str()).collect();
    assert_eq!(authors, ["admin", "office", "crew", "crew", "crew", "office", "crew", "admin"]);
}

#[test]
fn an_office_touches_its_own_township_alone() {
    let district = District::new();
    let office = district.by(Some(&Role::Office(OWN.into())));
    let records = district.home.said();
    for (path, body) in [
        ("/api/v1/faults".to_owned(), json!({"line": "FOREIGN-01"})),
        (format!("/api/v1/faults/{}/steps", district.faults[1]), json!({"step": "note", "words": "w"})),
        (format!("/api/v1/faults/{}/steps", district.faults[1]), json!({"step": "reopen", "reason": "r"})),
    ] {
        let answer = office.json("POST", &path, &body);
        assert_eq!(answer.status, 403, "{path} {body}: {}", answer.body);
    }
    assert_eq!(district.home.said(), records);
    let answer = office.json("POST", "/api/v1/faults", &json!({"line": "OWN-01", "words": "断了"}));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let fault = office.get(&format!("/api/v1/faults/{}", answer.json()["fault"].as_str().expect("a number"))).json();
    assert_eq!(fault["fault"]["channel"], "乡镇办上报");
}

/// Pages and lists as an office gets them.
#[test]
fn an_office_sees_nothing_of_other_townships() {
    let district = District::new();
    let office = district.by(Some(&Role::Office(OWN.into())));
    let viewer = district.by(Some(&Role::Viewer));
    let description = district.description();
    let mut paths: Vec<String> = operations(&description)
        .iter()
        .filter(|(path, method, _)| method == "GET" && !path.ends_with("/events"))
        .map(|(path, ..)| district.path(path))
        .collect();
    paths.extend(
        [
            "/",
            "/lines",
            "/lines/OWN-01",
            "/faults",
            "/faults/print",
            "/wall",
            "/more",
            "/maintenance",
            "/inspections",
            "/decisions",
            "/report-fault",
            "/report",
            "/report/2026",
            "/runbook",
            "/api",
            "/password",
            "/sessions",
            "/accounts",
            "/accounts/viewer",
            "/metrics",
        ]
        .map(str::to_owned),
    );
    paths.push(format!("/faults/{}", district.faults[0]));
    paths.push("/api/v1/faults?state=all".to_owned());
    let mut seen_by_viewer = 0;
    for path in &paths {
        let answer = office.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.body);
        for word in ["FOREIGN", OTHER] {
            assert!(!answer.body.contains(word), "{word} in {path}:\n{}", answer.body);
        }
        seen_by_viewer += usize::from(viewer.get(path).body.contains("FOREIGN"));
    }
    assert!(seen_by_viewer >= 8, "a viewer sees both townships on {seen_by_viewer} of them");
    for path in ["/lines/FOREIGN-01".to_owned(), format!("/faults/{}", district.faults[1])] {
        for path in [path.clone(), format!("/api/v1{path}")] {
            let answer = office.get(&path);
            assert_eq!(answer.status, 404, "{path}");
        }
    }
    assert_eq!(office.get("/api/v1/lines/FOREIGN-01/outages").status, 404);
}

#[test]
fn whoever_has_not_logged_in_sees_no_names_and_numbers_of_people() {
    let mut district = District::new();
    let nobody = district.by(None).clone();
    let viewer = district.by(Some(&Role::Viewer)).clone();
    let paths = [
        "/api/v1/faults?state=all".to_owned(),
        format!("/api/v1/faults/{}", district.faults[0]),
        "/api/v1/inspections".to_owned(),
        "/api/v1/planned".to_owned(),
        "/".to_owned(),
        "/faults".to_owned(),
        format!("/faults/{}", district.faults[0]),
        "/faults/print".to_owned(),
        "/inspections".to_owned(),
        "/maintenance".to_owned(),
        "/lines/OWN-02".to_owned(),
    ];
    let mut told = BTreeMap::new();
    for path in &paths {
        for word in ["王大明", "0715-8888001", "D-1"] {
            assert!(!nobody.get(path).body.contains(word), "{word} in {path}");
            *told.entry(word).or_insert(0) += usize::from(viewer.get(path).body.contains(word));
        }
    }
    assert!(told.values().all(|count| *count > 0), "a viewer is told: {told:?}");
    // The ledger in the year's figures says who decided, and on which document.
    let year = nobody.get("/report").header("location").expect("the year's page").to_owned();
    let number = year.rsplit('/').next().expect("a year").to_owned();
    let of_year = ["figures.csv", "figures.json", "figures.txt", "figures.html"].map(|file| format!("{year}/{file}"));
    for path in of_year.into_iter().chain([format!("/api/v1/figures?year={number}")]) {
        let [hidden, told] = [&nobody, &viewer].map(|asker| asker.get(&path));
        assert_eq!((hidden.status, told.status), (200, 200), "{path}: {}", hidden.body);
        assert!(told.body.contains("D-1") && told.body.contains("admin"), "{path}: {}", told.body);
        assert!(!hidden.body.contains("D-1") && !hidden.body.contains("admin"), "{path}: {}", hidden.body);
        assert!(hidden.body.contains("cutover"), "why it was planned, everybody may know");
    }
    for query in ["q=%E7%8E%8B%E5%A4%A7%E6%98%8E", "of=%E7%8E%8B%E5%A4%A7%E6%98%8E"] {
        assert_eq!(nobody.get(&format!("/api/v1/faults?{query}")).status, 401, "nor finds out by asking");
    }
    district.faults.reverse();
}

#[test]
fn a_faults_page_says_how_it_stands_with_its_exemption() {
    let district = District::new();
    let page = |role: Option<&Role>| {
        let answer = district.by(role).get(&format!("/faults/{}?lang=en", district.faults[1]));
        assert_eq!(answer.status, 200);
        answer.body
    };
    assert!(page(None).contains("<dd>waits for approval</dd>"), "{}", page(None));
    assert!(
        page(Some(&Role::Viewer)).contains("<dd>waits for approval: storm (<span class=\"number\">D-3</span>)</dd>")
    );
    assert!(!page(Some(&Role::Admin)).contains("id=\"exempt\""), "it is proposed already");

    let admins: Vec<&Asker> =
        district.askers.iter().filter(|(role, _)| *role == Some(Role::Admin)).map(|(_, asker)| asker).collect();
    let pending = admins[1].get("/api/v1/decisions").json();
    let number = pending["items"]
        .as_array()
        .expect("decisions")
        .iter()
        .find(|item| item["document"] == "D-3")
        .expect("it")["number"]
        .clone();
    let told = admins[1].json("POST", &format!("/api/v1/decisions/{number}/answers"), &json!({"answer": "approve"}));
    assert_eq!(told.status, 201, "{}", told.body);
    assert!(page(None).contains("<dd>approved</dd>"));
    let seen = page(Some(&Role::Crew));
    assert!(seen.contains("<dd>approved: storm"), "{seen}");
}

#[test]
fn the_live_stream_tells_what_is_committed_to_whom_it_concerns() {
    let district = District::new();
    let listen = |asker: &Asker| Listening::of(asker);
    let (mut admin, mut office) = (listen(district.admin()), listen(district.by(Some(&Role::Office(OWN.into())))));
    let sender = district.admin();
    for line in ["FOREIGN-01", "OWN-01"] {
        assert_eq!(sender.json("POST", "/api/v1/inspections", &json!({"line": line})).status, 201);
    }
    let output = district.home.run(&["user", "disable", "second", "--reason", "r", "--by", "root"]);
    assert!(output.status.success());
    assert_eq!(sender.json("POST", "/api/v1/inspections", &json!({"line": "OWN-02"})).status, 201);
    let told = admin.until("OWN-02");
    assert!(
        told.contains("FOREIGN-01") && told.contains("person.disabled") && told.contains("\"author\":\"admin\""),
        "{told}"
    );
    let told = office.until("OWN-02");
    assert!(told.contains("OWN-01") && !told.contains("FOREIGN") && !told.contains("person."), "{told}");
    assert!(!told.contains("author\":\"admin"), "{told}");
    // Its account changed, a stream ends.
    let output = district.home.run(&["user", "role", "office", "--role", "viewer", "--by", "root"]);
    assert!(output.status.success());
    office.until_closed();
}

/// Somebody who listens to the live stream.
struct Listening {
    stream: std::net::TcpStream,
    heard: String,
}

impl Listening {
    fn of(asker: &Asker) -> Self {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(asker.address).expect("connects");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).expect("a timeout");
        let token = asker.token.as_deref().expect("a token");
        write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n")
            .expect("asks");
        let mut listening = Self { stream, heard: String::new() };
        listening.until("text/event-stream");
        listening
    }

    fn until(&mut self, text: &str) -> String {
        while !self.heard.contains(text) {
            assert!(self.read() > 0, "closed before {text}: {}", self.heard);
        }
        self.heard.clone()
    }

    fn until_closed(&mut self) {
        while self.read() > 0 {}
    }

    fn read(&mut self) -> usize {
        use std::io::Read;
        let mut buffer = [0; 4096];
        let read = self.stream.read(&mut buffer).unwrap_or_else(|error| panic!("{error}: {}", self.heard));
        self.heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        read
    }
}
