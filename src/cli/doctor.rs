//! `sledform doctor`: what is there, and for each problem the remedy.

use super::Outcome;
use crate::inference::Runtime;
use crate::{models, video};

pub(super) fn run() -> anyhow::Result<Outcome> {
    let mut problems = Vec::new();
    println!("sledform       {}", env!("CARGO_PKG_VERSION"));
    println!("cores          {}", std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    video_lines(&mut problems);
    runtime_lines(&mut problems);
    model_lines(&mut problems);
    if problems.is_empty() {
        println!("\nEverything is in place.");
        return Ok(Outcome::Done);
    }
    println!();
    for problem in &problems {
        println!("problem: {problem}");
    }
    Err(anyhow::anyhow!("{} problem(s) found; see above for each remedy", problems.len()))
}

fn video_lines(problems: &mut Vec<String>) {
    let found = video::diagnosis();
    println!("OpenCV         {}", found.opencv.as_deref().unwrap_or("version unknown"));
    let libraries: Vec<String> =
        found.ffmpeg_libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
    println!(
        "video back end {}",
        if found.ffmpeg { format!("FFmpeg ({})", libraries.join(", ")) } else { "none".to_owned() }
    );
    if !found.ffmpeg {
        problems.push("OpenCV has no FFmpeg back end, so it opens no videos: install libopencv-videoio-dev from your system".to_owned());
    }
    for codec in &found.decoders {
        println!(
            "  reads        {}{}",
            codec.codec,
            codec.problem.as_deref().map_or(String::new(), |p| format!(": no, {p}"))
        );
    }
    let encoder = &found.h264_encoder;
    println!(
        "  writes       {}{}",
        encoder.codec,
        encoder.problem.as_deref().map_or(String::new(), |p| format!(": no, {p}"))
    );
    if let Some(problem) = &encoder.problem {
        problems.push(format!(
            "overlay.mp4 cannot be written ({problem}): use --no-overlay, or install libavcodec with x264"
        ));
    }
}

fn runtime_lines(problems: &mut Vec<String>) {
    match models::locate_runtime().map_err(anyhow::Error::from).and_then(|path| Ok(Runtime::load(&path)?)) {
        Ok(runtime) => {
            println!(
                "ONNX Runtime   {} ({})",
                runtime.version().unwrap_or_default(),
                runtime.library().display()
            );
            let providers = runtime.providers();
            let gpu = providers.iter().any(|p| p != "CPUExecutionProvider");
            println!(
                "providers      {}{}",
                providers.join(", "),
                if gpu { " (--device auto uses them)" } else { " (no GPU; none is needed)" }
            );
        }
        Err(error) => problems.push(error.to_string()),
    }
}

fn model_lines(problems: &mut Vec<String>) {
    for stored in super::models::files() {
        match models::verify(stored) {
            Ok(_) => println!("{:14} {} {}", kind(stored), stored.name, &stored.sha256),
            Err(error) => problems.push(error.to_string()),
        }
    }
}

fn kind(stored: &models::StoredFile) -> &'static str {
    if models::manifest().page(&stored.name).is_some() { "page" } else { "model" }
}
