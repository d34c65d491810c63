//! What the numbers of a table rest on, as it stands in the metadata of the Parquet files: enough for a methods section, and
//! nothing that differs from one machine or day to the next.

use crate::analysis::Athlete;
use crate::export::columnar::Provenance;
use crate::observation::{ModelIdentity, Recording};

pub(super) fn provenance(recording: &Recording, athlete: Option<&Athlete>) -> Provenance {
    let mut all = Provenance::new();
    let mut note = |name: &str, value: Option<String>| {
        all.extend(value.map(|value| (name.to_owned(), value)));
    };
    note("sledform", Some(env!("CARGO_PKG_VERSION").to_owned()));
    note("clip_sha256", recording.clip.sha256.clone());
    note("capture_fps", recording.clip.capture_rate.map(|r| r.0.to_string()));
    note("pose_model", Some(recording.pose_model.name.clone()));
    note("pose_model_sha256", recording.pose_model.sha256.clone());
    let detector = recording.detector.as_ref();
    note("detector", detector.map(|d: &ModelIdentity| d.name.clone()));
    note("detector_sha256", detector.and_then(|d| d.sha256.clone()));
    let prepared = athlete.map(|a| &a.prepared);
    note("athlete_track", athlete.map(|a| a.track.0.to_string()));
    note("facing", prepared.map(|p| p.movement.facing.map_or("unknown", |f| f.name()).to_owned()));
    note("travel", athlete.map(|a| a.travel().name().to_owned()));
    note("low_pass_cutoff_hz", prepared.map(|p| p.cutoff.0.to_string()));
    note("left_right_corrections", prepared.map(|p| p.left_right.corrections().to_string()));
    note("joint_centres", Some(super::joint_centres(athlete).to_owned()));
    note("camera_roll_removed_deg", prepared.map(|p| p.camera.roll_removed.to_degrees().to_string()));
    note("leg_length_px", prepared.and_then(|p| p.scale.leg_length_px).map(|x| x.to_string()));
    note("metres_per_px", prepared.and_then(|p| p.scale.metres_per_px).map(|x| x.to_string()));
    all
}
