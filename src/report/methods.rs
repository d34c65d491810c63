//! The methods: what a researcher needs to cite the numbers and to get the same again.

use super::text::escape;
use super::{ReportOptions, Video};
use crate::analysis::{Analysis, Athlete};
use crate::gait::stride::EventMethod;
use crate::metrics::catalogue::ROWS;
use crate::observation::{ModelIdentity, Recording};
use std::fmt::Write;

pub(super) fn write(
    page: &mut String,
    recording: &Recording,
    analysis: &Analysis,
    options: &ReportOptions,
) -> std::fmt::Result {
    page.push_str("<details class=\"methods\"><summary><h2>Methods</h2></summary>");
    let mut facts = clip(recording);
    if let Some(athlete) = &analysis.athlete {
        facts.extend(movement(athlete));
        facts.push(("Events", events(athlete)));
        facts.extend(profile(athlete));
    }
    facts.extend(options.videos.first().map(|video| ("To pass this page on", pass_on(video))));
    facts.push(("Program", format!("sledform {}", env!("CARGO_PKG_VERSION"))));
    page.push_str("<dl>");
    for (term, words) in facts {
        write!(page, "<dt>{term}</dt><dd>{}</dd>", escape(&words))?;
    }
    page.push_str("</dl>");
    warnings(page, recording, analysis)?;
    if analysis.athlete.is_some() {
        definitions(page)?;
    }
    page.push_str("</details>");
    Ok(())
}

/// What goes along with the page: it looks for the clip where it lies now, then beside itself.
fn pass_on(video: &Video) -> String {
    let name = video.path.rsplit('/').next().unwrap_or(&video.path);
    format!("send {name} along and keep both in one folder; without it the figure moves alone")
}

fn clip(recording: &Recording) -> Vec<(&'static str, String)> {
    let clip = &recording.clip;
    let mut words = format!("{}, {} px, {} frames", clip.name(), clip.size, recording.frames.len());
    if let (Some(first), Some(last)) = (recording.frames.first(), recording.frames.last())
        && last.time.0 > first.time.0
    {
        let rate = (recording.frames.len() - 1) as f64 / (last.time - first.time).0;
        let _ = write!(words, ", {rate:.2} frames/s");
    }
    if let Some(rate) = clip.capture_rate {
        let _ = write!(words, " (captured at {:.0} frames/s)", rate.0);
    }
    if let Some(hash) = &clip.sha256 {
        let _ = write!(words, "; SHA-256 {hash}");
    }
    let mut facts = vec![("Clip", words), ("Pose model", model(&recording.pose_model))];
    facts.extend(recording.detector.as_ref().map(|m| ("Person detector", model(m))));
    facts
}

fn model(identity: &ModelIdentity) -> String {
    match &identity.sha256 {
        Some(hash) => format!("{}, SHA-256 {hash}", identity.name),
        None => identity.name.clone(),
    }
}

fn movement(athlete: &Athlete) -> Vec<(&'static str, String)> {
    let prepared = &athlete.prepared;
    let rejected = prepared.rejected;
    let joints = prepared.offsets.map_or_else(
        || "the model's landmarks as they are".to_owned(),
        |o| {
            format!(
                "from the landmarks: hip {:.2} thigh lengths back across the trunk, knee {:.2} thigh lengths forward across the shank, shoulder {:.2} trunk lengths down ({:.2} with the arm raised forward), base of the neck up to {:.2} trunk lengths behind the shoulders as the arms reach",
                o.hip_back, o.knee_forward, o.shoulder_down, o.raised_shoulder_down, o.protraction
            )
        },
    );
    let camera = &prepared.camera;
    let degrees = |a: Option<crate::units::Radians>| {
        a.map_or("unknown".to_owned(), |a| format!("{:.1}°", a.to_degrees()))
    };
    vec![
        (
            "Filter",
            format!(
                "zero-lag Butterworth low-pass, fourth order (second order forward and backward), cut-off {:.1} Hz, on joint positions",
                prepared.cutoff.0
            ),
        ),
        ("Joint centres", joints),
        (
            "Angles",
            "segment angles against the vertical, positive toward where the athlete faces; joint angles between segments, flexion and dorsiflexion positive, 0 = straight; in the plane of the picture".to_owned(),
        ),
        (
            "Repairs",
            format!(
                "left and right exchanged back {} times; {} samples dropped for want of confidence; facing {}",
                prepared.left_right.corrections(),
                rejected.confidence,
                prepared.movement.facing.map_or("unknown", |f| f.name())
            ),
        ),
        (
            "Camera",
            format!(
                "{}; roll {}, {} from a side view{}",
                camera.motion.name(),
                degrees(camera.roll.map(|r| r.angle)),
                degrees(camera.yaw.map(|y| y.angle)),
                if camera.perspective.is_none() { "" } else { "; the way was laid flat, so that lengths and angles are as from the side" }
            ),
        ),
        (
            "Lengths",
            prepared.scale.metres_per_px.map_or_else(
                || "in leg lengths (thigh and shank); no length in metres was known".to_owned(),
                |m| format!("{:.2} mm per pixel, from {}", 1000.0 * m, prepared.scale.source.name().replace('_', " ")),
            ),
        ),
    ]
}

fn events(athlete: &Athlete) -> String {
    let count = |method| athlete.gait.events.iter().filter(|e| e.method == method).count();
    let ways = [
        (EventMethod::FootSpeed, "heel or toe coming to rest or leaving rest"),
        (EventMethod::AnkleSpeed, "the same from the ankle"),
        (EventMethod::OtherFoot, "the foot's path, as long in the air as the other foot"),
        (EventMethod::PelvisRelative, "extremes of the foot relative to the pelvis"),
        (EventMethod::ThighClock, "the phase of the legs' swing alone (approximate)"),
    ];
    let told: Vec<String> = ways
        .into_iter()
        .filter(|(method, _)| count(*method) > 0)
        .map(|(method, words)| format!("{} by {words}", count(method)))
        .collect();
    if told.is_empty() {
        return "none".to_owned();
    }
    format!(
        "initial and terminal contacts (landing and push-off): {}. Strides are numbered as in strides.csv",
        told.join("; ")
    )
}

fn profile(athlete: &Athlete) -> Option<(&'static str, String)> {
    let profile = athlete.judgement.profile.as_ref()?;
    let own = if profile.is_built_in() { "" } else { "a profile of your own: " };
    let mut words =
        format!("{own}{} (version {}), SHA-256 {}", profile.name, profile.version, profile.sha256);
    if !profile.origin.is_empty() {
        let _ = write!(words, "; after {}", profile.origin);
    }
    Some(("Profile", words))
}

fn warnings(page: &mut String, recording: &Recording, analysis: &Analysis) -> std::fmt::Result {
    let mut all = recording.warnings.iter().chain(&analysis.warnings).peekable();
    if all.peek().is_none() {
        return Ok(());
    }
    page.push_str("<h3>Warnings</h3><ul>");
    for warning in all {
        write!(page, "<li>{}</li>", escape(&warning.in_words()))?;
    }
    page.push_str("</ul>");
    Ok(())
}

fn definitions(page: &mut String) -> std::fmt::Result {
    page.push_str("<details class=\"screen\"><summary><h3>Definitions of every variable</h3></summary><dl class=\"definitions\">");
    for row in ROWS {
        let unit = if row.unit.symbol().is_empty() { "no unit" } else { row.unit.symbol() };
        write!(
            page,
            "<dt>{} <code>{}</code></dt><dd>{} ({}; {}). <i>{}</i></dd>",
            escape(row.name),
            row.id,
            escape(row.definition),
            unit,
            row.when.name(),
            escape(row.source)
        )?;
    }
    page.push_str("</dl></details>");
    Ok(())
}
