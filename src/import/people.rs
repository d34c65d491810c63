//! Who is who from frame to frame, by nearest mean distance of shared keypoints: for tools that number nobody.

use crate::observation::{Person, Pose, TrackId};

/// Somebody whose points moved further than this share of their own height between frames is somebody else: 0.5 is far more
/// than a sprinter moves in a fifteenth of a second.
const LONGEST_STEP: f64 = 0.5;

/// Frames after which somebody lost is not looked for any more: a second at 30 frames/s.
const MEMORY_FRAMES: usize = 30;

struct Track {
    id: TrackId,
    pose: Pose,
    last_frame: usize,
}

/// Numbers the people of every frame; in a frame, people come by ascending track.
pub(super) fn track(frames: impl IntoIterator<Item = Vec<Pose>>) -> Vec<Vec<Person>> {
    let mut tracks: Vec<Track> = Vec::new();
    frames.into_iter().enumerate().map(|(frame, poses)| assign(&mut tracks, frame, poses)).collect()
}

/// Closest pairs first, each track and each pose once; who is left over is new.
fn assign(tracks: &mut Vec<Track>, frame: usize, poses: Vec<Pose>) -> Vec<Person> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (t, track) in tracks.iter().enumerate().filter(|(_, t)| frame - t.last_frame <= MEMORY_FRAMES) {
        for (p, pose) in poses.iter().enumerate() {
            let height = track.pose.bounds().map_or(0.0, |b| b.height().max(b.width()));
            pairs.extend(
                distance(&track.pose, pose).filter(|d| *d <= LONGEST_STEP * height).map(|d| (d, t, p)),
            );
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut track_of: Vec<Option<usize>> = vec![None; poses.len()];
    for (_, t, p) in pairs {
        if track_of[p].is_none() && !track_of.contains(&Some(t)) {
            track_of[p] = Some(t);
        }
    }
    let mut people: Vec<Person> = poses
        .into_iter()
        .zip(track_of)
        .map(|(pose, track)| {
            let t = track.unwrap_or(tracks.len());
            if t == tracks.len() {
                tracks.push(Track { id: TrackId(t as u32), pose: pose.clone(), last_frame: frame });
            }
            tracks[t].last_frame = frame;
            tracks[t].pose = pose.clone();
            Person { track: tracks[t].id, pose }
        })
        .collect();
    people.sort_by_key(|person| person.track);
    people
}

/// Mean distance of the keypoints both have, px; none without any.
fn distance(a: &Pose, b: &Pose) -> Option<f64> {
    let both: Vec<f64> =
        a.seen().filter_map(|(k, l)| Some(l.position.distance(b.get(k)?.position))).collect();
    (!both.is_empty()).then(|| both.iter().sum::<f64>() / both.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::observation::Landmark;
    use crate::skeleton::Keypoint;
    use crate::units::Confidence;

    fn at(x: f64) -> Pose {
        let mut pose = Pose::new(Confidence::FULL);
        for (keypoint, y) in [(Keypoint::Nose, 0.0), (Keypoint::LeftHeel, 100.0)] {
            let position = Point::new(x, y);
            pose.set(keypoint, Some(Landmark { position, confidence: Confidence::FULL }));
        }
        pose
    }

    fn places(frame: &[Person]) -> Vec<(u32, f64)> {
        let nose = |p: &Person| p.pose.get(Keypoint::Nose).unwrap().position.x;
        frame.iter().map(|p| (p.track.0, nose(p))).collect()
    }

    #[test]
    fn people_keep_their_number_whatever_the_order_of_the_file() {
        let frames = track([
            vec![at(10.0), at(300.0)],
            vec![at(290.0), at(15.0)],
            vec![at(20.0)],
            vec![at(21.0), at(285.0)],
        ]);
        assert_eq!(places(&frames[1]), [(0, 15.0), (1, 290.0)]);
        assert_eq!(places(&frames[2]), [(0, 20.0)]);
        assert_eq!(places(&frames[3]), [(0, 21.0), (1, 285.0)]);
    }

    #[test]
    fn somebody_far_away_or_long_after_is_somebody_new() {
        let far = track([vec![at(10.0)], vec![at(100.0)]]);
        assert_eq!(places(&far[1]), [(1, 100.0)]);
        let mut late = vec![vec![at(10.0)]];
        late.extend((0..MEMORY_FRAMES).map(|_| vec![]));
        late.push(vec![at(10.0)]);
        assert_eq!(places(&track(late)[MEMORY_FRAMES + 1]), [(1, 10.0)]);
    }
}
