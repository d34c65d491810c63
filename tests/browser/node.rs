//! Where the browser tests find Node, its packages, Chromium and the charting library, and how they are run.

use sledform::report::ChartLibrary;
use sledform::{models, results};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the scripts are told.
pub struct Node {
    chromium: PathBuf,
    packages: PathBuf,
}

/// None, and says why, where something is missing.
pub fn node() -> Option<Node> {
    let told = |name| std::env::var_os(name).map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/google-chrome"].map(PathBuf::from);
    let chromium = told("SLEDFORM_CHROMIUM").into_iter().chain(usual).find(|p| p.is_file());
    let packages = told("SLEDFORM_BROWSER_TESTS").unwrap_or_else(|| models::home().join("browser"));
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    let has_packages = packages.join("node_modules/playwright-core").is_dir();
    let found = chromium.filter(|_| has_node && has_packages && charts().is_some());
    if found.is_none() {
        println!(
            "skipped: needs Node, Chromium, uPlot and the packages of tests/browser; ./test installs them"
        );
    }
    found.map(|chromium| Node { chromium, packages })
}

/// What draws the plots.
pub fn charts() -> Option<ChartLibrary> {
    results::charts().ok()
}

/// Runs a script of `tests/browser`; panics with what it said where it fails.
pub fn run(node: &Node, script: &str, pages: &[&Path]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script);
    let run = Command::new("node")
        .arg(script)
        .args(pages)
        .env("SLEDFORM_CHROMIUM", &node.chromium)
        .env("SLEDFORM_BROWSER_TESTS", &node.packages)
        .output()
        .expect("node starts");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
}
