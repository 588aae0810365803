//! Rights for making namespaces: root, or a user namespace of one's own.

use std::any::type_name;
use std::env;
use std::process::Command;

use super::sys;

/// Set in the copy of the test that runs inside the user namespace.
const INSIDE: &str = "LINEWATCH_LAB_INSIDE";

/// Runs the body of a test with the rights to make network namespaces.
///
/// Call it from the test function itself: its name is how the test is found again. Root runs it as it is. Anybody else runs this one test again within `unshare -Urnm`; where that is not permitted
/// the test fails and says so.
pub fn run<F: FnOnce()>(body: F) {
    if sys::is_root() {
        return body();
    }
    assert!(env::var_os(INSIDE).is_none(), "unshare gave no root rights inside its user namespace");
    let test = test_name::<F>();
    let output = Command::new("unshare")
        .args(["-Urnm", "sh", "-c", "mount -t tmpfs tmpfs /run && exec \"$@\"", "sh"])
        .arg(env::current_exe().expect("path of the test binary"))
        .args(["--exact", &test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("this test makes network namespaces: run it as root, or install unshare (util-linux)");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        stdout.contains("running 1 test"),
        "this test makes network namespaces: run it as root or permit unprivileged user namespaces \
         (kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)\n{stdout}\n{stderr}"
    );
    assert!(output.status.success(), "failed within its user namespace\n{stdout}\n{stderr}");
}

/// The name libtest knows the test by: that of the function whose closure the body is, without the crate's.
fn test_name<F>() -> String {
    let full = type_name::<F>();
    let function = full.split("::{{closure}}").next().unwrap_or(full);
    function.split_once("::").map_or(function, |(_, path)| path).to_owned()
}

/// Takes `CAP_NET_RAW` from the calling thread and from those it will start, as if the program were run by an
/// ordinary account. Call it inside [`Namespace::enter`](super::Namespace::enter), whose thread ends soon.
pub fn without_raw_sockets() {
    sys::drop_net_raw().expect("dropping CAP_NET_RAW");
}
