//! The web app in a real browser, from the first clip sent to the last one deleted, with two clips of the samples. Skipped, and
//! says so, where Node, its packages or Chromium are absent; `./test` installs them.
#![cfg(feature = "server")]

#[path = "browser/node.rs"]
mod node;

use std::io::{BufRead, BufReader};
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

#[test]
fn a_coach_sends_reads_corrects_compares_shares_and_deletes() {
    let Some(node) = node::node() else { return };
    // Charts are the report's business.
    assert!(node::charts().is_some());
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["serve", "--port", "0", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let _running = Running(server);
    let address = line.trim().trim_start_matches("sledform is at ").trim_end_matches('/').to_owned();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let clips = ["sled-push.mp4", "sled-backpedal.mp4"].map(|name| samples.join(name));
    node::run(&node, "serve.mjs", &[Path::new(&address), &clips[0], &clips[1]]);
}
