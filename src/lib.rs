//! Sled-technique analysis from ordinary video.
//!
//! The modules below are the table of contents, in levels; a module knows only modules of lower levels.
//! See `ARCHITECTURE.md` for the flow of one frame through the types.

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
