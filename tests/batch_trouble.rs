//! A batch in trouble: the disk full, the folder read-only, a clip gone while it is read. A clear message, and the same
//! command goes on afterwards. And a batch on a cluster.
#![cfg(all(feature = "cli", unix))]

mod batch_support;

use batch_support::{Place, code, efforts, files, said, table};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
