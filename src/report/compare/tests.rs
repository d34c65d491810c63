//! What the page of a comparison holds, and what it must never hold.

use super::super::tests::unbalanced;
use super::*;
use crate::comparison::{Estimate, FaultOutcome, Measured, Subject, View, compare};
use crate::findings::Status;
use crate::kinematics::movement::Facing;
use crate::skeleton::Angle;
use crate::technique::rule::Severity;
use crate::units::Radians;
use serde_json::Value;

fn subject(trunk: f64, exercise: &str, status: Status) -> Subject {
    let measured = |id: &str, side, value| Measured {
        id: id.to_owned(),
        side,
        estimate: Estimate { value, sd: Some(1.0), n: 8, uncertainty: Some(4.0) },
    };
    Subject {
        measured: vec![
            measured("trunk_mean_deg", None, trunk),
            measured("knee_rom_deg", Some(Side::Left), 50.0),
            measured("knee_rom_deg", Some(Side::Right), 51.0),
        ],
        faults: vec![FaultOutcome {
            fault: "too_upright".to_owned(),
            status,
            severity: (status == Status::Found).then_some(Severity::Severe),
            metric: "trunk_mean_deg".to_owned(),
            side: None,
            reason: Some("too <dark>".to_owned()),
            cue: Some("Drop the <chest>".to_owned()),
            derived: None,
        }],
        view: View { facing: Some(Facing::Left), yaw: Some(Radians(0.0)), ..View::default() },
        exercise: Some(exercise.to_owned()),
        ..Subject::default()
    }
}

fn result(label: &str) -> ResultOnPage {
    let wave = |angle| Wave { angle, mean: vec![Some(Radians(0.5)); 101], sd: vec![Some(Radians(0.1)); 101] };
    ResultOnPage {
        label: label.to_owned(),
        facts: vec!["8 strides".to_owned()],
        methods: vec![("Clip", "a <clip>".to_owned())],
        warnings: vec!["a <warning>".to_owned()],
        strides: vec![StrideOnPage { number: 3, side: Side::Left, start: Seconds(1.0), end: Seconds(2.1) }],
        waves: vec![wave(Angle::Trunk), wave(Angle::LeftKnee)],
        videos: Vec::new(),
        size: PixelSize { width: 960, height: 540 },
    }
}

fn page(labels: &[&str], others: &[Subject]) -> ComparisonPage {
    let first = subject(15.0, "sled-push", Status::Found);
    ComparisonPage {
        exercise: Some("Sled push".to_owned()),
        results: labels.iter().map(|label| result(label)).collect(),
        comparisons: others.iter().map(|other| compare(&first, other)).collect(),
        charts: None,
    }
}

fn data(page: &str) -> Value {
    let start = page.find("id=\"data\">").expect("the page has data") + "id=\"data\">".len();
    let end = start + page[start..].find("</script>").expect("the script ends");
    serde_json::from_str(&page[start..end]).expect("the data are JSON")
}

#[test]
fn the_page_says_what_changed_and_which_faults_went() {
    let page = html(&page(&["Before", "After"], &[subject(45.0, "sled-push", Status::Clear)]));
    assert_eq!(unbalanced(&page), None);
    for words in [
        "Of 3 numbers 1 changed, the others by no more than noise.",
        "+30 ± 6 <span class=\"verdict changed\">changed</span>",
        "Too upright</b> <span class=\"kind\">gone</span>",
        "severe, then not there; trunk lean +30°, more than noise",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let data = data(&page);
    assert_eq!(data["results"][1]["strides"]["left"][0], serde_json::json!([1.0, 2.1, 3]));
    assert_eq!(data["waves"].as_array().map(Vec::len), Some(2));
}

#[test]
fn nothing_changed_is_said_so() {
    let content = page(&["A", "B"], &[subject(16.0, "sled-push", Status::Found)]);
    let page = html(&content);
    assert!(page.contains("None of 3 numbers changed by more than noise."));
    assert!(page.contains("still there"));
    assert_eq!(cautions_of(&content.results, &content.comparisons), Vec::<String>::new());
}

#[test]
fn a_grade_that_changes_within_noise_gets_no_verdict() {
    let better = |trunk: f64| {
        let mut after = subject(trunk, "sled-push", Status::Found);
        after.faults[0].severity = Some(Severity::Mild);
        page(&["A", "B"], &[after])
    };
    let noise = better(16.0);
    let fault = &noise.comparisons[0].faults[0];
    assert_eq!((fault.kind, kind_words(fault)), (crate::comparison::FaultKind::Better, None));
    let noise = html(&noise);
    assert!(noise.contains("severe, then mild; trunk lean +1°, within noise"), "{noise}");
    assert!(!noise.contains(">better<") && noise.contains("<li class=\"unsure\">"));
    assert!(
        html(&better(45.0))
            .contains("<li class=\"better\"><b>Too upright</b> <span class=\"kind\">better</span>")
    );
}

#[test]
fn a_fault_that_went_with_too_few_strides_to_compare_gets_no_verdict() {
    let mut after = subject(45.0, "sled-push", Status::Clear);
    after.measured[0].estimate.n = 1;
    let content = page(&["A", "B"], &[after]);
    let fault = &content.comparisons[0].faults[0];
    assert_eq!((fault.kind, kind_words(fault)), (crate::comparison::FaultKind::Gone, None));
    assert!(html(&content).contains("severe, then not there") && !html(&content).contains(">gone<"));
}

#[test]
fn a_third_result_has_columns_of_its_own() {
    let others = [subject(45.0, "sled-push", Status::Clear), subject(16.0, "sled-push", Status::NotJudged)];
    let page = html(&page(&["A", "B", "C"], &others));
    assert_eq!(unbalanced(&page), None);
    // Two tables: three names and two changes each.
    assert_eq!(page.matches(">Change</th>").count(), 4);
    assert!(page.contains("Faults: B") && page.contains("Faults: C"));
    assert!(page.contains("judged in one only") && page.contains("too &lt;dark&gt;"));
}

#[test]
fn what_makes_results_hard_to_compare_is_said_first() {
    let mut turned = subject(45.0, "sled-backpedal", Status::Clear);
    turned.view.facing = Some(Facing::Right);
    let content = page(&["A", "B"], &[turned]);
    let said = cautions_of(&content.results, &content.comparisons).join(" ");
    assert!(said.contains("different exercises") && said.contains("the other side is near"), "{said}");
    assert!(html(&content).contains("Faults were not compared."));
}

#[test]
fn text_of_the_user_is_never_markup_and_nothing_is_fetched() {
    let evil = "</script><img src=x onerror=alert(1)>";
    let page = html(&page(&[evil, "B"], &[subject(45.0, "sled-push", Status::Found)]));
    assert!(!page.contains("<img") && !page.contains("</script><img") && !page.contains("Drop the <chest>"));
    assert_eq!(unbalanced(&page), None);
    for word in ["http://", "https://", "src=\"//", "@import", "fetch(", "<link"] {
        assert!(!page.replace("http://www.w3.org/2000/svg", "").contains(word), "{word}");
    }
}
