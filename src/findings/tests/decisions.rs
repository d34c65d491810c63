//! The rule of decision: probability, persistence, few strides, sides, and what comes first.

use super::bench::{at, good_view, judged, metric, outcome, rule, strides};
use crate::findings::{
    Context, Finding, LoadKnown, Measured, Observed, SideOfBody, SideValues, Status, Untold, assess, normal,
};
use crate::skeleton::Side;
use crate::technique::profile::Choices;
use crate::technique::rule::Severity;
use crate::units::{Hertz, Seconds};

/// Trunk angles on strides 0, 1, 2, ... of a sled push whose limits are 45, 38 and 30.
fn trunk(values: &[f64], uncertainty: f64) -> Vec<Measured> {
    let on: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    vec![metric("trunk_mean_deg", None, &on, uncertainty)]
}

fn upright(values: &[f64], uncertainty: f64) -> Finding {
    let (profile, rule) = rule("sled-push", "trunk_too_upright_drive");
    outcome(&profile, &rule, values.len(), &trunk(values, uncertainty), &good_view())
}

#[test]
fn the_normal_distribution_is_that_of_the_tables() {
    for (z, p) in [(0.0, 0.5), (0.841_621, 0.8), (1.0, 0.841_345), (-1.0, 0.158_655), (3.0, 0.998_650)] {
        assert!((normal(z) - p).abs() < 1e-6, "{z}");
    }
    assert!(normal(40.0) <= 1.0 && normal(-40.0) >= 0.0);
}

#[test]
fn a_fault_on_too_few_strides_is_borderline() {
    // The mean is far beyond, but on one stride of four only.
    let finding = upright(&[50.0, 50.0, 50.0, -20.0], 1.0);
    assert_eq!((finding.status, finding.severity), (Status::Borderline, None));
    assert!(finding.reason.is_some_and(|r| r.contains("1 of 4")));
    assert_eq!(finding.strides, [3]);
    // 30 % suffice for mild, 40 % for moderate, 50 % for severe.
    let mild = upright(&[50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, -30.0, -30.0, -30.0], 1.0);
    assert_eq!(mild.severity, Some(Severity::Mild));
    let moderate = upright(&[50.0, 50.0, 50.0, -30.0, -30.0], 1.0);
    assert_eq!(moderate.severity, Some(Severity::Moderate));
    let severe = upright(&[50.0, 50.0, -30.0, -30.0], 1.0);
    assert_eq!((severe.severity, severe.strides), (Some(Severity::Severe), vec![2, 3]));
}

#[test]
fn two_strides_are_provisional_and_one_is_nothing() {
    let two = upright(&[10.0, 11.0], 1.0);
    assert_eq!((two.severity, two.refusal), (Some(Severity::Mild), Some("provisional")));
    assert_eq!(two.limit, Some(45.0));
    let good = upright(&[50.0, 51.0], 1.0);
    assert_eq!((good.status, good.refusal), (Status::NotJudged, Some("few_strides")));
    let one = upright(&[10.0], 1.0);
    assert_eq!((one.status, one.refusal), (Status::NotJudged, Some("few_strides")));
    let three = upright(&[10.0, 11.0, 12.0], 1.0);
    assert_eq!(three.severity, Some(Severity::Severe));
    assert_eq!(three.worst_stride(), Some(0));
}

#[test]
fn invalid_strides_do_not_count() {
    let (profile, rule) = rule("sled-push", "trunk_too_upright_drive");
    let mut all = strides(4);
    for stride in &mut all[2..] {
        stride.unfit = Some(crate::gait::stride::Unfit::Turning);
    }
    let metrics = trunk(&[10.0; 4], 1.0);
    let observed = Observed { strides: &all, metrics: &metrics, movement: None };
    let result = assess(&profile, &Choices::new(), &observed, &good_view());
    let finding = result.findings.iter().find(|f| f.rule == rule.id).expect("it is listed");
    assert_eq!((finding.severity, finding.strides.as_slice()), (Some(Severity::Mild), [0, 1].as_slice()));
}

#[test]
fn sides_are_judged_each_and_told_together_where_both_are_found() {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let knee = |left: f64, right: f64| {
        let on = |side: Side, v: f64| {
            let own: Vec<(usize, f64)> = (0..8).filter(|i| i % 2 == side.index()).map(|i| (i, v)).collect();
            metric("knee_terminal_contact_deg", Some(side), &own, 2.0)
        };
        outcome(&profile, &rule, 8, &[on(Side::Left, left), on(Side::Right, right)], &good_view())
    };
    let both = knee(64.0, 75.0);
    assert_eq!((both.side, both.severity), (SideOfBody::Both, Some(Severity::Severe)));
    assert_eq!((both.value, both.strides.as_slice()), (Some(75.0), [1, 3, 5, 7].as_slice()));
    let told = both.sides.as_ref().map(|s| (s.left, s.right, s.unit.as_str()));
    assert_eq!(told, Some((64.0, 75.0, "deg")));
    assert_eq!(both.sides.as_ref().and_then(|s| s.farther), Some(Side::Right));
    assert_eq!([0, 1].map(|i| both.value_of_stride(i)), [Some(64.0), Some(75.0)]);
    let left = knee(66.0, 30.0);
    assert_eq!(left.value_of_stride(1), None);
    assert_eq!(
        left.sides.as_ref().map(SideValues::told),
        Some(["left 66° (moderate)", "right 30° (clear)"].map(str::to_owned))
    );
    assert_eq!(left.sides.as_ref().and_then(|s| s.farther), None);
    assert_eq!((left.side, left.severity), (SideOfBody::One(Side::Left), Some(Severity::Moderate)));
    assert_eq!(left.strides, [0, 2, 4, 6]);
    assert_eq!(knee(30.0, 31.0).status, Status::Clear);
}

#[test]
fn a_side_that_is_seen_too_little_is_told_beside_the_one_that_was_judged() {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let on = |side: Side, measured_share: f64| {
        let own: Vec<(usize, f64)> = (0..8).filter(|i| i % 2 == side.index()).map(|i| (i, 66.0)).collect();
        Measured { measured_share, ..metric("knee_terminal_contact_deg", Some(side), &own, 2.0) }
    };
    let judged = |right: f64| {
        let metrics = [on(Side::Left, 1.0), on(Side::Right, right)];
        outcome(&profile, &rule, 8, &metrics, &good_view())
    };
    let one = judged(0.5);
    assert_eq!((one.status, one.side), (Status::Found, SideOfBody::One(Side::Left)));
    let told = one.unjudged.expect("the other leg is told");
    assert_eq!(told.side, Side::Right);
    assert!(told.reason.contains("seen too little"), "{}", told.reason);
    assert!(told.told().starts_with("Right side not judged: "), "{}", told.told());
    assert_eq!(judged(1.0).unjudged, None);
}

#[test]
fn both_sides_together_are_judged_where_each_has_too_few_strides() {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let on = |side: Side, own: &[usize]| {
        let own: Vec<(usize, f64)> = own.iter().map(|i| (*i, 80.0)).collect();
        metric("knee_terminal_contact_deg", Some(side), &own, 2.0)
    };
    let finding =
        outcome(&profile, &rule, 4, &[on(Side::Left, &[0, 2]), on(Side::Right, &[1, 3])], &good_view());
    assert_eq!((finding.severity, finding.judged_strides), (Some(Severity::Severe), 4));
}

#[test]
fn the_better_arm_speaks_for_the_arms_and_hands_at_the_chest_make_it_severe() {
    let seen = |left: f64, right: f64, chest: f64, view: &Context| {
        let on: Vec<usize> = (0..8).collect();
        let make = |id: &str, side, v: f64| {
            metric(id, Some(side), &on.iter().map(|i| (*i, v)).collect::<Vec<_>>(), 1.0)
        };
        let share = |id: &str, side| {
            metric(id, Some(side), &on.iter().map(|i| (*i, chest)).collect::<Vec<_>>(), 0.05)
        };
        let metrics = [
            make("left_arm_amplitude_deg", Side::Left, left),
            make("right_arm_amplitude_deg", Side::Right, right),
            share("left_hand_at_chest_share", Side::Left),
            share("right_hand_at_chest_share", Side::Right),
        ];
        let (profile, rule) = rule("sled-backpedal", "passive_arms");
        outcome(&profile, &rule, 8, &metrics, view)
    };
    let arms = |left, right, chest| seen(left, right, chest, &good_view());
    assert_eq!(arms(10.0, 60.0, 0.0).status, Status::Clear);
    let mild = arms(10.0, 25.0, 0.0);
    assert_eq!((mild.severity, mild.side), (Some(Severity::Mild), SideOfBody::One(Side::Right)));
    let told = mild.sides.expect("the other arm is told too").told();
    assert_eq!(told, ["left 10° (severe)", "right 25° (mild)"]);
    assert_eq!(arms(24.0, 25.0, 1.0).severity, Some(Severity::Severe));
    // Of somebody small in the picture nothing is called severe, whichever way it came to that.
    let mut far = good_view();
    (far.person_height_px, far.picture_short_px, far.frame_rate) = (Some(300.0), 1080.0, Hertz(30.0));
    for (arm, chest) in [(24.0, 1.0), (8.0, 1.0), (8.0, 0.0)] {
        assert_eq!(seen(arm, arm, chest, &far).severity, Some(Severity::Moderate), "{arm} {chest}");
    }
}

#[test]
fn what_is_hardly_known_is_no_share_of_the_strides() {
    let (profile, rule) = rule("reverse-sled-push", "flight");
    let feet = |left: &[f64], right: &[f64], error: f64| {
        let on = |side: Side, values: &[f64]| {
            let own: Vec<(usize, f64)> =
                values.iter().enumerate().map(|(i, v)| (2 * i + side.index(), *v)).collect();
            metric("duty_factor", Some(side), &own, error)
        };
        let n = 2 * left.len().max(right.len());
        outcome(&profile, &rule, n, &[on(Side::Left, left), on(Side::Right, right)], &good_view())
    };
    let steady = |duty: f64| [duty; 6];
    // Each stride of 0.52 ± 0.05 would be below 0.5 by 34 %, of 0.65 ± 0.14 by 14 %.
    for (duty, error) in [(0.52, 0.05), (0.65, 0.14), (0.60, 0.01)] {
        let finding = feet(&steady(duty), &steady(duty), error);
        assert_eq!((finding.status, finding.value), (Status::Clear, Some(0.0)), "{duty}");
    }
    assert_eq!(feet(&steady(0.40), &steady(0.40), 0.01).severity, Some(Severity::Severe));
    assert_eq!(feet(&steady(0.40), &steady(0.60), 0.01).status, Status::Clear, "one foot is down");
    assert_eq!(feet(&[0.6; 3], &[0.6; 3], 0.01).status, Status::Clear);
    // Two strides of six are below for certain.
    let some = [0.40, 0.60, 0.60, 0.40, 0.60, 0.60];
    let found = feet(&some, &some, 0.01);
    assert!(found.severity.is_some() && found.value.is_some_and(|v| (v - 33.3).abs() < 0.1), "{found:?}");
}

#[test]
fn a_difference_within_each_legs_own_variation_is_no_asymmetry() {
    let (profile, rule) = rule("sled-push", "asymmetry");
    let on = |side: Side, values: [f64; 4]| {
        let own: Vec<(usize, f64)> = (0..8).filter(|i| i % 2 == side.index()).zip(values).collect();
        metric("knee_drive_extension_deg", Some(side), &own, 2.0)
    };
    let of = |left, right| {
        outcome(&profile, &rule, 8, &[on(Side::Left, left), on(Side::Right, right)], &good_view())
    };
    let steady = of([20.0, 21.0, 20.0, 21.0], [45.0, 46.0, 45.0, 46.0]);
    assert_eq!((steady.status, steady.value), (Status::Found, Some(25.0)));
    let wild = of([0.0, 40.0, 0.0, 40.0], [25.0, 65.0, 25.0, 65.0]);
    assert_eq!((wild.status, wild.value), (Status::Clear, Some(25.0)));
    let small = of([20.0, 20.1, 20.0, 20.1], [25.0, 25.1, 25.0, 25.1]);
    assert_eq!(small.status, Status::Clear);
}

#[test]
fn a_difference_of_the_legs_is_less_sure_where_contacts_and_thighs_disagree_or_a_small_model_saw_it() {
    let (profile, rule) = rule("sled-push", "asymmetry");
    let judged = |metric_id: &str, left: f64, right: f64, change: &dyn Fn(&mut Context)| {
        let on = |side: Side, value: f64| {
            let own: Vec<(usize, f64)> =
                (0..8).filter(|i| i % 2 == side.index()).map(|i| (i, value)).collect();
            metric(metric_id, Some(side), &own, 0.0)
        };
        let mut context = good_view();
        change(&mut context);
        outcome(&profile, &rule, 8, &[on(Side::Left, left), on(Side::Right, right)], &context)
    };
    let doubted = |c: &mut Context| c.contacts_doubted = Seconds(0.16);
    let small = |c: &mut Context| c.leg_error_factor = 1.5;
    let knee = |change: &dyn Fn(&mut Context)| judged("knee_drive_extension_deg", 20.0, 45.0, change);
    // 6 degrees at 60 frames a second; with the other foot 0.16 s out of step a knee of 200 degrees a second is anywhere.
    let close = |f: &Finding, u: f64| (f.uncertainty.unwrap_or_default() - u).abs() < 1e-9;
    assert!(knee(&|_| ()).severity == Some(Severity::Severe) && close(&knee(&|_| ()), 6.0));
    assert!(knee(&doubted).severity < Some(Severity::Severe) && close(&knee(&doubted), 6.0_f64.hypot(32.0)));
    assert!(close(&knee(&small), 9.0));
    let step = judged("step_time_s", 0.40, 0.60, &|_| ());
    assert_eq!((step.status, step.severity), (Status::Found, Some(Severity::Severe)));
    let step = judged("step_time_s", 0.40, 0.60, &doubted);
    assert!(step.severity.is_none(), "{:?}", step.severity);
    // Two steps of a half each: what one gains the other loses.
    let expected = 100.0 / 0.5 * 2.0 * (1.0_f64 / 60.0).hypot(0.16);
    assert!(close(&step, expected), "{:?} {expected}", step.uncertainty);
}

#[test]
fn a_stand_in_is_taken_where_metres_are_not_known_and_says_so() {
    let (profile, rule) = rule("reverse-sled-push", "uncontrolled_pace");
    let on: Vec<(usize, f64)> = (0..8).map(|i| (i, 2.2)).collect();
    let legs = [metric("speed_leg_per_s", None, &on, 0.05)];
    let finding = outcome(&profile, &rule, 8, &legs, &good_view());
    assert!((finding.value.unwrap_or_default() - 1.87).abs() < 1e-9);
    assert_eq!((finding.severity, finding.unit.as_str()), (Some(Severity::Severe), "m/s"));
    let expected = (0.05_f64 * 0.85).hypot(1.87 * 0.08);
    assert!((finding.uncertainty.unwrap_or_default() - expected).abs() < 1e-9);
    assert!(finding.reason.is_some_and(|r| r.contains("leg of 0.85 m")));
    assert_eq!(finding.untold, [Untold::Height]);
}

#[test]
fn a_leg_that_is_assumed_is_unsure_alike_in_all_strides() {
    let (profile, rule) = rule("sled-backpedal", "too_slow");
    let speed = |id: &str, v: f64, n: usize| {
        let on: Vec<(usize, f64)> = (0..n).map(|i| (i, v)).collect();
        outcome(&profile, &rule, n, &[metric(id, None, &on, 0.01 * v)], &good_view())
    };
    // 4 % below the limit: sure where metres are known, half the leg's 8 % where they are not, however many strides.
    assert_eq!(speed("speed_m_per_s", 1.565, 8).severity, Some(Severity::Mild));
    for n in [8, 80] {
        assert_eq!(speed("speed_leg_per_s", 1.565 / 0.85, n).status, Status::Borderline, "{n}");
    }
    assert_eq!(speed("speed_leg_per_s", 1.4 / 0.85, 8).severity, Some(Severity::Mild));
}

#[test]
fn a_load_that_says_nothing_names_the_weight_that_is_missing() {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let judged_with = |load: LoadKnown| {
        let metrics = at(rule.first(), 90.0, 0.01, 12);
        let all = judged(&profile, &Choices::new(), 12, &metrics, &Context { load, ..good_view() });
        let finding = all.findings.into_iter().find(|f| f.rule == rule.id).expect("it was judged");
        assert_eq!(finding.untold, [Untold::Load(load)]);
        finding.reason.expect("it says what was assumed")
    };
    assert!(judged_with(LoadKnown::Nothing).starts_with("The load is not known"));
    let alone = judged_with(LoadKnown::LoadAlone);
    assert!(
        alone.contains("without the athlete's body mass") && !alone.contains("load is not known"),
        "{alone}"
    );
    assert!(judged_with(LoadKnown::BodyMassAlone).starts_with("The load on the sled is not known"));
}

#[test]
fn the_worst_comes_first_one_for_each_fault_and_three_at_most() {
    let (profile, _) = rule("sled-push", "no_drive");
    let values = [
        ("trunk_too_upright_drive", 42.0),
        ("knee_not_extending_heavy", 90.0),
        ("hip_not_extending_drive", 90.0),
        ("no_drive", 6.0),
        ("short_steps_heavy", 0.25),
        ("reaching_drive", 0.5),
    ];
    let metrics: Vec<Measured> = values
        .iter()
        .flat_map(|(id, value)| {
            let rule = profile.rules.iter().find(|r| r.id == *id).expect("the rule is there");
            at(rule.first(), *value, 0.01, 12)
        })
        .collect();
    let result = judged(&profile, &Choices::new(), 12, &metrics, &good_view());
    let found: Vec<_> = result.findings.iter().filter(|f| f.status == Status::Found).collect();
    assert_eq!(found.len(), 6);
    assert!(found.windows(2).all(|w| w[0].severity >= w[1].severity));
    let first: Vec<&str> = result.fix_first.iter().map(|i| result.findings[*i].fault.as_str()).collect();
    assert_eq!(first, ["knee_not_extending", "reaching_steps", "no_drive"]);
    let order: Vec<Status> = result.findings.iter().map(|f| f.status).collect();
    assert!(order.is_sorted());
}

#[test]
fn good_is_only_what_clearly_meets_its_target() {
    let (profile, rule) = rule("sled-push", "trunk_too_upright_drive");
    let good = |value: f64| {
        let metrics = trunk(&[value; 6], 4.0);
        let all = judged(&profile, &Choices::new(), 6, &metrics, &good_view());
        all.good.into_iter().any(|g| g.rule == rule.id)
    };
    assert!(good(60.0));
    assert!(!good(46.0), "46 of 45 to 75 with an uncertainty of 4 is not sure");
    assert!(!good(30.0));
}

#[test]
fn informational_rows_never_become_faults() {
    let (profile, _) = rule("backward-sled-drag", "knee_past_toe");
    let on: Vec<(usize, f64)> = (0..8).map(|i| (i, 5.0)).collect();
    let metrics = [metric("knee_past_toe_shank", None, &on, 0.01)];
    let result = judged(&profile, &Choices::new(), 8, &metrics, &good_view());
    assert!(result.findings.iter().all(|f| f.rule != "knee_past_toe"));
    assert!(result.information.iter().any(|i| i.rule == "knee_past_toe" && i.value > 4.9));
}

#[test]
fn straps_hold_the_hands_and_so_does_a_fixed_grip() {
    let held = |profile: &str, asked: Choices| {
        let (profile, _) = rule(profile, "knee_collapse");
        let view = Context::default();
        judged(&profile, &asked, 8, &[], &view)
    };
    let straps: Choices = [("attachment".to_owned(), "straps".to_owned())].into();
    for result in [held("backward-sled-drag", straps), held("sled-push", Choices::new())] {
        assert!(
            result.findings.iter().all(|f| !["passive_arms", "arms_at_chest"].contains(&f.fault.as_str()))
        );
    }
}

#[test]
fn one_stride_of_each_side_is_judged_provisionally_together() {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let on = |side, own: &[usize], uncertainty| {
        let own: Vec<(usize, f64)> = own.iter().map(|i| (*i, 80.0)).collect();
        metric("knee_terminal_contact_deg", side, &own, uncertainty)
    };
    let mut metrics =
        vec![on(Some(Side::Left), &[0], 0.0), on(Some(Side::Right), &[1], 0.0), on(None, &[0, 1], 3.0)];
    for alone in &mut metrics[..2] {
        // The spread of one stride is unknown.
        alone.uncertainty = None;
    }
    let finding = outcome(&profile, &rule, 2, &metrics, &good_view());
    assert_eq!((finding.severity, finding.refusal), (Some(Severity::Mild), Some("provisional")));
    assert_eq!((finding.side, finding.judged_strides), (SideOfBody::Whole, 2));
}
