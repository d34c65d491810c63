//! Known answers of clips in parts: cut, or at several speeds.

use super::fixtures::{SCALE, Walker};
use super::gait;
use super::settings::GaitSettings;
use super::stride::Travel;
use super::tests::of;
use super::truth::moved;
use crate::kinematics::cuts::Cut;
use crate::kinematics::movement::Movement;

#[test]
fn the_last_frame_before_a_cut_moves_nobody_after_it() {
    let in_place = Walker { treadmill: true, plan: vec![(8.0, true)], ..Walker::default() }.movement();
    let elsewhere = moved(&in_place, |_, i, x, y| Some((if i < 120 { x - 25.0 * SCALE } else { x }, y)));
    let cut = Cut { position: 119.5, time_s: 4.0, growth: 1.0 };
    let found = of(&Movement { cuts: vec![cut], ..elsewhere });
    let travel: Vec<Travel> = found.bouts.iter().map(|bout| bout.travel).collect();
    assert_eq!(travel, [Travel::InPlace; 2]);
}

#[test]
fn steps_missed_in_a_part_that_counts_are_told() {
    let usual = Walker { plan: vec![(22.0, true)], ..Walker::default() };
    let slow = Walker { stride_s: 3.0 * usual.stride_s, speed: usual.speed / 3.0, ..usual.clone() };
    let (own, slow, per_sample) = (usual.movement(), slow.movement(), usual.speed * SCALE / usual.rate_hz);
    let glides = 400..532;
    let movement = moved(&own, |k, i, x, y| match i {
        99..297 => slow.points.get(k).value(i).map(|p| (p.x, p.y)),
        i if glides.contains(&i) => {
            let begun = own.points.get(k).value(glides.start)?;
            Some((begun.x + per_sample * (i - glides.start) as f64, begun.y))
        }
        _ => Some((x, y)),
    });
    let (_, warnings) = gait(&movement, &GaitSettings::default());
    let ids: Vec<&str> = warnings.iter().map(|w| &*w.id).collect();
    assert_eq!(ids, ["speed_changes", "not_stepping_on"], "{warnings:?}");
    let times: Vec<f64> = warnings[1].message.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!((times[0] - 13.3).abs() < 0.6 && (times[1] - 17.7).abs() < 0.6, "{}", warnings[1].message);
}
