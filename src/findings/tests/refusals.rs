//! Every condition under which something must not be judged, provoked one by one.

use super::bench::{at, good_view, outcome, rule};
use crate::findings::{Context, Effect, Measured, Occlusion, REFUSALS, Status};
use crate::gait::stride::Direction;
use crate::technique::rule::Severity;
use crate::units::{Hertz, Radians};

type Change = fn(&mut Context);
type Weaken = fn(&mut Measured);

/// Condition, how it is provoked, and a rule that it concerns.
const PROVOKED: [(&str, Change, &str, &str); 29] = [
    ("athlete_unclear", |c| c.rivals = 2, "sled-push", "no_drive"),
    ("facing_unknown", |c| c.facing_is_known = false, "sled-push", "no_drive"),
    ("wrong_direction", |c| c.direction = Some(Direction::Backward), "sled-push", "no_drive"),
    ("slow_motion", |c| c.seems_slow_motion = true, "sled-backpedal", "slow_feet"),
    ("fast_motion", |c| c.seems_fast_motion = true, "sled-backpedal", "slow_feet"),
    ("camera_far_from_side", |c| c.yaw = Some(degrees(40.0)), "reverse-sled-push", "flight"),
    ("camera_oblique", |c| c.yaw = Some(degrees(-28.0)), "sled-push", "knee_collapse"),
    ("person_small", |c| c.person_height_px = Some(150.0), "sled-push", "knee_collapse"),
    ("person_small_and_slow", small_and_slow, "sled-push", "knee_collapse"),
    ("roll_unknown", |c| c.roll = None, "sled-push", "trunk_too_upright_drive"),
    ("roll_large", |c| c.roll = Some(degrees(9.0)), "sled-push", "trunk_too_upright_drive"),
    ("trunk_hidden", |c| c.trunk_seen_share = 0.6, "sled-push", "trunk_too_upright_drive"),
    ("feet_out_of_picture", |c| c.feet_cut_share = 0.6, "sled-push", "reaching_drive"),
    ("feet_hidden", |c| c.feet_seen_share = 0.2, "sled-push", "reaching_drive"),
    ("contacts_approximate", |c| c.feet_seen_share = 0.2, "sled-push", "knee_not_extending_heavy"),
    ("feet_cut_off", |c| c.feet_cut_share = 0.4, "sled-push", "asymmetry"),
    ("feet_blurred", |c| c.feet_are_blurred = true, "sled-push", "knee_not_extending_heavy"),
    ("times_unreliable", |c| c.frame_rate = Hertz(20.0), "reverse-sled-push", "irregular_steps"),
    ("legs_unclear", |c| c.legs_in_doubt_share = 0.2, "reverse-sled-push", "irregular_steps"),
    ("leg_hidden", |c| c.leg_hidden_share = 0.4, "sled-push", "asymmetry"),
    ("frames_slow", |c| c.frame_rate = Hertz(30.0), "sled-backpedal", "asymmetry"),
    ("camera_moves", |c| c.ground_is_fixed = false, "sled-push", "short_steps_heavy"),
    ("camera_turns", |c| c.turning_left_in = true, "sled-push", "grinding"),
    ("in_place", |c| c.in_place = true, "sled-push", "grinding"),
    ("hands_hold_on", |c| c.hands_hold_on = true, "sled-backpedal", "passive_arms"),
    ("arms_still", |c| c.arm_swing = Some(degrees(3.0)), "sled-backpedal", "arm_double_frequency"),
    ("arms_hardly_swing", |c| c.arm_fit = Some(0.3), "sled-backpedal", "arm_leg_phase"),
    ("one_side_only", |c| c.occlusion = Occlusion::FarSideHidden, "sled-push", "asymmetry"),
    ("far_side_only", |c| c.occlusion = Occlusion::NearSideHidden, "sled-push", "trunk_too_upright_drive"),
];

fn degrees(value: f64) -> Radians {
    Radians(value.to_radians())
}

fn small_and_slow(context: &mut Context) {
    context.person_height_px = Some(300.0);
    context.picture_short_px = 1080.0;
    context.frame_rate = Hertz(30.0);
}

/// Metrics that put the rule far beyond its severe limit.
fn severe(profile: &str, id: &str) -> Vec<Measured> {
    let (_, rule) = rule(profile, id);
    let condition = rule.first();
    let limits = condition.limits.expect("a fault has limits");
    let apart = (limits.at[2] - limits.at[0]).abs().max(0.1);
    let x = limits.at[2] + limits.beyond.excess(1.0, 0.0) * apart;
    at(
        condition,
        x.min(if condition.statistic == crate::technique::rule::Statistic::Share { 100.0 } else { x }),
        0.01 * apart,
        24,
    )
}

#[test]
fn each_condition_is_in_the_table_once() {
    let provoked: Vec<&str> = PROVOKED.iter().map(|(id, ..)| *id).collect();
    let known: Vec<&str> = REFUSALS.iter().map(|r| r.id).collect();
    assert_eq!(provoked, known);
}

#[test]
fn each_condition_refuses_or_caps_with_its_reason() {
    for (id, change, profile_name, rule_id) in PROVOKED {
        let (profile, rule) = rule(profile_name, rule_id);
        let metrics = severe(profile_name, rule_id);
        let clear = outcome(&profile, &rule, 24, &metrics, &good_view());
        assert_eq!(clear.severity, Some(rule.at_most), "{id}: without it {clear:?}");
        let mut view = good_view();
        change(&mut view);
        let finding = outcome(&profile, &rule, 24, &metrics, &view);
        assert_eq!(finding.refusal, Some(id), "{finding:?}");
        assert!(finding.reason.as_deref().is_some_and(|r| r.len() > 20), "{id}");
        let refusal = REFUSALS.iter().find(|r| r.id == id).expect("it is in the table");
        match refusal.effect {
            Effect::Block => {
                assert_eq!(
                    (finding.status, finding.value, finding.cue),
                    (Status::NotJudged, None, None),
                    "{id}"
                );
                let silent = ["hands_hold_on", "arms_still", "arms_hardly_swing"].contains(&id);
                assert_eq!(finding.remedy.is_some(), !silent, "{id} says how to film");
            }
            Effect::Cap(most) => assert_eq!(finding.severity, Some(most), "{id}"),
        }
    }
}

#[test]
fn what_a_condition_does_not_concern_goes_on() {
    let cases: [(Change, &str, &str); 9] = [
        (|c| c.seems_slow_motion = true, "sled-push", "trunk_too_upright_drive"),
        (|c| c.seems_slow_motion = true, "sled-push", "short_steps_heavy"),
        (|c| c.seems_slow_motion = true, "sled-push", "asymmetry"),
        (|c| c.seems_slow_motion = true, "sled-push", "grinding"),
        (|c| c.yaw = Some(degrees(28.0)), "sled-backpedal", "slow_feet"),
        (|c| c.yaw = Some(degrees(60.0)), "sled-backpedal", "slow_feet"),
        (|c| c.roll = None, "sled-push", "knee_not_extending_heavy"),
        (|c| c.feet_seen_share = 0.0, "sled-push", "trunk_too_upright_drive"),
        (|c| c.ground_is_fixed = false, "sled-push", "trunk_too_upright_drive"),
    ];
    for (change, profile_name, rule_id) in cases {
        let (profile, rule) = rule(profile_name, rule_id);
        let mut view = good_view();
        change(&mut view);
        let finding = outcome(&profile, &rule, 24, &severe(profile_name, rule_id), &view);
        assert_eq!(finding.severity, Some(Severity::Severe), "{rule_id}");
    }
}

#[test]
fn weak_evidence_behind_a_metric_is_not_judged() {
    let (profile, rule) = rule("sled-push", "no_drive");
    let changes: [(Weaken, &str); 3] = [
        (|m| m.measured_share = 0.7, "seen_too_little"),
        (|m| m.confidence = 0.4, "seen_too_little"),
        (
            |m| (m.value, m.missing) = (None, Some(crate::metrics::value::NotMeasured::FeetHidden)),
            "feet_hidden",
        ),
    ];
    for (change, id) in changes {
        let mut metrics = severe("sled-push", "no_drive");
        metrics.iter_mut().for_each(change);
        let finding = outcome(&profile, &rule, 24, &metrics, &good_view());
        assert_eq!((finding.status, finding.refusal), (Status::NotJudged, Some(id)), "{finding:?}");
    }
    let mut metrics = severe("sled-push", "no_drive");
    for metric in &mut metrics {
        metric.approximate = true;
    }
    let finding = outcome(&profile, &rule, 24, &metrics, &good_view());
    assert_eq!((finding.severity, finding.refusal), (Some(Severity::Mild), Some("contacts_approximate")));
}

#[test]
fn one_weak_side_leaves_the_other_to_be_judged() {
    let (profile, rule) = rule("sled-push", "no_drive");
    let mut metrics = severe("sled-push", "no_drive");
    metrics[0].confidence = 0.2;
    let finding = outcome(&profile, &rule, 24, &metrics, &good_view());
    assert_eq!((finding.severity, finding.side.name()), (Some(Severity::Severe), "right"));
}

#[test]
fn an_empty_room_claims_nothing() {
    for profile in crate::technique::names().filter_map(crate::technique::builtin) {
        let result =
            super::bench::judged(&profile, &crate::technique::profile::Choices::new(), 0, &[], &good_view());
        assert!(result.findings.iter().all(|f| f.refusal == Some("no_strides")));
        assert!(result.findings.iter().all(|f| f.reason.as_deref() == Some("Nobody was seen stepping.")));
        assert!(result.good.is_empty() && result.fix_first.is_empty() && result.information.is_empty());
    }
}
