//! Who may do what: accounts with roles, logins, tokens of programs, and the limit on guessing.

use super::problem::Problem;
use super::secret;
use super::time::now;
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::net::IpAddr;

/// A login ends after so many seconds: two weeks, so that a coach's phone asks twice a month.
pub const LOGIN_S: i64 = 14 * 24 * 3600;

/// Guesses from one address within [`WINDOW_S`] before it has to wait. A person mistypes a few times; at this rate an
/// eight-letter password stands for centuries.
const GUESSES: usize = 10;

/// The window of the limit, s.
const WINDOW_S: i64 = 15 * 60;

/// Addresses remembered; beyond that the oldest go.
const ADDRESSES: usize = 4096;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Look.
    Viewer,
    /// Everything.
    Coach,
}

impl Role {
    /// As it is stored and written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Coach => "coach",
        }
    }

    /// From what is stored or written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Viewer, Self::Coach].into_iter().find(|r| r.name() == text)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The account's or token's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What pages send back with each change; none for programs, which come with a token.
    pub csrf: Option<String>,
}

/// Whether anybody has a password. Without one the app serves this machine alone and asks for none.
///
/// # Errors
/// When the store cannot be read.
pub fn has_accounts(c: &Connection) -> Result<bool, Problem> {
    Ok(c.query_row("SELECT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?)
}

/// Makes an account or gives it a new password, which ends its logins.
///
/// # Errors
/// When the name or the password does not do.
pub fn set_password(c: &mut Connection, name: &str, role: Role, word: &str) -> Result<(), Problem> {
    let name = super::told::short_text(name, "a name")?;
    let kept = secret::password(word)?;
    let transaction = c.transaction()?;
    transaction.execute(
        "INSERT INTO users (name, role, password) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET role = ?2, password = ?3",
        params![name, role.name(), kept],
    )?;
    transaction.execute("DELETE FROM logins WHERE user = ?1", [&name])?;
    Ok(transaction.commit()?)
}

/// Removes an account with its logins; false where there is none of that name.
///
/// # Errors
/// When the store cannot be written.
pub fn remove_account(c: &Connection, name: &str) -> Result<bool, Problem> {
    // Its logins go with it (`ON DELETE CASCADE`).
    Ok(c.execute("DELETE FROM users WHERE name = ?1", [name.trim()])? > 0)
}

/// An account as it is kept.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name as it was made.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Its password's hash.
    pub password: String,
}

/// The account of a name.
///
/// # Errors
/// When the store cannot be read.
pub fn account(c: &Connection, name: &str) -> Result<Option<Account>, Problem> {
    let row: Option<(String, String, String)> = c
        .query_row("SELECT name, role, password FROM users WHERE name = ?1", [name], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })
        .optional()?;
    Ok(row.and_then(|(name, role, password)| Some(Account { name, role: Role::parse(&role)?, password })))
}

/// Starts a login and gives the cookie's value.
///
/// # Errors
/// When the store cannot be written.
pub fn log_in(c: &Connection, name: &str) -> Result<String, Problem> {
    let token = secret::token()?;
    c.execute("DELETE FROM logins WHERE expires <= ?1", [now()])?;
    c.execute(
        "INSERT INTO logins (hash, user, expires) VALUES (?1, ?2, ?3)",
        params![secret::hash(&token), name, now() + LOGIN_S],
    )?;
    Ok(token)
}

/// Ends a login.
///
/// # Errors
/// When the store cannot be written.
pub fn log_out(c: &Connection, cookie: &str) -> Result<(), Problem> {
    c.execute("DELETE FROM logins WHERE hash = ?1", [secret::hash(cookie)])?;
    Ok(())
}

/// Whose login a cookie is, while it lasts.
///
/// # Errors
/// When the store cannot be read.
pub fn by_cookie(c: &Connection, cookie: &str) -> Result<Option<(String, Role)>, Problem> {
    let found: Option<(String, String)> = c
        .query_row(
            "SELECT u.name, u.role FROM logins l JOIN users u ON u.name = l.user WHERE l.hash = ?1 AND l.expires > ?2",
            params![secret::hash(cookie), now()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(found.and_then(|(name, role)| Some((name, Role::parse(&role)?))))
}

/// A token for a program; shown once, kept as its hash.
///
/// # Errors
/// When the name does not do.
pub fn create_token(c: &Connection, name: &str, role: Role) -> Result<(i64, String), Problem> {
    let name = super::told::short_text(name, "a name")?;
    let token = secret::token()?;
    c.execute(
        "INSERT INTO tokens (name, role, hash, created) VALUES (?1, ?2, ?3, ?4)",
        params![name, role.name(), secret::hash(&token), now()],
    )?;
    Ok((c.last_insert_rowid(), token))
}

/// Whose token it is.
///
/// # Errors
/// When the store cannot be read.
pub fn by_token(c: &Connection, token: &str) -> Result<Option<(String, Role)>, Problem> {
    let found: Option<(i64, String, String)> = c
        .query_row("SELECT id, name, role FROM tokens WHERE hash = ?1", [secret::hash(token)], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })
        .optional()?;
    let Some((id, name, role)) = found else { return Ok(None) };
    // To the minute: not a write for each request.
    c.execute(
        "UPDATE tokens SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2 - 60)",
        [id, now()],
    )?;
    Ok(Role::parse(&role).map(|role| (name, role)))
}

/// Wrong passwords of late, by address.
#[derive(Debug, Default)]
pub struct Guesses(HashMap<IpAddr, Vec<i64>>);

impl Guesses {
    /// Counts a try, which many at once cannot get around.
    ///
    /// # Errors
    /// When this address has to wait.
    pub fn admit(&mut self, from: IpAddr) -> Result<(), Problem> {
        let since = now() - WINDOW_S;
        self.0.retain(|_, times| times.last().is_some_and(|last| *last > since));
        let is_known = self.0.contains_key(&from);
        if is_known || self.0.len() < ADDRESSES {
            let times = self.0.entry(from).or_default();
            times.retain(|time| *time > since);
            if times.len() < GUESSES {
                times.push(now());
                return Ok(());
            }
        }
        let message = "Too many wrong passwords from here. Wait a quarter of an hour, then try again.";
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, message))
    }

    /// The right password was among them.
    pub fn forgive(&mut self, from: IpAddr) {
        self.0.remove(&from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_has_an_end_for_one_address_alone() {
        let (mut guesses, one, other) =
            (Guesses::default(), IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..GUESSES {
            guesses.admit(one).expect("a few are allowed");
        }
        assert!(guesses.admit(one).is_err_and(|p| p.status == StatusCode::TOO_MANY_REQUESTS));
        guesses.admit(other).expect("somebody else");
        guesses.forgive(one);
        guesses.admit(one).expect("the right password clears it");
    }
}
