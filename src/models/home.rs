//! Which folder holds the models and the ONNX Runtime library. It leaves what lies in it to its parent.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Set by the user, or by the scripts: the folder itself.
pub const HOME_VARIABLE: &str = "SLEDFORM_HOME";
/// Set by who has an ONNX Runtime library of their own, such as one with a GPU's provider: its file.
pub const RUNTIME_VARIABLE: &str = "SLEDFORM_ONNXRUNTIME";
/// What set-up calls it inside the repository.
const IN_REPOSITORY: &str = ".sledform";
/// What it is called among a user's application data.
const IN_USER_DATA: &str = "sledform";

/// The folder with models and library: what `SLEDFORM_HOME` says; else `.sledform` in the repository that this program
/// was built in, if it is there; else `sledform` among the user's data, by default in `~/.local/share`.
#[must_use]
pub fn home() -> PathBuf {
    choose(env::var_os(HOME_VARIABLE), repository(), user_data())
}

/// The library that the user named instead of the one that set-up fetched.
pub(super) fn runtime_of_ones_own() -> Option<PathBuf> {
    set(env::var_os(RUNTIME_VARIABLE)).map(PathBuf::from)
}

/// The repository that this program was built in, which may be gone or elsewhere by now.
pub(super) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where a user's programs keep data, after the XDG base directory specification.
fn user_data() -> Option<PathBuf> {
    set(env::var_os("XDG_DATA_HOME"))
        .map(PathBuf::from)
        .or_else(|| set(env::var_os("HOME")).map(|home| Path::new(&home).join(".local/share")))
}

fn choose(variable: Option<OsString>, repository: &Path, user_data: Option<PathBuf>) -> PathBuf {
    let in_repository = repository.join(IN_REPOSITORY);
    match (set(variable), user_data) {
        (Some(folder), _) => folder.into(),
        (None, Some(data)) if !in_repository.is_dir() => data.join(IN_USER_DATA),
        (None, _) => in_repository,
    }
}

/// A variable set to nothing counts as not set.
fn set(variable: Option<OsString>) -> Option<OsString> {
    variable.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository_with_home() -> tempfile::TempDir {
        let repository = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(repository.path().join(IN_REPOSITORY)).expect("writable");
        repository
    }

    #[test]
    fn the_variable_comes_first() {
        let repository = repository_with_home();
        assert_eq!(choose(Some("/a".into()), repository.path(), Some("/b".into())), Path::new("/a"));
    }

    #[test]
    fn the_repository_comes_before_user_data() {
        let repository = repository_with_home();
        let expected = repository.path().join(".sledform");
        assert_eq!(choose(None, repository.path(), Some("/b".into())), expected);
        assert_eq!(choose(Some("".into()), repository.path(), Some("/b".into())), expected);
    }

    #[test]
    fn user_data_is_last() {
        let gone = Path::new("/no/such/repository");
        assert_eq!(choose(None, gone, Some("/b".into())), Path::new("/b/sledform"));
    }

    #[test]
    fn without_any_the_repository_is_named() {
        let gone = Path::new("/no/such/repository");
        assert_eq!(choose(None, gone, None), gone.join(".sledform"));
    }
}
