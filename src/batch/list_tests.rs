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
    let today = Day::new(2026, 11, 22);
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let list = folder.path().join("clips.csv");
    std::fs::write(&list, text).map_err(|e| e.to_string())?;
    read(&list, base, today).map_err(|e| e.to_string())
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

#[test]
fn what_is_no_table_is_told() {
    let told = |text: &str| clips(text).expect_err("a mistake");
    let comma = told("clip,athlete,load_kg,note\na.mp4,Kim,62,5,\nb.mp4,Li,60,with Kim, again\n");
    assert!(
        comma.contains("line 2, the row has 5 cells and the header 4: write decimals with a point"),
        "{comma}"
    );
    assert!(comma.contains("line 3, the row has 5 cells"), "{comma}");
    let semicolon = told("clip;load_kg\na.mp4;60;80\n");
    assert!(semicolon.contains("line 2, the row has 3 cells and the header 2"), "{semicolon}");
    assert!(told("clip,note,note\na.mp4,1,2\n").contains("line 1: the column note is there twice"));
    let same = told("clip,athlete\na.mp4,Kim\nb.mp4,Kim\n a.mp4 ,Kim\n");
    assert!(same.contains("line 4, the row says the same as line 2; leave one"), "{same}");
    assert_eq!(clips("clip,start,end\na.mp4,0,2\na.mp4,2,4\n,,,,,,\n").map(|c| c.len()), Ok(2), "two parts");
}

#[test]
fn a_quote_that_is_not_closed_swallows_no_rows() {
    let told = |text: &str| clips(text).expect_err("a mistake");
    let end = told("clip,athlete,load_kg\na.mp4,Kim,50\n\nb.mp4,\"Li,60\nc.mp4,Kim,70\n");
    assert!(end.contains("line 4: a cell begins with a quote that is not closed"), "{end}");
    let two = told("clip,athlete,load_kg\na.mp4,\"Kim,50\nb.mp4,\"Li,60\nc.mp4,Kim,70\n");
    assert!(two.contains("line 2, column athlete: the cell holds another row, \"b.mp4,Li\"; close"), "{two}");
    let head = told("clip,\"athlete\na.mp4,Kim\n");
    assert!(head.contains("line 1: a cell begins with a quote"), "{head}");
    assert!(told("\"clip\n\"a.mp4\nb.mp4\"\n").contains("line 1"));
    assert!(told("clip\n\"a.mp4\nb.mp4\"\n").contains("line 2, column clip: the cell holds another row"));
    for note in [
        "Kim's 5\" band",
        "\"so \"\"hard\"\"\"",
        "\"\"",
        "\"tired,\nknee sore, no b.mp4\"",
        "\"\"\"\"",
        "\"a\"b",
    ] {
        let text = format!("clip,note,load_kg\na.mp4,{note},50\nb.mp4,,60\n");
        assert_eq!(clips(&text).map(|c| c.len()), Ok(2), "{note}");
    }
}

#[test]
fn lines_are_counted_as_editors_do() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!(
            "{end}clip,load_kg,note{end}{end}a.mp4,60,\"two{end}lines\"{end}{end}{end}b.mp4,x,{end},,{end}c.mp4,y,"
        );
        let told = clips(&text).expect_err("x and y are no loads");
        assert!(told.contains("line 8, column load_kg: \"x\""), "{end:?}: {told}");
        assert!(told.contains("line 10, column load_kg: \"y\""), "{end:?}: {told}");
    }
    assert!(clips("\n\nclip,weight\n").is_err_and(|e| e.contains("line 3: there is no column \"weight\"")));
}

#[test]
fn values_that_cannot_be_are_told_before_the_work() {
    let text = "clip,body_mass_kg,start,end,date\na.mp4,5,,,\nb.mp4,,3,2,\nc.mp4,,,,2026-11-24\nd.mp4,80,1,2,2026-11-23\n";
    let told = clips(text).expect_err("three mistakes");
    for words in [
        "line 2, column body_mass_kg: \"5\" is not a body mass in kilograms between 10 and 400",
        "line 3, columns start and end: the end is",
        "line 4, column date: 2026-11-24 is yet to come (today is 2026-11-22); write",
    ] {
        assert!(told.contains(words), "{words} is not in: {told}");
    }
    assert!(!told.contains("line 5"), "it is tomorrow somewhere: {told}");
}
