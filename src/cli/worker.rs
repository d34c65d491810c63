//! `sledform worker`, which the server starts: an analysis inside limits, with its progress as JSON lines.
//!
//! Not for people: `sledform analyze` does the same without limits.

use super::arguments::AnalyzeArguments;
use super::{Outcome, analyze, progress};
use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::Read;

/// An analysis and its limits.
#[derive(Args, Debug)]
pub struct WorkerArguments {
    /// Address space, MiB.
    #[arg(long)]
    memory_mib: Option<u64>,

    /// Time of all cores together, s.
    #[arg(long)]
    cpu_s: Option<u64>,

    /// Largest file written, MiB.
    #[arg(long)]
    file_mib: Option<u64>,

    #[command(flatten)]
    analyze: AnalyzeArguments,
}

/// How much kinder than others the worker is to them (`nice`): whoever looks at a page comes first.
const KINDNESS: i32 = 10;

pub(super) fn run(arguments: &WorkerArguments) -> anyhow::Result<Outcome> {
    let limits = [
        (Resource::As, arguments.memory_mib.map(|mib| mib << 20)),
        (Resource::Cpu, arguments.cpu_s),
        (Resource::Fsize, arguments.file_mib.map(|mib| mib << 20)),
        // A crash leaves no picture of the athlete lying about.
        (Resource::Core, Some(0)),
    ];
    for (resource, most) in limits.into_iter().filter(|(_, most)| most.is_some()) {
        setrlimit(resource, Rlimit { current: most, maximum: most })?;
    }
    // Where the system refuses, the worker is only less kind.
    rustix::process::nice(KINDNESS).ok();
    std::thread::spawn(end_with_the_server);
    progress::as_lines();
    analyze::run(&arguments.analyze)
}

/// The server holds the other end of standard input; when it is gone nobody waits for the results.
///
/// Killed rather than exited: other threads are at work, and nothing of theirs is to be kept.
fn end_with_the_server() {
    let mut ignored = [0; 64];
    while std::io::stdin().read(&mut ignored).is_ok_and(|count| count > 0) {}
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).ok();
}
