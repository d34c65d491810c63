//! What the name of a clip and its file tell of the set, for a list that somebody looks over.

use super::list::Row;
use crate::calendar::Day;

/// Words that name cameras, files and shots rather than people.
const NOT_PEOPLE: [&str; 46] = [
    "img",
    "vid",
    "mvi",
    "dsc",
    "dscf",
    "gopr",
    "gx",
    "gh",
    "pxl",
    "mov",
    "movie",
    "clip",
    "clips",
    "video",
    "videos",
    "cut",
    "set",
    "run",
    "rep",
    "trial",
    "take",
    "final",
    "edit",
    "copy",
    "left",
    "right",
    "front",
    "side",
    "view",
    "cam",
    "camera",
    "dcim",
    "sled",
    "push",
    "drag",
    "pull",
    "backpedal",
    "backward",
    "backwards",
    "reverse",
    "forward",
    "test",
    "session",
    "training",
    "week",
    "day",
];

/// How people write the exercises, the particular before the general.
const EXERCISES: [(&str, &str); 9] = [
    ("backward sled push", "backward-sled-push"),
    ("reverse sled push", "reverse-sled-push"),
    ("backward sled drag", "backward-sled-drag"),
    ("backward push", "backward-sled-push"),
    ("reverse push", "reverse-sled-push"),
    ("backpedal", "sled-backpedal"),
    ("backward drag", "backward-sled-drag"),
    ("sled push", "sled-push"),
    ("drag", "backward-sled-drag"),
];

/// Guesses athlete, date, exercise and load from a name (`/` between folders) and the day of filming.
#[must_use]
pub fn guess(name: &str, filmed: Option<Day>) -> Row {
    let mut row = Row::default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<String> = words(stem);
    let spoken = words.join(" ").to_lowercase();
    let day = date(stem).or(filmed);
    if let Some(day) = day {
        row.set("date", day.to_string());
    }
    if let Some((_, exercise)) = EXERCISES.iter().find(|(said, _)| spoken.contains(said)) {
        row.set("exercise", *exercise);
    }
    if let Some(load) = load(stem) {
        row.set("load_kg", load);
    }
    if let Some(athlete) = athlete(stem) {
        row.set("athlete", athlete);
    }
    row
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_owned).collect()
}

/// `2026-11-21`, `2026_11_21`, `2026.11.21` or `20261121`, between other signs than digits.
fn date(text: &str) -> Option<Day> {
    /// Nobody filmed a sled with a phone before, and no camera's clock is further ahead.
    const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;
    let day = |year: &str, month: &str, day: &str| {
        let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
        Day::new(year, month.parse().ok()?, day.parse().ok()?)
    };
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let together = numbers.iter().filter(|n| n.len() == 8).find_map(|n| day(&n[..4], &n[4..6], &n[6..]));
    let apart = || {
        let mut three = numbers.windows(3).filter(|w| w[0].len() == 4 && w[1].len() == 2 && w[2].len() == 2);
        three.find_map(|w| day(w[0], w[1], w[2]))
    };
    together.or_else(apart)
}

/// `60kg`, `60 kg`, `62.5kg`.
fn load(text: &str) -> Option<String> {
    let text = text.to_lowercase().replace(['_', '-'], " ");
    let (before, _) = text.split_once("kg")?;
    let number = before.trim_end().rsplit(|c: char| !c.is_ascii_digit() && c != '.').next()?;
    let number = number.trim_start_matches('.');
    crate::settings::kilograms(number).ok().map(|kg| kg.to_string())
}

/// The innermost folder that could be a name, else the words of the file that are none of the known ones.
fn athlete(stem: &str) -> Option<String> {
    let mut parts: Vec<&str> = stem.split('/').collect();
    let file = parts.pop()?;
    let folders = parts.iter().rev().filter_map(|folder| person(folder));
    folders.chain(person(file)).next()
}

fn person(part: &str) -> Option<String> {
    let is_name = |word: &String| {
        let lower = word.to_lowercase();
        lower.chars().all(char::is_alphabetic)
            && lower.chars().count() > 1
            && !NOT_PEOPLE.contains(&lower.as_str())
            && lower != "kg"
    };
    let words: Vec<String> = words(part).into_iter().filter(is_name).collect();
    // A sentence is no name.
    (1..=3).contains(&words.len()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_who_when_what_and_how_heavy() {
        let cells = |name: &str| {
            let row = guess(name, None);
            ["athlete", "date", "exercise", "load_kg"].map(|c| row.get(c).unwrap_or("-").to_owned())
        };
        assert_eq!(
            cells("Kim Lee/2026-11-21/backward-sled-push 60kg 02.mp4"),
            ["Kim Lee", "2026-11-21", "backward-sled-push", "60"]
        );
        assert_eq!(
            cells("20261121_Åsa_backpedal_62.5kg.mov"),
            ["Åsa", "2026-11-21", "sled-backpedal", "62.5"]
        );
        assert_eq!(cells("DCIM/VID_20260114_101112.mp4"), ["-", "2026-01-14", "-", "-"]);
        assert_eq!(cells("IMG_1234.MOV"), ["-", "-", "-", "-"]);
        assert_eq!(cells("滑雪/reverse_sled_push-3.mp4"), ["滑雪", "-", "reverse-sled-push", "-"]);
        assert_eq!(cells("ø20kg.mp4")[3], "20");
    }

    #[test]
    fn the_file_tells_the_day_where_the_name_does_not() {
        let day = |name: &str| guess(name, Day::new(2026, 11, 21)).get("date").map(str::to_owned);
        assert_eq!(day("a.mp4").as_deref(), Some("2026-11-21"));
        assert_eq!(day("2025-01-02.mp4").as_deref(), Some("2025-01-02"));
        assert_eq!(day("99999999.mp4").as_deref(), Some("2026-11-21"));
    }
}
