//! Memory that is new each time it is asked for in large pieces, for commands that encode many videos in one process.
//!
//! The H.264 encoder (x264 164) lets a little of what lay in its memory before into its decisions, so that a video encoded after
//! another differs in a few bits. glibc hands out large pieces fresh from the system, all zero, as long as its threshold is
//! fixed; that can only be told to it from the environment, before it starts.

/// What fixes the threshold, and its usual beginning, bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const THRESHOLD: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "131072");

/// Starts this program anew in its own place with the threshold fixed; returns where that is done already or cannot be.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn memory() {
    use std::os::unix::process::CommandExt;
    let (variable, value) = THRESHOLD;
    if std::env::var_os(variable).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        // It comes back only when it failed; the batch then runs as it is.
        let _ =
            std::process::Command::new(program).args(std::env::args_os().skip(1)).env(variable, value).exec();
    }
}

/// Other systems' memory is taken as it is.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn memory() {}
