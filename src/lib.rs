//! Sled-technique analysis from ordinary video.
//!
//! The modules below are the table of contents, in levels; a module knows only modules of lower levels.
//! See `ARCHITECTURE.md` for the flow of one frame through the types.
//!
//! # From your own keypoints to findings
//!
//! Without default features neither OpenCV nor ONNX Runtime is needed.
//!
//! ```
//! use sledform::analysis::{Settings, analyze};
//! use sledform::frame::{ClipFacts, PixelSize, TimeSource};
//! use sledform::geometry::Point;
//! use sledform::observation::{Landmark, ModelIdentity, Observation, Person, Pose, Recording, TrackId};
//! use sledform::skeleton::Keypoint;
//! use sledform::units::{Confidence, Hertz, Seconds};
//!
//! // By frame: points by name, px from the top left corner. Here of a synthetic athlete.
//! let own = sledform::synthetic::Athlete::new(sledform::synthetic::Exercise::SledPush).fps(60.0).recording();
//! let points = own.frames.iter().map(|frame| {
//!     frame.people[0].pose.seen().map(|(point, at)| (point.name(), at.position.x, at.position.y))
//! });
//!
//! let frames = points.enumerate().map(|(frame, points)| {
//!     let mut pose = Pose::new(Confidence::FULL);
//!     for (name, x, y) in points {
//!         let point = Keypoint::from_name(name).expect("a name of docs/files.md");
//!         pose.set(point, Some(Landmark { position: Point::new(x, y), confidence: Confidence::FULL }));
//!     }
//!     let people = vec![Person { track: TrackId(1), pose }];
//!     Observation { frame, time: Seconds(frame as f64 / 60.0), people, background: None, duplicate: false }
//! });
//! let recording = Recording {
//!     clip: ClipFacts {
//!         file: "push.mp4".into(),
//!         sha256: None,
//!         size: PixelSize { width: 1920, height: 1080 },
//!         rotation_deg: 0,
//!         nominal_rate: Some(Hertz(60.0)),
//!         nominal_frames: None,
//!         codec: None,
//!         capture_rate: None,
//!         time_source: TimeSource::File,
//!         start: Seconds(0.0),
//!         created: None,
//!     },
//!     pose_model: ModelIdentity { name: "my model".to_owned(), sha256: None },
//!     detector: None,
//!     frames: frames.collect(),
//!     warnings: Vec::new(),
//! };
//!
//! let analysis = analyze(&recording, &Settings::default());
//! let athlete = analysis.athlete.expect("somebody is there");
//! assert_eq!(athlete.judgement.profile.expect("recognised").name, "sled-push");
//! for finding in &athlete.judgement.assessment.findings {
//!     println!("{}: {}", finding.title(), finding.status.name());
//! }
//! let cadence = athlete.metrics.get("cadence_steps_per_min", None).expect("in the catalogue");
//! println!("{:?} {}", cadence.value, cadence.unit);
//! ```

// Level 0: words of the field.
pub mod calendar;
pub mod digest;
pub mod geometry;
pub mod skeleton;
pub mod units;

// Level 1: what was seen.
pub mod frame;
pub mod observation;

// Level 2: the science. Pure: values in, values and warnings out.
pub mod analysis;
pub mod camera;
pub mod comparison;
pub mod evaluation;
pub mod findings;
pub mod gait;
pub mod kinematics;
pub mod metrics;
pub mod signal;
pub mod synthetic;
pub mod technique;
pub mod tracking;

// Level 3: adapters to files, models, pictures.
pub mod export;
pub mod import;
#[cfg(feature = "onnx")]
pub mod inference;
pub mod models;
pub mod render;
pub mod report;
pub mod store;
#[cfg(feature = "video")]
pub mod video;

// Level 4: settings, many frames, results.
pub mod pipeline;
pub mod results;
pub mod settings;

// Level 5: one clip.
#[cfg(all(feature = "video", feature = "onnx"))]
pub mod clip;

// Level 6: one clip and all its results.
#[cfg(all(feature = "video", feature = "onnx"))]
pub mod job;

// Level 7: many clips.
#[cfg(all(feature = "video", feature = "onnx"))]
pub mod batch;
#[cfg(feature = "server")]
pub mod server;

// Level 8: what people touch.
#[cfg(feature = "cli")]
pub mod cli;
