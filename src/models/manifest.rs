//! What `models/manifest.toml` says: each file set-up fetches, its origin, its hash and its licence. One manifest for
//! the scripts and for the program. It leaves where files lie, and whether they are right, to its parent.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// The manifest as it was when the program was built.
const TEXT: &str = include_str!("../../models/manifest.toml");

/// The manifest compiled in.
#[must_use]
pub fn manifest() -> &'static Manifest {
    static MANIFEST: LazyLock<Manifest> =
        LazyLock::new(|| toml::from_str(TEXT).expect("a test reads the compiled-in manifest"));
    &MANIFEST
}

/// Everything set-up fetches.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the manifest's own form.
    pub schema: u32,
    /// The pose models, as they are listed to the user.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
    /// The ONNX Runtime library, once per processor.
    #[serde(rename = "runtime")]
    pub runtimes: Vec<Runtime>,
    /// What is put into the pages that are written.
    #[serde(rename = "page")]
    pub pages: Vec<StoredFile>,
}

impl Manifest {
    /// The model of this name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.stored.name == name)
    }

    /// The part of a page of this name.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&StoredFile> {
        self.pages.iter().find(|stored| stored.name == name)
    }

    /// The ONNX Runtime library for a processor, named as [`std::env::consts::ARCH`] names it.
    #[must_use]
    pub fn runtime(&self, architecture: &str) -> Option<&Runtime> {
        self.runtimes.iter().find(|runtime| runtime.architecture == architecture)
    }
}

/// A pose model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Model {
    /// Its file, origin and licence.
    #[serde(flatten)]
    pub stored: StoredFile,
    /// What it is for.
    pub role: Role,
    /// Which points it gives.
    pub skeleton: String,
    /// What it is fed.
    pub input: Input,
    /// Outputs kept: name in the published model to name in the ONNX file.
    pub outputs: BTreeMap<String, String>,
}

/// A shared library for one kind of processor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Runtime {
    /// Its file, origin and licence.
    #[serde(flatten)]
    pub stored: StoredFile,
    /// Processor, named as [`std::env::consts::ARCH`] names it.
    pub architecture: String,
}

/// A file set-up puts into the home folder.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StoredFile {
    /// What users call it.
    pub name: String,
    /// Place below the home folder.
    pub file: String,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// SPDX identifier.
    pub licence: String,
    /// Where it was fetched.
    pub source: Source,
}

/// A file inside a package of a public registry.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Whose client fetches it.
    pub registry: Registry,
    /// Package.
    pub package: String,
    /// Exact version.
    pub version: String,
    /// File inside the package.
    pub file: String,
    /// Its size; only so many bytes from the packed file's start belong to it.
    pub bytes: u64,
    /// SHA-256 of those bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Platform tag, for a package that has one file per platform.
    pub platform: Option<String>,
    /// Python version the package is asked for, where that matters.
    pub python: Option<String>,
}

/// A public registry of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registry {
    /// Packages of JavaScript.
    Npm,
    /// Packages of Python.
    Pypi,
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Npm => "npm",
            Self::Pypi => "PyPI",
        })
    }
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds people in a whole picture.
    Detector,
    /// Finds the points of one person in a region.
    Landmarks,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Detector => "finds people in a whole picture",
            Self::Landmarks => "finds the points of one person",
        })
    }
}

/// A model's input: a batch of square pictures, planes of red, green, blue.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Name in the ONNX file.
    pub name: String,
    /// Width and height, px.
    pub size_px: u32,
    /// What a byte of 0 and one of 255 become.
    pub range: [f32; 2],
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_compiled_in_manifest_has_the_four_models_and_two_libraries() {
        let names: Vec<&str> = manifest().models.iter().map(|model| model.stored.name.as_str()).collect();
        let expected = ["pose_detection", "pose_landmark_lite", "pose_landmark_full", "pose_landmark_heavy"];
        assert_eq!(names, expected);
        assert_eq!(manifest().schema, 1);
        assert!(manifest().runtime("x86_64").is_some());
        assert!(manifest().runtime("aarch64").is_some());
        assert!(manifest().runtime("m68k").is_none());
    }

    #[test]
    fn what_draws_plots_comes_as_it_was_published_with_its_licence() {
        let pages: Vec<&StoredFile> = manifest().pages.iter().collect();
        let names: Vec<&str> = pages.iter().map(|stored| stored.name.as_str()).collect();
        assert_eq!(names, ["uplot", "uplot-style", "uplot-licence"]);
        for stored in pages {
            assert_eq!(stored.sha256, stored.source.sha256, "{} is not changed", stored.name);
            assert_eq!(manifest().page(&stored.name), Some(stored));
        }
    }

    #[test]
    fn every_file_has_whole_hashes_and_a_version_without_a_range() {
        let models = manifest().models.iter().map(|model| &model.stored);
        let runtimes = manifest().runtimes.iter().map(|runtime| &runtime.stored);
        for stored in models.chain(runtimes).chain(&manifest().pages) {
            for hash in [&stored.sha256, &stored.source.sha256] {
                let digits = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                assert!(hash.len() == 64 && digits, "{}: {hash}", stored.name);
            }
            let exact = stored.source.version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            assert!(exact, "{}: {}", stored.name, stored.source.version);
            assert!(!stored.file.starts_with('/') && !stored.file.contains(".."), "{}", stored.file);
        }
    }

    #[test]
    fn no_two_models_share_a_file_or_a_hash() {
        let models = &manifest().models;
        let files: BTreeSet<&str> = models.iter().map(|model| model.stored.file.as_str()).collect();
        let hashes: BTreeSet<&str> = models.iter().map(|model| model.stored.sha256.as_str()).collect();
        assert_eq!((files.len(), hashes.len()), (models.len(), models.len()));
    }

    #[test]
    fn roles_and_inputs_are_read() {
        let detector = manifest().model("pose_detection").expect("listed");
        assert_eq!((detector.role, detector.input.size_px), (Role::Detector, 224));
        assert_eq!(format!("{:?}", detector.input.range), "[-1.0, 1.0]");
        let full = manifest().model("pose_landmark_full").expect("listed");
        assert_eq!((full.role, full.input.size_px), (Role::Landmarks, 256));
        assert_eq!(full.outputs["Identity_3"], "heatmap");
        assert!(!full.outputs.contains_key("Identity_2"), "segmentation is not kept");
    }
}
