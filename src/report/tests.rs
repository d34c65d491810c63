//! What the page holds, and what it must never hold.

use super::{ChartLibrary, Picture, ReportOptions, Video, evidence, html};
use crate::analysis::{self, Analysis, Settings, TechniqueSettings};
use crate::findings::{Finding, Status};
use crate::observation::Recording;
use crate::skeleton::Side;
use crate::synthetic::{Athlete, Exercise, Motion};
use crate::technique;
use crate::units::Radians;
use serde_json::Value;

fn clip(seconds: f64) -> (Recording, Analysis) {
    // Far too upright for the low style: at least one thing to fix.
    let upright = |m: &mut Motion| m.trunk = Radians::from_degrees(20.0);
    let recording = Athlete::new(Exercise::SledPush).with(upright).fps(60.0).lasting(seconds).recording();
    let told = technique::builtin("sled-push");
    let technique = TechniqueSettings { told, ..TechniqueSettings::default() };
    let analysis = analysis::analyze(&recording, &Settings { technique, ..Settings::default() });
    (recording, analysis)
}

fn data(page: &str) -> Value {
    let start = page.find("id=\"data\">").expect("the page has data") + "id=\"data\">".len();
    let end = start + page[start..].find("</script>").expect("the script ends");
    serde_json::from_str(&page[start..end]).expect("the data are JSON")
}

/// Every tag that is opened is closed, in order.
pub(super) fn unbalanced(page: &str) -> Option<String> {
    const ALONE: [&str; 9] = ["meta", "input", "br", "img", "!doctype", "line", "circle", "path", "link"];
    let mut open: Vec<String> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>')?;
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric() || *c == '!').collect();
        if tag.starts_with('/') {
            if open.pop().as_deref() != Some(name.as_str()) {
                return Some(tag.to_owned());
            }
        } else if !ALONE.contains(&name.to_lowercase().as_str()) && !tag.ends_with('/') {
            if name == "script" || name == "style" {
                rest = &rest[rest.find(&format!("</{name}>"))?..];
            }
            open.push(name);
        }
    }
    open.pop()
}

#[test]
fn the_page_is_whole_and_holds_what_was_found() {
    let (recording, analysis) = clip(6.0);
    let page = html(&recording, &analysis, &ReportOptions::default());
    assert_eq!(unbalanced(&page), None);
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    let assessment = &athlete.judgement.assessment;
    assert!(!assessment.fix_first.is_empty(), "there is something to fix");
    assert_eq!(page.matches("class=\"place\"").count(), assessment.fix_first.len());
    for index in &assessment.fix_first {
        let cue = assessment.findings[*index].cue.as_deref().unwrap_or("");
        assert!(page.contains(&super::text::escape(cue)), "{cue}");
    }
    let rows =
        page.matches("<tr data-stride").count() + page.matches("<tr class=\"out\" data-stride").count();
    assert_eq!(rows, athlete.gait.strides.len());
    assert_eq!(page.matches("class=\"open\"").count() > 0, {
        use crate::findings::Status;
        assessment.findings.iter().any(|f| f.status == Status::NotJudged)
    });
    assert!(page.contains("Butterworth") && page.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_header_says_who_when_which_clip_and_which_part_of_it() {
    let (mut recording, analysis) = clip(6.0);
    recording.clip.file = "lane 3.mov".into();
    let named = ReportOptions { athlete_name: Some("Anna".into()), ..ReportOptions::default() };
    let header = |recording: &Recording, options: &ReportOptions| {
        let page = html(recording, &analysis, options);
        page.split("</header>").next().expect("a header").rsplit("<header>").next().expect("it").to_owned()
    };
    let whole = header(&recording, &named);
    assert!(whole.contains("Anna") && whole.contains("lane 3.mov") && !whole.contains("analysed"), "{whole}");
    let valid = |side| {
        let strides = &analysis.athlete.as_ref().expect("an athlete").gait.strides;
        strides.iter().filter(|s| s.is_valid() && s.side == side).count()
    };
    let (left, right) = (valid(Side::Left), valid(Side::Right));
    let counted = format!("{} strides ({left} left, {right} right) in 6.0 s", left + right);
    assert!(left > 0 && right > 0 && whole.contains(&counted), "{whole}");
    let analysed = ReportOptions { analysed: Some("2026-03-28".into()), ..named.clone() };
    assert!(header(&recording, &analysed).contains("analysed on 2026-03-28"));
    let dated = ReportOptions { date: Some("2026-03-27".into()), ..analysed };
    let dated = header(&recording, &dated);
    assert!(dated.contains("2026-03-27") && !dated.contains("analysed"), "{dated}");
    recording.clip.nominal_frames = Some(2 * recording.frames.len());
    assert!(header(&recording, &named).contains("in 6.0 s (0.0 to 6.0 s of the clip)"));
    for frame in &mut recording.frames {
        frame.time.0 += 2.0;
    }
    let part = header(&recording, &named);
    assert!(part.contains("in 6.0 s (2.0 to 8.0 s of the clip)"), "{part}");
}

#[test]
fn a_profile_of_ones_own_is_named_as_such_with_its_own_hash() {
    let text = technique::text("sled-push").expect("it is built in").replace("mild = 40", "mild = 41");
    let own = technique::parse(&text, "own.toml").expect("it is right");
    let built_in = technique::builtin("sled-push").expect("it is built in");
    assert!(built_in.is_built_in() && !own.is_built_in());
    let (recording, before) = clip(4.0);
    let technique = TechniqueSettings { told: Some(own.clone()), ..TechniqueSettings::default() };
    let after = analysis::analyze(&recording, &Settings { technique, ..Settings::default() });
    let page = |analysis: &Analysis| html(&recording, analysis, &ReportOptions::default());
    let (page_before, page_after) = (page(&before), page(&after));
    assert!(page_before.contains(&built_in.sha256) && page_before.contains("As told"));
    assert!(page_after.contains(&own.sha256) && !page_after.contains(&built_in.sha256));
    assert!(page_after.contains("By a profile of your own"));
}

#[test]
fn each_fault_is_named_once_for_a_reason_and_guesses_that_help_nobody_are_left_out() {
    let (recording, mut analysis) = clip(6.0);
    let judgement = &mut analysis.athlete.as_mut().expect("an athlete").judgement;
    let open = judgement.assessment.findings.first().expect("a finding").clone();
    let not_judged = |fault: &str| Finding {
        fault: fault.to_owned(),
        status: Status::NotJudged,
        reason: Some("It was dark.".to_owned()),
        ..open.clone()
    };
    judgement.assessment.findings.extend(["too_low", "heel_first", "too_low"].map(not_judged));
    let page = html(&recording, &analysis, &ReportOptions::default());
    assert!(page.contains("<b>Sitting too low, Landing on the heel</b><br>It was dark."), "each once");
    let judgement = &mut analysis.athlete.as_mut().expect("an athlete").judgement;
    judgement.profile = None;
    let mut guessed = |shares: [f64; 2]| {
        let judgement = &mut analysis.athlete.as_mut().expect("an athlete").judgement;
        judgement.recognition.ranking =
            ["sled-push", "sled-backpedal"].into_iter().map(str::to_owned).zip(shares).collect();
        html(&recording, &analysis, &ReportOptions::default())
    };
    assert!(guessed([0.4, 0.04]).contains("Closest is Sled push (40 %); say which exercise it is"));
    let none = guessed([0.004, 0.0]);
    assert!(none.contains("Say which exercise it is") && !none.contains("Closest"));
}

#[test]
fn rules_of_one_fault_say_by_what_they_differ() {
    let (recording, mut analysis) = clip(6.0);
    let assessment = &mut analysis.athlete.as_mut().expect("an athlete").judgement.assessment;
    let first = assessment.findings[assessment.fix_first[0]].clone();
    let heading = |what: &str| format!("{}: {what} <span class=\"grade", first.title());
    assert!(!html(&recording, &analysis, &ReportOptions::default()).contains(&heading(&first.what)));
    let assessment = &mut analysis.athlete.as_mut().expect("an athlete").judgement.assessment;
    let what = "lean of the whole body".to_owned();
    assessment.findings.push(Finding { status: Status::Borderline, severity: None, what, ..first.clone() });
    let page = html(&recording, &analysis, &ReportOptions::default());
    assert!(page.contains(&heading("lean of the whole body")) && page.contains(&heading(&first.what)));
}

#[test]
fn whole_degrees_of_the_player_are_rounded_once() {
    for degrees in [40.47, 40.5, 40.53, -40.47, -40.53, 0.46, -0.46] {
        let shown = (f64::from(super::data::tenths(Radians::from_degrees(degrees))) / 10.0 + 0.5).floor();
        assert!((shown - (degrees + 0.5).floor()).abs() < 1e-9, "{degrees} reads {shown}");
    }
}

#[test]
fn the_data_are_those_of_the_recording() {
    let (recording, analysis) = clip(6.0);
    let options = ReportOptions { videos: vec![Video::clip("a b.mp4", &recording)], ..Default::default() };
    let data = data(&html(&recording, &analysis, &options));
    let steps: Vec<i64> = data["ticks"].as_array().expect("ticks").iter().filter_map(Value::as_i64).collect();
    assert_eq!(steps.len(), recording.frames.len());
    let last = recording.frames.last().expect("frames").time.0;
    assert!((steps.iter().sum::<i64>() as f64 / 1e4 - last).abs() < 1e-4);
    // Four characters for three bytes; two numbers of two bytes for each of 17 points.
    let bytes = recording.frames.len() * 17 * 4;
    assert_eq!(data["points"].as_str().map(str::len), Some(bytes.div_ceil(3) * 4));
    assert_eq!(data["videos"][0]["src"], "./a%20b.mp4");
    let strides = analysis.athlete.as_ref().map_or(0, |a| a.gait.strides.len());
    assert_eq!(data["strides"].as_array().map(Vec::len), Some(strides));
}

#[test]
fn text_of_the_user_is_never_markup() {
    let (mut recording, analysis) = clip(3.0);
    let evil = "</script><img src=x onerror=alert(1)>\"'&";
    recording.clip.file = format!("{evil}.mp4").into();
    recording.warnings.push(crate::frame::Warning::new("x", evil, evil));
    let options = ReportOptions {
        athlete_name: Some(evil.to_owned()),
        date: Some(evil.to_owned()),
        note: Some(evil.to_owned()),
        videos: vec![Video::clip(evil, &recording)],
        ..ReportOptions::default()
    };
    let page = html(&recording, &analysis, &options);
    assert!(!page.contains("<img src=x") && !page.contains("</script><img"));
    assert_eq!(unbalanced(&page), None);
    assert!(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
}

#[test]
fn a_warning_that_may_make_the_page_wrong_stands_open() {
    let page = |id: &'static str| {
        let (mut recording, analysis) = clip(3.0);
        recording.warnings = vec![crate::frame::Warning::new(id, "it was so", "do this")];
        html(&recording, &analysis, &ReportOptions::default())
    };
    let of_warnings = |page: String| {
        let before = page.split(" about this clip</summary>").next().expect("warnings").to_owned();
        before.rsplit("<details").next().expect("folded or open").to_owned()
    };
    assert!(page("truncated_file").contains("<li>It was so. Do this.</li>"), "in sentences");
    assert!(of_warnings(page("truncated_file")).starts_with(" class=\"screen\" open>"));
    assert!(of_warnings(page("timestamps_not_increasing")).starts_with(" class=\"screen\">"));
}

#[test]
fn nothing_is_fetched_from_anywhere() {
    let (recording, analysis) = clip(3.0);
    let page = html(&recording, &analysis, &ReportOptions::default());
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    for word in ["http://", "https://", "src=\"//", "@import", "fetch(", "XMLHttpRequest", "<link"] {
        assert!(!elsewhere.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn plots_come_with_their_library_and_its_licence_or_the_page_says_what_is_missing() {
    let (recording, analysis) = clip(3.0);
    let part = |text: &str| text.to_owned();
    let charts = ChartLibrary { script: part("var uPlot=1"), style: part(".u{}"), licence: part("MIT ©") };
    let options = ReportOptions { charts: Some(charts), ..ReportOptions::default() };
    let with = html(&recording, &analysis, &options);
    for text in ["<script>/*\nMIT ©*/\nvar uPlot=1</script>", ".u{}</style>", "data-zoom"] {
        assert!(with.contains(text), "{text}");
    }
    assert!(!with.contains("models fetch"));
    let without = html(&recording, &analysis, &ReportOptions::default());
    assert!(without.contains("./run models fetch") && without.contains("id=\"strides\""));
    assert!(!without.contains("data-zoom=\""));
    assert_eq!(unbalanced(&with).or(unbalanced(&without)), None);
}

#[test]
fn pictures_stand_with_their_finding_and_others_are_drawn() {
    let (recording, analysis) = clip(6.0);
    let wanted = evidence(&recording, &analysis);
    let findings = &analysis.athlete.as_ref().expect("an athlete").judgement.assessment;
    for one in &wanted {
        assert!(one.frame < recording.frames.len() && one.finding < findings.findings.len());
        let aspect = one.crop.width() / one.crop.height();
        assert!((aspect - 1.2).abs() < 1e-6, "{aspect}");
    }
    let drawn = html(&recording, &analysis, &ReportOptions::default());
    assert_eq!(drawn.matches("<svg class=\"figure\"").count(), findings.fix_first.len());
    let first = findings.fix_first[0];
    let pictures = vec![Picture { finding: first, jpeg: vec![0xff, 0xd8, 0xff] }];
    let page = html(&recording, &analysis, &ReportOptions { pictures, ..Default::default() });
    assert!(page.contains("src=\"data:image/jpeg;base64,/9j/\""));
    assert_eq!(page.matches("<svg class=\"figure\"").count(), findings.fix_first.len() - 1);
}

/// A minute at 60 frames a second must open in a second: the page stays below this without pictures and clip.
const MOST_BYTES: usize = 1_500_000;

#[test]
fn a_minute_at_sixty_frames_stays_small() {
    let (recording, analysis) = clip(60.0);
    let page = html(&recording, &analysis, &ReportOptions::default());
    assert!(page.len() < MOST_BYTES, "{} bytes", page.len());
}

#[test]
fn a_clip_without_people_says_so_and_stays_whole() {
    let (mut recording, _) = clip(3.0);
    for frame in &mut recording.frames {
        frame.people.clear();
    }
    let analysis = analysis::analyze(&recording, &Settings::default());
    let page = html(&recording, &analysis, &ReportOptions::default());
    assert!(page.contains("Nobody was seen") && !page.contains("Fix first"));
    assert_eq!(unbalanced(&page), None);
    recording.frames.clear();
    let analysis = analysis::analyze(&recording, &Settings::default());
    assert_eq!(unbalanced(&html(&recording, &analysis, &ReportOptions::default())), None);
}

#[test]
fn what_is_clear_but_outside_the_target_says_so() {
    let (recording, mut analysis) = clip(6.0);
    let findings = &mut analysis.athlete.as_mut().expect("an athlete").judgement.assessment.findings;
    findings.retain(|f| f.status == Status::Clear && f.target.is_some_and(|t| t.to.is_some()));
    findings.truncate(1);
    let target = findings[0].target.and_then(|t| t.to).expect("its upper end");
    let told = |analysis: &mut Analysis, value: f64| {
        let assessment = &mut analysis.athlete.as_mut().expect("an athlete").judgement.assessment;
        (assessment.findings[0].value, assessment.fix_first) = (Some(value), Vec::new());
        html(&recording, analysis, &ReportOptions::default()).matches("clear, though outside").count()
    };
    assert_eq!(told(&mut analysis, target), 0, "its ends belong to it");
    assert_eq!(told(&mut analysis, target + 1.0), 1);
}
