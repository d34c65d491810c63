//! The web app in a real browser, from the first clip sent to the last one deleted, with two clips of the samples. Skipped, and
//! says so, where Node, its packages or Chromium are absent; `./test` installs them.
#![cfg(feature = "server")]

#[path = "browser/node.rs"]
mod node;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A server on a folder, and its address.
fn serve(data: &Path) -> (Running, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["serve", "--port", "0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let address = line.trim().trim_start_matches("sledform is at ").trim_end_matches('/').to_owned();
    (Running(server), address)
}

#[test]
fn a_coach_sends_reads_corrects_compares_shares_and_deletes() {
    let Some(node) = node::node() else { return };
    // Charts are the report's business.
    assert!(node::charts().is_some());
    let data = tempfile::tempdir().expect("a folder");
    let (_running, address) = serve(data.path());
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let clips = ["sled-push.mp4", "sled-backpedal.mp4"].map(|name| samples.join(name));
    node::run(&node, "serve.mjs", &[Path::new(&address), &clips[0], &clips[1]]);
}

/// With what a browser itself sends with the plain form of the login page, which no other client does.
#[test]
fn a_coach_logs_in_works_and_logs_out() {
    let Some(node) = node::node() else { return };
    let data = tempfile::tempdir().expect("a folder");
    for (name, role) in [("coach", "coach"), ("eve", "viewer")] {
        let mut made = Command::new(env!("CARGO_BIN_EXE_sledform"))
            .args(["serve", "password", name, "--role", role, "--data"])
            .arg(data.path())
            .env_remove("SLEDFORM_PASSWORD")
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        writeln!(made.stdin.take().expect("piped"), "push the floor away").expect("written");
        assert!(made.wait().expect("it ends").success());
    }
    let (_running, address) = serve(data.path());
    node::run(&node, "login.mjs", &[Path::new(&address)]);
}
