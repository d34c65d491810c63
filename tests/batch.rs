//! Many clips as a user meets them: one bad clip never hides the others, a run that was cut off goes on where it was, and
//! what comes out does not depend on what happened in between.
#![cfg(all(feature = "cli", unix))]

mod batch_support;

use batch_support::{Place, code, efforts, files, printed, program, said, table};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

/// Cells of one clip in a table.
fn row<'a>(table: &'a [Vec<String>], clip: &str) -> &'a [String] {
    table.iter().find(|row| row[0] == clip).unwrap_or_else(|| panic!("{clip} is not in {table:?}"))
}

/// The column of `clips.csv` that holds the status, and the one after it the reason.
const STATUS: usize = 6;

#[test]
fn one_bad_clip_never_hides_the_others() {
    let place = Place::new();
    let long = "滑".repeat(60) + &"x".repeat(20);
    for name in ["a.mp4", "deep/er/b.mp4", "with space/ünï 'côdé' 100%.MP4", &format!("{long}.mp4")] {
        place.clip(name, 0);
    }
    place.file("empty.mp4", b"");
    place.file("text.mp4", b"These are notes.\n");
    let whole = fs::read(place.input("a.mp4")).expect("made above");
    place.file("cut.mp4", &whole[..600]);
    place.file("noise.mov", &[7u8; 5000]);
    place.sound("sound.mp4");
    fs::create_dir(place.input("nothing here")).expect("a folder");
    std::os::unix::fs::symlink("..", place.input("deep/loop")).expect("a link");
    std::os::unix::fs::symlink("a.mp4", place.input("the same again.mp4")).expect("a link");
    place.file(".hidden/c.mp4", b"not looked at");
    place.file("old.sledform/overlay.mp4", b"not looked at");

    let output = place.batch(&[]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let table = table(&place.out().join("clips.csv"));
    assert_eq!(table.len(), 9, "{table:?}");
    for (name, words) in [
        ("empty.mp4", "is empty"),
        ("text.mp4", "looks like text"),
        ("cut.mp4", "copy it again"),
        ("noise.mov", "not a video"),
        ("sound.mp4", "no video track"),
    ] {
        let row = row(&table, name);
        assert_eq!(row[STATUS], "failed");
        assert!(row[STATUS + 1].contains(words), "{row:?}");
    }
    for name in ["a.mp4", "deep/er/b.mp4", "with space/ünï 'côdé' 100%.MP4", &format!("{long}.mp4")] {
        let row = row(&table, name);
        assert!(["done", "not_judged"].contains(&row[STATUS].as_str()), "{row:?}");
        assert!(place.out().join(row.last().expect("a report")).is_file(), "{row:?}");
    }

    let began = Instant::now();
    let again = place.batch(&["--json"]);
    println!("9 clips unchanged: {:.2} s", began.elapsed().as_secs_f64());
    assert_eq!(code(&again), 1);
    assert_eq!(efforts(&again, "unchanged"), 9);
}

#[test]
fn only_what_is_new_or_changed_is_done() {
    let place = Place::new();
    place.clip("a.mp4", 0);
    place.clip("b.mp4", 1);
    let output = place.batch(&["--json"]);
    assert_eq!(efforts(&output, "watched"), 2, "{}", said(&output));

    let touched = fs::File::options().append(true).open(place.input("a.mp4")).expect("own file");
    touched.set_modified(SystemTime::now() + Duration::from_mins(1)).expect("own file");
    assert_eq!(efforts(&place.batch(&["--json"]), "unchanged"), 2, "the content decides");

    fs::rename(place.input("a.mp4"), place.input("renamed.mp4")).expect("own file");
    let output = place.batch(&["--json"]);
    assert_eq!((efforts(&output, "analysed"), efforts(&output, "unchanged")), (1, 1));
    let names: Vec<String> =
        table(&place.out().join("clips.csv")).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(names, ["b.mp4", "renamed.mp4"]);
    let summary =
        fs::read_to_string(place.out().join("clips/renamed.mp4.sledform/summary.json")).expect("there");
    assert!(summary.contains("renamed.mp4") && !summary.contains("a.mp4\""));

    let output = place.batch(&["--json", "--height", "1.8"]);
    assert_eq!(efforts(&output, "analysed"), 2, "other limits need no new look");
    let before = files(&place.out());
    place.clip("b.mp4", 2);
    let output = place.batch(&["--json", "--height", "1.8"]);
    assert_eq!((efforts(&output, "watched"), efforts(&output, "unchanged")), (1, 1));
    assert_ne!(files(&place.out()), before);
    place.clip("b.mp4", 1);
    place.batch(&["--json", "--height", "1.8"]);
    assert!(files(&place.out()) == before, "the same clips give the same bytes");
    assert_eq!(efforts(&place.batch(&["--json", "--force", "--height", "1.8"]), "watched"), 2);
    assert!(files(&place.out()) == before, "done again they give the same bytes");
}

#[test]
fn results_of_an_older_version_are_judged_again_from_their_recordings() {
    let place = Place::new();
    place.clip("a.mp4", 0);
    place.file("broken.mp4", b"no video");
    place.batch(&[]);
    let before = files(&place.out());
    for clip in ["a.mp4", "broken.mp4"] {
        let path = place.out().join(format!("clips/{clip}.sledform/clip.json"));
        let text = fs::read_to_string(&path).expect("there").replace("sledform.clip/2", "sledform.clip/1");
        assert!(text.contains("sledform.clip/1"));
        fs::write(&path, text).expect("own file");
    }
    let output = place.batch(&["--json"]);
    assert_eq!((efforts(&output, "analysed"), efforts(&output, "unchanged")), (1, 0), "{}", printed(&output));
    assert!(files(&place.out()) == before, "as if made now");
    assert_eq!(efforts(&place.batch(&["--json"]), "unchanged"), 2);
}

#[test]
fn a_killed_batch_goes_on_and_ends_in_the_same_bytes() {
    killed(10);
}

/// Kills a batch at so many moments, lets it end, and compares with one that was left alone.
fn killed(times: u32) {
    let place = Place::new();
    for i in 0..5 {
        place.clip(&format!("{i}.mp4"), i);
    }
    place.file("broken.mp4", b"no video");
    let alone = place.folder("alone");
    let began = Instant::now();
    assert_eq!(code(&place.batch_into(&alone, &["--overlay-of-the-test"])), 1);
    let whole = began.elapsed();
    let out = place.out();
    let mut random =
        u64::from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(7, |d| d.subsec_nanos()));
    for _ in 0..times {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (random >> 40) as f64 / (1u64 << 24) as f64;
        let mut child = place
            .command(&out, &["--overlay-of-the-test"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(whole.mul_f64(0.7 * share));
        child.kill().expect("it is ours");
        child.wait().expect("it was started");
        println!(
            "killed after {:.2} of {:.2} s: {} results",
            0.7 * share * whole.as_secs_f64(),
            whole.as_secs_f64(),
            results(&out)
        );
    }
    let output = place.batch_into(&out, &["--overlay-of-the-test"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let (killed, alone) = (files(&out), files(&alone));
    assert_eq!(killed.keys().collect::<Vec<_>>(), alone.keys().collect::<Vec<_>>());
    for (name, bytes) in &alone {
        assert!(killed[name] == *bytes, "{name} differs");
    }
}

fn results(out: &Path) -> usize {
    files(out).keys().filter(|name| name.ends_with("clip.json") && !name.contains(".partial")).count()
}

#[test]
fn a_second_run_on_the_same_folder_says_so() {
    let place = Place::new();
    place.clip("a.mp4", 0);
    fs::create_dir_all(place.out().join(".sledform")).expect("own folder");
    let lock = fs::File::create(place.out().join(".sledform/lock")).expect("own file");
    lock.lock().expect("nobody else has it");
    let output = place.batch(&[]);
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("another sledform is at work"), "{}", said(&output));
    drop(lock);
    assert_ne!(code(&place.batch(&[])), 1, "a lock that nobody holds is in nobody's way");
}

#[test]
fn parts_collected_are_the_whole() {
    let place = Place::new();
    for i in 0..4 {
        place.clip(&format!("{i}.mp4"), i);
    }
    place.file("broken.mp4", b"no video");
    let whole = place.folder("whole");
    place.batch_into(&whole, &[]);
    let parts = [place.folder("part-1"), place.folder("part-2")];
    for (i, part) in parts.iter().enumerate() {
        place.batch_into(part, &["--shard", &format!("{}/2", i + 1)]);
    }
    assert_eq!(results(&parts[0]) + results(&parts[1]), 5);
    let together = place.folder("together");
    let mut collect = program(&["collect"]);
    let output = collect.args(&parts).arg("--out").arg(&together).output().expect("starts");
    assert_eq!(code(&output), 0, "{}", said(&output));
    for name in ["team.csv", "team.parquet", "strides_all.csv", "strides_all.parquet", "faults.csv"] {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(read(&together) == read(&whole), "{name} differs");
    }
    for row in table(&together.join("clips.csv")) {
        let report = row.last().expect("a last cell");
        assert!(report.is_empty() || together.join(report).is_file(), "{row:?}");
    }
}

#[test]
fn pseudonyms_leave_no_name_behind() {
    let place = Place::new();
    place.clip("Kimberly/Kimberly sprint.mp4", 0);
    place.clip("Zoë/cut.mp4", 1);
    let broken = fs::read(place.input("Zoë/cut.mp4")).expect("made above");
    place.file("Kimberly/wednesdays.mp4", &broken[..broken.len() / 2]);
    place.file("Zoë/broken.mp4", b"no video");
    place.file(
        "list.csv",
        "clip,athlete,note\nKimberly/Kimberly sprint.mp4,Kimberly,with Zoë\nZoë/cut.mp4,Zoë,\nKimberly/wednesdays.mp4,Kimberly,\nZoë/broken.mp4,Zoë,\n"
            .as_bytes(),
    );
    let list = place.input("list.csv");
    let run = || {
        program(&["batch", "--quality", "fast", "--anonymise", "--out"])
            .arg(place.out())
            .arg(&list)
            .output()
            .expect("starts")
    };
    let output = run();
    assert_eq!(code(&output), 1, "{}", said(&output));
    let told = said(&output) + &String::from_utf8_lossy(&output.stdout);
    let all = files(&place.out());
    for name in ["kimberly", "zoë", "sprint", "wednesdays"] {
        assert!(!told.to_lowercase().contains(name), "{name} in what was said: {told}");
        for (file, bytes) in &all {
            let bytes = if file.ends_with("recording.jsonl.zst") {
                zstd::decode_all(&bytes[..]).expect("zstd")
            } else {
                bytes.clone()
            };
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains(name) && !file.to_lowercase().contains(name), "{name} in {file}");
        }
    }
    let athletes: Vec<String> =
        table(&place.out().join("clips.csv")).into_iter().map(|row| row[1].clone()).collect();
    assert!(athletes.iter().all(|a| a.starts_with("athlete-")), "{athletes:?}");
    let names = fs::read_to_string(place.out().join(".sledform/names.csv")).expect("kept on this machine");
    assert!(names.contains("Kimberly") && names.contains(&athletes[0]));
    run();
    assert!(files(&place.out()) == all, "pseudonyms stay from run to run");
}

#[test]
fn a_list_is_written_filled_in_and_used() {
    let place = Place::new();
    place.clip("Kim Lee/2024-11-21 sled-push 60kg.mp4", 0);
    place.clip("IMG_0001.mp4", 1);
    let init = |more: &[&str]| {
        program(&["batch", "--init"]).arg(place.input("")).args(more).output().expect("starts")
    };
    assert_eq!(code(&init(&[])), 0);
    let list = place.input("clips.csv");
    let text = fs::read_to_string(&list).expect("written");
    assert!(
        text.contains("Kim Lee/2024-11-21 sled-push 60kg.mp4,Kim Lee,2024-11-21,sled-push,,60,"),
        "{text}"
    );
    assert_eq!(code(&init(&[])), 1, "what somebody filled in is not written over");
    let run = |list: &Path| {
        program(&["batch", "--quality", "fast", "--no-overlay", "--out"])
            .arg(place.out())
            .arg(list)
            .output()
            .expect("starts")
    };
    assert_ne!(code(&run(&list)), 1);
    let rows = table(&place.out().join("clips.csv"));
    assert_eq!(
        row(&rows, "Kim Lee/2024-11-21 sled-push 60kg.mp4")[1..5],
        ["Kim Lee", "2024-11-21", "sled-push", "60.0"]
    );
    fs::write(&list, text.replace(",60,", ",sixty,")).expect("own file");
    let output = run(&list);
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("column load_kg: \"sixty\""), "{}", said(&output));
}

#[test]
fn fail_fast_begins_no_other_clip() {
    let place = Place::new();
    place.file("0.mp4", b"no video");
    for i in 1..9 {
        place.clip(&format!("{i}.mp4"), i);
    }
    let output = place.batch(&["--fail-fast"]);
    assert_eq!(code(&output), 1);
    assert!(results(&place.out()) < 9, "{}", said(&output));
    let missing = 9 - results(&place.out());
    let told = format!("{missing} of 9 clips were not reached yet");
    let page = |folder: &Path| fs::read_to_string(folder.join("team.html")).expect("a page");
    assert!(printed(&output).contains(&told), "{}", printed(&output));
    assert!(page(&place.out()).contains(&told), "the page does not look complete either");
    let team = place.folder("team");
    let mut collect = program(&["collect"]);
    let output = collect.arg(place.out()).arg("--out").arg(&team).output().expect("starts");
    assert!(printed(&output).contains(&told) && page(&team).contains(&told), "{}", printed(&output));
    assert!(!page(&place.out()).contains("was not given"), "all are of this run");
}

#[test]
fn nothing_to_do_and_wrong_inputs_are_told() {
    let place = Place::new();
    fs::create_dir_all(place.input("")).expect("a folder");
    assert!(said(&place.batch(&[])).contains("no clips in"));
    let refuses = |input: &str, words: &str| {
        let output = program(&["batch", input, "--out"]).arg(place.out()).output().expect("starts");
        assert_eq!(code(&output), 1);
        assert!(said(&output).contains(words), "{}", said(&output));
    };
    refuses("nowhere", "nowhere does not exist");
    refuses("nowhere/*.mp4", "nothing fits it");
    place.file("club.toml", b"name = \"club\"\nversion = 1\nextends = \"sled-push\"\n");
    place.file("list.csv", b"clip,exercise\na.mp4,sled-backpedal\n");
    let mut club = program(&["batch", "--profile"]);
    club.arg(place.input("club.toml")).arg(place.input("list.csv")).arg("--out").arg(place.out());
    let output = club.output().expect("starts");
    assert_eq!(code(&output), 1);
    assert!(
        said(&output).contains("the profile club judges no clip: it is for sled-push"),
        "{}",
        said(&output)
    );
    assert!(!place.out().join("clips").exists(), "nothing is left behind");
    assert_eq!(code(&program(&["batch", "in"]).output().expect("starts")), 2);
    assert_eq!(code(&program(&["batch", "in", "--out", "o", "--shard", "5/4"]).output().expect("starts")), 2);
}
