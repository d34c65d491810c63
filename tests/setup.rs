//! The set-up scripts: what they say when a hash is wrong, when nobody may install packages, when Rust is missing; and
//! that they do nothing, without a network, when everything is there. Registries are played by small fakes.

#![cfg(unix)]

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
/// What the scripts themselves need of a system: nothing that a bare one lacks.
const BARE_TOOLS: [&str; 20] = [
    "bash",
    "cat",
    "cut",
    "dirname",
    "env",
    "flock",
    "head",
    "id",
    "mkdir",
    "mv",
    "rm",
    "sed",
    "sha256sum",
    "sort",
    "stat",
    "tail",
    "tar",
    "tr",
    "uname",
    "sleep",
];
/// SHA-256 of "abc", the first example of FIPS 180-4.
const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
/// SHA-256 of "abd".
const SHA256_OF_ABD: &str = "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

/// A folder with fake commands, a home for what is fetched, and a manifest.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(bench.path("bin")).expect("writable");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of our own, first in the path.
    fn fake(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        let _ = fs::remove_file(&path);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permitted");
    }

    /// Only what every system has.
    fn only_bare_tools(&self) {
        for tool in BARE_TOOLS {
            symlink(find(tool), self.path("bin").join(tool)).expect("writable");
        }
    }

    /// Bash with the set-up functions loaded and nothing but the fakes in the path.
    fn bash(&self, script: &str) -> Output {
        let script = format!("set -euo pipefail; . '{REPOSITORY}/scripts/setup.sh'; {script}");
        self.command(Path::new("/bin/bash"), &["-c", &script])
            .env("PATH", self.path("bin"))
            .output()
            .expect("bash")
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("SLEDFORM_HOME", self.path("home"))
            .env("HOME", self.path("nobody"));
        command
    }

    /// A manifest with one library, for this processor, that npm delivers and that must hold "abc".
    fn write_manifest(&self) {
        let text = format!(
            "[[runtime]]\nname = \"abc\"\narchitecture = \"{}\"\nfile = \"lib/abc.so\"\nsha256 = \"{SHA256_OF_ABC}\"\n\
             licence = \"MIT\"\n[runtime.source]\nregistry = \"npm\"\npackage = \"abc\"\nversion = \"1.2.3\"\n\
             file = \"package/abc.so\"\nbytes = 3\nsha256 = \"{SHA256_OF_ABC}\"\n",
            env::consts::ARCH
        );
        fs::write(self.path("manifest.toml"), text).expect("writable");
    }

    /// An npm whose package holds this; each call leaves a line in `calls`.
    fn fake_npm(&self, content: &str) {
        let (package, calls) = (self.path("package"), self.path("calls"));
        let script = format!(
            "echo called >> '{}'; mkdir -p '{}'; printf %s '{content}' > '{}/abc.so'; cd '{}'\n\
             while [ $# -gt 0 ]; do [ \"$1\" = --pack-destination ] && place=$2; shift; done\n\
             tar czf \"$place/abc-1.2.3.tgz\" package",
            calls.display(),
            package.display(),
            package.display(),
            self.folder.path().display(),
        );
        self.fake("npm", &script);
    }

    fn npm_calls(&self) -> usize {
        fs::read_to_string(self.path("calls")).unwrap_or_default().lines().count()
    }

    /// The script that fetches and checks, with the fakes first in the path.
    fn fetch(&self) -> Output {
        let script = Path::new(REPOSITORY).join("tools/fetch.py");
        let (manifest, home) = (self.path("manifest.toml"), self.path("home"));
        let arguments = ["-B", text(&script), text(&manifest), text(&home)];
        let path = format!("{}:{}", text(&self.path("bin")), env::var("PATH").unwrap_or_default());
        self.command(&python(), &arguments).env("PATH", path).output().expect("Python")
    }
}

/// A Python that reads TOML: the one of set-up, else the system's.
fn python() -> PathBuf {
    let home =
        env::var_os("SLEDFORM_HOME").map_or_else(|| Path::new(REPOSITORY).join(".sledform"), PathBuf::from);
    let own = home.join("venv/bin/python");
    if own.is_file() { own } else { find("python3") }
}

fn find(tool: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{tool} is not in the path"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_says(output: &Output, parts: &[&str]) {
    let said = error_of(output);
    for part in parts {
        assert!(said.contains(part), "nothing of {part:?} in:\n{said}");
    }
}

#[test]
fn a_right_file_is_fetched_once_and_then_left_alone_without_a_network() {
    let bench = Bench::new();
    bench.write_manifest();
    bench.fake_npm("abc");
    let first = bench.fetch();
    assert!(first.status.success(), "{}", error_of(&first));
    assert_eq!(fs::read_to_string(bench.path("home/lib/abc.so")).expect("fetched"), "abc");
    assert!(!bench.path("home/download").exists(), "the archive is not kept");

    bench.fake("npm", "exit 1");
    let second = bench.fetch();
    assert!(second.status.success(), "{}", error_of(&second));
    assert_eq!((error_of(&second).as_str(), bench.npm_calls()), ("", 1));
}

#[test]
fn a_wrong_hash_stops_with_file_expected_and_actual() {
    let bench = Bench::new();
    bench.write_manifest();
    bench.fake_npm("abd");
    let output = bench.fetch();
    assert_eq!(output.status.code(), Some(1));
    assert_says(&output, &["package/abc.so in abc 1.2.3", SHA256_OF_ABC, SHA256_OF_ABD]);
    assert!(!bench.path("home/lib/abc.so").exists());

    bench.fake_npm("abc");
    assert!(bench.fetch().status.success(), "the wrong archive must not be used again");
}

#[test]
fn a_damaged_file_is_replaced() {
    let bench = Bench::new();
    bench.write_manifest();
    bench.fake_npm("abc");
    assert!(bench.fetch().status.success());
    fs::write(bench.path("home/lib/abc.so"), "ab").expect("writable");
    assert_says(&bench.fetch(), &["abc.so is not what it should be"]);
    assert_eq!(fs::read_to_string(bench.path("home/lib/abc.so")).expect("fetched"), "abc");
}

#[test]
fn an_interrupted_download_is_started_anew() {
    let bench = Bench::new();
    bench.write_manifest();
    bench.fake_npm("abc");
    let left_over = bench.path("home/download/abc-1.2.3-any.part");
    fs::create_dir_all(&left_over).expect("writable");
    fs::write(left_over.join("abc-1.2.3.tgz"), "half").expect("writable");
    let output = bench.fetch();
    assert!(output.status.success(), "{}", error_of(&output));
}

#[test]
fn without_a_network_the_package_and_the_clients_words_are_said() {
    let bench = Bench::new();
    bench.write_manifest();
    bench.fake("npm", "echo network is unreachable; exit 1");
    let output = bench.fetch();
    assert_eq!(output.status.code(), Some(1));
    assert_says(&output, &["abc 1.2.3 could not be fetched from npm", "network is unreachable"]);
}

#[test]
fn without_root_or_sudo_the_exact_packages_are_said() {
    let bench = Bench::new();
    bench.only_bare_tools();
    bench.fake("id", "echo 1000");
    bench.fake("apt-get", "echo must not be called; exit 1");
    let output = bench.bash("ensure_packages clang pkg-config");
    assert_eq!(output.status.code(), Some(1));
    let command = "apt-get update && apt-get install --no-install-recommends clang pkg-config";
    assert_says(&output, &["only root can install them", command]);
}

#[test]
fn another_system_is_named_with_the_packages() {
    let bench = Bench::new();
    bench.only_bare_tools();
    let release = bench.path("os-release");
    fs::write(&release, "PRETTY_NAME=\"Plan 9\"\n").expect("writable");
    let output = bench.bash(&format!("SLEDFORM_OS_RELEASE='{}'; ensure_packages clang", release.display()));
    assert_eq!(output.status.code(), Some(1));
    assert_says(&output, &["Plan 9", "has no apt-get", "clang"]);
}

#[test]
fn packages_that_are_there_are_not_asked_for() {
    let bench = Bench::new();
    bench.only_bare_tools();
    bench.fake("clang", "");
    bench.fake("pkg-config", "");
    let output = bench.bash("ensure_packages clang pkg-config");
    assert!(output.status.success(), "{}", error_of(&output));
    assert_eq!(error_of(&output), "");
}

#[test]
fn a_libclang_that_nothing_can_be_linked_against_is_none() {
    let bench = Bench::new();
    bench.only_bare_tools();
    let lib = bench.path("a lib");
    fs::create_dir(&lib).expect("writable");
    let found = |file: &str| {
        fs::write(lib.join(file), "").expect("writable");
        let script = format!("library_folders=('{}'); have_libclang && echo yes || echo no", text(&lib));
        String::from_utf8_lossy(&bench.bash(&script).stdout).into_owned()
    };
    for of_programs in ["libclang-cpp.so.14", "libclang-cpp.so", "libclang.so.1", "libclang-14.so.13"] {
        assert_eq!(found(of_programs), "no\n", "{of_programs}");
    }
    assert_eq!(found("libclang-14.so"), "yes\n");
    fs::remove_file(lib.join("libclang-14.so")).expect("there");
    assert_eq!(found("libclang.so"), "yes\n");
}

#[test]
fn with_sudo_the_lists_are_updated_and_the_missing_packages_installed() {
    let bench = Bench::new();
    bench.only_bare_tools();
    bench.fake("id", "echo 1000");
    bench.fake("sudo", "[ \"$1\" = -n ] && exit 0; exec \"$@\"");
    bench.fake("clang", "");
    let (calls, made) = (bench.path("calls"), bench.path("bin/pkg-config"));
    let install = format!("case \"$*\" in *install*) cp /bin/true '{}';; esac", text(&made));
    bench.fake(
        "apt-get",
        &format!("echo \"$DEBIAN_FRONTEND $*\" >> '{}'; PATH=/bin:/usr/bin; {install}", text(&calls)),
    );
    let output = bench.bash("ensure_packages clang pkg-config");
    assert!(output.status.success(), "{}", error_of(&output));
    let calls = fs::read_to_string(&calls).expect("called");
    let (update, install) = calls.split_once('\n').expect("two calls");
    assert!(update.starts_with("noninteractive") && update.ends_with("update -qq"), "{update}");
    assert!(install.trim_end().ends_with("--no-install-recommends pkg-config"), "{install}");
}

#[test]
fn without_rust_the_way_to_get_it_is_said() {
    let bench = Bench::new();
    bench.only_bare_tools();
    assert_says(&bench.bash("ensure_rust"), &["or newer is needed and not installed", "rustup"]);
}

#[test]
fn an_old_rust_is_named_with_its_version() {
    let bench = Bench::new();
    bench.only_bare_tools();
    bench.fake("cargo", "");
    bench.fake("rustc", "echo 'rustc 1.63.0 (4b91a6ea7 2022-08-08)'");
    let output = bench.bash("ensure_rust");
    assert_eq!(output.status.code(), Some(1));
    assert_says(&output, &["is 1.63.0", "rustup update stable"]);
}

#[test]
fn rust_that_is_new_enough_passes_wherever_it_lies() {
    let bench = Bench::new();
    bench.only_bare_tools();
    bench.fake("rustc", "echo 'rustc 1.100.0-nightly (000000000 2027-01-01)'");
    fs::create_dir_all(bench.path("nobody/.cargo/bin")).expect("writable");
    bench.fake("cargo", "");
    fs::rename(bench.path("bin/cargo"), bench.path("nobody/.cargo/bin/cargo")).expect("writable");
    let output = bench.bash("ensure_rust");
    assert!(output.status.success(), "{}", error_of(&output));
}

#[test]
fn a_stamp_holds_until_its_key_or_a_file_changes() {
    let bench = Bench::new();
    bench.only_bare_tools();
    // A failing `! command` would not stop the script.
    let script = "not() { if \"$@\"; then echo \"holds: $*\"; exit 1; fi; }
        cd \"$SLEDFORM_HOME\"; echo a > 'one file'; echo b > two; write_stamp stamp key1 'one file' two
        stamp_is_valid stamp key1; not stamp_is_valid stamp key2; not stamp_is_valid none key1
        echo aa > 'one file'; not stamp_is_valid stamp key1
        write_stamp stamp key1 'one file' two; stamp_is_valid stamp key1; rm two; not stamp_is_valid stamp key1
        echo end";
    let output = bench.bash(&format!("mkdir -p \"$SLEDFORM_HOME\"; {script}"));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "end\n", "{}", error_of(&output));
}

#[test]
fn a_program_is_out_of_date_once_a_file_it_was_made_of_changes() {
    let bench = Bench::new();
    bench.only_bare_tools();
    let (target, source) = (bench.path("target"), bench.path("a source.rs"));
    fs::create_dir_all(target.join("release")).expect("writable");
    fs::write(target.join("release/sledform"), "program").expect("writable");
    let listed = text(&source).replace(' ', "\\ ");
    let list = format!("{}/release/sledform: {listed} {REPOSITORY}/src/lib.rs\n", text(&target));
    fs::write(target.join("release/sledform.d"), list).expect("writable");
    let script = format!(
        "target='{}'; program=$target/release/sledform; source='{}'; rewrite() {{ sleep 0.01; echo \"$1\" > \"$source\"; }}
        rewrite a; write_stamp \"$program.stamp\" \"$(program_key)\" \"$program\"; have_program
        rewrite a; have_program; echo same
        rewrite b; if have_program; then exit 1; fi; echo changed
        rewrite a; have_program; echo back
        rm \"$source\"; if have_program; then exit 1; fi; echo gone",
        text(&target),
        text(&source)
    );
    let output = bench.bash(&script);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "same\nchanged\nback\ngone\n",
        "{}",
        error_of(&output)
    );
}

#[test]
fn a_second_set_up_waits_for_the_first() {
    let bench = Bench::new();
    bench.only_bare_tools();
    let script = "take_lock; (exec 9>&-; take_lock; echo second >> \"$SLEDFORM_HOME/order\") & sleep 0.3
        echo first >> \"$SLEDFORM_HOME/order\"; release_lock; wait; cat \"$SLEDFORM_HOME/order\"";
    let output = bench.bash(script);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "first\nsecond\n", "{}", error_of(&output));
    assert_says(&output, &["another set-up is running"]);
}

/// What only tests need, with the fakes alone in the path.
fn tests_script(bench: &Bench, script: &str) -> Output {
    bench.bash(&format!(". '{REPOSITORY}/scripts/tests.sh'; {script}"))
}

#[test]
fn a_stub_that_starts_a_snap_is_no_browser() {
    let bench = Bench::new();
    bench.only_bare_tools();
    symlink(find("grep"), bench.path("bin/grep")).expect("writable");
    symlink(find("readlink"), bench.path("bin/readlink")).expect("writable");
    bench.fake("chromium-browser", "exec /snap/bin/chromium \"$@\"");
    let found = tests_script(&bench, "find_chromium");
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "{}", error_of(&found));
    bench.fake("google-chrome", "exec /opt/google/chrome/chrome \"$@\"");
    let found = tests_script(&bench, "find_chromium");
    assert!(String::from_utf8_lossy(&found.stdout).trim_end().ends_with("bin/google-chrome"));
}

#[test]
fn what_cannot_be_had_for_the_tests_is_skipped_with_a_line() {
    let bench = Bench::new();
    bench.only_bare_tools();
    for tool in ["grep", "readlink", "cp"] {
        symlink(find(tool), bench.path("bin").join(tool)).expect("writable");
    }
    let script =
        "mkdir -p \"$SLEDFORM_HOME\"; ensure_browser_tests; echo \"${SLEDFORM_BROWSER_TESTS:-none}\"";
    let without = tests_script(&bench, script);
    assert_eq!(String::from_utf8_lossy(&without.stdout), "none\n");
    assert_says(&without, &["skipping the tests with a browser", "SLEDFORM_CHROMIUM"]);

    bench.fake("chromium", "");
    bench.fake("npm", "exit 1");
    bench.fake("node", "echo v12.22.9");
    assert_says(&tests_script(&bench, script), &["Node.js 18 or newer; found 12"]);
    bench.fake("node", "echo v20.1.0");
    let offline = tests_script(&bench, script);
    assert_eq!(String::from_utf8_lossy(&offline.stdout), "none\n", "{}", error_of(&offline));
    assert_says(&offline, &["npm could not install the packages"]);

    // Once it can, it is done once.
    bench.fake("npm", &format!("echo called >> '{}'", bench.path("calls").display()));
    for _ in 0..2 {
        let there = tests_script(&bench, script);
        assert!(String::from_utf8_lossy(&there.stdout).ends_with("home/browser\n"), "{}", error_of(&there));
    }
    assert_eq!(bench.npm_calls(), 1);
}
