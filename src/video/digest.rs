//! The SHA-256 of a file, so that a result says of which bytes it speaks.

use super::error::VideoError;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes read at a time.
const BLOCK_BYTES: usize = 1 << 18;

/// In lower-case hexadecimal; memory does not grow with the file.
pub(super) fn sha256(path: &Path) -> Result<String, VideoError> {
    let mut file = File::open(path).map_err(|e| VideoError::opening(path, e))?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(count) => hasher.update(&block[..count]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(VideoError::opening(path, e)),
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(file.path()).ok().as_deref(), Some(empty));
        std::fs::write(file.path(), "abc")?;
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(file.path()).ok().as_deref(), Some(abc));
        Ok(())
    }
}
