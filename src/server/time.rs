//! The clock: seconds since 1970 in the store, dates for people.

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

/// Whether a text is a date that exists, `2026-11-21`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
