//! A result read back from its folder: summary, strides, and curves over the stride.

use crate::comparison::{Derived, Estimate, FaultOutcome, Measured, Subject, View, Wave};
use crate::export::ExportError;
use crate::export::read::{self, StrideSpan};
use crate::export::summary::{FindingRow, SCHEMA, Summary};
use crate::findings::Status;
use crate::kinematics::movement::Facing;
use crate::skeleton::{Angle, Side};
use crate::store;
use crate::technique::rule::{Severity, Statistic};
use crate::technique::{self, Profile};
use crate::units::{Hertz, Radians};
use std::path::{Path, PathBuf};

/// What a folder of results holds of what a comparison needs.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Where it lies.
    pub folder: PathBuf,
    /// Its summary.
    pub summary: Summary,
    /// Every stride; none where `strides.csv` was not written.
    pub strides: Vec<StrideSpan>,
    /// Every angle over the stride; none where `waveforms.csv` was not written.
    pub waves: Vec<Wave>,
}

/// Why a result could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Nothing is there.
    #[error("{} is not there", .0.display())]
    NotThere(PathBuf),
    /// It was never analysed, or its result lies elsewhere.
    #[error(
        "{} has no result beside it: run `sledform analyze {}` first, or name the folder of its result",
        .0.display(), .0.display()
    )]
    NotAnalysed(PathBuf),
    /// The folder of a batch.
    #[error("{} holds the results of many clips: name one of them, such as {}", folder.display(), one.display())]
    OfMany {
        /// The folder.
        folder: PathBuf,
        /// A result in it.
        one: PathBuf,
    },
    /// A folder that is no result.
    #[error(
        "{} holds no summary.json, so it is no result: name a folder that `sledform analyze` wrote (with --export, json must be among the kinds)",
        .0.display()
    )]
    NoSummary(PathBuf),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{} is not what an analysis writes ({source}): analyse the clip again", .path.display())]
    Foreign {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: ExportError,
    },
    /// A summary of another version.
    #[error("{} is {found}, and this program reads {SCHEMA}: analyse the clip again", .path.display())]
    OtherSchema {
        /// Which.
        path: PathBuf,
        /// Its schema.
        found: String,
    },
}

impl Stored {
    /// Reads the result that a path stands for: its folder, its summary, its recording, or the clip it lies beside.
    ///
    /// # Errors
    /// When there is no result, or it is not as an analysis writes it.
    pub fn open(path: &Path) -> Result<Self, StoredError> {
        let folder = folder_of(path)?;
        let at = folder.join("summary.json");
        let foreign = |at: &Path| {
            let path = at.to_owned();
            move |source| StoredError::Foreign { path, source }
        };
        let found = text(&at)?.ok_or_else(|| StoredError::NoSummary(folder.clone()))?;
        let summary = Summary::read(&found).map_err(foreign(&at))?;
        if summary.schema != SCHEMA {
            return Err(StoredError::OtherSchema { path: at, found: summary.schema });
        }
        let at = folder.join("strides.csv");
        let strides = text(&at)?.map_or(Ok(Vec::new()), |t| read::strides(&t)).map_err(foreign(&at))?;
        let at = folder.join("waveforms.csv");
        let waves = text(&at)?.map_or(Ok(Vec::new()), |t| read::waveforms(&t)).map_err(foreign(&at))?;
        let waves = waves.into_iter().filter_map(wave).collect();
        Ok(Self { folder, summary, strides, waves })
    }

    /// How many strides count.
    #[must_use]
    pub fn valid_strides(&self) -> usize {
        self.summary.strides.as_ref().map_or(0, |s| s.valid)
    }

    /// What is compared of it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let summary = &self.summary;
        let measured = summary.metrics.iter().filter_map(|m| {
            let estimate = Estimate { value: m.value?, sd: m.sd, n: m.n, uncertainty: m.uncertainty };
            Some(Measured { id: m.id.clone(), side: side(m.side.as_deref()), estimate })
        });
        Subject {
            measured: measured.collect(),
            faults: summary.findings.iter().filter_map(fault).collect(),
            waves: self.waves.clone(),
            view: self.view(),
            exercise: summary.exercise.as_ref().map(|e| e.name.clone()),
            rules: self.rules(),
        }
    }

    fn view(&self) -> View {
        let summary = &self.summary;
        let facing = summary.athlete.as_ref().map(|a| a.facing.as_str());
        let camera = summary.camera.as_ref();
        let pose = &summary.model.pose;
        let centres = summary.settings.get("joint_centres").and_then(|v| v.as_str()).unwrap_or("");
        View {
            facing: [Facing::Left, Facing::Right].into_iter().find(|f| Some(f.name()) == facing),
            yaw: camera.and_then(|c| c.yaw_deg).map(Radians::from_degrees),
            person_px: camera.and_then(|c| c.person_height_px),
            rate: summary.clip.capture_fps.or(summary.clip.fps_mean).map(Hertz),
            cutoff: summary.settings.get("cutoff_hz").and_then(serde_json::Value::as_f64).map(Hertz),
            stride_rate: summary.strides.as_ref().and_then(|s| s.cadence_steps_per_min).map(stride_rate),
            method: format!("{} {} {centres}", pose.name, pose.sha256.as_deref().unwrap_or("")),
        }
    }

    /// Profile and what was told of the set that chooses its limits.
    fn rules(&self) -> Option<String> {
        let settings = &self.summary.settings;
        let profile = self.summary.profile.as_ref()?;
        // What was left out counts as what the profile takes then, which is known of the built-in ones.
        let is_built_in = |b: &Profile| Some(b.sha256.as_str()) == profile.sha256.as_deref();
        let base = technique::builtin(&profile.name).filter(is_built_in);
        let usual = |name: &str| {
            let variants = base.as_ref().map_or(&[][..], |b| &b.variants);
            variants.iter().find(|v| v.name == name).map_or("", |v| v.default.as_str())
        };
        let words = |name: &str| {
            settings.get(name).and_then(|v| v.as_str()).unwrap_or_else(|| usual(name)).to_owned()
        };
        let number = |name: &str| settings.get(name).and_then(serde_json::Value::as_f64);
        let load = number("load_kg").zip(number("body_mass_kg"));
        let load = load.map_or_else(|| usual("load"), |(load, mass)| Profile::load_option(load, mass));
        let [style, posture, attachment] = ["style", "posture", "attachment"].map(words);
        let sha256 = profile.sha256.as_deref().unwrap_or("");
        Some(format!("{} {} {sha256} {style} {posture} {attachment} {load}", profile.name, profile.version))
    }
}

/// Strides per second: two steps each.
fn stride_rate(steps_per_min: f64) -> Hertz {
    Hertz(steps_per_min / 2.0 / 60.0)
}

/// The folder that a path stands for.
fn folder_of(path: &Path) -> Result<PathBuf, StoredError> {
    if !path.exists() {
        return Err(StoredError::NotThere(path.to_owned()));
    }
    if path.is_dir() && path.join("summary.json").is_file() {
        return Ok(path.to_owned());
    }
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default();
    let is_part = path.is_file() && (name == "summary.json" || store::is_recording_name(path));
    if is_part && parent.join("summary.json").is_file() {
        return Ok(parent.to_owned());
    }
    let beside = parent.join(format!("{}.sledform", path.file_stem().unwrap_or_default().to_string_lossy()));
    if beside.join("summary.json").is_file() {
        return Ok(beside);
    }
    if let Some(one) = first_of_many(path) {
        return Err(StoredError::OfMany { folder: path.to_owned(), one });
    }
    let is_result = path.is_dir() && path.join(store::FILE_NAME).is_file()
        || path.extension().is_some_and(|e| e == "sledform");
    Err(if is_result {
        StoredError::NoSummary(path.to_owned())
    } else {
        StoredError::NotAnalysed(path.to_owned())
    })
}

/// A result in the folder of a batch, the first by name.
fn first_of_many(batch: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(batch.join("clips")).ok()?;
    let results = entries.filter_map(|e| Some(e.ok()?.path()));
    results.filter(|p| p.join("summary.json").is_file()).min()
}

fn text(path: &Path) -> Result<Option<String>, StoredError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoredError::Unreadable { path: path.to_owned(), source }),
    }
}

fn wave(stored: crate::export::tables::Waveform) -> Option<Wave> {
    let angle = Angle::ALL.into_iter().find(|a| a.name() == stored.name)?;
    let radians = |v: Vec<Option<f64>>| v.into_iter().map(|v| v.map(Radians::from_degrees)).collect();
    Some(Wave { angle, mean: radians(stored.mean_deg), sd: radians(stored.sd_deg) })
}

fn side(name: Option<&str>) -> Option<Side> {
    Side::BOTH.into_iter().find(|s| Some(s.name()) == name)
}

/// None for a status of a later version.
fn fault(row: &FindingRow) -> Option<FaultOutcome> {
    let all = [Status::Found, Status::Borderline, Status::NotJudged, Status::Clear];
    let severity = row.severity.as_deref();
    let statistic = Statistic::ALL.into_iter().find(|s| Some(s.name()) == row.statistic.as_deref());
    let derived =
        statistic.filter(|s| !s.counts_strides()).zip(row.value).map(|(statistic, value)| Derived {
            what: row.what.clone().unwrap_or_default(),
            statistic,
            value,
            unit: row.unit.clone().unwrap_or_default(),
            uncertainty: row.uncertainty,
        });
    Some(FaultOutcome {
        fault: row.fault.clone(),
        status: all.into_iter().find(|s| s.name() == row.status)?,
        severity: Severity::ALL.into_iter().find(|s| Some(s.name()) == severity),
        metric: row.metric.clone().unwrap_or_default(),
        side: side(row.side.as_deref()),
        reason: row.reason.clone(),
        cue: row.cue.clone(),
        derived,
    })
}
