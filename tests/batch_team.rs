//! The team's page with four hundred clips in a real browser: small enough to send, nothing fetched, quick to read. The browser's
//! part is skipped, and says so, where Chromium is absent.
#![cfg(feature = "cli")]

use sledform::batch::entry::{Entry, SCHEMA, Status};
use sledform::batch::team::{Team, TeamClip, page};
use sledform::calendar::Day;
use sledform::export::summary::{FindingRow, MetricSummary};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const CLIPS: usize = 400;
const ATHLETES: usize = 25;
/// A page that is sent by mail and opens on a phone.
const LARGEST_BYTES: usize = 4 << 20;

/// A metric: id, unit, fault, mean, standard deviation, target.
type Made = (&'static str, &'static str, &'static str, f64, f64, Option<[f64; 2]>);

/// The metrics and limits of a push and a drag, each athlete with a level and a trend of their own.
fn clip(number: usize) -> TeamClip {
    let (athlete, set) = (number % ATHLETES, number / ATHLETES);
    let (exercise, metrics): (&str, [Made; 4]) = if set.is_multiple_of(3) {
        (
            "backward-sled-drag",
            [
                ("trunk_mean_deg", "deg", "leaning_back", 10.0, 3.0, Some([0.0, 25.0])),
                ("cadence_steps_per_min", "steps/min", "too_slow", 110.0, 8.0, None),
                ("step_length_leg", "leg", "short_steps", 0.6, 0.06, None),
                ("knee_rom_deg", "deg", "knee_not_extending", 45.0, 5.0, None),
            ],
        )
    } else {
        (
            "sled-push",
            [
                ("trunk_mean_deg", "deg", "too_upright", 45.0, 9.0, Some([45.0, 75.0])),
                ("knee_drive_extension_deg", "deg", "knee_not_extending", 30.0, 6.0, Some([25.0, 60.0])),
                ("step_length_leg", "leg", "short_steps", 0.7, 0.08, None),
                ("trunk_drift_deg", "deg", "posture_drift", 3.0, 2.0, None),
            ],
        )
    };
    // Reproducible scatter between −1 and 1.
    let scatter = |salt: usize| ((number * 7919 + salt * 104_729) % 2001) as f64 / 1000.0 - 1.0;
    let status = match number % 40 {
        7 => Status::Failed,
        13 | 29 => Status::NotJudged,
        _ => Status::Done,
    };
    let level = (athlete as f64 / ATHLETES as f64 - 0.5) * 2.0;
    let value =
        |salt: usize, mean: f64, sd: f64| mean + sd * (level + 0.05 * set as f64 + 0.5 * scatter(salt));
    let summaries = metrics.iter().enumerate().map(|(salt, (id, unit, _, mean, sd, target))| MetricSummary {
        id: (*id).to_owned(),
        value: Some(value(salt, *mean, *sd)),
        unit: (*unit).to_owned(),
        uncertainty: Some(0.4 * sd),
        n: 8,
        target: *target,
        ..MetricSummary::default()
    });
    let findings = metrics.iter().enumerate().map(|(salt, (id, _, fault, mean, sd, _))| {
        let off = (value(salt, *mean, *sd) - mean) / sd;
        let found = off < -0.6;
        FindingRow {
            fault: (*fault).to_owned(),
            status: if status == Status::NotJudged {
                "not_judged"
            } else if found {
                "found"
            } else {
                "clear"
            }
            .to_owned(),
            severity: found.then(|| {
                if off < -1.2 {
                    "severe"
                } else if off < -0.9 {
                    "moderate"
                } else {
                    "mild"
                }
                .to_owned()
            }),
            metric: Some((*id).to_owned()),
            ..FindingRow::default()
        }
    });
    let (summaries, findings) = (summaries.collect(), findings.collect());
    let name = format!("week {set:02}/athlete {athlete:02} ünï {number}.mp4");
    let reason = match status {
        Status::Done => None,
        Status::NotJudged => Some("The athlete is only 149 pixels tall.".to_owned()),
        Status::Failed => Some(format!("{name} is empty (0 bytes); copy it again from the phone")),
    };
    TeamClip {
        report: (status != Status::Failed).then(|| format!("clips/{name}.sledform/report.html")),
        entry: Entry {
            schema: SCHEMA.to_owned(),
            clip: name,
            status,
            reason,
            warnings: Vec::new(),
            sha256: None,
            start_s: None,
            end_s: None,
            told: [("load_kg".to_owned(), (40 + 5 * set).into())].into(),
            seen_key: None,
            key: None,
        },
        athlete: (number % 50 != 3).then(|| format!("Athlete {athlete:02}")),
        day: Day::from_number(20_400 + 9 * i64::try_from(set).expect("small")),
        exercise: Some(exercise.to_owned()),
        metrics: if status == Status::Failed { Vec::new() } else { summaries },
        in_last_run: None,
        findings: if status == Status::Failed { Vec::new() } else { findings },
    }
}

#[test]
fn four_hundred_clips_fit_on_the_page() {
    let clips: Vec<TeamClip> = (0..CLIPS).map(clip).collect();
    let began = Instant::now();
    let html = page::html(&Team { clips: clips.clone(), ..Team::default() });
    println!("{} clips: {} KiB in {:.2} s", CLIPS, html.len() >> 10, began.elapsed().as_secs_f64());
    assert!(html.len() < LARGEST_BYTES, "{} bytes", html.len());
    assert_eq!(html.matches("<details").count(), ATHLETES + 1, "the athletes and whoever is not named");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("team.html");
    std::fs::write(&file, &html).expect("the folder of the tests can be written");

    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let told = std::env::var_os("SLEDFORM_CHROMIUM").map(PathBuf::from);
    let Some(chromium) = told.into_iter().chain(usual.map(PathBuf::from)).find(|p| p.is_file()) else {
        println!("skipped: no Chromium");
        return;
    };
    let profile = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let run = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args(["--disable-component-update", "--disable-sync", "--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(&file)
        .output()
        .expect("Chromium starts");
    println!("loaded with Chromium's start: {:.1} s", began.elapsed().as_secs_f64());
    let shown = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    // As the browser understood it: a table of all clips, and one more row for each judged clip under its athlete.
    assert_eq!(
        shown.matches("<tr class=\"done\"").count(),
        2 * clips.iter().filter(|c| c.entry.status == Status::Done).count()
    );
    assert_eq!(shown.matches("<tr class=\"failed\"").count(), 10);
    assert!(shown.contains("</html>"));
}
