//! Text, numbers and links as the team's page shows them: as reports do.

pub(super) use crate::report::text::{escape, short, unit, url as link};

/// `1 clip`, `2 clips`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_counted_in_words() {
        assert_eq!((count(1, "clip").as_str(), count(0, "clip").as_str()), ("1 clip", "0 clips"));
    }
}
