//! Days of the calendar: read, written, and counted from a clock. Times of day and time zones are left to others.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    of_month: u8,
}

/// It is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day; write year, month and day like 2026-03-28")]
pub struct NotADay(String);

impl Day {
    /// The day, where there is such a one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_day =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= length(year, month);
        is_day.then_some(Self { year, month, of_month: day })
    }

    /// The day, in universal time, on which a clock showed so many seconds since 1970 began; none beyond the years of [`Day`].
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        /// Seconds of a day.
        const DAY_S: i64 = 86_400;
        Self::from_number(seconds.div_euclid(DAY_S))
    }

    /// Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
    #[must_use]
    pub fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((i64::from(self.month) + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        cycle * CYCLE_DAYS + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - TO_1970
    }

    /// The day so many days after 1970-01-01 (the same source, `civil_from_days`); none beyond the years of [`Day`].
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let days = number.checked_add(TO_1970)?;
        let (cycle, of_cycle) = (days.div_euclid(CYCLE_DAYS), days.rem_euclid(CYCLE_DAYS));
        let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
        let of_year = of_cycle - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u8;
        let month = (if shifted < 10 { shifted + 3 } else { shifted - 9 }) as u8;
        let year = year + cycle * 400 + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, month, day)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }
}

/// Days of 400 years, after which the calendar repeats.
const CYCLE_DAYS: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const TO_1970: i64 = 719_468;

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn length(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits =
            |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        let day = match parts[..] {
            [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => {
                y.parse().ok().zip(m.parse().ok()).zip(d.parse().ok())
            }
            _ => None,
        };
        day.and_then(|((y, m), d)| Self::new(y, m, d)).ok_or_else(|| NotADay(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["2026-03-28", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Day>().map(|d| d.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_an_example() {
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "28.3.2026",
            "",
            "+026-01-01",
        ] {
            let error = text.parse::<Day>().expect_err(text).to_string();
            assert!(error.contains("2026-03-28"), "{error}");
        }
    }

    /// Seconds from `date -u +%s`.
    #[test]
    fn a_clock_gives_the_day_in_universal_time() {
        let cases = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (1_774_655_999, "2026-03-27"),
            (1_774_656_000, "2026-03-28"),
            (4_107_542_400, "2100-03-01"),
        ];
        for (seconds, day) in cases {
            assert_eq!(Day::from_unix(seconds).map(|d| d.to_string()).as_deref(), Some(day), "{seconds}");
        }
        assert_eq!(Day::from_unix(i64::MAX), None);
    }

    #[test]
    fn numbers_and_days_are_one_to_one_and_follow_one_another() {
        let numbers = -100_000..200_000;
        let days: Vec<Day> = numbers.clone().filter_map(Day::from_number).collect();
        assert!(days.iter().map(|day| day.number()).eq(numbers));
        assert!(days.windows(2).all(|w| w[0] < w[1]));
        assert_eq!("2026-11-21".parse::<Day>().map(Day::number), Ok(20_778));
        assert_eq!((Day::from_number(i64::MAX), Day::from_number(-1_000_000)), (None, None));
    }
}
