//! What the caller knows and the analysis does not: names, dates, where the clip lies, pictures.

use crate::observation::Recording;

/// What goes into the page besides the analysis. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportOptions {
    /// The athlete's name as the user gave it.
    pub athlete_name: Option<String>,
    /// The date of the set, as it is to be read.
    pub date: Option<String>,
    /// The day of the analysis, told where that of the set is not known.
    pub analysed: Option<String>,
    /// What the user noted: load, remarks.
    pub note: Option<String>,
    /// The clip, best first: the browser takes the first that it can play. None shows the figure alone.
    pub videos: Vec<Video>,
    /// Pictures of the evidence; a finding without one gets a drawing of the figure.
    pub pictures: Vec<Picture>,
    /// What draws the plots; without it the page has its tables and says what is missing.
    pub charts: Option<ChartLibrary>,
}

/// The charting library, uPlot, as text: it goes into the page whole, with its licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartLibrary {
    /// The script, which must not hold `</script`.
    pub script: String,
    /// The style sheet, which must not hold `</style`.
    pub style: String,
    /// The licence, without `*/`.
    pub licence: String,
}

/// A video that lies beside the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Video {
    /// Relative path from the page, `/` between folders, not yet percent-encoded.
    pub path: String,
    /// Time in the file at which the recording's time is 0, s.
    pub start_s: f64,
    /// Seconds of the file per second of the recording: above 1 for slow motion stored slower.
    pub file_s_per_s: f64,
    /// Whether the figure is drawn into its pictures already.
    pub is_annotated: bool,
}

impl Video {
    /// The clip itself, as it was recorded.
    #[must_use]
    pub fn clip(path: impl Into<String>, recording: &Recording) -> Self {
        // Times count from the file's first frame, also where only a later part was analysed.
        let file_s_per_s = recording.clip.stored_s_per_s();
        Self { path: path.into(), start_s: 0.0, file_s_per_s, is_annotated: false }
    }
}

/// The picture that proves a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Place of the finding in `Assessment::findings`.
    pub finding: usize,
    /// The picture as JPEG.
    pub jpeg: Vec<u8>,
}
