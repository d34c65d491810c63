//! What can be typed. Values are parsed by `settings`, so that a mistake is told once and early.

use crate::batch::shard::Shard;
use crate::calendar::Day;
use crate::camera::scale::ScaleChoice;
use crate::export::Formats;
use crate::inference::Device;
use crate::settings::{self, Quality};
use crate::signal::cutoff::Cutoff;
use crate::tracking::athlete::AthleteChoice;
use crate::units::{Hertz, Seconds};
use clap::{Args, Parser, Subcommand};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Sled-technique analysis from ordinary video.
#[derive(Debug, Parser)]
#[command(
    name = "sledform",
    version,
    about,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 done; 1 could not be done; 2 wrong usage; 3 done, but nothing could be judged; 130 interrupted."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse one clip: angles, strides, findings, an annotated video.
    Analyze(Box<AnalyzeArguments>),
    /// Analyse many clips: folders, patterns or a list; goes on where an earlier run was cut off.
    Batch(Box<BatchArguments>),
    /// Put the results of several batches together for the whole team.
    Collect(CollectArguments),
    /// Say where the time of analysing a clip goes, and how close it comes to the pose model alone.
    Bench(BenchArguments),
    /// Hold results against each other: before and after, two cameras, athlete and model.
    Compare(CompareArguments),
    /// Compare a result with reference data: ground truth, or another tool's angles.
    Evaluate(EvaluateArguments),
    /// List, show, check or export the technique profiles.
    #[command(subcommand)]
    Profiles(ProfilesCommand),
    /// Print the catalogue of metrics: what each is, its unit, sign and source.
    Metrics(MetricsArguments),
    /// Start the web app for coaches: send clips from a browser or a phone, see what to fix.
    #[cfg(feature = "server")]
    Serve(Box<super::serve::ServeArguments>),
    /// Bring results of analyze or batch into the web app's store.
    #[cfg(feature = "server")]
    Import(super::bring::ImportArguments),
    /// Analyse inside limits; started by the web app.
    #[cfg(feature = "server")]
    #[command(hide = true)]
    Worker(Box<super::worker::WorkerArguments>),
    /// Say what is installed, what is missing and how to mend it.
    Doctor,
    /// List, fetch or verify the pose models.
    #[command(subcommand)]
    Models(ModelsCommand),
}

/// What to do with the models.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// The models and what is known of them.
    List,
    /// Fetch and convert what is missing or wrong.
    Fetch,
    /// Check every file against its hash.
    Verify,
}

/// One clip.
#[derive(Args, Debug)]
pub struct AnalyzeArguments {
    /// A video, a folder of numbered images (with --fps), a recording written by an earlier analysis, or keypoints of
    /// another tool (OpenPose, rtmlib, MediaPipe, Sports2D).
    pub clip: PathBuf,

    /// Where the results go; by default beside the clip, named after it.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// How it is analysed.
    #[command(flatten)]
    pub analysis: AnalysisArguments,

    /// Of a recording: make pictures and overlay anew too, from the clip where it was or beside the results.
    #[arg(long)]
    pub redraw: bool,

    /// Print the summary as JSON and nothing else on standard output.
    #[arg(long)]
    pub json: bool,

    /// No progress and no summary; errors and warnings only.
    #[arg(long, short)]
    pub quiet: bool,
}

/// How clips are analysed, be it one or many.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct AnalysisArguments {
    /// Which pose model: fast, balanced or best [default: best].
    #[arg(long, value_name = "HOW")]
    pub quality: Option<Quality>,

    /// What the models run on: auto, cpu, cuda, coreml, directml or openvino [default: cpu].
    #[arg(long, value_name = "WHAT")]
    pub device: Option<Device>,

    /// Workers, each on a core of its own; by default one per core.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// Begin here (seconds or mm:ss).
    #[arg(long, value_name = "TIME", value_parser = settings::time)]
    pub start: Option<Seconds>,

    /// Stop here (seconds or mm:ss).
    #[arg(long, value_name = "TIME", value_parser = settings::time)]
    pub end: Option<Seconds>,

    /// True frame rate of slow motion that is stored slower, e.g. 240; the stored rate where the file is wrong about it.
    #[arg(long, value_name = "FPS", value_parser = settings::rate)]
    pub capture_fps: Option<Hertz>,

    /// Frame rate of a folder of images, or of keypoints without times.
    #[arg(long, value_name = "FPS", value_parser = settings::rate)]
    pub fps: Option<Hertz>,

    /// Whom to analyse: a track number from summary.json, or X,Y@TIME. By default whoever stands out most and does an exercise.
    #[arg(long, value_name = "WHO", value_parser = settings::athlete)]
    pub athlete: Option<AthleteChoice>,

    /// Which exercise: sled-push, backward-sled-push, reverse-sled-push, sled-backpedal or backward-sled-drag. Recognised
    /// when left out.
    #[arg(long, value_name = "NAME", value_parser = settings::exercise, conflicts_with = "profile")]
    pub exercise: Option<String>,

    /// Judge against a profile of one's own (see `sledform profiles export`).
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Style of a forward sled push: drive or tall.
    #[arg(long)]
    pub style: Option<String>,

    /// Posture of a backpedal: tall or crouched.
    #[arg(long)]
    pub posture: Option<String>,

    /// What ties the athlete to the sled in a drag: harness or straps.
    #[arg(long)]
    pub attachment: Option<String>,

    /// Load on the sled, kg.
    #[arg(long, value_name = "KG", value_parser = settings::kilograms)]
    pub load_kg: Option<f64>,

    /// Body mass of the athlete, kg.
    #[arg(long, value_name = "KG", value_parser = settings::body_mass)]
    pub body_mass_kg: Option<f64>,

    /// Name of the athlete, kept in the summary.
    #[arg(long, value_name = "NAME")]
    pub athlete_name: Option<String>,

    /// Day of the session, YYYY-MM-DD, kept in the summary; by default the clip's own, where its file has one.
    #[arg(long, value_name = "DAY")]
    pub date: Option<Day>,

    /// A note, kept in the summary.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,

    /// Height of the athlete in metres, to give lengths and speeds in metres.
    #[arg(long, value_name = "M", value_parser = settings::height, group = "scale")]
    pub height: Option<f64>,

    /// Length of the athlete's leg (hip to ankle) in metres, for the same.
    #[arg(long, value_name = "M", value_parser = settings::leg_length, group = "scale")]
    pub leg_length: Option<f64>,

    /// A known length in the athlete's plane, X1,Y1,X2,Y2=METRES, for the same.
    #[arg(long, value_name = "LINE", value_parser = settings::known_length, group = "scale")]
    pub known_length: Option<ScaleChoice>,

    /// Low-pass cut-off: Hz, auto (residual analysis), or stride (six times the stride frequency).
    #[arg(long, value_name = "HZ", value_parser = settings::cutoff)]
    pub cutoff: Option<Cutoff>,

    /// Leave left and right as the model said.
    #[arg(long)]
    pub no_left_right_repair: bool,

    /// Angles from the model's landmarks as they are, without joint-centre offsets.
    #[arg(long)]
    pub no_joint_centres: bool,

    /// Leave an oblique way as it was seen: lengths change along it, lean and bend read too small.
    #[arg(long)]
    pub no_perspective: bool,

    /// The camera stood still, whatever the background seems to do.
    #[arg(long)]
    pub static_camera: bool,

    /// Picture width in pixels, for keypoints given as shares of it.
    #[arg(long, value_name = "PX", requires = "picture_height")]
    pub picture_width: Option<u32>,

    /// Picture height in pixels, likewise.
    #[arg(long, value_name = "PX", requires = "picture_width")]
    pub picture_height: Option<u32>,

    /// Which files to write, of csv, parquet, trc, mot and json, with commas between; all of them when left out. Files of an
    /// earlier analysis that are not asked for stay as they are.
    #[arg(long, value_name = "LIST", value_parser = settings::formats)]
    pub export: Option<Formats>,

    /// Do not write overlay.mp4.
    #[arg(long)]
    pub no_overlay: bool,

    /// Height of the picture in overlay.mp4, pixels; the width follows. By default that of the clip.
    #[arg(long, value_name = "PX", value_parser = settings::overlay_height, conflicts_with = "no_overlay")]
    pub overlay_height: Option<u32>,

    /// Slow overlay.mp4 down: 0.5 is half speed. Every frame stays.
    #[arg(long, value_name = "FACTOR", value_parser = settings::slow, conflicts_with = "no_overlay")]
    pub slow: Option<f64>,

    /// Put another clip beside this one in overlay.mp4, in step with it: the folder of that clip's results, or its recording.
    #[arg(long, value_name = "OTHER", conflicts_with = "no_overlay")]
    pub side_by_side: Option<PathBuf>,

    /// Add unfiltered keypoints to keypoints.csv.
    #[arg(long)]
    pub raw: bool,
}

/// Many clips.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct BatchArguments {
    /// Clips, folders (with all below them), patterns such as 'clips/*.mp4', or a list (.csv) of clips and what is known of them.
    #[arg(required_unless_present = "init")]
    pub inputs: Vec<PathBuf>,

    /// Where everything goes. Started again, it does what is new or changed.
    #[arg(long, value_name = "DIR", required_unless_present = "init")]
    pub out: Option<PathBuf>,

    /// Write a list of the clips in FOLDER, FOLDER/clips.csv, to fill in: with what names and files tell.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["inputs", "out", "shard", "anonymise"])]
    pub init: Option<PathBuf>,

    /// Do everything again, also what is there already.
    #[arg(long)]
    pub force: bool,

    /// Begin no other clip after the first that fails.
    #[arg(long)]
    pub fail_fast: bool,

    /// Only part I of N, the same on every machine; give each part an --out of its own, then `sledform collect`.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// Pseudonyms instead of the names of athletes and clips, everywhere. True names stay in DIR/.sledform.
    #[arg(long)]
    pub anonymise: bool,

    /// The key of the pseudonyms, made where it is not there: one for all parts of a batch.
    #[arg(long, value_name = "FILE", requires = "anonymise")]
    pub pseudonym_key: Option<PathBuf>,

    /// What holds for every clip.
    #[command(flatten)]
    pub analysis: AnalysisArguments,

    /// One line of JSON on standard output for everything that happens.
    #[arg(long)]
    pub json: bool,

    /// Errors and warnings only.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Results, the first of which the others are held against.
#[derive(Args, Debug)]
pub struct CompareArguments {
    /// Two results or more: folders that analyses wrote, or the clips or recordings they lie beside. What was not
    /// analysed yet must be analysed first.
    #[arg(required = true, num_args = 2..)]
    pub results: Vec<PathBuf>,

    /// What they are called, with commas between; by default athlete, day or clip, whatever tells them apart.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub names: Vec<String>,

    /// Where compare.html and compare.csv go [default: compare.sledform].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// No summary; errors and warnings only.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Several output folders of `sledform batch`.
#[derive(Args, Debug)]
pub struct CollectArguments {
    /// The output folders.
    #[arg(required = true)]
    pub folders: Vec<PathBuf>,

    /// Where the team's tables and page go; the folder itself where there is one only.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A clip whose analysis is timed.
#[derive(Args, Debug)]
pub struct BenchArguments {
    /// A video.
    pub clip: PathBuf,

    /// Which pose model: fast, balanced or best; all of them when left out.
    #[arg(long, value_name = "HOW")]
    pub quality: Option<Quality>,

    /// What the models run on: auto, cpu, cuda, coreml, directml or openvino [default: cpu].
    #[arg(long, value_name = "WHAT")]
    pub device: Option<Device>,

    /// Workers, each on a core of its own; by default one per core.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// A result and what it is compared with.
#[derive(Args, Debug)]
pub struct EvaluateArguments {
    /// The folder an analysis wrote.
    pub result: PathBuf,

    /// Ground-truth JSON, a CSV laid out as angles.csv, a .mot, or a .trc in pixels.
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,

    /// Events count as the same within so many frames.
    #[arg(long, value_name = "N", default_value_t = 2.0)]
    pub tolerance_frames: f64,

    /// Also write every number to this CSV.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

/// How the catalogue is printed.
#[derive(Args, Debug)]
pub struct MetricsArguments {
    /// As a table in Markdown.
    #[arg(long)]
    pub markdown: bool,
}

/// What to do with the profiles.
#[derive(Debug, Subcommand)]
pub enum ProfilesCommand {
    /// The exercises known.
    List,
    /// A profile as a page for the wall.
    Show {
        /// The exercise, or a file of one's own.
        name: String,
    },
    /// Say whether a profile of one's own is right, and if not, where.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Print a built-in profile, to start one's own from.
    Export {
        /// The exercise.
        name: String,
    },
}
