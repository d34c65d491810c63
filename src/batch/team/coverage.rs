//! How the results of a folder stand to what the last run there was to do: which are of other clips, which clips are to come.

use super::TeamClip;
use super::html::count;
use crate::batch::entry::{Entry, Status};
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
    /// Results that count beside another of the same part of the same bytes: their names, those of one clip together.
    pub doubled: Vec<Vec<String>>,
    /// Names that several clips bear which no table tells apart.
    pub alike: Vec<String>,
}

/// What the last runs into some folders were to do.
pub(super) struct Plans {
    plans: BTreeMap<PathBuf, Plan>,
    /// Clips with results in the folder whose last run was given them, by name and bytes.
    given: BTreeSet<(String, String)>,
}

impl Plans {
    /// Of folders with these results.
    pub fn of(roots: &[PathBuf], found: &[(PathBuf, PathBuf, Entry)]) -> Self {
        let plans: BTreeMap<PathBuf, Plan> =
            roots.iter().filter_map(|root| Some((root.clone(), Plan::read(root)?))).collect();
        let given = |(root, _, entry): &(PathBuf, PathBuf, Entry)| {
            plans.get(root).filter(|plan| plan.clips.contains(&entry.clip))?;
            Some((entry.clip.clone(), entry.sha256.clone()?))
        };
        let given = found.iter().filter_map(given).collect();
        Self { plans, given }
    }

    /// Whether a clip with results in a folder was given to the last run there; none where that is not known. Of parts cut anew
    /// another may have it, the same bytes under the same name.
    pub fn hold(&self, root: &Path, entry: &Entry) -> Option<bool> {
        let own = self.plans.get(root)?.clips.contains(&entry.clip);
        let elsewhere = |sha256: &String| self.given.contains(&(entry.clip.clone(), sha256.clone()));
        Some(own || entry.sha256.as_ref().is_some_and(elsewhere))
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
            wanted: self.plans.values().map(|plan| plan.clips.len()).sum(),
            not_reached: self.plans.iter().map(missing).sum(),
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
        let name = |clip: &&TeamClip| clip.entry.clip.clone();
        let doubled = together(clips, |clip| {
            let Entry { status, sha256, start_s, end_s, .. } = &clip.entry;
            let sha256 = sha256.as_deref().filter(|_| *status != Status::Failed)?;
            // A part that begins nowhere begins at the beginning.
            Some((sha256, start_s.unwrap_or(0.0).to_bits(), end_s.map(f64::to_bits)))
        });
        self.doubled = doubled.iter().map(|group| group.iter().map(name).collect()).collect();
        // A copy that could not be read may be the same clip.
        let known = |clip: &TeamClip| clip.entry.sha256.is_some();
        let alike =
            together(clips, |clip| known(clip).then_some((&clip.entry.clip, &clip.athlete, clip.day)));
        let differ = |group: &&Vec<&TeamClip>| group.iter().any(|c| c.entry.sha256 != group[0].entry.sha256);
        self.alike = alike.iter().filter(differ).map(|group| group[0].entry.clip.clone()).collect();
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
                some(&self.others, ", ")
            ));
        }
        if !self.doubled.is_empty() {
            let groups: Vec<String> = self.doubled.iter().map(|names| some(names, ", ")).collect();
            let more = self.doubled.iter().map(|names| names.len() - 1).sum();
            all.push(format!(
                "{} count{} beside another of the same part of the same clip: {}. To count each once, leave the others out.",
                count(more, "result"),
                if more == 1 { "s" } else { "" },
                some(&groups, "; ")
            ));
        }
        if !self.alike.is_empty() {
            all.push(format!(
                "Different clips bear the same name, athlete and date, so that the tables do not tell them apart: {}. Say in their \
                 lists whose they are and of which day.",
                some(&self.alike, ", ")
            ));
        }
        all
    }
}

/// The clips that share a key with another.
fn together<'a, K: Ord>(
    clips: &'a [TeamClip],
    key: impl Fn(&'a TeamClip) -> Option<K>,
) -> Vec<Vec<&'a TeamClip>> {
    let mut groups: BTreeMap<K, Vec<&TeamClip>> = BTreeMap::new();
    for clip in clips {
        if let Some(key) = key(clip) {
            groups.entry(key).or_default().push(clip);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The first names of many.
fn some(names: &[String], between: &str) -> String {
    let told = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(between);
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

    fn entry(clip: &str, sha256: Option<&str>, start_s: Option<f64>) -> Entry {
        Entry {
            schema: crate::batch::entry::SCHEMA.to_owned(),
            clip: clip.to_owned(),
            status: if sha256.is_some() { Status::Done } else { Status::Failed },
            reason: None,
            warnings: Vec::new(),
            sha256: sha256.map(str::to_owned),
            start_s,
            end_s: None,
            told: BTreeMap::new(),
            seen_key: None,
            key: None,
        }
    }

    fn covered(entries: Vec<Entry>) -> Coverage {
        let clips: Vec<TeamClip> =
            entries.into_iter().map(|entry| TeamClip::new(entry, None, None)).collect();
        let mut coverage = Coverage::default();
        coverage.count(&clips);
        coverage
    }

    #[test]
    fn a_clip_and_a_copy_that_failed_are_not_different_clips() {
        let copies = [Some("1"), None, None].map(|sha256| entry("a.mp4", sha256, None));
        assert_eq!(covered(copies.to_vec()).alike, Vec::<String>::new());
        let others = [Some("1"), None, Some("2")].map(|sha256| entry("a.mp4", sha256, None));
        assert_eq!(covered(others.to_vec()).alike, ["a.mp4"]);
    }

    #[test]
    fn a_part_from_the_beginning_is_the_same_told_or_not() {
        let parts =
            |starts: [Option<f64>; 2]| covered(starts.map(|at| entry("a.mp4", Some("1"), at)).to_vec());
        assert_eq!(parts([None, Some(0.0)]).doubled.len(), 1);
        assert_eq!(parts([None, Some(2.0)]).doubled.len(), 0);
    }

    #[test]
    fn another_folders_plan_counts_for_the_same_bytes_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let roots = ["monday", "tuesday"].map(|name| folder.path().join(name));
        let plan = |root: &Path, clips: &[&str]| {
            std::fs::create_dir(root).expect("own folder");
            let mut plan = Plan::new(&[], false);
            plan.clips.extend(clips.iter().map(|clip| (*clip).to_owned()));
            plan.write(root).expect("own folder");
        };
        plan(&roots[0], &["x.mp4", "y.mp4", "z.mp4"]);
        plan(&roots[1], &["w.mp4"]);
        let one =
            |root: usize, clip, sha256| (roots[root].clone(), PathBuf::new(), entry(clip, sha256, None));
        let found = [
            one(0, "x.mp4", Some("1")),
            one(0, "y.mp4", Some("2")),
            one(0, "z.mp4", None),
            one(1, "x.mp4", Some("of another day")),
            one(1, "y.mp4", Some("2")),
            one(1, "z.mp4", None),
        ];
        let plans = Plans::of(&roots, &found);
        let held: Vec<_> = found.iter().map(|(root, _, entry)| plans.hold(root, entry)).collect();
        assert_eq!(held, [true, true, true, false, true, false].map(Some));
        assert_eq!(plans.hold(Path::new("older"), &found[0].2), None);
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_counted() {
        let names = |count: usize| (1..=count).map(|i| format!("{i}.mp4")).collect();
        let words =
            Coverage { wanted: 10, not_reached: 6, results: 9, others: names(5), ..Coverage::default() }
                .words();
        assert!(words[0].starts_with("6 of 10 clips were not reached yet"), "{words:?}");
        let doubled = vec![names(2), vec!["a.mp4".to_owned(); 2]];
        let twice = Coverage { doubled, ..Coverage::default() }.words().concat();
        assert!(twice.starts_with("2 results count beside another of the same part"), "{twice}");
        assert!(twice.contains(": 1.mp4, 2.mp4; a.mp4, a.mp4."), "{twice}");
        assert!(
            words[1].starts_with("5 of 9 results here")
                && words[1].contains("1.mp4, 2.mp4, 3.mp4 and 2 more")
        );
    }
}
