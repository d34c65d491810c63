//! The clock: seconds since 1970 in the store, dates for people.

use super::problem::Problem;

/// Now, seconds since 1970.
#[must_use]
pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Now, milliseconds since 1970, for rates.
#[must_use]
pub fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The date where the server stands, `2026-11-21`.
#[must_use]
pub fn today() -> String {
    date(now())
}

/// The UTC date of a moment.
#[must_use]
pub fn date(seconds: i64) -> String {
    moment(seconds).map_or_else(String::new, |t| t.strftime("%Y-%m-%d").to_string())
}

/// Date and time of a moment, UTC.
#[must_use]
pub fn date_and_time(seconds: i64) -> String {
    moment(seconds).map_or_else(String::new, |t| t.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

fn moment(seconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(seconds).ok()
}

/// A session's day as somebody typed it. The clocks of the east are up to a day ahead of ours.
///
/// # Errors
/// When it is no day, or yet to come.
pub fn session_day(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if !is_date(text) {
        return Err(Problem::bad(format!("{text:?} is not a day; write it like 2026-11-21.")));
    }
    let tomorrow = date(now() + 24 * 3600);
    if text > tomorrow.as_str() {
        let today = today();
        return Err(Problem::bad(format!(
            "{text} is yet to come (today is {today}); write the day on which the clip was filmed."
        )));
    }
    Ok(text.to_owned())
}

/// Whether a text is a date that exists, `2026-11-21`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
