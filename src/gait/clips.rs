//! Gait of the rendered clips' true keypoints and of a treadmill runner, where these are there.

use super::stride::{Direction, Travel};
use super::tests::{CADENCE_TOLERANCE, EVENT_TOLERANCE_S, assert_share, cadence, of, valid};
use super::truth::{clips, noisy, score, treadmill};

/// Events from true keypoints with none, 1 % and 3 % noise: F1 at least 0.97.
#[test]
fn contacts_of_the_rendered_clips_are_found() {
    for noise in [0.0, 0.01, 0.03] {
        let (mut hits, mut told) = (0, 0);
        for clip in clips() {
            let found = of(&noisy(&clip.movement, noise, 2));
            let score = score(&found, &clip.events, EVENT_TOLERANCE_S);
            println!(
                "{} noise {noise} F1 {:.3} valid {}/{}",
                clip.name,
                score.f1(),
                valid(&found),
                clip.strides
            );
            hits += 2 * score.hits;
            told += score.found + score.truth;
            assert_share(cadence(&found), clip.cadence, CADENCE_TOLERANCE);
            assert!(valid(&found) <= clip.strides && valid(&found) + 1 >= clip.strides, "{}", clip.name);
            let direction = if clip.forward { Direction::Forward } else { Direction::Backward };
            assert_eq!(found.bouts[0].direction, Some(direction));
        }
        assert!(hits * 100 >= told * 97, "F1 {hits} / {told} at noise {noise}");
    }
}

/// Cadence measured from raw pixels, 168.9 steps per minute, +-0.5.
#[test]
fn the_treadmill_runner_has_the_cadence_measured_without_a_model() {
    let Some(movement) = treadmill() else { return println!("skipped: no treadmill clip") };
    let found = of(&movement);
    assert_eq!(found.bouts.len(), 1);
    assert_share(cadence(&found), 168.9, CADENCE_TOLERANCE);
    assert_eq!(found.bouts[0].travel, Travel::InPlace);
    assert_eq!(found.bouts[0].direction, Some(Direction::Forward));
    assert!(valid(&found) >= 30);
}
