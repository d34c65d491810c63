//! The ONNX Runtime library: loaded once per process, and how every session of it is set up.

use super::device::{self, Device};
use super::error::InferenceError;
use ort::LoadDynamicError;
use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes that precede the version in the library: on Linux its symbols carry it as `VERS_1.31.1`.
const VERSION_TAG: &[u8] = b"VERS_";

/// The loaded library. Cheap to clone; shared by all workers.
#[derive(Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
    device: Device,
}

/// ONNX Runtime can be loaded once per process and is never unloaded.
static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

impl Runtime {
    /// Loads the library at a path. Once one is loaded, it stays for the rest of the process and is what later
    /// calls return, whatever path they name.
    ///
    /// # Errors
    /// When the library is missing, cannot be loaded or is too old; a later call may try again.
    pub fn load(library: &Path) -> Result<Self, InferenceError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = loaded.as_ref() {
            return Ok(runtime.clone());
        }
        let runtime = Self::load_first(library)?;
        *loaded = Some(runtime.clone());
        Ok(runtime)
    }

    /// With sessions that run on a device, on the processor until told.
    ///
    /// # Errors
    /// When the device asked for is not in the library or does not start; `auto` falls back to the processor.
    pub fn on(self, device: Device) -> Result<Self, InferenceError> {
        let device = device::choose(device, || self.on_processor())?;
        Ok(Self { device, ..self })
    }

    /// What its sessions run on.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device
    }

    /// The file that was loaded.
    #[must_use]
    pub fn library(&self) -> &Path {
        &self.library
    }

    /// Version of the library, such as `1.31.1`; none where the file does not say (outside Linux).
    #[must_use]
    pub fn version(&self) -> Option<String> {
        stated_version(&std::fs::read(&self.library).ok()?)
    }

    /// How the library says it was built: branch, commit, build type.
    #[must_use]
    pub fn build(&self) -> &'static str {
        ort::info()
    }

    /// Execution providers that could run a model on this machine, such as `CPUExecutionProvider` or
    /// `CUDAExecutionProvider`, sorted.
    #[must_use]
    pub fn providers(&self) -> Vec<String> {
        let mut names: Vec<_> =
            self.environment.devices().filter_map(|d| d.ep().ok().map(str::to_owned)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn load_first(library: &Path) -> Result<Self, InferenceError> {
        let path = library.to_path_buf();
        if !library.is_file() {
            return Err(InferenceError::LibraryMissing { path });
        }
        // A bare relative path would be looked up beside the program and in the system's folders first.
        let absolute = std::path::absolute(library).unwrap_or_else(|_| path.clone());
        let environment = ort::init_from(absolute)
            .map_err(|cause| unusable(&path, cause))?
            .with_name("sledform")
            .with_telemetry(false)
            .build()
            .map_err(|e| InferenceError::LibraryUnusable { path: path.clone(), cause: e.to_string() })?;
        // Failures come back as errors; nothing below the command line prints.
        environment.set_log_level(LogLevel::Fatal);
        Ok(Self { environment, library: path, device: Device::Cpu })
    }

    /// A session's settings: all optimisations (2 to 2.6 times faster than `extended`), one thread, no spinning, so
    /// that cores belong to workers and the order of additions never depends on the machine's load.
    fn on_processor(&self) -> ort::Result<SessionBuilder> {
        Ok(SessionBuilder::new(&self.environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_inter_op_spinning(false)?
            .with_memory_pattern(true)?
            .with_deterministic_compute(true)?)
    }

    /// A session's settings on the device chosen.
    pub(super) fn session_builder(&self) -> ort::Result<SessionBuilder> {
        device::register(self.on_processor()?, self.device)
    }
}

fn unusable(path: &Path, cause: LoadDynamicError) -> InferenceError {
    let path = path.to_path_buf();
    match cause {
        LoadDynamicError::BadVersion { version_str, .. } => {
            InferenceError::LibraryTooOld { path, found: version_str, needed: ort::MINOR_VERSION }
        }
        LoadDynamicError::Dlopen { error, .. } => {
            InferenceError::LibraryUnusable { path, cause: error.to_string() }
        }
        LoadDynamicError::MissingApi { .. } => {
            InferenceError::LibraryUnusable { path, cause: "it is some other library".to_owned() }
        }
        LoadDynamicError::InvalidVersionString => {
            InferenceError::LibraryUnusable { path, cause: "it states no version".to_owned() }
        }
    }
}

/// The version in the bytes of a library: digits and dots after the first tag that has some.
fn stated_version(library: &[u8]) -> Option<String> {
    let tags = library.windows(VERSION_TAG.len()).enumerate().filter(|(_, w)| *w == VERSION_TAG);
    tags.map(|(at, _)| {
        let rest = library[at + VERSION_TAG.len()..].iter();
        rest.take_while(|b| b.is_ascii_digit() || **b == b'.').map(|&b| char::from(b)).collect::<String>()
    })
    .find(|version| version.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_symbols() {
        assert_eq!(stated_version(b"..VERS_%s\0..VERS_1.31.1\0x"), Some("1.31.1".to_owned()));
        assert_eq!(stated_version(b"nothing here"), None);
    }

    #[test]
    fn an_old_library_says_which_version_it_is_and_which_is_needed() {
        let path = PathBuf::from("old.so");
        let cause = LoadDynamicError::BadVersion { version_str: "1.20.0".to_owned(), path: path.clone() };
        let message = unusable(&path, cause).to_string();
        assert!(message.contains("1.20.0") && message.contains("1.24"), "{message}");
    }

    #[test]
    fn a_missing_library_says_where_and_what_to_do() {
        let error = Runtime::load_first(Path::new("/nowhere/libonnxruntime.so")).err();
        let message = error.map(|e| e.to_string()).unwrap_or_default();
        assert!(message.contains("/nowhere/libonnxruntime.so") && message.contains("./run"), "{message}");
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let error = Runtime::load_first(file.path()).err();
        assert!(matches!(error, Some(InferenceError::LibraryUnusable { .. })), "{error:?}");
    }
}
