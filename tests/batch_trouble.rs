//! A batch in trouble: the disk full, the folder read-only, a clip gone while it is read. A clear message, and the same
//! command goes on afterwards. What does not belong together in a list or a folder is told. And a batch on a cluster.
#![cfg(all(feature = "cli", unix))]

mod batch_support;

use batch_support::{Place, code, efforts, files, printed, program, said, table};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A small disk, as long as it is held; none where this user may not mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf, kibibytes: u32) -> Option<Self> {
        fs::create_dir_all(&at).expect("own folder");
        let size = format!("size={kibibytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at).output();
        mounted.is_ok_and(|o| o.status.success()).then(|| Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}

#[test]
fn a_full_disk_stops_the_batch_and_with_room_it_goes_on() {
    let place = Place::new();
    for i in 0..3 {
        place.clip(&format!("{i}.mp4"), i);
    }
    // As deep as the other: the reports link to the clips.
    let alone = place.folder("alone").join("out");
    place.batch_into(&alone, &["--overlay-of-the-test"]);
    let bytes: usize = files(&alone).values().map(Vec::len).sum();
    let kibibytes = u32::try_from(bytes / 1024).expect("short clips") * 3 / 2 + 512;
    let Some(disk) = SmallDisk::mount(place.folder("disk"), kibibytes) else {
        println!("skipped: this user may not mount a small disk");
        return;
    };
    let filler = disk.0.join("in the way");
    let mut file = fs::File::create(&filler).expect("there is room yet");
    let free = u64::from(kibibytes) * 1024 - (bytes / 3) as u64;
    for _ in 0..free / 4096 {
        if file.write_all(&[7; 4096]).is_err() {
            break;
        }
    }
    drop(file);
    let out = disk.0.join("out");
    let full = place.batch_into(&out, &["--overlay-of-the-test"]);
    assert_eq!(code(&full), 1);
    let told = said(&full).to_lowercase();
    assert!(told.contains("is full") && told.contains("start it again"), "{told}");
    assert!(!told.contains("panicked"));

    fs::remove_file(filler).expect("own file");
    let again = place.batch_into(&out, &["--overlay-of-the-test"]);
    assert_ne!(code(&again), 1, "{}", said(&again));
    assert!(files(&out) == files(&alone), "as if nothing had happened");
}

#[test]
fn a_folder_that_may_not_be_written_is_told_before_the_work() {
    let place = Place::new();
    place.clip("a.mp4", 0);
    fs::create_dir_all(place.out()).expect("own folder");
    fs::set_permissions(place.out(), fs::Permissions::from_mode(0o555)).expect("own folder");
    if fs::write(place.out().join("probe"), "").is_ok() {
        fs::remove_file(place.out().join("probe")).expect("own file");
        // This user may write anywhere; a disk that is mounted read-only stops them too.
        let Some(disk) = SmallDisk::mount(place.folder("disk"), 1024) else {
            println!("skipped: this user may write everywhere and may not mount a disk");
            return;
        };
        let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).status();
        assert!(remounted.is_ok_and(|s| s.success()));
        let output = place.batch_into(&disk.0.join("out"), &[]);
        assert_eq!(code(&output), 1);
        assert!(said(&output).contains("check the folder, its permissions"), "{}", said(&output));
        return;
    }
    let output = place.batch(&[]);
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("check the folder, its permissions"), "{}", said(&output));
}

#[test]
fn a_clip_that_vanishes_is_told_and_done_when_it_is_back() {
    let place = Place::new();
    for i in 0..6 {
        place.clip(&format!("{i}.mp4"), i);
    }
    let last = place.input("5.mp4");
    let (kept, first) = (fs::read(&last).expect("made above"), place.input("0.mp4"));
    let kept_first = fs::read(&first).expect("made above");
    let mut child = place.command(&place.out(), &["--json"]).stdout(Stdio::piped()).spawn().expect("starts");
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let event: serde_json::Value = serde_json::from_str(&line.expect("text")).expect("a line of JSON");
        if event["event"] == "clip_began" && event["clip"] == "0.mp4" {
            fs::remove_file(&last).expect("own file");
            fs::remove_file(&first).expect("own file");
        }
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let rows = table(&place.out().join("clips.csv"));
    for name in ["0.mp4", "5.mp4"] {
        let row = rows.iter().find(|row| row[0] == name).expect("a row");
        assert!(
            row[6] == "failed" && (row[7].contains("vanished") || row[7].contains("does not exist")),
            "{row:?}"
        );
    }
    assert!(rows[1..5].iter().all(|row| row[6] != "failed"), "{rows:?}");
    fs::write(&last, kept).expect("own file");
    fs::write(&first, kept_first).expect("own file");
    let output = place.batch(&["--json"]);
    assert_eq!((efforts(&output, "watched"), efforts(&output, "unchanged")), (2, 4));
}

/// The sample's recording, which needs no watching, told as an exercise of the list; both columns of what was made of it.
fn told_as(exercise: &str, options: &[&str]) -> (String, String, String) {
    let place = Place::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-backpedal.recording.jsonl.zst");
    place.file("drag.recording.jsonl.zst", &fs::read(sample).expect("a sample"));
    place.file("club.toml", b"name = \"club\"\nversion = 1\nextends = \"sled-backpedal\"\n");
    place.file("list.csv", format!("clip,exercise\ndrag.recording.jsonl.zst,{exercise}\n").as_bytes());
    let mut command = program(&["batch"]);
    command.current_dir(place.input("")).args(options).arg("list.csv").arg("--out").arg(place.out());
    let output = command.output().expect("starts");
    assert_eq!(code(&output), 0, "{}", said(&output));
    let row = table(&place.out().join("clips.csv")).remove(0);
    (said(&output), row[3].clone(), row[9].clone())
}

#[test]
fn a_mistyped_exercise_is_told_with_its_clip() {
    let words = "You said backward sled drag, but the clip looks like sled-resisted backpedal.";
    let (line, exercise, warnings) = told_as("backward-sled-drag", &[]);
    assert!(line.contains(&format!("done drag.recording.jsonl.zst: {words}")), "{line}");
    assert!(exercise == "backward-sled-drag" && warnings.starts_with(words), "{warnings}");
    let (line, _, warnings) = told_as("sled-backpedal", &[]);
    assert!(!line.contains("You said") && warnings.is_empty(), "{line}");
}

#[test]
fn an_own_profile_judges_the_clips_of_its_exercise() {
    for exercise in ["sled-backpedal", "club"] {
        assert_eq!(told_as(exercise, &["--profile", "club.toml"]).1, "club");
    }
}

#[test]
fn a_recording_has_no_part() {
    let place = Place::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-backpedal.recording.jsonl.zst");
    place.file("drag.recording.jsonl.zst", &fs::read(sample).expect("a sample"));
    place.file("list.csv", b"clip,start,end\ndrag.recording.jsonl.zst,0,2\n");
    let mut command = program(&["batch"]);
    let output = command.arg(place.input("list.csv")).arg("--out").arg(place.out()).output().expect("starts");
    assert_eq!(code(&output), 0, "{}", said(&output));
    let entry = place.out().join("clips/drag.recording.jsonl.zst.sledform/clip.json");
    let entry: serde_json::Value = serde_json::from_slice(&fs::read(entry).expect("there")).expect("JSON");
    assert!(entry["start_s"].is_null() && entry["end_s"].is_null(), "{entry}");
}

/// Over a list of clips, each with its athlete.
fn over_list(place: &Place, rows: &str, options: &[&str]) -> Output {
    place.file("list.csv", format!("clip,athlete\n{rows}").as_bytes());
    let mut command = program(&["batch", "--quality", "fast", "--no-overlay"]);
    command.args(options).arg(place.input("list.csv")).arg("--out").arg(place.out());
    command.output().expect("starts")
}

#[test]
fn results_of_clips_that_the_list_leaves_out_are_told() {
    let place = Place::new();
    for name in ["a.mp4", "b.mp4"] {
        place.file(name, b"no video");
    }
    let both = over_list(&place, "a.mp4,Kim\nb.mp4,Li\n", &[]);
    let page = || fs::read_to_string(place.out().join("team.html")).expect("a page");
    let words = "was not given";
    assert!(!printed(&both).contains(words) && !page().contains(words), "{}", printed(&both));
    let one = over_list(&place, "a.mp4,Kim\n", &[]);
    let told =
        "1 of 2 results here are of clips that the last run was not given: b.mp4. To leave them out, remove";
    assert!(printed(&one).contains(told), "{}", printed(&one));
    assert!(page().contains(told));
    let rows = table(&place.out().join("clips.csv"));
    let given: Vec<&str> = rows.iter().map(|row| row[row.len() - 2].as_str()).collect();
    assert_eq!(given, ["true", "false"]);
}

#[test]
fn a_clip_that_two_folders_hold_is_told() {
    let place = Place::new();
    let folder = |name: &str, clip: &str, number: usize| {
        let (input, out) = (place.folder("in").join(name), place.folder(name));
        place.clip(&format!("{name}/{clip}"), number);
        let mut command = program(&["batch", "--quality", "fast", "--no-overlay"]);
        assert_ne!(code(&command.arg(input).arg("--out").arg(&out).output().expect("starts")), 1);
        out
    };
    let folders = [folder("one", "a.mp4", 0), folder("two", "b.mp4", 0), folder("three", "a.mp4", 1)];
    let mut collect = program(&["collect"]);
    collect.args(&folders).arg("--out").arg(place.folder("team"));
    let told = printed(&collect.output().expect("starts"));
    assert!(told.contains("1 result counts beside another of the same part of the same clip"), "{told}");
    assert!(told.contains(": a.mp4, b.mp4."), "{told}");
    assert!(told.contains("do not tell them apart: a.mp4."), "{told}");
}

#[test]
fn names_and_pseudonyms_never_share_a_folder() {
    let place = Place::new();
    place.file("a.mp4", b"no video");
    let refused = |output: Output, words: &str| {
        assert_eq!(code(&output), 1);
        assert!(
            said(&output).contains(words) && said(&output).contains("another --out"),
            "{}",
            said(&output)
        );
    };
    over_list(&place, "a.mp4,Kim\n", &[]);
    // What belongs to the machine, too: the key and the true names of pseudonyms would lie there.
    let all = || (files(&place.out()), files(&place.out().join(".sledform")));
    let before = all();
    refused(over_list(&place, "a.mp4,Kim\n", &["--anonymise"]), "made without --anonymise");
    assert!(all() == before, "nothing is touched");
    // As an older version left it.
    fs::remove_file(place.out().join("batch.json")).expect("own file");
    refused(over_list(&place, "a.mp4,Kim\n", &["--anonymise"]), "made without --anonymise");
    fs::remove_dir_all(place.out()).expect("own folder");
    over_list(&place, "a.mp4,Kim\n", &["--anonymise"]);
    refused(over_list(&place, "a.mp4,Kim\n", &[]), "made with --anonymise");
    // Without its plan the folder is what its results say.
    fs::remove_file(place.out().join("batch.json")).expect("own file");
    refused(over_list(&place, "a.mp4,Kim\n", &[]), "made with --anonymise");
    over_list(&place, "a.mp4,Kim\n", &["--anonymise"]);
    let rows = table(&place.out().join("clips.csv"));
    assert!(rows.len() == 1 && rows[0][0].starts_with("clip-"), "it goes on: {rows:?}");
}

#[test]
fn a_part_without_clips_is_of_the_kind_that_was_asked_for() {
    let place = Place::new();
    place.file("a.mp4", b"no video");
    // One clip lies in one part of two.
    let kind = |part: &str, options: &[&str]| {
        let out = place.folder(part);
        let options = [&["--shard", part_of(part)], options].concat();
        let mut command = program(&["batch", "--quality", "fast", "--no-overlay"]);
        let output = command.args(options).arg(place.input("")).arg("--out").arg(&out).output();
        let output = output.expect("starts");
        assert!(!said(&output).contains("another --out"), "{}", said(&output));
        let plan = fs::read_to_string(out.join("batch.json")).expect("a plan");
        serde_json::from_str::<serde_json::Value>(&plan).expect("JSON")["anonymous"].clone()
    };
    for part in ["part-1", "part-2"] {
        assert_eq!(kind(part, &["--anonymise"]), true);
        assert_eq!(kind(part, &["--anonymise"]), true, "it goes on");
    }
}

fn part_of(folder: &str) -> &str {
    if folder.ends_with('1') { "1/2" } else { "2/2" }
}

#[test]
fn folders_with_names_and_with_pseudonyms_are_not_put_together() {
    let place = Place::new();
    place.file("a.mp4", b"no video");
    let folder = |name: &str, options: &[&str]| {
        place.batch_into(&place.folder(name), options);
        place.folder(name)
    };
    let (named, hidden) = (folder("named", &[]), folder("hidden", &["--anonymise"]));
    let collect = |folders: &[&PathBuf]| {
        let mut collect = program(&["collect"]);
        collect.args(folders).arg("--out").arg(place.folder("team")).output().expect("starts")
    };
    let output = collect(&[&named, &hidden]);
    assert_eq!(code(&output), 1);
    assert!(
        said(&output).contains("holds names and") && said(&output).contains("collect each kind for itself")
    );
    assert!(!place.folder("team").exists(), "nothing is written");
    assert_eq!(code(&collect(&[&hidden])), 0);
}

fn cluster(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cluster").join(name)
}

#[test]
fn the_parts_of_a_cluster_are_the_whole() {
    let place = Place::new();
    for i in 0..4 {
        place.clip(&format!("{i}.mp4"), i);
    }
    let results = place.folder("results");
    for index in 0..2 {
        // As Kubernetes runs it, whose index counts from 0.
        let line = format!(
            "exec bash {} {} {} $((JOB_COMPLETION_INDEX + 1)) 2 --quality fast --no-overlay",
            cluster("part").display(),
            place.input("").display(),
            results.display()
        );
        let run = Command::new("bash")
            .args(["-c", &line])
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .env("SLEDFORM", env!("CARGO_BIN_EXE_sledform"))
            .output()
            .expect("bash starts");
        assert!(run.status.success(), "{}", said(&run));
    }
    let of = |part: &str| table(&results.join(part).join("clips.csv")).len();
    assert_eq!(of("part-1") + of("part-2"), 4);
}

#[test]
fn slurm_runs_an_array() {
    let place = Place::new();
    let runs = Command::new("sinfo").output().is_ok_and(|o| o.status.success());
    if !runs {
        println!("skipped: no Slurm answers here (sinfo)");
        return;
    }
    for i in 0..3 {
        place.clip(&format!("{i}.mp4"), i);
    }
    let results = place.folder("results");
    fs::create_dir_all(&results).expect("own folder");
    let run = Command::new("sbatch")
        .args(["--wait", "--array=1-2", "--cpus-per-task=1", "--mem=0", "--output=part-%a.log"])
        .arg(format!(
            "--export=ALL,CLUSTER={},SLEDFORM={}",
            cluster("").display(),
            env!("CARGO_BIN_EXE_sledform")
        ))
        .arg(cluster("slurm-array.sh"))
        .args([place.input(""), results.clone()])
        .args(["--quality", "fast", "--no-overlay"])
        .current_dir(&results)
        .output()
        .expect("sbatch starts");
    let logs =
        ["part-1.log", "part-2.log"].map(|log| fs::read_to_string(results.join(log)).unwrap_or_default());
    assert!(run.status.success(), "{}{logs:?}", said(&run));
    let of = |part: &str| table(&results.join(part).join("clips.csv")).len();
    assert_eq!(of("part-1") + of("part-2"), 3);
}
