//! Nothing leaves the machine: ONNX Runtime is told to collect nothing before it is loaded.
//!
//! The library 1.31 for Linux notes each process that loads it (a number for the device, one for the user, the program's path,
//! system and processor) in a database in the user's cache, to be sent to its makers. Its interface can stop what would come
//! after it was set up, but not that note; its environment variable stops both.

/// What the library reads when it is loaded; any other value set before gives way.
const COLLECT_NOTHING: &str = "ORT_DISABLE_TELEMETRY=1";

/// To be called before the first thread is started, as other threads may read the environment.
pub(super) fn off() {
    // A line that can be parsed cannot fail.
    let _ = dotenvy::from_read_override(COLLECT_NOTHING.as_bytes());
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_line_is_one_that_the_environment_takes() {
        let told: Vec<_> = dotenvy::from_read_iter(super::COLLECT_NOTHING.as_bytes()).collect();
        assert!(matches!(&told[..], [Ok((name, value))] if name == "ORT_DISABLE_TELEMETRY" && value == "1"));
    }
}
