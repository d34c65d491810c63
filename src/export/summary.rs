//! `summary.json`: the whole analysis on one page, for scripts and for people. What is not known is `null`.

use super::ExportError;
use super::rounded::Rounded;
use serde::{Deserialize, Serialize};
use serde_json::ser::Serializer;
use std::collections::BTreeMap;
use std::io::Write;

/// What `schema` says.
pub const SCHEMA: &str = "sledform.summary/1";

/// The summary, fields in the order written. Angles in degrees, times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of sledform.
    pub sledform: String,
    /// When, RFC 3339; none in outputs that are to be the same every time.
    pub created: Option<String>,
    /// The session; none where its day is not known.
    #[serde(default)]
    pub session: Option<SessionSummary>,
    /// The clip.
    pub clip: ClipSummary,
    /// The models.
    pub model: ModelSummary,
    /// The exercise, if told or recognised.
    pub exercise: Option<ExerciseSummary>,
    /// The athlete; none where nobody was found.
    pub athlete: Option<AthleteSummary>,
    /// The camera.
    pub camera: Option<CameraSummary>,
    /// The scale.
    pub scale: Option<ScaleSummary>,
    /// The strides; none before they are looked for.
    pub strides: Option<StrideSummary>,
    /// Metrics over all valid strides.
    pub metrics: Vec<MetricSummary>,
    /// Faults, borderline cases and refusals.
    pub findings: Vec<FindingRow>,
    /// What was noticed.
    pub warnings: Vec<WarningSummary>,
    /// Resolved settings, by name.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// The technique profile used.
    pub profile: Option<ProfileSummary>,
}

impl Summary {
    /// A summary that knows the clip and the models and nothing else yet.
    #[must_use]
    pub fn new(clip: ClipSummary, model: ModelSummary) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            sledform: env!("CARGO_PKG_VERSION").to_owned(),
            created: None,
            session: None,
            clip,
            model,
            exercise: None,
            athlete: None,
            camera: None,
            scale: None,
            strides: None,
            metrics: Vec::new(),
            findings: Vec::new(),
            warnings: Vec::new(),
            settings: BTreeMap::new(),
            profile: None,
        }
    }

    /// Writes it, indented, with numbers rounded to six decimals and a newline at the end.
    ///
    /// # Errors
    /// When the output does not take it.
    pub fn write(&self, mut out: impl Write) -> Result<(), ExportError> {
        self.serialize(&mut Serializer::with_formatter(&mut out, Rounded::default()))?;
        out.write_all(b"\n")?;
        Ok(out.flush()?)
    }

    /// Reads one back.
    ///
    /// # Errors
    /// When it is not a summary.
    pub fn read(text: &str) -> Result<Self, ExportError> {
        Ok(serde_json::from_str(text)?)
    }
}

macro_rules! summary_rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

summary_rows! {
    /// The session.
    SessionSummary {
        /// Its day, `2026-03-28`.
        date: String,
        /// `given`, or `clip`: the day in universal time on which the file says that it was filmed.
        source: String,
    }
    /// The clip.
    ClipSummary {
        /// Path as given.
        file: String,
        /// Lower-case hexadecimal.
        sha256: Option<String>,
        /// Displayed width, px.
        width: u32,
        /// Displayed height, px.
        height: u32,
        /// Rotation metadata applied, degrees clockwise.
        rotation_deg: u32,
        /// Frames analysed.
        frames: usize,
        /// From the first frame to the last, s.
        duration_s: f64,
        /// Mean rate from the timestamps, Hz; none for a single frame.
        fps_mean: Option<f64>,
        /// Whether frames are unevenly spaced.
        variable_frame_rate: bool,
        /// True rate of capture of slow motion, Hz.
        capture_fps: Option<f64>,
    }
    /// A model by name and content.
    ModelName {
        /// Name as in the manifest.
        name: String,
        /// Of the weights, lower-case hexadecimal.
        sha256: Option<String>,
    }
    /// The models.
    ModelSummary {
        /// Finds the keypoints.
        pose: ModelName,
        /// Finds the people; none for an import.
        detector: Option<ModelName>,
    }
    /// The exercise.
    ExerciseSummary {
        /// Name of its profile.
        name: String,
        /// `given` or `recognised`.
        source: String,
        /// How sure, 0 to 1; none where given.
        confidence: Option<f64>,
        /// The next likely.
        runner_up: Option<String>,
    }
    /// The athlete.
    AthleteSummary {
        /// Number of the person in the recording.
        track: u32,
        /// Frames in which the person is seen.
        frames_present: usize,
        /// `left`, `right` or `unknown`.
        facing: String,
        /// `forward`, `backward`, `in_place` or `unknown`.
        travel: String,
        /// Frames in which left and right were exchanged; none where it was not looked at.
        left_right_corrections: Option<usize>,
    }
    /// The camera.
    CameraSummary {
        /// `static`, `panning` or `unknown`.
        motion: String,
        /// Turn of the picture against gravity, positive clockwise.
        roll_deg: Option<f64>,
        /// Turn away from a side view.
        yaw_deg: Option<f64>,
        /// Height of the athlete in the picture.
        person_height_px: Option<f64>,
    }
    /// The scale.
    ScaleSummary {
        /// Leg length in the picture.
        leg_length_px: Option<f64>,
        /// Metres per pixel, where known.
        metres_per_px: Option<f64>,
        /// What it comes from.
        source: Option<String>,
    }
    /// The strides.
    StrideSummary {
        /// All.
        count: usize,
        /// Those that count.
        valid: usize,
        /// Valid ones of the left foot.
        left: usize,
        /// Valid ones of the right foot.
        right: usize,
        /// Steps per minute.
        cadence_steps_per_min: Option<f64>,
    }
    /// A metric over all valid strides.
    MetricSummary {
        /// As in the catalogue.
        id: String,
        /// `left`, `right` or none.
        side: Option<String>,
        /// The value.
        value: Option<f64>,
        /// Its unit.
        unit: String,
        /// Standard deviation over strides.
        sd: Option<f64>,
        /// Strides behind it.
        n: usize,
        /// One standard deviation of `value`, systematic error included.
        uncertainty: Option<f64>,
        /// Target band of the profile.
        target: Option<[f64; 2]>,
        /// How the value stands to the band.
        status: Option<String>,
    }
    /// A fault, a borderline case, a clear one or a refusal.
    FindingRow {
        /// Identifier of the fault.
        fault: String,
        /// Identifier of the rule in the profile; a fault may have several.
        rule: Option<String>,
        /// `found`, `borderline`, `clear` or `not_judged`.
        status: String,
        /// `mild`, `moderate` or `severe`.
        severity: Option<String>,
        /// Metric it was seen in.
        metric: Option<String>,
        /// What of the metric the value is, in words: its mean, a change over the set, a difference of the sides.
        what: Option<String>,
        /// The same as a profile names it: `mean`, `drift`, `side_difference` and so on.
        statistic: Option<String>,
        /// `left`, `right` or none.
        side: Option<String>,
        /// That value.
        value: Option<f64>,
        /// Its unit.
        unit: Option<String>,
        /// One standard deviation of `value`.
        uncertainty: Option<f64>,
        /// The limit passed or not.
        limit: Option<f64>,
        /// Probability that the limit is passed, 0 to 1.
        probability: Option<f64>,
        /// Numbers of the strides.
        strides: Vec<usize>,
        /// Where to look, best first.
        evidence: Vec<Evidence>,
        /// Why it was not judged, or what was seen.
        reason: Option<String>,
        /// What the coach says.
        cue: Option<String>,
        /// Where the limit comes from.
        source: Option<String>,
    }
    /// A stretch of the clip that shows a finding.
    Evidence {
        /// Start, s.
        start_s: f64,
        /// End, s.
        end_s: f64,
        /// The frame that shows it best.
        frame: usize,
    }
    /// Something noticed.
    WarningSummary {
        /// Which.
        id: String,
        /// What happened.
        message: String,
        /// What to do.
        hint: String,
    }
    /// The technique profile.
    ProfileSummary {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// Of its text, of one's own file where it is one, lower-case hexadecimal.
        sha256: Option<String>,
        /// The built-in that it extends; none of a built-in itself.
        extends: Option<String>,
    }
}

impl WarningSummary {
    /// Two sentences for people: what happened, what to do.
    #[must_use]
    pub fn in_words(&self) -> String {
        crate::frame::Warning::new(self.id.clone(), &self.message, &self.hint).in_words()
    }
}

impl From<&crate::frame::Warning> for WarningSummary {
    fn from(warning: &crate::frame::Warning) -> Self {
        Self {
            id: warning.id.clone().into_owned(),
            message: warning.message.clone(),
            hint: warning.hint.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        let clip = ClipSummary {
            file: "push.mp4".to_owned(),
            width: 960,
            height: 540,
            frames: 165,
            duration_s: 5.466_666_666_7,
            fps_mean: Some(30.0),
            ..ClipSummary::default()
        };
        let mut summary = Summary::new(clip, ModelSummary::default());
        summary.metrics.push(MetricSummary {
            id: "trunk_mean_deg".to_owned(),
            value: Some(-0.000_000_01),
            target: Some([40.0, 55.5]),
            ..MetricSummary::default()
        });
        summary.findings.push(FindingRow {
            fault: "too_upright".to_owned(),
            evidence: vec![Evidence { start_s: 1.0, end_s: 1.5, frame: 37 }],
            ..FindingRow::default()
        });
        summary.settings.insert("cutoff_hz".to_owned(), 6.0.into());
        summary
    }

    fn text(summary: &Summary) -> String {
        let mut out = Vec::new();
        summary.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_comes_back_as_it_was_to_six_decimals() {
        let mut expected = summary();
        expected.clip.duration_s = 5.466_667;
        expected.metrics[0].value = Some(0.0);
        assert_eq!(Summary::read(&text(&summary())).unwrap(), expected);
    }

    #[test]
    fn keys_are_those_of_the_contract_in_its_order() {
        let text = text(&summary());
        let mut place = 0;
        for key in [
            "schema", "sledform", "created", "session", "clip", "model", "exercise", "athlete", "camera",
            "scale", "strides", "metrics", "findings", "warnings", "settings", "profile",
        ] {
            let found = text.find(&format!("\n  \"{key}\": ")).unwrap_or_else(|| panic!("no {key}"));
            assert!(found >= place, "{key} is out of order");
            place = found;
        }
        assert!(text.contains("\"schema\": \"sledform.summary/1\""));
        assert!(text.contains("\"exercise\": null") && text.contains("\"sha256\": null"));
        assert!(text.contains("\"fps_mean\": 30.0,") && text.contains("\"cutoff_hz\": 6.0"));
        assert!(text.ends_with("}\n"));
    }

    #[test]
    fn what_is_not_a_number_is_null() {
        let mut bad = summary();
        bad.metrics[0].sd = Some(f64::NAN);
        assert!(text(&bad).contains("\"sd\": null"));
    }

    #[test]
    fn something_else_is_not_a_summary() {
        assert!(matches!(Summary::read("{\"schema\": 1}"), Err(ExportError::Json(_))));
    }
}
