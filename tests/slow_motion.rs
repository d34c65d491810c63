//! Clips that play slower than they were filmed, as a whole or in part, and say nothing of it: synthetic athletes stretched in time.

use sledform::analysis::{Analysis, Athlete as Judged, Settings, analyze};
use sledform::findings::{STRIDES, Status};
use sledform::frame::Warning;
use sledform::gait::stride::Unfit;
use sledform::observation::Recording;
use sledform::skeleton::Side;
use sledform::synthetic::{Athlete, Exercise};
use sledform::technique::rule::Need;
use sledform::units::{Hertz, Seconds};

/// What a phone plays at.
const PLAYED: f64 = 30.0;

/// Filmed at so many times the rate at which it plays.
fn slowed(exercise: Exercise, times: f64) -> Recording {
    let athlete = Athlete::new(exercise).noise(0.005).fps(times * PLAYED).lasting(6.0);
    played_at(athlete.recording(), |filmed| filmed * times)
}

/// With other times, and the rate at which the file is stored.
fn played_at(mut recording: Recording, time: impl Fn(f64) -> f64) -> Recording {
    for frame in &mut recording.frames {
        frame.time = Seconds(time(frame.time.0));
    }
    recording.clip.nominal_rate = Some(Hertz(PLAYED));
    recording
}

fn analysed(recording: &Recording) -> Analysis {
    analyze(recording, &Settings::default())
}

fn told<'a>(analysis: &'a Analysis, id: &str) -> Option<&'a Warning> {
    analysis.warnings.iter().find(|w| w.id == id)
}

fn valid(athlete: &Judged) -> usize {
    athlete.gait.strides.iter().filter(|s| s.is_valid()).count()
}

/// Each rule with what became of it: refused for slow motion or not, and whether it measures in seconds.
fn refused(athlete: &Judged) -> Vec<(String, bool, bool)> {
    let profile = athlete.judgement.profile.as_ref().expect("a profile");
    let findings = &athlete.judgement.assessment.findings;
    let rule = |id: &str| profile.rules.iter().find(|r| r.id == id).expect("a rule of the profile");
    findings
        .iter()
        .map(|f| {
            let timed = rule(&f.rule).needs.contains(&Need::TrueTimes);
            (f.rule.clone(), f.refusal == Some("slow_motion"), timed)
        })
        .collect()
}

#[test]
fn clips_at_their_own_speed_are_never_taken_for_slow_motion() {
    for exercise in Exercise::ALL {
        let analysis = analysed(&slowed(exercise, 1.0));
        for id in ["slow_motion", "speed_changes"] {
            assert_eq!(told(&analysis, id), None, "{exercise:?}");
        }
        let athlete = analysis.athlete.expect("an athlete");
        assert!(refused(&athlete).iter().all(|(_, refused, _)| !refused), "{exercise:?}");
    }
}

#[test]
fn slow_motion_that_says_nothing_is_told_and_its_times_are_not_judged() {
    for exercise in Exercise::ALL {
        let (own, slow) = (analysed(&slowed(exercise, 1.0)), analysed(&slowed(exercise, 3.0)));
        let warning =
            told(&slow, "slow_motion").unwrap_or_else(|| panic!("{exercise:?}: {:?}", slow.warnings));
        assert!(warning.is_grave(), "{exercise:?}");
        let (own, slow) = (own.athlete.expect("an athlete"), slow.athlete.expect("an athlete"));
        let name = |a: &Judged| a.judgement.profile.as_ref().map(|p| p.name.clone());
        assert_eq!(name(&slow), name(&own), "the body alone tells the exercise");
        for (rule, refused, timed) in refused(&slow) {
            assert_eq!(refused, timed, "{exercise:?}: {rule}");
        }
        let judged = |a: &Judged| {
            let findings = a.judgement.assessment.findings.iter();
            findings.filter(|f| f.status != Status::NotJudged).count()
        };
        assert!(2 * judged(&slow) >= judged(&own), "{exercise:?}: {} of {}", judged(&slow), judged(&own));
        let trunk =
            |a: &Judged| a.metrics.get("trunk_mean_deg", None).and_then(|m| m.value.ok()).expect("a trunk");
        assert!((trunk(&slow) - trunk(&own)).abs() < 1.0, "{exercise:?}");
    }
}

#[test]
fn a_stride_or_two_tell_no_slow_motion() {
    let whole = slowed(Exercise::SledPush, 4.0);
    let (mut few, mut enough) = (0, 0);
    for lasts in (8..40).map(|k| 0.5 * f64::from(k)) {
        let mut recording = whole.clone();
        recording.frames.retain(|f| f.time.0 < lasts);
        let analysis = analysed(&recording);
        let Some(athlete) = &analysis.athlete else { continue };
        let of = |side| athlete.gait.strides.iter().filter(|s| s.side == side).count();
        let (strides, both) = (athlete.gait.strides.len(), Side::BOTH.into_iter().all(|side| of(side) > 0));
        let is_told = told(&analysis, "slow_motion").is_some();
        if strides < STRIDES || !both {
            assert!(!is_told, "{lasts} s: {strides} strides");
        }
        few += usize::from((1..STRIDES).contains(&strides));
        enough += usize::from(is_told);
    }
    assert!(few > 0 && enough > 0, "{few} with few strides, {enough} told");
}

#[test]
fn more_steps_than_anybody_makes_are_not_believed_whatever_rate_was_told() {
    // 78 steps a minute become 343.
    let times = 4.4;
    let recording = slowed(Exercise::ReverseSledPush, 1.0);
    let mut fast = played_at(recording.clone(), |filmed| filmed / times);
    for told_rate in [None, Some(Hertz(times * PLAYED))] {
        fast.clip.capture_rate = told_rate;
        let analysis = analysed(&fast);
        assert!(told(&analysis, "fast_motion").is_some_and(Warning::is_grave), "{told_rate:?}");
        let athlete = analysis.athlete.expect("an athlete");
        let findings = &athlete.judgement.assessment.findings;
        assert!(findings.iter().any(|f| f.refusal == Some("fast_motion")), "times are not judged");
        assert!(findings.iter().any(|f| f.status != Status::NotJudged), "angles are judged");
    }
    assert_eq!(told(&analysed(&recording), "fast_motion"), None);
}

#[test]
fn where_the_rate_of_filming_is_known_nothing_is_doubted() {
    for exercise in Exercise::ALL {
        let mut recording = slowed(exercise, 3.0);
        recording.clip.capture_rate = Some(Hertz(PLAYED));
        assert_eq!(told(&analysed(&recording), "slow_motion"), None, "{exercise:?}");
    }
}

#[test]
fn a_slowed_section_is_left_out_and_the_rest_is_judged() {
    for (exercise, times) in
        [(Exercise::SledPush, 3.0), (Exercise::SledPush, 2.0), (Exercise::BackwardSledDrag, 4.0)]
    {
        let (from, to) = (4.0, 7.0);
        let slowed_down = |filmed: f64| {
            let within = (filmed - from).clamp(0.0, to - from);
            filmed + (times - 1.0) * within
        };
        let athlete = Athlete::new(exercise).noise(0.005).lasting(11.0);
        let (whole, ramp) =
            (analysed(&athlete.recording()), analysed(&played_at(athlete.recording(), slowed_down)));
        assert_eq!(told(&ramp, "slow_motion"), None, "{exercise:?}: what counts is at its own speed");
        let warning =
            told(&ramp, "speed_changes").unwrap_or_else(|| panic!("{exercise:?}: {:?}", ramp.warnings));
        assert!(warning.is_grave() && warning.message.contains("slower"), "{warning:?}");
        let (whole, ramp) = (whole.athlete.expect("an athlete"), ramp.athlete.expect("an athlete"));
        let stride = 1.0 / whole.gait.bouts[0].stride_frequency.0;
        let end = slowed_down(to);
        for s in ramp.gait.strides.iter().filter(|s| s.is_valid()) {
            assert!(s.end.0 < from + 0.5 * stride || s.start.0 > end - 0.5 * stride, "{exercise:?}: {s:?}");
            assert!((s.duration().0 / stride - 1.0).abs() < 0.1, "{exercise:?}: {s:?}");
        }
        let other = |s: &&sledform::gait::stride::Stride| s.unfit == Some(Unfit::OtherSpeed);
        assert!(ramp.gait.strides.iter().filter(other).count() >= 2, "{exercise:?}");
        // What lies between the parts, and a stride or two at each of their four ends, is lost.
        let normal = (11.0 - (to - from)) / 11.0 * valid(&whole) as f64;
        assert!(valid(&ramp) as f64 >= normal - 6.0, "{exercise:?}: {} of {normal}", valid(&ramp));
        let cadence = |a: &Judged| {
            a.metrics.get("cadence_steps_per_min", None).and_then(|m| m.value.ok()).expect("a cadence")
        };
        assert!((cadence(&ramp) / cadence(&whole) - 1.0).abs() < 0.03, "{exercise:?}");
    }
}
