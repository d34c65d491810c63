//! The team's page from made-up clips with known answers.

use super::*;
use crate::batch::entry::{Entry, SCHEMA};
use crate::calendar::Day;
use crate::export::summary::{FindingRow, MetricSummary};
use crate::frame::Warning;

fn clip(number: usize, athlete: &str, status: Status) -> TeamClip {
    let entry = Entry {
        schema: SCHEMA.to_owned(),
        clip: format!("{athlete}/push {number}.mp4"),
        status,
        reason: (status != Status::Done).then(|| format!("The athlete is only {number} pixels tall.")),
        warnings: Vec::new(),
        sha256: None,
        start_s: None,
        end_s: None,
        told: [("load_kg".to_owned(), 60.into())].into(),
        seen_key: None,
        key: None,
    };
    let lean = 40.0 + number as f64;
    let metric = |id: &str, unit: &str, value: f64, target| MetricSummary {
        id: id.to_owned(),
        value: Some(value),
        unit: unit.to_owned(),
        uncertainty: Some(4.0),
        n: 8,
        target,
        ..MetricSummary::default()
    };
    let finding = |fault: &str, status: &str, metric: &str| FindingRow {
        fault: fault.to_owned(),
        status: status.to_owned(),
        severity: (status == "found").then(|| "severe".to_owned()),
        metric: Some(metric.to_owned()),
        ..FindingRow::default()
    };
    let upright = if number.is_multiple_of(2) { "found" } else { "clear" };
    TeamClip {
        entry,
        athlete: Some(athlete.to_owned()),
        day: Day::from_number(20_000 + i64::try_from(number).expect("small")),
        exercise: Some("sled-push".to_owned()),
        metrics: vec![
            metric("trunk_mean_deg", "deg", lean, Some([45.0, 75.0])),
            metric("cadence_steps_per_min", "steps/min", 100.0 + lean, None),
        ],
        findings: vec![
            finding("too_upright", upright, "trunk_mean_deg"),
            finding("too_slow", "clear", "cadence_steps_per_min"),
            finding("short_steps", "not_judged", "step_length_leg"),
        ],
        in_last_run: Some(true),
        report: Some(format!("clips/{athlete}/push {number}.mp4.sledform/report.html")),
    }
}

fn html(clips: &[TeamClip]) -> String {
    super::html(&Team { clips: clips.to_vec(), ..Team::default() })
}

#[test]
fn clips_of_nobody_named_are_no_course_of_one_athlete() {
    let nobodys = (0..4).map(|i| TeamClip { athlete: None, ..clip(i, "x", Status::Done) });
    let clips: Vec<TeamClip> = nobodys.chain([clip(4, "Li", Status::Done)]).collect();
    let page = html(&clips);
    assert!(page.contains("<p>5 clips · 1 athlete · "), "{page}");
    assert!(page.contains("<strong>Not named</strong> 4 clips") && page.contains(NOBODYS));
    assert!(
        !page.contains("in 30 days") && !page.contains("from the lowest"),
        "nobody's course, and Li is alone"
    );
    assert!(html(&clips[..4]).contains("<p>4 clips · 2024-10-0"), "no athlete is known");
}

#[test]
fn faults_are_counted_by_athlete_and_the_rest_is_said() {
    let clips: Vec<TeamClip> = (0..6).map(|i| clip(i, ["Kim <3", "Li"][i / 4], Status::Done)).collect();
    let page = html(&clips);
    assert!(page.contains(">2/4</td>") && page.contains(">1/2</td>"), "{page}");
    assert!(page.contains("Judged and never found: Too slow (6 clips)"));
    assert!(!page.contains("short_steps") && !page.contains("Kim <3") && page.contains("Kim &lt;3"));
    assert!(page.contains("href=\"./clips/Li/push%204.mp4.sledform/report.html\""));
    assert!(page.contains("rises by 30 ± ") || page.contains("no clear change (30 ± "), "one degree a day");
    assert!(page.contains("place 2 of 2 from the lowest"));
}

#[test]
fn a_set_is_drawn_against_its_own_target_and_ranked_among_those_of_the_same() {
    let of_style = |number: usize, athlete: &str, target: [f64; 2]| {
        let mut set = clip(number, athlete, Status::Done);
        set.metrics[0].target = Some(target);
        set
    };
    let (drive, tall) = ([45.0, 75.0], [10.0, 40.0]);
    let team = |clips: &[TeamClip]| html(clips);
    let page = team(&[
        of_style(0, "Ann", tall),
        of_style(1, "Kim", drive),
        of_style(2, "Kim", drive),
        of_style(3, "Li", drive),
    ]);
    let alone = team(&[of_style(1, "Kim", drive), of_style(2, "Kim", drive), of_style(3, "Li", drive)]);
    let trunk = |page: &str, athlete: &str| {
        let own = page.split(&format!("<strong>{athlete}</strong>")).nth(1).expect("an athlete").to_owned();
        own.split("<figure>").find(|f| f.contains("Trunk lean")).expect("a figure").to_owned()
    };
    assert_eq!(trunk(&page, "Kim"), trunk(&alone, "Kim"), "somebody of another style changes nothing");
    assert!(!trunk(&page, "Ann").contains("place"), "nobody to be compared with");

    let mixed = team(&[of_style(1, "Kim", drive), of_style(2, "Kim", tall), of_style(3, "Li", drive)]);
    let figure = trunk(&mixed, "Kim");
    assert!(figure.contains("different targets") && !figure.contains("class=\"band\""), "{figure}");
}

#[test]
fn what_was_not_judged_is_there_with_its_reason() {
    let mut failed = clip(3, "Kim", Status::Failed);
    (failed.report, failed.athlete) = (None, None);
    let page = html(&[clip(1, "Kim", Status::Done), clip(2, "Kim", Status::NotJudged), failed]);
    assert!(
        page.contains("3 clips · 1 athlete · ") && page.contains("1 not judged") && page.contains("1 failed")
    );
    assert!(page.contains("<p>The athlete is only 2 pixels tall.</p>"));
    assert!(page.contains("<li class=\"failed\"><p>The athlete is only 3 pixels tall.</p>"));
}

#[test]
fn what_may_be_of_another_exercise_is_told() {
    let mut doubted = clip(2, "Kim", Status::Done);
    let warnings = [
        Warning::new("looks_like_another", "You said a drag, but it looks like <a push>.", "If so, name it."),
        Warning::new("truncated_file", "the file breaks off", "copy it again"),
        Warning::new("size_guessed", "of no matter here", "none"),
    ];
    doubted.entry.warnings = Entry::grave(warnings.iter());
    let clips = [clip(1, "Kim", Status::Done), doubted];
    let page = html(&clips);
    let words = "You said a drag, but it looks like &lt;a push&gt;. If so, name it. The file breaks off. Copy it again.";
    assert!(
        page.contains("1 to look at") && page.contains(words) && page.contains("Too upright (to look at)")
    );
    assert!(!page.contains("of no matter") && !html(&clips[..1]).contains("to look at"));
    let table = crate::batch::team::tables::clips(&clips);
    let place = table.columns.iter().position(|(name, _)| name == "warnings").expect("a column");
    assert!(table.rows[0][place].is_empty() && table.rows[1][place].contains("If so, name it. The file"));
}

#[test]
fn a_fault_that_two_rules_find_is_named_once() {
    let mut one = clip(2, "Kim", Status::Done);
    let found = |fault: &str| FindingRow {
        fault: fault.to_owned(),
        status: "found".to_owned(),
        ..FindingRow::default()
    };
    one.findings = vec![found("too_upright"), found("too_slow"), found("too_upright")];
    assert_eq!(one.faults_found(), ["too_upright", "too_slow"]);
    let table = crate::batch::team::tables::clips(&[one]);
    let place = table.columns.iter().position(|(name, _)| name == "faults").expect("a column");
    assert_eq!(table.rows[0][place], "too_upright too_slow");
}

#[test]
fn nothing_is_fetched_and_equal_input_gives_equal_bytes() {
    let clips: Vec<TeamClip> = (0..5).map(|i| clip(i, "Kim", Status::Done)).collect();
    let page = html(&clips);
    assert_eq!(page, html(&clips));
    for fetched in ["http:", "https:", "src=", "@import", "url(", "<script"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    assert!(!page.contains("NaN") && html(&[]).contains("0 clips"));
}
