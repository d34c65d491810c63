//! Which profile a row of a list is judged by: that of the exercise it names. A profile of the user's own is for the clips of
//! the exercise that it starts from, and of no other.

use super::{BatchError, Clip};
use crate::settings;
use crate::technique::{self, Profile};

/// Whether it is not one of the built-in ones as they are.
fn is_own(profile: &Profile) -> bool {
    technique::builtin(&profile.name).as_ref() != Some(profile)
}

/// The exercise that a profile is for.
fn exercise_of(profile: &Profile) -> &str {
    profile.extends.as_deref().unwrap_or(&profile.name)
}

/// The profile of a row, by the exercise it names and what was given for the whole batch.
pub(super) fn of_row(named: Option<&str>, given: Option<&Profile>) -> Result<Option<Profile>, String> {
    let own = given.filter(|profile| is_own(profile));
    let Some(named) = named else {
        return match own {
            None => Ok(given.cloned()),
            Some(own) => Err(format!(
                "it is empty; with a profile of your own every row names its exercise: {} where {} is to judge",
                exercise_of(own),
                own.name
            )),
        };
    };
    if let Some(own) = own.filter(|own| settings::plain_name(named) == settings::plain_name(&own.name)) {
        return Ok(Some(own.clone()));
    }
    let exercise = settings::exercise(named).map_err(|error| match own {
        None => error.to_string(),
        Some(own) => format!("{error}, or {} for your own profile", own.name),
    })?;
    let own = own.filter(|own| exercise_of(own) == exercise);
    Ok(own.cloned().or_else(|| technique::builtin(&exercise)))
}

/// Refuses a profile of the user's own that judges none of the clips.
///
/// # Errors
/// When there is such a one.
pub fn check_used(given: Option<&Profile>, clips: &[Clip]) -> Result<(), BatchError> {
    let unused = |own: &&Profile| !clips.iter().any(|clip| clip.job.facts.profile.as_ref() == Some(*own));
    match given.filter(|profile| is_own(profile)).filter(unused) {
        None => Ok(()),
        Some(own) => Err(BatchError::ProfileUnused {
            profile: own.name.clone(),
            exercise: exercise_of(own).to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn club() -> Profile {
        let text = "name = \"Club_push\"\nversion = 1\nextends = \"sled-push\"\n";
        technique::parse(text, "club.toml").expect("it is right")
    }

    fn name(named: Option<&str>, given: Option<&Profile>) -> Result<String, String> {
        of_row(named, given).map(|profile| profile.map_or("none".to_owned(), |p| p.name))
    }

    #[test]
    fn an_own_profile_judges_the_clips_of_its_exercise_and_no_others() {
        let club = club();
        for (named, profile) in [
            ("sled push", "Club_push"),
            ("club-push", "Club_push"),
            ("sled-backpedal", "sled-backpedal"),
            ("reverse-sled-push", "reverse-sled-push"),
        ] {
            assert_eq!(name(Some(named), Some(&club)).as_deref(), Ok(profile), "{named}");
        }
        assert!(
            name(Some("slide"), Some(&club))
                .is_err_and(|e| e.contains("sled-push") && e.contains("Club_push"))
        );
        assert!(name(None, Some(&club)).is_err_and(|e| e.contains("sled-push where Club_push is to judge")));
    }

    #[test]
    fn a_whole_profile_of_its_own_exercise_is_named_by_its_name() {
        let text = technique::text("sled-push").expect("built in");
        let whole =
            technique::parse(&text.replacen("sled-push", "uphill-push", 1), "own.toml").expect("right");
        assert_eq!(whole.extends, None);
        assert_eq!(name(Some("uphill push"), Some(&whole)).as_deref(), Ok("uphill-push"));
        assert_eq!(name(Some("sled-push"), Some(&whole)).as_deref(), Ok("sled-push"));
    }

    #[test]
    fn an_exercise_given_for_all_holds_where_a_row_names_none() {
        let push = technique::builtin("sled-push");
        assert_eq!(name(None, push.as_ref()).as_deref(), Ok("sled-push"));
        assert_eq!(name(Some("sled-backpedal"), push.as_ref()).as_deref(), Ok("sled-backpedal"));
        assert_eq!(name(None, None).as_deref(), Ok("none"));
        assert!(check_used(push.as_ref(), &[]).is_ok() && check_used(Some(&club()), &[]).is_err());
    }
}
