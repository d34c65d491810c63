//! Whether an output folder bears the names of athletes and clips or pseudonyms: never both, as equal clips, log, tables and page
//! would tell whose the pseudonyms are.

use super::folder::{LOG, names};
use super::plan::Plan;
use super::{BatchError, pseudonym};
use std::path::{Path, PathBuf};

/// What a folder bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    True,
    Pseudonyms,
    Both,
}

impl Names {
    /// Of an output folder; none where nothing in it bears any.
    fn of(out: &Path) -> Option<Self> {
        let clips = names(out);
        // A run over no clips says nothing of results that are there.
        let says = |plan: &Plan| !plan.clips.is_empty() || clips.is_empty() && out.join(LOG).is_file();
        let plan = Plan::read(out).filter(says);
        // Somebody may call clips like pseudonyms; those that a run with names was given are none.
        let is_called_so =
            |clip: &String| plan.as_ref().is_some_and(|p| !p.anonymous && p.clips.contains(clip));
        let (hidden, others): (Vec<_>, Vec<_>) =
            clips.iter().partition(|clip| pseudonym::is_of_clip(clip) && !is_called_so(clip));
        let planned = |anonymous| plan.as_ref().is_some_and(|plan| plan.anonymous == anonymous);
        match (planned(false) || !others.is_empty(), planned(true) || !hidden.is_empty()) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::True),
            (false, true) => Some(Self::Pseudonyms),
            (false, false) => None,
        }
    }
}

/// Refuses to put names beside pseudonyms into an output folder.
///
/// # Errors
/// When the folder is of the other kind, or of both.
pub fn check(out: &Path, anonymous: bool) -> Result<(), BatchError> {
    let out = || out.to_owned();
    match (Names::of(&out()), anonymous) {
        (None, _) | (Some(Names::True), false) | (Some(Names::Pseudonyms), true) => Ok(()),
        (Some(Names::True), true) => Err(BatchError::Named { out: out() }),
        (Some(Names::Pseudonyms), false) => Err(BatchError::Anonymous { out: out() }),
        (Some(Names::Both), _) => Err(BatchError::BothNames { out: out() }),
    }
}

/// Refuses to put folders with names and folders with pseudonyms together.
///
/// # Errors
/// When there are both, or one is of both.
pub(super) fn check_together(roots: &[PathBuf]) -> Result<(), BatchError> {
    let (mut named, mut anonymous) = (None, None);
    for root in roots {
        match Names::of(root) {
            None => {}
            Some(Names::True) => named = named.or(Some(root)),
            Some(Names::Pseudonyms) => anonymous = anonymous.or(Some(root)),
            Some(Names::Both) => return Err(BatchError::BothNames { out: root.clone() }),
        }
    }
    match (named, anonymous) {
        (Some(named), Some(anonymous)) => {
            Err(BatchError::NamesTogether { named: named.clone(), anonymous: anonymous.clone() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::folder::results_path;

    const HIDDEN: &str = "clip-0123456789.mp4";

    /// A folder with results of these clips and this plan.
    fn folder(clips: &[&str], plan: Option<(bool, &[&str])>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for clip in clips {
            std::fs::create_dir_all(folder.path().join(results_path(clip))).expect("own folder");
        }
        if let Some((anonymous, planned)) = plan {
            let mut plan = Plan::new(&[], anonymous);
            plan.clips.extend(planned.iter().map(|clip| (*clip).to_owned()));
            plan.write(folder.path()).expect("own folder");
        }
        folder
    }

    #[test]
    fn the_plan_tells_what_names_a_folder_bears_and_without_one_its_results_do() {
        let of = |clips: &[&str], plan| Names::of(folder(clips, plan).path());
        assert_eq!(of(&[], None), None);
        assert_eq!(of(&[HIDDEN, "clip-abcdefabcd"], None), Some(Names::Pseudonyms));
        assert_eq!(of(&["a.mp4"], None), Some(Names::True));
        assert_eq!(of(&["day/clip-0123456789.mp4", "clip-1.mp4"], None), Some(Names::True));
        assert_eq!(of(&[HIDDEN, "a.mp4"], None), Some(Names::Both));
        assert_eq!(of(&[], Some((true, &[HIDDEN]))), Some(Names::Pseudonyms), "not reached yet");
        assert_eq!(of(&[HIDDEN], Some((false, &[HIDDEN]))), Some(Names::True), "somebody calls clips so");
        assert_eq!(of(&["a.mp4"], Some((true, &[HIDDEN]))), Some(Names::Both));
        assert_eq!(
            of(&["a.mp4", HIDDEN], Some((false, &["a.mp4"]))),
            Some(Names::Both),
            "as a lost plan let in"
        );
    }

    #[test]
    fn a_run_over_no_clips_leaves_a_folder_what_it_was() {
        for anonymous in [true, false] {
            let empty = folder(&[], Some((anonymous, &[])));
            check(empty.path(), anonymous).expect("the same kind");
            check(empty.path(), !anonymous).expect("nothing is there that bears names");
            std::fs::write(empty.path().join(LOG), "a.mp4 failed").expect("own folder");
            check(empty.path(), !anonymous).expect_err("the log has some");
            let planned = folder(&[HIDDEN], Some((anonymous, &[])));
            check(planned.path(), true).expect("as before");
            check(planned.path(), false).expect_err("pseudonyms are there");
        }
    }

    #[test]
    fn a_folder_of_both_is_refused_to_either() {
        let both = folder(&[HIDDEN, "a.mp4"], None);
        for anonymous in [true, false] {
            let told = check(both.path(), anonymous).expect_err("both are there").to_string();
            assert!(told.contains("both names and pseudonyms"), "{told}");
        }
        let roots = |roots: &[&tempfile::TempDir]| {
            check_together(&roots.iter().map(|root| root.path().to_owned()).collect::<Vec<_>>())
        };
        let (named, hidden) = (folder(&["a.mp4"], None), folder(&[HIDDEN], None));
        roots(&[&named, &named, &folder(&[], None)]).expect("all named");
        roots(&[&hidden, &hidden]).expect("all hidden");
        roots(&[&hidden, &named]).expect_err("they would tell whose the pseudonyms are");
        roots(&[&both]).expect_err("both are there");
    }
}
