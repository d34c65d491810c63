//! Known answers of clips in parts: cut, or at several speeds.

use super::fixtures::{SCALE, Walker};
use super::stride::Travel;
use super::tests::of;
use super::truth::moved;
use crate::kinematics::cuts::Cut;
use crate::kinematics::movement::Movement;

#[test]
fn the_last_frame_before_a_cut_moves_nobody_after_it() {
    let in_place = Walker { treadmill: true, plan: vec![(8.0, true)], ..Walker::default() }.movement();
    let elsewhere = moved(&in_place, |_, i, x, y| Some((if i < 120 { x - 25.0 * SCALE } else { x }, y)));
    let cut = Cut { position: 119.5, time_s: 4.0, resized: false };
    let found = of(&Movement { cuts: vec![cut], ..elsewhere });
    let travel: Vec<Travel> = found.bouts.iter().map(|bout| bout.travel).collect();
    assert_eq!(travel, [Travel::InPlace; 2]);
}
