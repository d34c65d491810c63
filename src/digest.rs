//! SHA-256 in lower-case hexadecimal, so that a result says of which bytes it speaks.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io::{self, Read};

/// Bytes read at a time: large enough that reading dominates.
const BLOCK_BYTES: usize = 1 << 18;

/// Of bytes in memory.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Of everything a reader gives, with its length in bytes; memory does not grow with it.
///
/// # Errors
/// When reading fails.
pub fn of_reader(mut reader: impl Read) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok((bytes, hexadecimal(&hasher.finalize()))),
            Ok(count) => {
                hasher.update(&block[..count]);
                bytes += count as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b""), empty);
        assert_eq!(of_bytes(b"abc"), abc);
        assert_eq!(of_reader(&b"abc"[..]).ok(), Some((3, abc.to_owned())));
    }

    #[test]
    fn long_input_in_many_blocks_is_the_same_as_in_one() {
        let bytes: Vec<u8> = (0..3 * BLOCK_BYTES + 17).map(|i| (i % 251) as u8).collect();
        assert_eq!(of_reader(&bytes[..]).ok().map(|(_, d)| d), Some(of_bytes(&bytes)));
    }
}
