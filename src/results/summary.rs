//! `summary.json`, from the recording and the analysis.

use super::{ResultOptions, Session, findings, joint_centres};
use crate::analysis::{Analysis, Athlete, Origin, Settings};
use crate::camera::scale::ScaleChoice;
use crate::export::summary::{
    AthleteSummary, CameraSummary, ClipSummary, ExerciseSummary, MetricSummary, ModelName, ModelSummary,
    ProfileSummary, ScaleSummary, SessionSummary, StrideSummary, Summary,
};
use crate::observation::{ModelIdentity, Recording};
use crate::skeleton::Side;
use crate::technique::Profile;
use crate::units::Hertz;
use serde_json::json;

/// Frames are unevenly spaced when their steps differ by more than this share of the usual step: half of what a phone's
/// clock of 90 kHz rounds at 240 frames per second is far below, a dropped frame far above.
const UNEVEN: f64 = 0.1;

pub(super) fn summary(
    recording: &Recording,
    analysis: &Analysis,
    settings: &Settings,
    options: &ResultOptions,
) -> Summary {
    let model =
        ModelSummary { pose: model(&recording.pose_model), detector: recording.detector.as_ref().map(model) };
    let mut summary = Summary::new(clip(recording), model);
    summary.created.clone_from(&options.created);
    summary.session = Session::of(recording, options.day)
        .map(|s| SessionSummary { date: s.day.to_string(), source: s.source.name().to_owned() });
    summary.warnings = recording.warnings.iter().chain(&analysis.warnings).map(Into::into).collect();
    summary.settings = resolved(analysis, settings);
    summary.settings.extend(options.told.clone());
    if let Some(athlete) = &analysis.athlete {
        summary.athlete = Some(athlete_summary(athlete));
        summary.camera = Some(camera(athlete));
        summary.scale = Some(scale(athlete));
        summary.strides = Some(strides(athlete));
        summary.metrics = metrics(athlete);
        summary.findings = findings::rows(Some(athlete));
        summary.exercise = exercise(athlete);
        summary.profile = athlete.judgement.profile.as_ref().map(profile);
    }
    summary
}

/// Mean frame rate from the timestamps; none for fewer than two frames.
#[must_use]
pub fn mean_rate(recording: &Recording) -> Option<Hertz> {
    let (first, last) = (recording.frames.first()?, recording.frames.last()?);
    let span = (last.time - first.time).0;
    (span > 0.0).then(|| Hertz((recording.frames.len() - 1) as f64 / span))
}

fn clip(recording: &Recording) -> ClipSummary {
    let facts = &recording.clip;
    let times: Vec<f64> = recording.frames.iter().map(|f| f.time.0).collect();
    ClipSummary {
        file: facts.file.display().to_string(),
        sha256: facts.sha256.clone(),
        width: facts.size.width,
        height: facts.size.height,
        rotation_deg: facts.rotation_deg,
        frames: times.len(),
        duration_s: times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first),
        fps_mean: mean_rate(recording).map(|r| r.0),
        variable_frame_rate: is_uneven(&times),
        capture_fps: facts.capture_rate.map(|r| r.0),
    }
}

fn is_uneven(times: &[f64]) -> bool {
    let mut steps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    steps.sort_by(f64::total_cmp);
    let Some(&usual) = steps.get(steps.len() / 2) else { return false };
    steps.iter().any(|step| (step - usual).abs() > UNEVEN * usual)
}

fn model(identity: &ModelIdentity) -> ModelName {
    ModelName { name: identity.name.clone(), sha256: identity.sha256.clone() }
}

fn athlete_summary(athlete: &Athlete) -> AthleteSummary {
    let facing = athlete.prepared.movement.facing;
    AthleteSummary {
        track: athlete.track.0,
        frames_present: athlete.frames_present,
        facing: facing.map_or("unknown", |f| f.name()).to_owned(),
        travel: athlete.travel().name().to_owned(),
        left_right_corrections: Some(athlete.prepared.left_right.corrections()),
    }
}

fn camera(athlete: &Athlete) -> CameraSummary {
    let camera = &athlete.prepared.camera;
    CameraSummary {
        motion: camera.motion.name().to_owned(),
        roll_deg: camera.roll.map(|r| r.angle.to_degrees()),
        yaw_deg: camera.yaw.map(|y| y.angle.to_degrees()),
        person_height_px: camera.person_height_px,
    }
}

fn scale(athlete: &Athlete) -> ScaleSummary {
    let scale = &athlete.prepared.scale;
    ScaleSummary {
        leg_length_px: scale.leg_length_px,
        metres_per_px: scale.metres_per_px,
        source: scale.metres_per_px.map(|_| scale.source.name().to_owned()),
    }
}

fn strides(athlete: &Athlete) -> StrideSummary {
    let valid = || athlete.gait.strides.iter().filter(|s| s.is_valid());
    let of = |side| valid().filter(|s| s.side == side).count();
    let cadence = athlete.metrics.get("cadence_steps_per_min", None);
    StrideSummary {
        count: athlete.gait.strides.len(),
        valid: valid().count(),
        left: of(Side::Left),
        right: of(Side::Right),
        cadence_steps_per_min: cadence.and_then(|m| m.value.ok()),
    }
}

fn exercise(athlete: &Athlete) -> Option<ExerciseSummary> {
    let judgement = &athlete.judgement;
    let profile = judgement.profile.as_ref()?;
    let recognised = judgement.origin == Origin::Recognised;
    let seen = &judgement.recognition;
    Some(ExerciseSummary {
        name: profile.name.clone(),
        source: if recognised { "recognised" } else { "given" }.to_owned(),
        confidence: if recognised { seen.confidence() } else { None },
        runner_up: if recognised { seen.runner_up().map(str::to_owned) } else { None },
    })
}

fn profile(profile: &Profile) -> ProfileSummary {
    ProfileSummary {
        name: profile.name.clone(),
        version: profile.version.to_string(),
        sha256: Some(profile.sha256.clone()),
        extends: profile.extends.clone(),
    }
}

fn metrics(athlete: &Athlete) -> Vec<MetricSummary> {
    let row = |m: &crate::metrics::value::MetricValue| MetricSummary {
        id: m.id.to_owned(),
        side: m.side.map(|s| s.name().to_owned()),
        value: m.value.ok(),
        unit: m.unit.symbol().to_owned(),
        sd: m.sd,
        n: m.n,
        uncertainty: m.uncertainty,
        target: target_of(athlete, m.id),
        status: m.value.err().map(|why| format!("not_measured: {}", why.sentence())),
    };
    athlete.metrics.clip.iter().map(row).collect()
}

/// What is good for a metric's own value, where that has both ends.
fn target_of(athlete: &Athlete, id: &str) -> Option<[f64; 2]> {
    let band = athlete.judgement.target(id)?;
    Some([band.from?, band.to?])
}

fn resolved(
    analysis: &Analysis,
    settings: &Settings,
) -> std::collections::BTreeMap<String, serde_json::Value> {
    let motion = &settings.motion;
    let mut all = std::collections::BTreeMap::from([
        (
            "left_right_repair".to_owned(),
            json!(motion.left_right == crate::signal::left_right::LeftRight::Repair),
        ),
        ("oblique_way".to_owned(), json!(motion.oblique.name())),
        ("joint_centres".to_owned(), json!(joint_centres(analysis.athlete.as_ref()))),
    ]);
    let scale = match motion.scale {
        ScaleChoice::None => None,
        ScaleChoice::AthleteHeight(metres) => Some(("height_m", json!(metres))),
        ScaleChoice::LegLength(metres) => Some(("leg_length_m", json!(metres))),
        ScaleChoice::Line { from, to, metres } => {
            Some(("known_length", json!({"from": [from.x, from.y], "to": [to.x, to.y], "metres": metres})))
        }
    };
    all.extend(scale.map(|(name, value)| (name.to_owned(), value)));
    if let Some(athlete) = &analysis.athlete {
        all.insert("cutoff_hz".to_owned(), json!(athlete.prepared.cutoff.0));
        all.insert(
            "left_right_legs_frames".to_owned(),
            json!(
                athlete.prepared.left_right.legs.iter().map(std::iter::ExactSizeIterator::len).sum::<usize>()
            ),
        );
        all.insert(
            "left_right_arms_frames".to_owned(),
            json!(
                athlete.prepared.left_right.arms.iter().map(std::iter::ExactSizeIterator::len).sum::<usize>()
            ),
        );
    }
    all
}
