//! Camera motion: from the background's motion between frames to each frame's place on the ground frame.
//!
//! A static camera gets exactly the identity, so that measuring noise does not add up to a drift.

use crate::frame::{BackgroundMotion, PixelSize};
use crate::geometry::{Image, Point, Similarity, Vector};
use crate::observation::Observation;
use crate::signal::least_squares;
use crate::signal::statistics::{median, robust_sd};
use crate::units::Radians;

/// Whether the camera moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraMotion {
    /// It stood still.
    Static,
    /// It moved, and its motion is known and taken out.
    Panning,
    /// Not to be told: the background was not measured, or too poorly.
    Unknown,
}

impl CameraMotion {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Panning => "panning",
            Self::Unknown => "unknown",
        }
    }

    /// Whether points hold still where the ground does.
    #[must_use]
    pub fn ground_is_fixed(self) -> bool {
        self != Self::Unknown
    }
}

/// What to believe of the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CameraChoice {
    /// What the background says.
    #[default]
    Measured,
    /// It stood still: the user says so, as keypoints from other tools come without a background.
    Static,
}

/// Where each frame lies on the ground frame (the first frame's pixels).
#[derive(Clone, Debug, PartialEq)]
pub struct Stabilisation {
    /// Whether the camera moved.
    pub motion: CameraMotion,
    /// Takes a point of each frame to the ground frame; roll not yet removed.
    pub ground_from_image: Vec<Similarity>,
}

/// Least points that must agree, and their least share of those tracked, for a frame's motion to be believed
/// (docs/science.md C3: 40 inliers; fewer do where nearly all agree on a plain background).
const LEAST_INLIERS: usize = 20;
const LEAST_INLIER_SHARE: f64 = 0.5;
/// Least share of frames whose motion is believed: the others' is taken from their neighbours, which a shaking hand's is not like.
const LEAST_KNOWN_SHARE: f64 = 0.9;
/// A tripod's background moves by less than this between frames, px at the picture's centre or corners: tracking noise.
const STILL_PX: f64 = 0.3;
/// Added up over the clip, a tripod's background strays by less than this many deviations of a random walk,
const STRAY_DEVIATIONS: f64 = 4.0;
/// and in any case this share of the picture's longer side over the clip is no camera motion worth correcting: on the slowest
/// athletes' speeds it is 1 %, and leaning on a measured drift of this size would cost as much.
const STRAY_SHARE: f64 = 0.006;
/// Pictures turn against each other along the way where that comes to so many times what they sway by [default].
const SURE_SWAYS: f64 = 4.0;

impl Stabilisation {
    /// Where along the ground frame each picture's middle lies, px to the right; `size` is the picture's.
    pub fn middles_px(&self, size: PixelSize) -> impl Iterator<Item = f64> {
        let [centre, ..] = probes(size);
        self.ground_from_image.iter().map(move |g| g.apply(centre).x)
    }

    /// From where to where the pictures' middles lie on the ground frame, px to the right; `size` is the picture's.
    #[must_use]
    pub fn reach_px(&self, size: PixelSize) -> (f64, f64) {
        let at = || self.middles_px(size);
        (at().fold(f64::MAX, f64::min), at().fold(f64::MIN, f64::max))
    }

    /// How the pictures turn against each other on the ground frame, rad clockwise for each px that they lie further right; 0
    /// where that is no more than a hand's sway.
    #[must_use]
    pub fn turning_per_px(&self, size: PixelSize) -> f64 {
        let (from, to) = self.reach_px(size);
        let pictures = self.middles_px(size).zip(&self.ground_from_image);
        let rows: Vec<([f64; 2], f64)> = pictures.map(|(x, g)| ([1.0, x - from], g.rotation.0)).collect();
        let fit = least_squares::robust_fit(&rows);
        let sure = |turning: f64, sway: f64| turning.abs() * (to - from) > SURE_SWAYS * sway;
        fit.map_or(0.0, |([_, turning], sway)| if sure(turning, sway) { turning } else { 0.0 })
    }
}

/// Adds up the background's motion. Frames whose motion is not believed move as their neighbours do.
#[must_use]
pub fn stabilise(frames: &[Observation], size: PixelSize, choice: CameraChoice) -> Stabilisation {
    let still =
        |motion| Stabilisation { motion, ground_from_image: vec![Similarity::IDENTITY; frames.len()] };
    if choice == CameraChoice::Static {
        return still(CameraMotion::Static);
    }
    let steps: Vec<Option<Similarity>> =
        frames.iter().skip(1).map(|f| f.background.filter(believed).map(|b| b.this_from_previous)).collect();
    let filmed = &steps[filmed(frames)];
    let known = filmed.iter().flatten().count();
    if known == 0 || (known as f64) < LEAST_KNOWN_SHARE * filmed.len() as f64 {
        return still(CameraMotion::Unknown);
    }
    if stands_still(filmed, size) {
        return still(CameraMotion::Static);
    }
    Stabilisation { motion: CameraMotion::Panning, ground_from_image: accumulated(&steps) }
}

/// Steps from the first frame with somebody in it to the last: what a title or an end card does is no camera's motion. All where
/// nobody was seen.
fn filmed(frames: &[Observation]) -> std::ops::Range<usize> {
    let has_people = |f: &Observation| !f.people.is_empty();
    let (first, last) = (frames.iter().position(has_people), frames.iter().rposition(has_people));
    first
        .zip(last)
        .filter(|(first, last)| first < last)
        .map_or(0..frames.len().saturating_sub(1), |(a, b)| a..b)
}

fn believed(motion: &BackgroundMotion) -> bool {
    motion.inliers >= LEAST_INLIERS && motion.inliers as f64 >= LEAST_INLIER_SHARE * motion.tracked as f64
}

/// The picture's centre, where a shift shows, and its corners, where turn and zoom show: all four, so that a clip and
/// its mirror image are taken for the same.
fn probes(size: PixelSize) -> [Point<Image>; 5] {
    let (w, h) = (f64::from(size.width), f64::from(size.height));
    [(w / 2.0, h / 2.0), (0.0, 0.0), (w, 0.0), (0.0, h), (w, h)].map(|(x, y)| Point::new(x, y))
}

/// Small from frame to frame, and no further in sum than noise wanders.
fn stands_still(steps: &[Option<Similarity>], size: PixelSize) -> bool {
    let stray = STRAY_SHARE * f64::from(size.width.max(size.height));
    probes(size).iter().all(|&probe| {
        let moves: Vec<Vector<Image>> = steps.iter().flatten().map(|s| s.apply(probe) - probe).collect();
        let typical = median(moves.iter().map(|m| m.length())).unwrap_or(0.0);
        typical <= STILL_PX
            && [|m: &Vector<Image>| m.x, |m: &Vector<Image>| m.y].iter().all(|part| {
                let along: Vec<f64> = moves.iter().map(part).collect();
                let noise = robust_sd(&along).unwrap_or(0.0);
                // The median step times the number of steps: what a steady pan adds up to, whatever single frames say.
                let steady = median(along.iter().copied()).unwrap_or(0.0) * along.len() as f64;
                steady.abs() <= stray.max(STRAY_DEVIATIONS * noise * (along.len() as f64).sqrt())
                    && widest(&along, noise)
                        <= (3.0 * stray).max(2.0 * STRAY_DEVIATIONS * noise * (along.len() as f64).sqrt())
            })
    })
}

/// How far the sum of the steps strays from its start, single wild steps clipped.
fn widest(along: &[f64], noise: f64) -> f64 {
    let most = STRAY_DEVIATIONS * noise.max(STILL_PX / STRAY_DEVIATIONS);
    let mut sum = 0.0;
    along.iter().fold(0.0, |widest: f64, step| {
        sum += step.clamp(-most, most);
        widest.max(sum.abs())
    })
}

/// Ground from each frame; unknown steps take the mean of the known ones beside them.
fn accumulated(steps: &[Option<Similarity>]) -> Vec<Similarity> {
    let mut ground = vec![Similarity::IDENTITY];
    for i in 0..steps.len() {
        let step = steps[i].unwrap_or_else(|| between(steps, i));
        ground.push(ground[i].after(step.inverse()));
    }
    ground
}

fn between(steps: &[Option<Similarity>], i: usize) -> Similarity {
    let before = steps[..i].iter().rev().flatten().next().copied();
    let after = steps[i..].iter().flatten().next().copied();
    match (before, after) {
        (Some(a), Some(b)) => Similarity {
            shift: (a.shift + b.shift) / 2.0,
            rotation: Radians(f64::midpoint(a.rotation.0, b.rotation.0)),
            scale: f64::midpoint(a.scale, b.scale),
        },
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Similarity::IDENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Seconds;

    const SIZE: PixelSize = PixelSize { width: 960, height: 540 };

    fn clip(n: usize, step: impl Fn(usize) -> Option<(f64, f64)>) -> Vec<Observation> {
        let motion = |i: usize| {
            step(i).map(|(x, y)| BackgroundMotion {
                this_from_previous: Similarity { shift: Vector::new(x, y), ..Similarity::IDENTITY },
                inliers: 90,
                tracked: 100,
            })
        };
        (0..n)
            .map(|i| Observation {
                frame: i,
                time: Seconds(i as f64 / 30.0),
                people: Vec::new(),
                background: if i == 0 { None } else { motion(i) },
                duplicate: false,
            })
            .collect()
    }

    /// Repeatable noise of about 0.1 px.
    fn noise(i: usize) -> f64 {
        0.2 * ((i as f64 * 12.9898).sin() * 43758.5453).fract().abs() - 0.1
    }

    #[test]
    fn a_tripod_with_noise_is_exactly_the_identity() {
        let out = stabilise(&clip(600, |i| Some((noise(i), noise(i + 7)))), SIZE, CameraChoice::Measured);
        assert_eq!(out.motion, CameraMotion::Static);
        assert!(out.ground_from_image.iter().all(|s| *s == Similarity::IDENTITY));
    }

    #[test]
    fn a_slow_pan_is_seen_and_taken_out() {
        let out = stabilise(&clip(300, |i| Some((-0.2 + noise(i), 0.0))), SIZE, CameraChoice::Measured);
        assert_eq!(out.motion, CameraMotion::Panning);
        let end = out.ground_from_image[299].apply(Point::new(100.0, 50.0));
        assert!((end.x - (100.0 + 0.2 * 299.0)).abs() < 3.0, "{end:?}");
    }

    #[test]
    fn a_hand_that_sways_back_and_forth_is_no_tripod() {
        let sway = |i: usize| Some((2.0 * (i as f64 / 5.0).cos(), 0.0));
        assert_eq!(stabilise(&clip(300, sway), SIZE, CameraChoice::Measured).motion, CameraMotion::Panning);
    }

    #[test]
    fn without_a_background_nothing_is_claimed_unless_the_user_does() {
        let frames = clip(30, |_| None);
        assert_eq!(stabilise(&frames, SIZE, CameraChoice::Measured).motion, CameraMotion::Unknown);
        assert_eq!(stabilise(&frames, SIZE, CameraChoice::Static).motion, CameraMotion::Static);
    }

    #[test]
    fn a_few_unmeasured_frames_of_a_pan_move_like_their_neighbours() {
        let step = |i: usize| (i % 10 != 3).then_some((-3.0, 0.0));
        let out = stabilise(&clip(101, step), SIZE, CameraChoice::Measured);
        assert!((out.ground_from_image[100].apply(Point::new(0.0, 0.0)).x - 300.0).abs() < 1e-6);
    }
}
