//! Short clips in folders of their own, and the program run on them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Different clips that there are; further numbers are these again with other bytes.
const CLIPS: usize = 3;

/// Three clips of 0.6 s, 320 pixels wide: enough to be watched and drawn, too little to be judged.
fn clips() -> &'static [Vec<u8>; CLIPS] {
    static MADE: OnceLock<[Vec<u8>; CLIPS]> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folders can be made");
        ["sled-push", "sled-backpedal", "backward-sled-drag"].map(|name| {
            let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{name}.mp4"));
            let made = folder.path().join(format!("{name}.mp4"));
            ffmpeg(&[
                "-ss".as_ref(),
                "1".as_ref(),
                "-t".as_ref(),
                "0.6".as_ref(),
                "-i".as_ref(),
                sample.as_os_str(),
                "-vf".as_ref(),
                "scale=320:-2".as_ref(),
                "-an".as_ref(),
                made.as_os_str(),
            ]);
            fs::read(made).expect("ffmpeg wrote it")
        })
    })
}

fn ffmpeg(arguments: &[&OsStr]) {
    let run = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(arguments).status();
    assert!(run.expect("ffmpeg is installed for the tests").success());
}

/// A folder for one test: `in` with clips, `out` with results.
pub struct Place(tempfile::TempDir);

#[allow(dead_code, reason = "each test program uses some of it")]
impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("temporary folders can be made"))
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn input(&self, name: &str) -> PathBuf {
        self.folder("in").join(name)
    }

    pub fn out(&self) -> PathBuf {
        self.folder("out")
    }

    pub fn file(&self, name: &str, bytes: &[u8]) {
        let path = self.input(name);
        fs::create_dir_all(path.parent().expect("a name in a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
    }

    /// A clip that differs from those of other numbers, if only by a box at its end that players skip.
    pub fn clip(&self, name: &str, number: usize) {
        let mut bytes = clips()[number % CLIPS].clone();
        let mark = u32::try_from(number / CLIPS).expect("few clips");
        bytes.extend([&12u32.to_be_bytes()[..], b"free", &mark.to_be_bytes()].concat());
        self.file(name, &bytes);
    }

    pub fn sound(&self, name: &str) {
        let path = self.input(name);
        fs::create_dir_all(path.parent().expect("a name in a folder")).expect("folders can be made");
        ffmpeg(&["-f".as_ref(), "lavfi".as_ref(), "-i".as_ref(), "sine=d=1".as_ref(), path.as_os_str()]);
    }

    /// Over the folder of inputs; without the annotated videos unless `--overlay-of-the-test` is among the options.
    pub fn command(&self, out: &Path, options: &[&str]) -> Command {
        let mut command = program(&["batch", "--quality", "fast", "--out"]);
        command.arg(out).arg(self.input(""));
        command.args(options.iter().filter(|o| **o != "--overlay-of-the-test"));
        if !options.contains(&"--overlay-of-the-test") {
            command.arg("--no-overlay");
        }
        command
    }

    pub fn batch_into(&self, out: &Path, options: &[&str]) -> Output {
        self.command(out, options).output().expect("the program starts")
    }

    pub fn batch(&self, options: &[&str]) -> Output {
        self.batch_into(&self.out(), options)
    }
}

/// Clips that ended with this effort, by the events of `--json`.
#[allow(dead_code, reason = "each test program uses some of it")]
pub fn efforts(output: &Output, effort: &str) -> usize {
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let events = lines.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("a line of JSON"));
    events.filter(|e| e["event"] == "clip_ended" && e["effort"] == effort).count()
}

/// The program with its first arguments.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sledform"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[allow(dead_code, reason = "each test program uses some of it")]
pub fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The rows of a CSV, its header left out.
pub fn table(path: &Path) -> Vec<Vec<String>> {
    let mut csv = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    csv.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// What a batch hands on: every file by its path, without the log and what belongs to the machine.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn add(root: &Path, folder: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
            if name == ".sledform" || name == "batch.log" {
                continue;
            }
            if path.is_dir() {
                add(root, &path, all);
            } else {
                all.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    let mut all = BTreeMap::new();
    add(folder, folder, &mut all);
    all
}
