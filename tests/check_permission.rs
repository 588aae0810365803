//! `linewatch check` on machines that permit probing and on machines that do not.

mod lab;

use lab::Namespace;

#[test]
fn a_machine_is_ready_when_it_permits_the_socket_that_is_configured() {
    lab::run(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let config = "[site]\nlanguage = \"en\"\n[probe]\nsocket = \"datagram\"\n";
        std::fs::write(folder.path().join("linewatch.toml"), config).expect("written");
        std::fs::write(folder.path().join("lines.csv"), "id,name,class,address\nA,a,village,127.0.0.1\n")
            .expect("written");
        let near = Namespace::new("near");
        let check = || {
            let mut command = near.command(env!("CARGO_BIN_EXE_linewatch"));
            let output = command.args(["check", "--config", "linewatch.toml"]).current_dir(folder.path()).output();
            let output = output.expect("the binary starts");
            let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
            (output.status.code(), text(output.stdout), text(output.stderr))
        };

        // A new namespace permits no datagram sockets.
        let (code, said, complaint) = check();
        assert_eq!(code, Some(1), "{said}{complaint}");
        assert!(complaint.starts_with("linewatch: no permission for datagram ICMP sockets"), "{complaint}");
        assert!(complaint.contains("ping_group_range"), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(said.contains("\nLoad and false alarms\n"), "everything else is printed: {said}");
        assert!(said.contains("nothing can be probed from here"), "{said}");

        near.permit_datagram();
        let (code, said, complaint) = check();
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{said}");
        assert!(said.contains("IPv4 datagram, IPv6 datagram (as configured)"), "{said}");
    });
}
