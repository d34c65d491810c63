//! Near and far foot go on two tracks, one nearer to the camera than the other (docs/science.md D3).
//!
//! Away from where the camera looks squarely, the near foot looks further off than the middle of the body, the
//! far foot less far: steps onto the one look longer, onto the other shorter, the other way on the other side. How far apart the
//! tracks are is seen in that very pattern: along the way the two feet's steps cross. With few steps, or a short way, it is what
//! people's feet usually are.

use super::context::{Context, StrideView};
use super::travel;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Facing;
use crate::signal::least_squares;
use crate::signal::series::{Sample, Series};
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use std::collections::BTreeMap;

/// Distance of the two feet's tracks, leg lengths, and one standard deviation: steps of a walk are 0.1 m wide (0.12 of a leg;
/// Perry and Burnfield 2010), hip joints 0.17 m apart (0.2), pushing is done more widely than walking; the focal length, which
/// is not known, adds a quarter.
const TRACKS_APART_LEG: (f64, f64) = (0.15, 0.08);
/// One standard deviation of a step's length about what speed and side make it, leg lengths, at least: 2 to 3 % of a step of
/// 0.7 of a leg (Perry and Burnfield 2010).
const STEP_SD_LEG: f64 = 0.015;
/// What is fitted to the steps: their usual length, near against far foot, and the crossing.
const UNKNOWNS: usize = 3;

/// One step over fixed ground as it was seen.
struct SeenStep {
    bout: usize,
    length_leg: f64,
    /// +1 onto the near foot, -1 onto the far one.
    onto_near: f64,
    /// Its middle from where the camera looks squarely, leg lengths in the direction of the step.
    beside_leg: f64,
}

/// A share of the camera's distance by which the tracks lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Apart {
    share: f64,
    sd: f64,
}

impl Apart {
    fn and(self, other: Self) -> Self {
        let (own, others) = (self.sd.powi(-2), other.sd.powi(-2));
        let share = (own * self.share + others * other.share) / (own + others);
        Self { share, sd: (own + others).sqrt().recip() }
    }
}

/// The ankles, left and right, as if both feet went on one track in the middle; as seen where it is not known where the camera
/// stands. `context` has the ankles as seen.
pub(super) fn middled(context: &Context) -> [Series<Point<Ground>>; 2] {
    // Feet may cross, tracks do not.
    let apart = apart(context).map_or(0.0, |apart| apart.share.max(0.0));
    Side::BOTH.map(|side| {
        let seen = context.movement.points.limb(LimbPoint::Ankle, side);
        let onto_middle = |(i, sample): (usize, Option<Sample<Point<Ground>>>)| {
            let Some((square, near)) = square_px(context, i).zip(nearness(context, side, i)) else {
                return sample;
            };
            sample.map(|s| s.map(|p| Point::new(p.x - 0.5 * apart * near * (p.x - square), p.y)))
        };
        Series::new(seen.iter().enumerate().map(onto_middle).collect())
    })
}

/// What the steps say and what is usual, each by how sure it is; none where it is not known where the camera stands.
fn apart(context: &Context) -> Option<Apart> {
    let to_share = context.leg_px().ok()? / context.movement.standpoint?.distance_px;
    let (share, sd) = TRACKS_APART_LEG;
    let usual = Apart { share: share * to_share, sd: sd * to_share };
    Some(crossing(&seen_steps(context)).map_or(usual, |seen| seen.and(usual)))
}

/// Where the camera looks squarely at the way, px along the ground frame as mirrored at a sample.
fn square_px(context: &Context, sample: usize) -> Option<f64> {
    let square = context.movement.standpoint?.square_px;
    Some(if context.movement.turns.is_mirrored(sample) { -square } else { square })
}

/// +1 for the foot nearer to the camera, -1 for the other one.
fn nearness(context: &Context, side: Side, sample: usize) -> Option<f64> {
    let near = context.movement.facing_at(sample).map(Facing::near_side)?;
    Some(if near == side { 1.0 } else { -1.0 })
}

fn seen_steps(context: &Context) -> Vec<SeenStep> {
    let views = context.gait.strides.iter().filter(|s| s.is_valid()).map(|s| StrideView::new(context, s));
    views.filter_map(|view| seen_step(&view)).collect()
}

fn seen_step(view: &StrideView) -> Option<SeenStep> {
    let context = view.context;
    let (from, to) = travel::step_over_fixed_ground(view)?;
    let sample = context.movement.time.nearest(view.initial().time)?;
    let square = square_px(context, sample)? / context.leg_px().ok()?;
    Some(SeenStep {
        bout: view.stride.bout,
        length_leg: (to - from).abs(),
        onto_near: nearness(context, view.side(), sample)?,
        beside_leg: (to - from).signum() * (f64::midpoint(from, to) - square),
    })
}

/// How far apart the tracks are by the way in which steps onto near and far foot cross; none of too few steps.
fn crossing(steps: &[SeenStep]) -> Option<Apart> {
    if steps.len() <= UNKNOWNS {
        return None;
    }
    let usual = usual_lengths(steps);
    let rows: Vec<([f64; UNKNOWNS], f64)> = steps
        .iter()
        .map(|s| ([1.0, s.onto_near, s.onto_near * s.beside_leg], s.length_leg - usual[&s.bout]))
        .collect();
    let ([_, _, share], deviation) = least_squares::robust_fit(&rows)?;
    let freedom = steps.len() as f64 / (steps.len() - UNKNOWNS) as f64;
    let deviation = (deviation * freedom.sqrt()).max(STEP_SD_LEG);
    Some(Apart { share, sd: deviation / spread(steps).sqrt() })
}

/// The median length of each bout's steps: bouts may be run at different speeds.
fn usual_lengths(steps: &[SeenStep]) -> BTreeMap<usize, f64> {
    let mut lengths: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for step in steps {
        lengths.entry(step.bout).or_default().push(step.length_leg);
    }
    lengths.into_iter().filter_map(|(bout, lengths)| Some((bout, median(lengths)?))).collect()
}

/// Sum of squares of the places of each foot's steps about their mean, square leg lengths.
fn spread(steps: &[SeenStep]) -> f64 {
    let of = |onto_near: f64| {
        let places: Vec<f64> =
            steps.iter().filter(|s| s.onto_near * onto_near > 0.0).map(|s| s.beside_leg).collect();
        let mean = places.iter().sum::<f64>() / places.len().max(1) as f64;
        places.iter().map(|p| (p - mean).powi(2)).sum::<f64>()
    };
    of(1.0) + of(-1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::perspective::Standpoint;
    use crate::kinematics::movement::Movement;
    use crate::metrics::{Metrics, Scale, metrics};
    use crate::synthetic::{Athlete, Exercise};

    /// Half the width of a usual track beside the camera's distance: 0.2 leg lengths at 8 of them.
    const HALF_APART: f64 = 0.0125;
    const DISTANCE_LEG: f64 = 8.0;
    /// Lengths along the floor, leg lengths: a third of what the tracks do at the ends of these ways.
    const LENGTH_LEG: f64 = 0.01;

    /// The athlete's movement as seen by a camera that looks squarely at a share of the way, its feet on two tracks.
    fn seen(athlete: &Athlete, share: f64, half_apart: f64, in_a_mirror: bool) -> Movement {
        let mut movement = athlete.movement();
        let ways = Side::BOTH.map(|side| movement.points.limb(LimbPoint::Ankle, side).clone());
        let places = || ways.iter().flat_map(|way| way.present().map(|(_, p)| p.x));
        let (left, right) = (places().fold(f64::MAX, f64::min), places().fold(f64::MIN, f64::max));
        let square_px = left + share * (right - left);
        let facing = movement.facing.expect("known");
        let near_side = if in_a_mirror { facing.opposite() } else { facing }.near_side();
        for (side, way) in Side::BOTH.into_iter().zip(&ways) {
            let half = if side == near_side { half_apart } else { -half_apart };
            let moved = way.map(|p| Point::new(p.x + half * (p.x - square_px), p.y));
            *movement.points.get_mut(LimbPoint::Ankle.on(side)) = moved;
        }
        if in_a_mirror {
            movement.turns.mirrored.push(0..movement.points.samples());
        }
        let square_px = if in_a_mirror { -square_px } else { square_px };
        let distance_px = DISTANCE_LEG * athlete.leg_length_px();
        Movement { standpoint: Some(Standpoint { square_px, distance_px }), ..movement }
    }

    fn of(athlete: &Athlete, movement: &Movement) -> Metrics {
        let scale = Scale { leg_length_px: Some(athlete.leg_length_px()), ..Scale::default() };
        metrics(movement, &athlete.truth().gait, scale)
    }

    /// The greatest difference of a metric of strides.
    fn apart(id: &str, a: &Metrics, b: &Metrics) -> f64 {
        let both = a.per_stride(id).iter().zip(b.per_stride(id));
        let differences =
            both.filter_map(|(a, b)| Some((a.reading.ok()?.number - b.reading.ok()?.number).abs()));
        differences.reduce(f64::max).expect("measured")
    }

    #[test]
    fn steps_and_reach_come_out_as_if_both_feet_went_in_the_middle() {
        for exercise in Exercise::ALL {
            for (share, in_a_mirror) in [(0.5, false), (0.2, false), (0.9, true)] {
                let athlete = Athlete::new(exercise).lasting(8.0);
                let plain = of(&athlete, &athlete.movement());
                let movement = seen(&athlete, share, HALF_APART, in_a_mirror);
                let got = of(&athlete, &movement);
                let as_seen = of(&athlete, &Movement { standpoint: None, ..movement });
                let case = format!("{exercise:?} from {share}, mirror {in_a_mirror}");
                for id in ["step_length_leg", "reach_leg"] {
                    let (left, before) = (apart(id, &got, &plain), apart(id, &as_seen, &plain));
                    assert!(left < LENGTH_LEG && left < 0.5 * before, "{case}: {id} {left} of {before}");
                }
            }
        }
    }

    #[test]
    fn feet_on_one_track_stay_there() {
        let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
        let plain = of(&athlete, &athlete.movement());
        let got = of(&athlete, &seen(&athlete, 0.5, 0.0, false));
        assert!(apart("step_length_leg", &got, &plain) < LENGTH_LEG);
    }

    fn step(onto_near: f64, beside_leg: f64, length_leg: f64) -> SeenStep {
        SeenStep { bout: 0, length_leg, onto_near, beside_leg }
    }

    #[test]
    fn too_few_steps_and_steps_in_one_place_say_nothing() {
        assert_eq!(crossing(&[]), None);
        assert_eq!(crossing(&[step(1.0, 0.0, 0.5), step(-1.0, 0.5, 0.5), step(1.0, 1.0, 0.5)]), None);
        let in_place: Vec<SeenStep> = (0..8).map(|i| step([1.0, -1.0][i % 2], 2.0, 0.5)).collect();
        assert_eq!(crossing(&in_place), None);
    }

    #[test]
    fn uneven_legs_are_no_crossing() {
        let uneven = |i: usize| step([1.0, -1.0][i % 2], 0.5 * i as f64 - 2.0, [0.6, 0.5][i % 2]);
        let found = crossing(&(0..8).map(uneven).collect::<Vec<_>>()).expect("enough steps");
        assert!(found.share.abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn few_steps_count_less_than_what_is_usual() {
        let (seen, usual) = (Apart { share: 0.06, sd: 0.03 }, Apart { share: 0.02, sd: 0.01 });
        let both = seen.and(usual);
        assert!((both.share - 0.024).abs() < 1e-9 && both.sd < usual.sd, "{both:?}");
    }
}
