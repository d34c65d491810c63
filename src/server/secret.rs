//! Random tokens, their hashes, and passwords.

use super::problem::Problem;
use crate::digest;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Bytes of a token: 256 bits cannot be guessed.
const TOKEN_BYTES: usize = 32;

/// Shortest password taken, characters: NIST SP 800-63B, 3.1.1.2 asks for 8 beside another factor, and the gym's network has
/// a login limit.
pub const SHORTEST_PASSWORD: usize = 8;

/// Longest password taken, bytes; hashing a larger one would be work for nothing.
const LONGEST_PASSWORD: usize = 1024;

/// A new token, 64 hexadecimal digits.
///
/// # Errors
/// When the system has no random numbers.
pub fn token() -> Result<String, Problem> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(Problem::ours)?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of a token. A plain hash is enough: a random 256-bit token cannot be tried out.
#[must_use]
pub fn hash(token: &str) -> String {
    digest::of_bytes(token.as_bytes())
}

/// What a page must send with each change, bound to the browser's cookie.
#[must_use]
pub fn csrf(secret: &str, cookie: &str) -> String {
    hash(&format!("csrf:{secret}:{cookie}"))
}

/// Whether two secrets are equal, in time that does not tell where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// A password as it is kept: argon2id with its recommended work and a salt of its own.
///
/// # Errors
/// When it is too short or too long.
pub fn password(word: &str) -> Result<String, Problem> {
    if word.chars().count() < SHORTEST_PASSWORD || word.len() > LONGEST_PASSWORD {
        return Err(Problem::bad(format!(
            "The password must have between {SHORTEST_PASSWORD} and {LONGEST_PASSWORD} characters."
        )));
    }
    Ok(Argon2::default().hash_password(word.as_bytes()).map_err(Problem::ours)?.to_string())
}

/// Whether a password is the one kept. Without one kept the same work is done, so that time does not tell who has an account.
#[must_use]
pub fn is_password(word: &str, kept: Option<&str>) -> bool {
    if word.len() > LONGEST_PASSWORD {
        return false;
    }
    let Some(kept) = kept else {
        let _ = Argon2::default().hash_password(word.as_bytes());
        return false;
    };
    PasswordHash::new(kept)
        .is_ok_and(|kept| Argon2::default().verify_password(word.as_bytes(), &kept).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_so_that_only_it_opens() {
        let kept = password("push the floor").expect("long enough");
        assert!(kept.starts_with("$argon2id$") && !kept.contains("floor"));
        assert!(is_password("push the floor", Some(&kept)));
        assert!(!is_password("push the floor ", Some(&kept)) && !is_password("", Some(&kept)));
        assert!(!is_password("push the floor", None) && !is_password("push the floor", Some("not a hash")));
        assert_ne!(password("push the floor").expect("again"), kept, "each has a salt of its own");
        assert!(password("short").is_err() && password(&"x".repeat(2000)).is_err());
    }

    #[test]
    fn tokens_differ_and_a_form_token_belongs_to_one_cookie() {
        let (a, b) = (token().expect("random"), token().expect("random"));
        assert!(a.len() == 64 && a != b && hash(&a) != a);
        assert_ne!(csrf("secret", &a), csrf("secret", &b));
        assert!(same(&a, &a.clone()) && !same(&a, &b) && !same(&a, ""));
    }
}
