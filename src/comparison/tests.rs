//! Known answers, what must hold for any numbers, and what happens where nothing changed.

use super::change::{Nature, of};
use super::*;
use crate::analysis::{Settings, analyze};
use crate::findings::Status;
use crate::kinematics::movement::Facing;
use crate::skeleton::Angle;
use crate::synthetic::{Athlete, Exercise, Motion};
use crate::technique::rule::Severity;
use crate::units::{Hertz, Radians};
use proptest::prelude::*;

const PLAIN: Nature = Nature { is_circular: false, overlap: 1.0 };

fn estimate(value: f64, sd: f64, n: usize, measurement: f64) -> Estimate {
    let uncertainty = Some((sd * sd / n as f64 + measurement * measurement).sqrt());
    Estimate { value, sd: Some(sd), n, uncertainty }
}

fn view() -> View {
    View {
        facing: Some(Facing::Right),
        yaw: Some(Radians::from_degrees(2.0)),
        person_px: Some(400.0),
        rate: Some(Hertz(60.0)),
        cutoff: Some(Hertz(6.0)),
        stride_rate: Some(Hertz(1.0)),
        method: "model".to_owned(),
    }
}

/// Two-sided 95 % points of the tables of Student's distribution.
#[test]
fn student_is_that_of_the_tables() {
    for (freedom, table, within) in [
        (1.0, 12.706, 1e-9),
        (2.0, 4.303, 0.04),
        (3.0, 3.182, 0.01),
        (4.0, 2.776, 0.004),
        (8.0, 2.306, 0.001),
        (30.0, 2.042, 0.001),
        (1e9, 1.960, 0.001),
    ] {
        let t = student_95(freedom);
        assert!((t / table - 1.0).abs() <= within, "{freedom}: {t}, not {table}");
    }
    let steps: Vec<f64> = (10..400).map(|f| student_95(f64::from(f) / 10.0)).collect();
    assert!(steps.windows(2).all(|w| w[0] >= w[1]), "it falls with the degrees of freedom");
}

#[test]
fn a_change_has_the_uncertainty_of_both_numbers() {
    // Strides 2 / root 4 = 1 on both sides, measurement 3 and 4: root(1 + 1 + 9 + 16) = 5.196.
    let change = of(&estimate(10.0, 2.0, 4, 3.0), &estimate(4.0, 2.0, 4, 4.0), PLAIN, true).expect("told");
    assert!((change.difference + 6.0).abs() < 1e-12);
    assert!((change.uncertainty - 27.0_f64.sqrt()).abs() < 1e-9);
    // Six degrees of freedom: t = 2.447. Noise = root((1.414 x 2.447)^2 + (1.96 x 5)^2) = 10.39.
    assert!((change.noise - 10.393).abs() < 0.01, "{}", change.noise);
    // 6 / 5.196 = 1.155 standard deviations: 0.876.
    assert!((change.probability - 0.876).abs() < 0.001, "{}", change.probability);
    // Beyond what the strides do (3.46), within what measurement may be off.
    assert_eq!(change.verdict, Verdict::Likely);
}

#[test]
fn clips_filmed_apart_are_not_likely_changed() {
    let (a, b) = (estimate(10.0, 2.0, 4, 3.0), estimate(4.0, 2.0, 4, 4.0));
    assert_eq!(of(&a, &b, PLAIN, false).expect("told").verdict, Verdict::Noise);
    let far = estimate(30.0, 2.0, 4, 4.0);
    assert_eq!(of(&a, &far, PLAIN, false).expect("told").verdict, Verdict::Changed);
}

#[test]
fn directions_differ_by_the_shorter_way_round() {
    let circular = Nature { is_circular: true, overlap: 1.0 };
    let change = of(&estimate(170.0, 2.0, 5, 1.0), &estimate(-170.0, 2.0, 5, 1.0), circular, true);
    assert!((change.expect("told").difference - 20.0).abs() < 1e-9);
}

#[test]
fn what_has_no_spread_or_uncertainty_is_not_told() {
    let one = Estimate { value: 3.0, sd: None, n: 1, uncertainty: None };
    let many = estimate(5.0, 1.0, 6, 1.0);
    assert_eq!(of(&one, &many, PLAIN, true), Err(Untold::TooFewStrides));
    // Two overlapping strides are one.
    let two = estimate(5.0, 1.0, 2, 1.0);
    assert_eq!(of(&two, &many, Nature { overlap: 2.0, ..PLAIN }, true), Err(Untold::TooFewStrides));
    // Always the same number: no difference can be held against nothing.
    let fixed = |value| Estimate { value, sd: Some(0.0), n: 6, uncertainty: Some(0.0) };
    assert_eq!(of(&fixed(0.0), &fixed(1.0), PLAIN, true), Err(Untold::TooFewStrides));
    assert_eq!(of(&fixed(1.0), &fixed(1.0), PLAIN, true).expect("told").verdict, Verdict::Noise);
}

#[test]
fn overlapping_strides_tell_less() {
    let (a, b) = (estimate(10.0, 2.0, 8, 0.0), estimate(12.5, 2.0, 8, 0.0));
    assert_eq!(of(&a, &b, PLAIN, false).expect("told").verdict, Verdict::Changed);
    let halved = of(&a, &b, Nature { overlap: 2.0, ..PLAIN }, false).expect("told");
    assert_eq!(halved.verdict, Verdict::Noise);
    // Half as many strides: root 2 in the standard deviation.
    assert!((halved.uncertainty - 2.0_f64.sqrt()).abs() < 1e-9);
}

/// A linear congruential generator and the sum of twelve: normal numbers that are the same every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        let mut uniform = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..12).map(|_| uniform()).sum::<f64>() - 6.0
    }

    /// Strides of spread 2 round 40, measured with an error of 3 that all of a clip share.
    fn clip(&mut self, n: usize, error: f64) -> Estimate {
        let off = error * self.next();
        let strides: Vec<f64> = (0..n).map(|_| 40.0 + off + 2.0 * self.next()).collect();
        let mean = strides.iter().sum::<f64>() / n as f64;
        let sd = (strides.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt();
        estimate(mean, sd, n, error)
    }
}

/// Where nothing changed, one comparison in twenty says so: as many as promised, for few strides and many.
#[test]
fn where_nothing_changed_five_in_a_hundred_are_taken_for_a_change() {
    const TRIALS: usize = 4000;
    // Three standard errors of 5 % of so many trials are 1 %.
    const WITHIN: f64 = 0.0105;
    let mut noise = Noise(7);
    for (n, error) in [(3, 0.0), (5, 0.0), (10, 0.0), (4, 3.0), (12, 3.0)] {
        let wrong = (0..TRIALS)
            .filter(|_| {
                let (a, b) = (noise.clip(n, error), noise.clip(n, error));
                of(&a, &b, PLAIN, false).is_ok_and(|c| c.verdict == Verdict::Changed)
            })
            .count();
        let share = wrong as f64 / TRIALS as f64;
        // Welch's test is known to be on the safe side for very few strides.
        assert!((0.02..=0.05 + WITHIN).contains(&share), "{n} strides, error {error}: {share}");
    }
}

#[test]
fn a_real_change_is_found() {
    let mut noise = Noise(11);
    let found = (0..500)
        .filter(|_| {
            let (a, mut b) = (noise.clip(8, 1.0), noise.clip(8, 1.0));
            // Some six standard deviations of the difference.
            b.value += 10.0;
            of(&a, &b, PLAIN, false).is_ok_and(|c| c.verdict == Verdict::Changed && c.difference > 0.0)
        })
        .count();
    assert!(found >= 495, "{found} of 500");
}

proptest! {
    #[test]
    fn the_other_way_round_only_the_sign_changes(
        a in -100.0..100.0_f64, b in -100.0..100.0_f64, sd in 0.0..9.0_f64, n in 2_usize..20, m in 0.1..9.0_f64
    ) {
        let (one, two) = (estimate(a, sd, n, m), estimate(b, 1.0, 5, 2.0));
        let (there, back) = (of(&one, &two, PLAIN, true).unwrap(), of(&two, &one, PLAIN, true).unwrap());
        prop_assert!((there.difference + back.difference).abs() < 1e-9);
        prop_assert!((there.noise - back.noise).abs() < 1e-9 && there.verdict == back.verdict);
        prop_assert!((0.5..=1.0).contains(&there.probability));
    }
}

fn outcome(fault: &str, status: Status, severity: Option<Severity>) -> FaultOutcome {
    let metric = "trunk_mean_deg".to_owned();
    let fault = fault.to_owned();
    FaultOutcome { fault, status, severity, metric, side: None, reason: None, cue: None, derived: None }
}

#[test]
fn faults_go_come_stay_and_are_left_open() {
    use Severity::{Mild, Severe};
    use Status::{Borderline, Clear, Found, NotJudged};
    let cases = [
        ((Clear, None), (Found, Some(Mild)), FaultKind::New),
        ((Borderline, None), (Found, Some(Mild)), FaultKind::New),
        ((Found, Some(Mild)), (Found, Some(Severe)), FaultKind::Worse),
        ((Found, Some(Mild)), (Found, Some(Mild)), FaultKind::Still),
        ((Found, Some(Severe)), (Found, Some(Mild)), FaultKind::Better),
        ((Found, Some(Mild)), (Borderline, None), FaultKind::Better),
        ((Found, Some(Mild)), (Clear, None), FaultKind::Gone),
        ((Clear, None), (Borderline, None), FaultKind::Nearing),
        ((Found, Some(Mild)), (NotJudged, None), FaultKind::Open),
        ((NotJudged, None), (Found, Some(Mild)), FaultKind::Open),
        ((NotJudged, None), (Clear, None), FaultKind::Quiet),
        ((Borderline, None), (Clear, None), FaultKind::Quiet),
    ];
    for ((status, severity), (status_b, severity_b), kind) in cases {
        let subject = |status, severity| Subject {
            faults: vec![outcome("too_upright", status, severity)],
            ..Subject::default()
        };
        let comparison = compare(&subject(status, severity), &subject(status_b, severity_b));
        assert_eq!(comparison.faults[0].kind, kind, "{status:?} to {status_b:?}");
    }
}

#[test]
fn the_gravest_rule_of_a_fault_speaks_for_it_and_new_faults_come_first() {
    let first = Subject {
        faults: vec![
            outcome("no_drive", Status::Found, Some(Severity::Mild)),
            outcome("too_upright", Status::NotJudged, None),
            outcome("too_upright", Status::Clear, None),
        ],
        ..Subject::default()
    };
    let other = Subject {
        faults: vec![
            outcome("no_drive", Status::Clear, None),
            outcome("too_upright", Status::Borderline, None),
            outcome("too_upright", Status::Found, Some(Severity::Severe)),
        ],
        ..Subject::default()
    };
    let faults = compare(&first, &other).faults;
    let told: Vec<(&str, FaultKind)> = faults.iter().map(|f| (f.fault.as_str(), f.kind)).collect();
    assert_eq!(told, [("too_upright", FaultKind::New), ("no_drive", FaultKind::Gone)]);
}

#[test]
fn faults_of_different_exercises_are_not_compared() {
    let of = |exercise: &str| Subject {
        exercise: Some(exercise.to_owned()),
        faults: vec![outcome("too_upright", Status::Found, Some(Severity::Mild))],
        ..Subject::default()
    };
    let comparison = compare(&of("sled-push"), &of("sled-backpedal"));
    assert_eq!((comparison.exercises, comparison.faults.len()), (Agreement::Different, 0));
    assert_eq!(compare(&of("sled-push"), &of("sled-push")).faults.len(), 1);
    assert_eq!(compare(&of("sled-push"), &Subject::default()).exercises, Agreement::Unknown);
}

#[test]
fn views_are_alike_unless_something_says_otherwise() {
    let of = |change: &dyn Fn(&mut View)| {
        let mut other = view();
        change(&mut other);
        view::differences(&view(), &other)
    };
    assert_eq!(of(&|_| {}), []);
    assert_eq!(of(&|v| v.yaw = Some(Radians::from_degrees(-9.0))), []);
    assert_eq!(of(&|v| v.facing = Some(Facing::Left)), [ViewDifference::OtherSide]);
    assert_eq!(of(&|v| v.facing = None), [ViewDifference::Unknown]);
    assert_eq!(of(&|v| v.method = "other".to_owned()), [ViewDifference::Method]);
    let twenty = Radians::from_degrees(20.0);
    assert_eq!(
        of(&|v| v.yaw = Some(twenty)),
        [ViewDifference::Angle { from: Radians::from_degrees(2.0), to: twenty }]
    );
    assert_eq!(of(&|v| v.person_px = Some(900.0)).len(), 1);
    assert_eq!(of(&|v| v.rate = Some(Hertz(240.0))).len(), 1);
    assert_eq!(
        of(&|v| v.cutoff = Some(Hertz(9.1))),
        [ViewDifference::Smoothing { from: Hertz(6.0), to: Hertz(9.1) }]
    );
    let as_much_for_quicker_strides =
        of(&|v| (v.cutoff, v.stride_rate) = (Some(Hertz(12.0)), Some(Hertz(2.0))));
    assert_eq!(as_much_for_quicker_strides, []);
    assert_eq!(of(&|v| *v = View::default()).len(), 2, "nothing known, and another method");
}

#[test]
fn a_shifted_curve_is_shifted_and_a_stretched_one_has_another_shape() {
    let wave = |of: &dyn Fn(f64) -> f64| {
        let mean = (0..=100).map(|p| Some(Radians::from_degrees(of(f64::from(p))))).collect();
        vec![Wave { angle: Angle::Trunk, mean, sd: vec![None; 101] }]
    };
    let sine = |p: f64| 20.0 * (p / 50.0 * std::f64::consts::PI).sin();
    let shifted = waves::changes(&wave(&sine), &wave(&|p| sine(p) + 7.0))[0];
    assert!((shifted.shift.to_degrees() - 7.0).abs() < 1e-9 && shifted.shape.to_degrees() < 1e-9);
    let stretched = waves::changes(&wave(&sine), &wave(&|p| 1.5 * sine(p)))[0];
    // Half of a sine of 20: its root mean square is 10 / root 2, but for the last of 101 points.
    assert!((stretched.shape.to_degrees() - 7.07).abs() < 0.05, "{}", stretched.shape.to_degrees());
    assert_eq!(waves::changes(&wave(&sine), &[]), []);
}

fn subject(athlete: &Athlete) -> Subject {
    let analysis = analyze(&athlete.recording(), &Settings::default());
    let metrics = &analysis.athlete.as_ref().expect("an athlete").metrics;
    let measured = metrics.clip.iter().filter_map(|m| {
        let estimate = Estimate { value: m.value.ok()?, sd: m.sd, n: m.n, uncertainty: m.uncertainty };
        Some(Measured { id: m.id.to_owned(), side: m.side, estimate })
    });
    Subject { measured: measured.collect(), view: view(), ..Subject::default() }
}

/// The same athlete twice, with noise of its own each time, and once leaning 25 degrees further.
#[test]
fn an_athlete_filmed_twice_has_not_changed_and_one_who_leans_has() {
    let base = || Athlete::new(Exercise::SledPush).fps(60.0).noise(0.01).lasting(8.0);
    let (first, again) = (subject(&base().seed(1)), subject(&base().seed(2)));
    let same = compare(&first, &again);
    let told: Vec<_> = same.metrics.iter().filter_map(|m| m.change.ok()).collect();
    let changed = told.iter().filter(|c| c.verdict == Verdict::Changed).count();
    assert!(told.len() > 60, "{} metrics", told.len());
    assert!(changed * 20 <= told.len(), "{changed} of {} changed", told.len());

    let leaning = base().seed(3).with(|m: &mut Motion| m.trunk = m.trunk + Radians::from_degrees(25.0));
    let comparison = compare(&first, &subject(&leaning));
    let of = |id: &str| comparison.metrics.iter().find(|m| m.row.id == id && m.side.is_none());
    let trunk = of("trunk_mean_deg").and_then(|m| m.change.ok()).expect("told");
    assert_eq!(trunk.verdict, Verdict::Changed);
    assert!((trunk.difference - 25.0).abs() < 2.0, "{}", trunk.difference);
    let cadence = of("cadence_steps_per_min").and_then(|m| m.change.ok()).expect("told");
    assert_eq!(cadence.verdict, Verdict::Noise);
}

#[test]
fn a_difference_of_the_legs_is_compared_with_the_other_one_and_not_with_the_metric_that_it_is_made_of() {
    use crate::technique::rule::Statistic;
    let uneven = |value: f64, statistic| {
        let mut outcome = outcome("asymmetry_leg", Status::Found, Some(Severity::Severe));
        let (what, unit) = ("difference of left and right: trunk".to_owned(), "deg".to_owned());
        outcome.derived = Some(Derived { what, statistic, value, unit, uncertainty: Some(5.0) });
        Subject { faults: vec![outcome], ..Subject::default() }
    };
    let number = |from: &Subject, to: &Subject| compare(from, to).faults[0].number;
    let (bad, good) = (uneven(25.0, Statistic::SideDifference), uneven(4.0, Statistic::SideDifference));
    let change = number(&bad, &good).expect("comparable").expect("enough strides");
    assert!((change.difference + 21.0).abs() < 1e-9 && (change.uncertainty - 50_f64.sqrt()).abs() < 1e-9);
    assert_eq!(change.verdict, Verdict::Changed);
    assert_eq!(number(&bad, &uneven(4.0, Statistic::SideDifferencePercent)), None, "of another kind");
    let mut two = good.clone();
    two.faults[0].status = Status::Clear;
    two.faults.insert(
        0,
        FaultOutcome {
            metric: "knee_rom_deg".to_owned(),
            ..outcome("asymmetry_leg", Status::Borderline, None)
        },
    );
    assert_eq!(number(&bad, &two), number(&bad, &good), "the rule that found it is held against itself");
    let plain = Subject { faults: vec![outcome("asymmetry_leg", Status::Clear, None)], ..Subject::default() };
    assert_eq!(number(&bad, &plain), None, "one of them is no difference");
}
