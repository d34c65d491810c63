//! How the results of a folder stand to what the last run there was to do: which are of other clips, which clips are to come.

use super::TeamClip;
use super::html::count;
use crate::batch::entry::Entry;
use crate::batch::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names told of many.
const NAMES: usize = 3;

/// How results stand to what was to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Clips that the last runs were to do.
    pub wanted: usize,
    /// Those of them that were not reached.
    pub not_reached: usize,
    /// Results.
    pub results: usize,
    /// Clips with results that the last runs were not given.
    pub others: Vec<String>,
}

/// What the last runs into some folders were to do.
pub(super) struct Plans(BTreeMap<PathBuf, Plan>);

impl Plans {
    pub fn of(roots: &[PathBuf]) -> Self {
        Self(roots.iter().filter_map(|root| Some((root.clone(), Plan::read(root)?))).collect())
    }

    /// Whether a clip with results in a folder was given to a last run; none where that is not known. Of parts cut anew any
    /// may have it.
    pub fn hold(&self, root: &Path, clip: &str) -> Option<bool> {
        self.0.get(root).map(|_| self.0.values().any(|plan| plan.clips.contains(clip)))
    }

    /// How all results, by their folders, stand to them.
    pub fn cover(&self, found: &[(PathBuf, PathBuf, Entry)]) -> Coverage {
        let missing = |(root, plan): (&PathBuf, &Plan)| {
            let here: BTreeSet<&str> =
                found.iter().filter(|(of, ..)| of == root).map(|(.., entry)| entry.clip.as_str()).collect();
            let reached = |clip: &&String| here.contains(clip.as_str()) && !plan.not_reached.contains(*clip);
            plan.clips.len() - plan.clips.iter().filter(reached).count()
        };
        Coverage {
            wanted: self.0.values().map(|plan| plan.clips.len()).sum(),
            not_reached: self.0.iter().map(missing).sum(),
            ..Coverage::default()
        }
    }
}

impl Coverage {
    /// Counts the results that are shown.
    pub(super) fn count(&mut self, clips: &[TeamClip]) {
        self.results = clips.len();
        let others = clips.iter().filter(|clip| clip.in_last_run == Some(false));
        self.others = others.map(|clip| clip.entry.clip.clone()).collect();
    }

    /// What must be known before anything is read from the results, a sentence each; nothing where they are as wanted.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.not_reached > 0 {
            all.push(format!(
                "{} of {} were not reached yet; start the same batch again for them.",
                self.not_reached,
                count(self.wanted, "clip")
            ));
        }
        if !self.others.is_empty() {
            all.push(format!(
                "{} of {} here are of clips that the last run was not given: {}. To leave them out, remove their folders in clips/ \
                 and start the same command again, or give another --out.",
                self.others.len(),
                count(self.results, "result"),
                some(&self.others)
            ));
        }
        all
    }
}

/// The first names of many.
fn some(names: &[String]) -> String {
    let told = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_wanted_needs_no_words() {
        assert_eq!(Coverage { wanted: 3, results: 3, ..Coverage::default() }.words(), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_counted() {
        let names = |count: usize| (1..=count).map(|i| format!("{i}.mp4")).collect();
        let words = Coverage { wanted: 10, not_reached: 6, results: 9, others: names(5) }.words();
        assert!(words[0].starts_with("6 of 10 clips were not reached yet"), "{words:?}");
        assert!(
            words[1].starts_with("5 of 9 results here")
                && words[1].contains("1.mp4, 2.mp4, 3.mp4 and 2 more")
        );
    }
}
