//! The API against its own description under generated requests, right and wrong ones, by every role. Schemathesis
//! makes them; `tests/run` installs it. The seed is fixed, so that a failure comes again.

mod asking;
mod daemon;

use std::path::{Path, PathBuf};
use std::process::Command;

use asking::{Asker, add_token, await_account};
use daemon::{Home, Row};
use serde_json::{Value, json};

/// Generated requests an operation; the coverage phase adds what lies at the limits of each schema.
const EXAMPLES: &str = "12";
const SEED: &str = "20261127";
/// What is looked at in every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      unsupported_method";

fn program() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schemathesis/bin/schemathesis");
    assert!(path.exists(), "{} is missing: tests/run installs it", path.display());
    path
}

/// The description with the names of what there is, so that requests come further than "no such line".
fn with_what_there_is(mut description: Value, fault: &str) -> Value {
    fn bind(value: &mut Value) {
        match value {
            Value::Object(items) => {
                if let Some(Value::Object(properties)) = items.get_mut("properties") {
                    for (name, known) in [
                        ("line", json!(["T-01", "V-01"])),
                        ("channel", json!(["电话", "微信群"])),
                        ("symptom", json!(["中断", "丢包"])),
                    ] {
                        let plain = properties.get(name).is_some_and(|property| property["type"] == "string");
                        if plain {
                            properties.insert(name.to_owned(), json!({"type": "string", "enum": known}));
                        }
                    }
                }
                items.values_mut().for_each(bind);
            }
            Value::Array(items) => items.iter_mut().for_each(bind),
            _ => {}
        }
    }
    // What is sent is bound, not what is answered.
    for name in ["NewReport", "NewInspection", "Proposal", "Step"] {
        bind(&mut description["components"]["schemas"][name]);
    }
    for (path, item) in description["paths"].as_object_mut().expect("paths") {
        let known = |name: &str| match name {
            "id" => Some(json!(["T-01", "V-01"])),
            "account" => Some(json!(["spare"])),
            "number" if path.contains("/faults/") => Some(json!([fault])),
            _ => None,
        };
        for operation in item.as_object_mut().expect("operations").values_mut() {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                if let Some(known) = parameter["name"].as_str().and_then(known) {
                    parameter["schema"]["enum"] = known;
                }
            }
        }
    }
    description
}

#[test]
fn the_api_holds_against_its_description_by_every_role() {
    let program = program();
    let home = Home::new()
        .line(Row::new("T-01", "127.66.0.1").township("汀泗桥镇"))
        .line(Row::new("V-01", "127.66.0.2").township("汀泗桥镇").below("T-01"));
    let daemon = home.start();
    let office = ["office", "--township", "汀泗桥镇"];
    let roles: [(&str, &[&str]); 4] =
        [("admin", &["admin"]), ("crew", &["crew"]), ("viewer", &["viewer"]), ("office", &office)];
    let tokens = roles.map(|(name, role)| (name, add_token(&home, name, role)));
    add_token(&home, "spare", &["viewer"]);
    let admin = Asker::with_token(&daemon, &tokens[0].1);
    await_account(&daemon, |answer| answer.json()["total"] == 5, || admin.get("/api/v1/accounts"));
    let report = json!({"line": "V-01", "channel": "电话"});
    let fault = admin.json("POST", "/api/v1/faults", &report).json()["fault"].as_str().expect("a fault").to_owned();

    let description = with_what_there_is(admin.get("/api/v1/openapi.json").json(), &fault);
    let file = home.path().join("openapi.json");
    std::fs::write(&file, description.to_string()).expect("writes");
    let url = format!("http://{}", daemon.address());
    // Accounts last: whatever name is invented there would be one in the paths of other operations.
    let (accounts, others) = (["--include-path", "/api/v1/accounts"], ["--exclude-path", "/api/v1/accounts"]);
    let mut runs = vec![("nobody", None, vec![])];
    for (name, token) in &tokens {
        match *name {
            "admin" => {
                runs.extend([("admin", Some(token), others.to_vec()), ("admin", Some(token), accounts.to_vec())])
            }
            name => runs.push((name, Some(token), vec![])),
        }
    }
    runs.sort_by_key(|(_, _, which)| which.first() == Some(&"--include-path"));
    let mut generated = 0;
    for (name, token, which) in runs {
        let mut command = Command::new(&program);
        command
            .arg("run")
            .arg(&file)
            .args(["--url", &url, "--seed", SEED, "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing"])
            .args([
                "--exclude-path",
                "/api/v1/events",
                "--suppress-health-check",
                "all",
                "--warnings",
                "off",
                "--no-color",
            ])
            .args(["--generation-database", "none", "--checks"])
            // Whoever may not is told so before anybody looks at what he sent.
            .arg(if name == "admin" { format!("{CHECKS},negative_data_rejection") } else { CHECKS.to_owned() })
            .args(which)
            .current_dir(home.path());
        if let Some(token) = token {
            command.args(["-H", &format!("Authorization: Bearer {token}")]);
        }
        let output = command.output().expect("schemathesis runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}:\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
        let cases = said.lines().find(|line| line.contains(" generated")).unwrap_or_default().trim();
        println!("{name}: {cases}");
        generated += cases.split_whitespace().next().and_then(|count| count.parse::<u32>().ok()).unwrap_or(0);
    }
    assert!(generated > 4000, "{generated}");
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
}
