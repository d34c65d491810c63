//! Known hashes, missing and damaged files, and a script that is not there, fails or succeeds.

use super::*;
use std::fs;

/// SHA-256 of "abc", the first example of FIPS 180-4.
const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// An entry whose file must hold "abc", and a home to put it in.
fn abc() -> (StoredFile, tempfile::TempDir) {
    let mut stored = manifest().models[0].stored.clone();
    stored.name = "abc".to_owned();
    stored.file = "models/abc.onnx".to_owned();
    stored.sha256 = SHA256_OF_ABC.to_owned();
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(home.path().join("models")).expect("writable");
    (stored, home)
}

#[test]
fn the_right_file_is_verified_with_its_size() {
    let (stored, home) = abc();
    let path = home.path().join(&stored.file);
    fs::write(&path, "abc").expect("writable");
    assert_eq!(verify_in(&stored, home.path()).expect("right"), Verified { path, bytes: 3 });
}

#[test]
fn a_part_of_a_page_is_given_only_when_it_is_the_right_one() {
    let (stored, home) = abc();
    assert!(matches!(part_in(&stored, home.path()), Err(ModelError::Missing { .. })));
    let path = home.path().join(&stored.file);
    fs::write(&path, "abc").expect("writable");
    assert_eq!(part_in(&stored, home.path()).expect("right"), "abc");
    fs::write(&path, "abd").expect("writable");
    assert!(matches!(part_in(&stored, home.path()), Err(ModelError::WrongHash { .. })));
}

#[test]
fn a_file_larger_than_the_buffer_is_hashed_whole() {
    let (mut stored, home) = abc();
    // SHA-256 of a million times "a", the third example of FIPS 180-4.
    stored.sha256 = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0".to_owned();
    fs::write(home.path().join(&stored.file), "a".repeat(1_000_000)).expect("writable");
    assert_eq!(verify_in(&stored, home.path()).expect("right").bytes, 1_000_000);
}

#[test]
fn a_wrong_file_is_named_with_both_hashes() {
    let (stored, home) = abc();
    let path = home.path().join(&stored.file);
    fs::write(&path, "abd").expect("writable");
    let error = verify_in(&stored, home.path()).expect_err("wrong").to_string();
    // SHA-256 of "abd", from sha256sum.
    let actual = "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";
    for part in [path.to_str().expect("text"), SHA256_OF_ABC, actual, "./run models fetch"] {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn a_missing_file_is_named_with_the_remedy() {
    let (stored, home) = abc();
    let error = verify_in(&stored, home.path()).expect_err("missing").to_string();
    let path = home.path().join(&stored.file);
    for part in ["abc", path.to_str().expect("text"), "./run models fetch"] {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_counts_as_missing() {
    let (stored, home) = abc();
    fs::create_dir(home.path().join(&stored.file)).expect("writable");
    assert!(matches!(verify_in(&stored, home.path()), Err(ModelError::Missing { .. })));
}

#[test]
fn an_unknown_model_gets_the_known_names() {
    let error = locate("pose_landmark_ful").expect_err("unknown").to_string();
    assert!(error.contains("pose_landmark_ful;") && error.contains("pose_landmark_full,"), "{error}");
}

#[test]
fn without_the_script_the_remedy_is_said() {
    let error = fetch_with(Path::new("/no/such/script")).expect_err("missing").to_string();
    assert!(error.contains("/no/such/script") && error.contains("SLEDFORM_HOME"), "{error}");
}

#[test]
fn how_the_script_ended_is_told() {
    assert!(fetch_with(Path::new("/bin/true")).is_ok());
    let error = fetch_with(Path::new("/bin/false")).expect_err("failed").to_string();
    assert!(error.contains("exit status: 1"), "{error}");
}

#[test]
fn the_script_that_fetches_is_in_the_repository() {
    assert!(home::repository().join(FETCH_SCRIPT).is_file());
}
