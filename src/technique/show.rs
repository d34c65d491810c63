//! A profile as a page of plain text, fit for the wall.

use super::profile::{Choices, Profile};
use super::rule::{Band, Condition, Rule, RuleKind};
use crate::findings::words;

/// Width of the page in characters.
const WIDTH: usize = 78;

/// The page: what the exercise is, what it asks for, what to look at and what to say.
#[must_use]
pub fn show(profile: &Profile) -> String {
    let mut page = Page::default();
    page.line(&profile.title.to_uppercase());
    page.wrapped("", &profile.summary);
    page.gap();
    for key in &profile.keys {
        page.wrapped("  - ", key);
    }
    page.choices(profile);
    let (faults, information): (Vec<&Rule>, Vec<&Rule>) =
        profile.rules.iter().partition(|r| r.kind == RuleKind::Fault);
    page.heading("WHAT TO LOOK FOR");
    for rule in faults {
        page.fault(rule);
    }
    if !information.is_empty() {
        page.heading("GOOD TO KNOW, NEVER A FAULT");
        for rule in information {
            page.wrapped("  - ", &known(rule));
        }
    }
    page.gap();
    page.wrapped("", words::LIMITS_NOTE);
    if !profile.origin.is_empty() {
        page.wrapped("", &format!("After: {}", profile.origin));
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.line("");
    }

    fn heading(&mut self, heading: &str) {
        self.gap();
        self.line(heading);
    }

    /// A paragraph, its first line after `lead`, the others as far in.
    fn wrapped(&mut self, lead: &str, paragraph: &str) {
        let indent = " ".repeat(lead.chars().count());
        let mut line = lead.to_owned();
        let mut empty = true;
        for word in paragraph.split_whitespace() {
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.line(&line);
                line.clone_from(&indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.line(&line);
    }

    fn choices(&mut self, profile: &Profile) {
        if profile.variants.is_empty() {
            return;
        }
        self.heading("YOU CHOOSE");
        let defaults = profile.choose(&Choices::new()).unwrap_or_default();
        for variant in &profile.variants {
            for (option, meaning) in &variant.options {
                let usual = if defaults.get(&variant.name) == Some(option) { " (if not said)" } else { "" };
                self.wrapped("  - ", &format!("{} {option}{usual}: {meaning}", variant.name));
            }
        }
    }

    fn fault(&mut self, rule: &Rule) {
        let only: Vec<String> = rule.only.iter().map(|(_, option)| option.clone()).collect();
        let only = if only.is_empty() { String::new() } else { format!(" ({})", only.join(", ")) };
        self.gap();
        self.line(&format!("  {}{only}", words::fault(&rule.fault)));
        if let Some(cue) = &rule.cue {
            self.wrapped("    Say:   ", &format!("\"{cue}\""));
        }
        if let Some(why) = &rule.why {
            self.wrapped("    Why:   ", why);
        }
        let good =
            rule.target.map(|t| format!(", good {}", band(t, &unit(rule.first())))).unwrap_or_default();
        self.wrapped("    Look:  ", &format!("{}{good}", rule.what));
        let joint = match rule.combine {
            super::rule::Combine::All => " and ",
            super::rule::Combine::Any => " or ",
        };
        let limits: Vec<String> =
            rule.conditions.iter().map(|c| limits(c, rule.conditions.len() > 1)).collect();
        self.wrapped("    Grade: ", &limits.join(joint));
        self.wrapped("    From:  ", &from(rule));
    }
}

fn known(rule: &Rule) -> String {
    let usual = rule.target.map(|t| format!("; usual {}", band(t, &unit(rule.first())))).unwrap_or_default();
    let why = rule.why.as_ref().map(|w| format!(". {w}")).unwrap_or_default();
    format!("{}{usual}{why}", rule.what)
}

fn from(rule: &Rule) -> String {
    if rule.citation.is_empty() {
        rule.source.name().to_owned()
    } else {
        format!("{}: {}", rule.source.name(), rule.citation)
    }
}

/// "mild below 45, moderate below 38, severe below 30 deg".
fn limits(condition: &Condition, named: bool) -> String {
    let Some(limits) = condition.limits else { return String::new() };
    let side = limits.beyond.name();
    let [mild, moderate, severe] = limits.at;
    let unit = unit(condition);
    let name = if named { format!("{}: ", plain(&condition.metric)) } else { String::new() };
    format!("{name}mild {side} {mild}, moderate {side} {moderate}, severe {side} {severe}{unit}")
}

/// A metric's id as words.
fn plain(metric: &str) -> String {
    let words = metric.replace("{side}_", "").replace('_', " ");
    ["deg", "leg", "percent", "s"]
        .iter()
        .find_map(|unit| words.strip_suffix(&format!(" {unit}")).map(str::to_owned))
        .unwrap_or(words)
}

/// The unit at the end of a metric's id or of its statistic, with a space before.
fn unit(condition: &Condition) -> String {
    use super::rule::Statistic::{Decay, Share, SideDifferencePercent};
    if matches!(condition.statistic, Decay | Share | SideDifferencePercent) {
        return " %".to_owned();
    }
    if condition.statistic == super::rule::Statistic::Agreement {
        return String::new();
    }
    let endings = [
        ("_steps_per_min", " steps/min"),
        ("_leg_per_s", " leg lengths/s"),
        ("_m_per_s", " m/s"),
        ("_percent", " %"),
        ("_deg", " deg"),
        ("_leg", " leg lengths"),
        ("_trunk", " trunk lengths"),
        ("_shank", " shin lengths"),
        ("_m", " m"),
        ("_s", " s"),
    ];
    let found = endings.iter().find(|(ending, _)| condition.metric.ends_with(ending));
    found.map_or_else(String::new, |(_, unit)| (*unit).to_owned())
}

fn band(band: Band, unit: &str) -> String {
    match (band.from, band.to) {
        (Some(from), Some(to)) => format!("{from} to {to}{unit}"),
        (Some(from), None) => format!("{from}{unit} or more"),
        (None, Some(to)) => format!("{to}{unit} or less"),
        (None, None) => String::new(),
    }
}
