//! From a profile's TOML to a profile that is valid, or to a sentence that says file, line, key, value and what is
//! allowed.

mod bands;

use super::builtin;
use super::merge::{ids, merged, misspelt};
use super::profile::{Profile, Variant};
use super::raw::{RawCondition, RawDirection, RawPicture, RawProfile, RawRule, RawVariant};
use super::recognition::{Picture, Range as Wanted};
use super::rule::{
    Beyond, Combine, Condition, Need, Rule, RuleKind, Severity, SourceClass, StandIn, Statistic,
};
use crate::digest;
use crate::findings::words;
use crate::gait::stride::Direction;
use crate::metrics::catalogue;
use std::ops::Range;
use toml::Spanned;

/// What is wrong in a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {key}: {problem}; {allowed}")]
pub struct ProfileError {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The key, with its value where it has one.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub allowed: String,
}

/// Reads a profile. `file` is only named in errors.
///
/// # Errors
/// At the first thing that is wrong.
pub fn parse(text: &str, file: &str) -> Result<Profile, ProfileError> {
    let reader = Reader { text, file };
    let own = reader.raw()?;
    reader.each_id_once(&own)?;
    let extends = own.extends.clone();
    let raw = match &extends {
        None => own,
        Some(base) => {
            let base_text = builtin::text(base.get_ref()).ok_or_else(|| {
                let known: Vec<&str> = builtin::names().collect();
                reader.wrong(&base.span(), "is not a built-in profile", &one_of(&known))
            })?;
            let base_raw = Reader { text: base_text, file: base.get_ref() }.raw()?;
            reader.each_rule_known_or_whole(&own, &base_raw, base.get_ref())?;
            merged(own, base_raw)
        }
    };
    reader.profile(raw, extends.map(Spanned::into_inner))
}

/// "write one of a, b".
fn one_of(allowed: &[&str]) -> String {
    format!("write one of {}", allowed.join(", "))
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
}

type Checked<T> = Result<T, ProfileError>;

impl Reader<'_> {
    fn raw(&self) -> Checked<RawProfile> {
        toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().replace('\n', ", ");
            let (problem, allowed) = match message.split_once(", expected ") {
                Some((problem, wanted)) => (problem.to_owned(), format!("write {}", plain(wanted))),
                None => (message, "see `sledform profiles export` for a profile that is right".to_owned()),
            };
            self.wrong(&span, &problem, &allowed)
        })
    }

    /// An error at a place of the text.
    fn wrong(&self, span: &Range<usize>, problem: &str, allowed: &str) -> ProfileError {
        let before = self.text.get(..span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let line_text = self.text.lines().nth(line - 1).unwrap_or("").trim();
        let key: String = line_text.chars().take(80).collect();
        ProfileError {
            file: self.file.to_owned(),
            line,
            key: if key.is_empty() { "the file".to_owned() } else { key },
            problem: problem.to_owned(),
            allowed: allowed.to_owned(),
        }
    }

    /// The value of a key that must be there.
    fn must<T>(&self, value: Option<Spanned<T>>, at: &Range<usize>, key: &str, hint: &str) -> Checked<T> {
        value
            .map(Spanned::into_inner)
            .ok_or_else(|| self.wrong(at, &format!("`{key}` is missing"), &format!("write {key} = {hint}")))
    }

    fn each_id_once(&self, raw: &RawProfile) -> Checked<()> {
        let mut known: Vec<&str> = Vec::new();
        for id in raw.rule.iter().flat_map(Spanned::get_ref).filter_map(|rule| rule.id.as_ref()) {
            if known.contains(&id.get_ref().as_str()) {
                return Err(self.wrong(&id.span(), "this id is taken", "give each rule an id of its own"));
            }
            known.push(id.get_ref());
        }
        Ok(())
    }

    fn each_rule_known_or_whole(&self, own: &RawProfile, base: &RawProfile, base_name: &str) -> Checked<()> {
        let Some(id) = misspelt(own, base) else { return Ok(()) };
        let problem = format!("is no rule of {base_name}, and a rule of one's own needs a `fault`");
        Err(self.wrong(&id.span(), &problem, &one_of(&ids(base))))
    }

    fn profile(&self, raw: RawProfile, extends: Option<String>) -> Checked<Profile> {
        let top = 0..0;
        let variants =
            inner(raw.variant).into_iter().map(|v| self.variant(v)).collect::<Checked<Vec<_>>>()?;
        let rules = self.rules(inner(raw.rule), &variants)?;
        let pictures =
            inner(raw.picture).into_iter().map(|p| self.picture(p)).collect::<Checked<Vec<_>>>()?;
        Ok(Profile {
            name: self.must(raw.name, &top, "name", "\"my-sled-push\"")?,
            version: raw.version.map_or(1, Spanned::into_inner),
            sha256: digest::of_bytes(self.text.as_bytes()),
            title: self.must(raw.title, &top, "title", "\"My sled push\"")?,
            summary: self.must(raw.summary, &top, "summary", "two sentences")?,
            extends,
            direction: direction(self.must(
                raw.direction,
                &top,
                "direction",
                "\"forward\" or \"backward\"",
            )?),
            hands: self.must(raw.hands, &top, "hands", "\"fixed\", \"free\" or \"either\"")?,
            origin: raw.origin.map(Spanned::into_inner).unwrap_or_default(),
            keys: raw.keys.map(Spanned::into_inner).unwrap_or_default(),
            variants,
            rules,
            pictures,
        })
    }

    fn variant(&self, raw: RawVariant) -> Checked<Variant> {
        let options: Vec<&str> = raw.options.keys().map(String::as_str).collect();
        if !raw.options.contains_key(raw.default.get_ref()) {
            return Err(self.wrong(&raw.default.span(), "is not one of the options", &one_of(&options)));
        }
        let (name, default) = (raw.name.into_inner(), raw.default.into_inner());
        Ok(Variant { name, default, options: raw.options })
    }

    fn picture(&self, raw: RawPicture) -> Checked<Picture> {
        let mut features = Vec::new();
        for (feature, range) in raw.features {
            let span = range.span();
            let range = range.into_inner();
            if !(range.softness > 0.0 && range.softness.is_finite()) {
                return Err(self.wrong(&span, "softness is not positive", "write a number above 0"));
            }
            self.ordered(range.from, range.to, &span)?;
            features.push((feature, Wanted { from: range.from, to: range.to, softness: range.softness }));
        }
        Ok(Picture { name: raw.name, direction: direction(raw.direction), features })
    }

    fn rules(&self, raw: Vec<RawRule>, variants: &[Variant]) -> Checked<Vec<Rule>> {
        let mut rules: Vec<Rule> = Vec::new();
        for row in raw {
            let at = row.id.as_ref().map_or(0..0, Spanned::span);
            if row.off.as_ref().is_some_and(|off| *off.get_ref()) {
                continue;
            }
            rules.push(self.rule(row, &at, variants)?);
        }
        Ok(rules)
    }

    fn rule(&self, raw: RawRule, at: &Range<usize>, variants: &[Variant]) -> Checked<Rule> {
        let fault = self.fault(raw.fault.clone(), at)?;
        let kind = raw.kind.as_ref().map_or(RuleKind::Fault, |k| *k.get_ref());
        let only = self.only(&raw, variants)?;
        let target = raw.target.clone().map(|t| self.band(&t)).transpose()?;
        let (combine, conditions) = self.conditions(&raw, kind, at)?;
        self.apart(target, &conditions, at)?;
        let show =
            self.must(raw.show, at, "show", "\"initial_contact\", \"middle\", \"trunk\" or \"knee\"")?;
        let source = self.must(raw.source, at, "source", "\"sourced\", \"direction\" or \"default\"")?;
        let citation = raw.citation.map(Spanned::into_inner).unwrap_or_default();
        if source != SourceClass::Default && citation.trim().is_empty() {
            return Err(self.wrong(at, "has a source but no citation", "write citation = \"Author year\""));
        }
        if kind == RuleKind::Fault && raw.cue.is_none() {
            return Err(self.wrong(at, "a fault without a cue", "write cue = \"what the coach says\""));
        }
        let mut needs: Vec<Need> = self.must(raw.needs, at, "needs", "[\"angles\"]")?;
        if conditions.iter().any(Condition::rests_on_true_times) && !needs.contains(&Need::TrueTimes) {
            needs.push(Need::TrueTimes);
        }
        Ok(Rule {
            id: self.must(raw.id, at, "id", "\"my_rule\"")?,
            fault,
            kind,
            only,
            combine,
            conditions,
            target,
            sides: raw.sides.map(Spanned::into_inner).unwrap_or_default(),
            needs,
            least_strides: raw.least_strides.map(Spanned::into_inner),
            at_most: raw.at_most.map_or(Severity::Severe, Spanned::into_inner),
            severe_with: raw.severe_with.map(Spanned::into_inner),
            show,
            source,
            citation,
            cue: raw.cue.map(Spanned::into_inner),
            why: raw.why.map(Spanned::into_inner),
            good: raw.good.map(Spanned::into_inner),
            what: self.must(raw.what, at, "what", "\"what is measured, in words\"")?,
        })
    }

    fn fault(&self, raw: Option<Spanned<String>>, at: &Range<usize>) -> Checked<String> {
        let known: Vec<&str> = words::FAULTS.iter().map(|(id, _)| *id).collect();
        let span = raw.as_ref().map_or(at.clone(), Spanned::span);
        let fault = self.must(raw, at, "fault", "\"too_upright\"")?;
        if known.contains(&fault.as_str()) {
            Ok(fault)
        } else {
            Err(self.wrong(&span, &format!("{fault:?} is not in the catalogue of faults"), &one_of(&known)))
        }
    }

    fn only(&self, raw: &RawRule, variants: &[Variant]) -> Checked<Vec<(String, String)>> {
        let Some(only) = &raw.only else { return Ok(Vec::new()) };
        for (name, option) in only.get_ref() {
            let Some(variant) = variants.iter().find(|v| v.name == *name) else {
                let known: Vec<&str> = variants.iter().map(|v| v.name.as_str()).collect();
                let problem = format!("{name:?} is not a variant of this profile");
                return Err(self.wrong(&option.span(), &problem, &one_of(&known)));
            };
            if !variant.options.contains_key(option.get_ref()) {
                let known: Vec<&str> = variant.options.keys().map(String::as_str).collect();
                let problem = format!("{:?} is not an option of {name}", option.get_ref());
                return Err(self.wrong(&option.span(), &problem, &one_of(&known)));
            }
        }
        Ok(only.get_ref().iter().map(|(n, o)| (n.clone(), o.get_ref().clone())).collect())
    }

    fn conditions(
        &self,
        raw: &RawRule,
        kind: RuleKind,
        at: &Range<usize>,
    ) -> Checked<(Combine, Vec<Condition>)> {
        let single = RawCondition {
            metric: raw.metric.clone(),
            statistic: raw.statistic.clone(),
            distance_from: raw.distance_from.clone(),
            threshold_above: raw.threshold_above.clone(),
            threshold_below: raw.threshold_below.clone(),
            above: raw.above.clone(),
            below: raw.below.clone(),
            or_metric: raw.or_metric.clone(),
            what: None,
        };
        let (combine, rows) = match (&raw.all, &raw.any) {
            (None, None) => (Combine::All, vec![single]),
            (Some(all), None) if raw.metric.is_none() => (Combine::All, all.get_ref().clone()),
            (None, Some(any)) if raw.metric.is_none() => (Combine::Any, any.get_ref().clone()),
            _ => {
                let allowed = "write one of metric, all, any";
                return Err(self.wrong(at, "more than one of metric, all and any", allowed));
            }
        };
        if rows.is_empty() {
            return Err(self.wrong(at, "no condition", "write metric, or conditions in all or any"));
        }
        let conditions =
            rows.into_iter().map(|row| self.condition(row, kind, at)).collect::<Checked<Vec<_>>>()?;
        Ok((combine, conditions))
    }

    fn condition(&self, raw: RawCondition, kind: RuleKind, at: &Range<usize>) -> Checked<Condition> {
        let metric = self.metric(raw.metric, at)?;
        let statistic = raw.statistic.map(Spanned::into_inner).unwrap_or_default();
        let above = raw.threshold_above.map(|t| (Beyond::Above, t.into_inner()));
        let below = raw.threshold_below.map(|t| (Beyond::Below, t.into_inner()));
        let wanted = usize::from(statistic == Statistic::Share);
        if usize::from(above.is_some()) + usize::from(below.is_some()) != wanted {
            let allowed = "write threshold_above or threshold_below together with statistic = \"share\"";
            return Err(self.wrong(at, "a threshold and the statistic share belong together", allowed));
        }
        let threshold = above.or(below);
        let possible = statistic.possible_values(&metric);
        let limits = match (raw.above, raw.below) {
            (Some(above), None) => Some(self.limits(Beyond::Above, &above, possible.clone())?),
            (None, Some(below)) => Some(self.limits(Beyond::Below, &below, possible.clone())?),
            (None, None) if kind == RuleKind::Information => None,
            _ => {
                let allowed = "write above or below = { mild = .., moderate = .., severe = .. }";
                return Err(self.wrong(at, "needs limits on exactly one side", allowed));
            }
        };
        let or_metric = match raw.or_metric.map(Spanned::into_inner) {
            None => None,
            Some(raw) => Some(StandIn {
                metric: self.metric(Some(raw.metric), at)?,
                factor: raw.factor,
                factor_uncertainty_share: raw.factor_uncertainty_share,
            }),
        };
        let distance_from = raw.distance_from.map(Spanned::into_inner);
        let what = raw.what.map(Spanned::into_inner);
        Ok(Condition { metric, statistic, distance_from, threshold, limits, what, or_metric })
    }

    fn metric(&self, raw: Option<Spanned<String>>, at: &Range<usize>) -> Checked<String> {
        let span = raw.as_ref().map_or(at.clone(), Spanned::span);
        let metric = self.must(raw, at, "metric", "\"trunk_mean_deg\"")?;
        if catalogue::row(&metric.replace("{side}", "left")).is_some() {
            return Ok(metric);
        }
        let known: Vec<&str> = catalogue::ROWS.iter().map(|row| row.id).collect();
        Err(self.wrong(&span, &format!("{metric:?} is not a metric"), &one_of(&known)))
    }
}

fn inner<T>(rows: Option<Spanned<Vec<T>>>) -> Vec<T> {
    rows.map(Spanned::into_inner).unwrap_or_default()
}

fn direction(raw: RawDirection) -> Direction {
    match raw {
        RawDirection::Forward => Direction::Forward,
        RawDirection::Backward => Direction::Backward,
    }
}

/// What the reader of TOML expected, without the names of our types.
fn plain(wanted: &str) -> String {
    wanted
        .replace("f64", "a number")
        .replace("u32", "a whole number")
        .replace("usize", "a whole number")
        .replace("struct RawLimits", "{ mild = .., moderate = .., severe = .. }")
        .replace("struct RawBand", "{ from = .., to = .. }")
        .replace('`', "")
}
