//! Links for an athlete: what one shows, until when, and taking it back.

use super::Json;
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::clips;
use crate::server::files::Scope;
use crate::server::guard;
use crate::server::problem::Problem;
use crate::server::secret;
use crate::server::time::{date_and_time, now};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::net::IpAddr;

/// Days a link lasts where nothing is said: until the next session of most athletes.
const DAYS: u32 = 7;

/// Longest a link lasts, days.
const MOST_DAYS: u32 = 90;

const DAY_S: i64 = 24 * 3600;

/// What to share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    days: Option<u32>,
    scope: Option<String>,
}

/// A link that was given out; the link itself is known only to whoever got it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Its number.
    pub id: i64,
    /// The clip.
    pub clip: i64,
    /// `report` or `overlay`.
    pub scope: String,
    /// Who made it.
    pub author: String,
    /// When it ends.
    pub expires: i64,
}

/// Links of a clip, or of all, that still work.
///
/// # Errors
/// When the store cannot be read.
pub fn list(c: &Connection, clip: Option<i64>) -> Result<Vec<Share>, Problem> {
    let mut rows = c.prepare_cached(
        "SELECT id, clip, scope, author, expires FROM shares WHERE expires > ?1 AND (?2 IS NULL OR clip = ?2) ORDER BY expires",
    )?;
    let share = |r: &rusqlite::Row| {
        Ok(Share { id: r.get(0)?, clip: r.get(1)?, scope: r.get(2)?, author: r.get(3)?, expires: r.get(4)? })
    };
    Ok(rows.query_map(params![now(), clip], share)?.collect::<Result<_, _>>()?)
}

/// The share a link leads to; none where it never was one, has ended or was taken back.
///
/// # Errors
/// When the store cannot be read.
pub fn by_token(c: &Connection, token: &str) -> Result<Option<Share>, Problem> {
    let sql = "SELECT id, clip, scope, author, expires FROM shares WHERE hash = ?1 AND expires > ?2";
    let share = |r: &rusqlite::Row| {
        Ok(Share { id: r.get(0)?, clip: r.get(1)?, scope: r.get(2)?, author: r.get(3)?, expires: r.get(4)? })
    };
    Ok(c.query_row(sql, params![secret::hash(token), now()], share).optional()?)
}

/// Makes a link.
///
/// # Errors
/// When there are no results to share.
pub async fn create(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Extension(who): Extension<Who>,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let days = wanted.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::bad(format!("A link lasts from 1 to {MOST_DAYS} days.")));
    }
    let scope = Scope::parse(wanted.scope.as_deref().unwrap_or("report"));
    let scope = scope.ok_or_else(|| Problem::bad("scope is report or overlay."))?;
    let token = secret::token()?;
    let (hash, expires) = (secret::hash(&token), now() + i64::from(days) * DAY_S);
    let share = app
        .db(move |c| {
            if clips::get(c, id)?.revision == 0 {
                return Err(Problem::conflict("This clip has no results to share yet."));
            }
            c.execute("DELETE FROM shares WHERE expires <= ?1", [now()])?;
            c.execute(
                "INSERT INTO shares (clip, hash, scope, author, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, hash, scope.name(), who.name, now(), expires],
            )?;
            Ok(c.last_insert_rowid())
        })
        .await?;
    let url = format!("{}/s/{token}", base(&app, &headers));
    let caution = caution(&app, &url);
    let body = json!({ "id": share, "url": url, "expires": expires, "until": date_and_time(expires), "caution": caution });
    Ok((StatusCode::CREATED, Json(body)))
}

/// The address people use: as told at the start, or as this request came.
fn base(app: &Shared, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let scheme = if app.config.tls.is_some() { "https" } else { "http" };
    app.config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{host}"))
}

/// What to say of a link that no other machine can open.
fn caution(app: &Shared, url: &str) -> Option<&'static str> {
    let host = url.split_once("://")?.1.split('/').next()?;
    let name = guard::without_port(host).trim_matches(['[', ']']);
    let is_here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !is_here {
        return None;
    }
    Some(if app.config.listen.ip().is_loopback() {
        "Only this computer opens this link. For others, run sledform serve password coach, start the app with --listen 0.0.0.0 \
         (or --public-url where a proxy leads here), and make the link again."
    } else {
        "Only this computer opens this link, as it has the address that you came by. Open the app by its address on the network, \
         or start it with --public-url, and make the link again."
    })
}

/// Takes a link back; who holds it sees nothing more, at once.
///
/// # Errors
/// When there is none.
pub async fn remove(State(app): State<Shared>, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    let gone = app.db(move |c| Ok(c.execute("DELETE FROM shares WHERE id = ?1", [id])?)).await?;
    if gone == 0 { Err(Problem::missing("link")) } else { Ok(StatusCode::NO_CONTENT) }
}
