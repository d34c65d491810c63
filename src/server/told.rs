//! What a coach says of a clip: exercise, style, load, which part, whom. Checked here, handed to the worker as options.

use super::problem::Problem;
use crate::settings::{self, Quality, SettingError};
use crate::technique::{self, profile::Choices};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Longest name or title, characters.
const LONGEST_NAME: usize = 120;

/// Longest note, characters.
const LONGEST_NOTE: usize = 2000;

/// All that was told of a clip besides whose it is and when. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Told {
    /// Name of a built-in profile.
    pub exercise: Option<String>,
    /// Style of a forward push.
    pub style: Option<String>,
    /// Posture of a backpedal.
    pub posture: Option<String>,
    /// What ties the athlete to the sled in a drag.
    pub attachment: Option<String>,
    /// Load on the sled, kg.
    pub load_kg: Option<f64>,
    /// The athlete's mass, kg.
    pub body_mass_kg: Option<f64>,
    /// The athlete's height, m.
    pub height_m: Option<f64>,
    /// A remark.
    pub note: Option<String>,
    /// Begin here, s of the file.
    pub start_s: Option<f64>,
    /// Stop here, s of the file.
    pub end_s: Option<f64>,
    /// True rate of slow motion that is stored slower, frames per second.
    pub capture_fps: Option<f64>,
    /// `fast`, `balanced` or `best`.
    pub quality: Option<String>,
    /// Whom: `X,Y@TIME` or a track number.
    pub athlete_at: Option<String>,
    /// `X1,Y1,X2,Y2=METRES`.
    pub known_length: Option<String>,
}

/// Keys that hold numbers; forms send them as text.
const NUMBERS: [&str; 6] = ["load_kg", "body_mass_kg", "height_m", "start_s", "end_s", "capture_fps"];

/// What a field is called on the pages.
fn label(key: &str) -> &str {
    match key {
        "load_kg" => "Load",
        "body_mass_kg" => "Body mass",
        "height_m" => "Height",
        "start_s" => "Start",
        "end_s" => "End",
        "capture_fps" => "Filmed at",
        "quality" => "Quality",
        "athlete_at" => "Athlete",
        "known_length" => "Line",
        other => other,
    }
}

impl Told {
    /// With some keys changed; null or an empty text takes one back.
    ///
    /// # Errors
    /// When a key is unknown or a value is not allowed.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, Problem> {
        let Value::Object(mut all) = serde_json::to_value(self)? else {
            return Err(Problem::ours("no object"));
        };
        for (key, value) in changes {
            all.insert(key.clone(), plain(key, value)?);
        }
        let told: Self =
            serde_json::from_value(Value::Object(all)).map_err(|e| Problem::bad(e.to_string()))?;
        told.check()?;
        Ok(told)
    }

    fn check(&self) -> Result<(), Problem> {
        let bad = |key: &str, e: SettingError| Problem::bad(format!("{}: {e}.", label(key)));
        let number = |key, value: Option<f64>, check: &dyn Fn(&str) -> Result<(), SettingError>| {
            value.map_or(Ok(()), |v| check(&v.to_string()).map_err(|e| bad(key, e)))
        };
        number("load_kg", self.load_kg, &|t| settings::kilograms(t).map(drop))?;
        number("body_mass_kg", self.body_mass_kg, &|t| settings::body_mass(t).map(drop))?;
        number("height_m", self.height_m, &|t| settings::height(t).map(drop))?;
        number("start_s", self.start_s, &|t| settings::time(t).map(drop))?;
        number("end_s", self.end_s, &|t| settings::time(t).map(drop))?;
        number("capture_fps", self.capture_fps, &|t| settings::rate(t).map(drop))?;
        if self.end_s.is_some_and(|end| end <= self.start_s.unwrap_or(0.0)) {
            return Err(Problem::bad("The end must lie after the start."));
        }
        if let Some(quality) = &self.quality {
            quality.parse::<Quality>().map_err(|e| bad("quality", e))?;
        }
        if let Some(at) = &self.athlete_at {
            settings::athlete(at).map_err(|e| bad("athlete_at", e))?;
        }
        if let Some(line) = &self.known_length {
            settings::known_length(line).map_err(|e| bad("known_length", e))?;
        }
        if self.known_length.is_some() && self.height_m.is_some() {
            return Err(Problem::bad("Give the height or a known length, not both: either sets the scale."));
        }
        long_text(self.note.as_deref().unwrap_or_default())?;
        self.check_variants()
    }

    fn check_variants(&self) -> Result<(), Problem> {
        let choices: Choices =
            self.variants().map(|(name, option)| (name.to_owned(), option.to_owned())).collect();
        let Some(exercise) = &self.exercise else {
            return if choices.is_empty() {
                Ok(())
            } else {
                Err(Problem::bad("Say which exercise it is before its style, posture or attachment."))
            };
        };
        let exercise = settings::exercise(exercise).map_err(|e| Problem::bad(e.to_string()))?;
        let profile = technique::builtin(&exercise).ok_or_else(|| Problem::ours("a profile is missing"))?;
        profile.choose(&choices).map_err(|e| Problem::bad(e.to_string()))?;
        Ok(())
    }

    fn variants(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [("style", &self.style), ("posture", &self.posture), ("attachment", &self.attachment)]
            .into_iter()
            .filter_map(|(name, option)| Some((name, option.as_deref()?)))
    }

    /// Whether the pictures have to be watched again, not only judged again, after `self` became `other`.
    #[must_use]
    pub fn needs_watching(&self, other: &Self) -> bool {
        let seen = |t: &Self| (t.start_s, t.end_s, t.capture_fps, t.quality.clone());
        seen(self) != seen(other)
    }

    /// The worker's options about watching.
    #[must_use]
    pub fn watch_options(&self) -> Vec<String> {
        let number = |name, value: Option<f64>| value.map(|v| format!("--{name}={v}"));
        let quality = self.quality.as_ref().map(|q| format!("--quality={q}"));
        [
            number("start", self.start_s),
            number("end", self.end_s),
            number("capture-fps", self.capture_fps),
            quality,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The worker's options about judging. `=` keeps a value that begins with a dash a value.
    #[must_use]
    pub fn judge_options(&self, athlete: Option<&str>) -> Vec<String> {
        let number = |name, value: Option<f64>| value.map(|v| format!("--{name}={v}"));
        let text = |name, value: Option<&str>| value.map(|v| format!("--{name}={v}"));
        let scale = self
            .known_length
            .as_deref()
            .map_or_else(|| number("height", self.height_m), |line| text("known-length", Some(line)));
        [
            text("exercise", self.exercise.as_deref()),
            text("style", self.style.as_deref()),
            text("posture", self.posture.as_deref()),
            text("attachment", self.attachment.as_deref()),
            number("load-kg", self.load_kg),
            number("body-mass-kg", self.body_mass_kg),
            text("note", self.note.as_deref()),
            text("athlete-name", athlete),
            text("athlete", self.athlete_at.as_deref()),
            scale,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A value as it is kept: no empty texts, numbers as numbers.
fn plain(key: &str, value: &Value) -> Result<Value, Problem> {
    let Value::String(text) = value else { return Ok(value.clone()) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if NUMBERS.contains(&key) {
        let number = text.replace(',', ".").parse::<f64>().ok().filter(|v| v.is_finite());
        let number =
            number.ok_or_else(|| Problem::bad(format!("{}: {text:?} is not a number.", label(key))))?;
        return Ok(Value::from(number));
    }
    Ok(Value::from(text))
}

/// A name or title: some characters, none of them invisible.
///
/// # Errors
/// When it is empty, too long, or holds control characters.
pub fn short_text(text: &str, what: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_NAME || text.chars().any(is_hidden) {
        return Err(Problem::bad(format!(
            "This is not {what}: write up to {LONGEST_NAME} characters on one line."
        )));
    }
    Ok(text.to_owned())
}

/// A note: lines may break.
///
/// # Errors
/// When it is too long or holds control characters.
pub fn long_text(text: &str) -> Result<String, Problem> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > LONGEST_NOTE || text.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t') {
        return Err(Problem::bad(format!("A note may have {LONGEST_NOTE} characters of plain text.")));
    }
    Ok(text)
}

/// Control characters, and those that turn the direction of writing, which can make a name read as another.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A file's name as a title: its last part, without what cannot be shown. The name decides nothing else.
#[must_use]
pub fn title(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !is_hidden(*c)).take(LONGEST_NAME).collect();
    if shown.trim().is_empty() { "clip".to_owned() } else { shown.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changed(changes: Value) -> Result<Told, String> {
        let Value::Object(changes) = changes else { panic!("an object") };
        Told::default().with(&changes).map_err(|p| p.message)
    }

    #[test]
    fn what_forms_send_becomes_options() {
        let told = changed(
            json!({"exercise": "sled-push", "style": "tall", "load_kg": "40,5", "note": "-- hold", "end_s": 4}),
        );
        let told = told.expect("all allowed");
        assert_eq!(told.watch_options(), ["--end=4"]);
        let options = told.judge_options(Some("--out=/etc"));
        assert_eq!(
            options,
            [
                "--exercise=sled-push",
                "--style=tall",
                "--load-kg=40.5",
                "--note=-- hold",
                "--athlete-name=--out=/etc"
            ]
        );
        let back = told.with(&Map::from_iter([("style".to_owned(), Value::from(""))])).expect("taken back");
        assert!(back.style.is_none() && !told.needs_watching(&back));
        assert!(told.needs_watching(&Told { end_s: None, ..told.clone() }));
    }

    #[test]
    fn what_is_not_allowed_is_told() {
        for (changes, word) in [
            (json!({"exercise": "bench-press"}), "bench-press"),
            (json!({"style": "tall"}), "exercise"),
            (json!({"exercise": "sled-backpedal", "style": "tall"}), "style"),
            (json!({"exercise": "sled-push", "style": "upside"}), "upside"),
            (json!({"load_kg": "heavy"}), "Load: \"heavy\""),
            (json!({"start_s": "soon"}), "Start: \"soon\""),
            (json!({"load_kg": -3}), "Load: \"-3\""),
            (json!({"start_s": 3, "end_s": 2}), "after"),
            (json!({"athlete_at": "the tall one"}), "the tall one"),
            (json!({"known_length": "1,2,3"}), "1,2,3"),
            (json!({"note": "a\u{0}b"}), "note"),
            (json!({"note": "x".repeat(3000)}), "2000"),
            (json!({"out": "/etc"}), "out"),
            (json!({"quality": "ultra"}), "ultra"),
            (json!({"height_m": 1.8, "known_length": "1,2,3,4=2"}), "both"),
        ] {
            let error = changed(changes.clone()).expect_err("not allowed");
            assert!(error.contains(word), "{changes}: {error}");
        }
    }

    #[test]
    fn a_file_name_is_only_a_title() {
        assert_eq!(title("../../etc/passwd"), "passwd");
        assert_eq!(title("C:\\clips\\push.mp4"), "push.mp4");
        assert_eq!(title("a\u{202e}4pm.\u{0}exe"), "a4pm.exe");
        assert_eq!(title("/"), "clip");
        assert_eq!(title(&"x".repeat(500)).len(), 120);
        assert!(short_text("  ", "a name").is_err() && short_text("a\nb", "a name").is_err());
    }
}
