//! A list of clips as people write it, and its mistakes.

use super::*;
use crate::analysis;
use crate::clip::WatchSettings;
use crate::import::ImportOptions;
use crate::inference::Device;
use crate::job::OverlayChoice;
use crate::results::ResultOptions;
use crate::settings::Quality;
use crate::video::ReadOptions;
use std::num::NonZeroUsize;

fn base() -> JobSettings {
    let watch = WatchSettings {
        quality: Quality::Fast,
        device: Device::Cpu,
        workers: NonZeroUsize::MIN,
        read: ReadOptions::default(),
    };
    JobSettings {
        input: PathBuf::new(),
        out: PathBuf::new(),
        watch,
        import: ImportOptions::default(),
        analysis: analysis::Settings::default(),
        results: ResultOptions::default(),
        overlay: OverlayChoice::LeftOut,
        redraw: false,
        facts: SetFacts { note: Some("from the options".to_owned()), ..SetFacts::default() },
        alias: None,
    }
}

fn clips(text: &str) -> Result<Vec<Clip>, String> {
    clips_with(text, &base())
}

fn clips_with(text: &str, base: &JobSettings) -> Result<Vec<Clip>, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let list = folder.path().join("clips.csv");
    std::fs::write(&list, text).map_err(|e| e.to_string())?;
    read(&list, base).map_err(|e| e.to_string())
}

#[test]
fn a_row_tells_of_its_clip_and_the_options_tell_the_rest() {
    let text = "\u{feff}clip,athlete,date,exercise,style,load_kg,body_mass_kg,height_m,start,end\n\
                a/push.mp4,Kim,2026-11-21,sled push,tall,60,80,1.78,0:01,2.5\n\
                b/push.mp4,,,,,,,,,\n\
                a/push.mp4,Kim,,sled-backpedal,crouched,,,,,\n";
    let clips = crate::batch::named_apart(clips(text).expect("the list is right"));
    let names: Vec<&str> = clips.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["a/push.mp4", "b/push.mp4", "a/push (2).mp4"]);
    let [first, second, third] = &clips[..] else { panic!("three rows") };
    assert!(first.job.input.ends_with("a/push.mp4") && first.job.input.is_absolute());
    assert_eq!(first.job.results.day.map(|d| d.to_string()).as_deref(), Some("2026-11-21"));
    assert_eq!(first.job.facts.athlete_name.as_deref(), Some("Kim"));
    assert_eq!(first.job.analysis.technique.told.as_ref().map(|p| p.name.as_str()), Some("sled-push"));
    assert_eq!(first.job.analysis.technique.choices.get("style").map(String::as_str), Some("tall"));
    assert_eq!(first.job.analysis.motion.scale, ScaleChoice::AthleteHeight(1.78));
    assert_eq!(first.job.watch.read.end, Some(Seconds(2.5)));
    assert_eq!(first.job.results.told.get("load_kg"), Some(&60.0.into()));
    assert_eq!(second.job.facts, base().facts);
    assert_eq!(third.job.facts.posture.as_deref(), Some("crouched"));
}

#[test]
fn every_mistake_is_told_with_line_and_column() {
    let text = "clip;load_kg;date\na.mp4;heavy;2026-11-21\nb.mp4;20;21.11.2026\n;20;\n";
    let told = clips(text).expect_err("three mistakes");
    for words in
        ["line 2, column load_kg: \"heavy\"", "line 3, column date: \"21.11.2026\"", "line 4, column clip"]
    {
        assert!(told.contains(words), "{words} is not in: {told}");
    }
    assert!(clips("clip,weight\n").is_err_and(|e| e.contains("weight") && e.contains("load_kg")));
    assert!(clips("athlete\nKim\n").is_err_and(|e| e.contains("clip is missing")));
    assert!(
        clips("clip,exercise,style\na.mp4,sled-push,crouched\n").is_err_and(|e| e.contains("drive or tall"))
    );
}

#[test]
fn what_is_written_is_read_back() {
    let mut row = Row::default();
    row.set("clip", "a, \"b\".mp4");
    row.set("note", "line\nbreak");
    let clips = clips(&text(&[row]).expect("text")).expect("the list is right");
    assert_eq!(clips[0].name, "a, \"b\".mp4");
    assert_eq!(clips[0].job.facts.note.as_deref(), Some("line\nbreak"));
}

#[test]
fn an_own_profile_judges_the_rows_of_its_exercise() {
    let club = technique::parse("name = \"club\"\nversion = 1\nextends = \"sled-push\"\n", "club.toml");
    let facts = SetFacts { profile: club.ok(), ..base().facts };
    let base = JobSettings { facts, ..base() };
    let rows = "clip,exercise,style\na.mp4,sled-push,tall\nb.mp4,club,\nc.mp4,sled-backpedal,crouched\n";
    let clips = clips_with(rows, &base).expect("the list is right");
    let judged: Vec<_> =
        clips.iter().map(|c| c.job.analysis.technique.told.as_ref().map(|p| &*p.name)).collect();
    assert_eq!(judged, [Some("club"), Some("club"), Some("sled-backpedal")]);
    let told = clips_with("clip,exercise\na.mp4,club\nb.mp4,\n", &base).expect_err("b is of some exercise");
    assert!(told.contains("line 3, column exercise: it is empty") && told.contains("sled-push"), "{told}");
}
