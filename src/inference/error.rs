//! What can go wrong between a model file and its answer, each with what to do about it.

use super::device::Device;
use std::path::PathBuf;

/// Why a model cannot be loaded or run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InferenceError {
    /// There is no file where the library should be.
    #[error("no ONNX Runtime library at {}: run `./run` once to fetch it", path.display())]
    LibraryMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is no ONNX Runtime library that this machine can load.
    #[error("{} cannot be loaded as the ONNX Runtime library ({cause}): `./run models fetch` fetches the right one, or name another in SLEDFORM_ONNXRUNTIME", path.display())]
    LibraryUnusable {
        /// The file.
        path: PathBuf,
        /// What the loader says.
        cause: String,
    },
    /// The library is older than the interface this program speaks.
    #[error("ONNX Runtime {found} at {} is too old, 1.{needed} or newer is needed: `./run models fetch` fetches the right one, or name another in SLEDFORM_ONNXRUNTIME", path.display())]
    LibraryTooOld {
        /// The file.
        path: PathBuf,
        /// Version it states.
        found: String,
        /// The oldest minor version of 1.x that will do.
        needed: u32,
    },
    /// No device of that name is known.
    #[error("{name:?} is no device; write auto, cpu, cuda, coreml, directml or openvino")]
    NoSuchDevice {
        /// What was written.
        name: String,
    },
    /// The library was built without the device's provider.
    #[error(
        "this ONNX Runtime library cannot use {device}: name one that can in SLEDFORM_ONNXRUNTIME, or use --device auto or cpu"
    )]
    DeviceMissing {
        /// What was asked for.
        device: Device,
    },
    /// The library has the device's provider, which does not start here.
    #[error(
        "{device} does not start here ({cause}): see that its driver and libraries are installed, or use --device auto or cpu"
    )]
    DeviceFailed {
        /// What was asked for.
        device: Device,
        /// What ONNX Runtime says.
        cause: String,
    },
    /// There is no file where the model should be.
    #[error("no model at {}: run `./run` once, or `sledform models fetch`, to fetch it", path.display())]
    ModelMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is not a whole ONNX model.
    #[error("{} is not a readable ONNX model ({cause}): delete it and run `sledform models fetch`", path.display())]
    ModelDamaged {
        /// The file.
        path: PathBuf,
        /// What ONNX Runtime says.
        cause: String,
    },
    /// A model, but not of the kind expected here.
    #[error("{} is not the model expected here ({difference}): run `sledform models verify`, then `sledform models fetch`", path.display())]
    ModelForeign {
        /// The file.
        path: PathBuf,
        /// What is different from the model expected.
        difference: String,
    },
    /// The model could not be run on a frame.
    #[error("{} failed on frame {frame} ({cause}): run `sledform doctor`; with little memory, use fewer threads", path.display())]
    RunFailed {
        /// The model.
        path: PathBuf,
        /// Index of the frame.
        frame: usize,
        /// What ONNX Runtime says.
        cause: String,
    },
}
