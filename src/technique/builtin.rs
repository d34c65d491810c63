//! The five profiles that come with the program. Adding one: a file in `profiles/` and a row here.

use super::parse::parse;
use super::profile::Profile;
use super::recognition::Picture;

/// Name and text of each, in the order of every list.
const BUILTIN: [(&str, &str); 5] = [
    ("sled-push", include_str!("../../profiles/sled-push.toml")),
    ("backward-sled-push", include_str!("../../profiles/backward-sled-push.toml")),
    ("reverse-sled-push", include_str!("../../profiles/reverse-sled-push.toml")),
    ("sled-backpedal", include_str!("../../profiles/sled-backpedal.toml")),
    ("backward-sled-drag", include_str!("../../profiles/backward-sled-drag.toml")),
];

/// The names of the built-in profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(name, _)| *name)
}

/// The TOML of a built-in profile, to start one's own from; none where there is no such profile.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A built-in profile; none where there is none of that name. That each of them parses is a test.
#[must_use]
pub fn builtin(name: &str) -> Option<Profile> {
    parse(text(name)?, name).ok()
}

/// What an exercise is called where people read it; its own name where it is none of ours.
#[must_use]
pub fn title(name: &str) -> String {
    builtin(name).map_or_else(|| name.to_owned(), |profile| profile.title)
}

/// What people look like who do none of the exercises.
const NO_SLED: &str = include_str!("../../profiles/no-sled.toml");

/// Pictures of walking and running without a sled.
pub(super) fn no_sled() -> Vec<Picture> {
    parse(NO_SLED, "no-sled").map(|p| p.pictures).unwrap_or_default()
}
