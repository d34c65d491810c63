//! The API under `/api/v1`: the pages' scripts and other programs speak the same.

pub mod account;
pub mod clips;
pub mod multipart;
pub mod people;
pub mod remarks;
pub mod shares;

use super::app::{App, Live, Shared, locked};
use super::clips::{Clip, State as ClipState, under_way};
use super::problem::Problem;
use super::time::now_ms;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A JSON body or answer; a body that is none gets the reason.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Json::<T>::from_request(request, state).await;
        read.map(|axum::Json(value)| Self(value)).map_err(|e| Problem::new(e.status(), e.body_text()))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// What is under way, those that run first.
///
/// # Errors
/// When the store cannot be read.
pub async fn queue(State(app): State<Shared>) -> Result<Json<Value>, Problem> {
    let clips = app.db(|c| under_way(c)).await?;
    let waiting: Vec<i64> = clips.iter().filter(|c| c.state == ClipState::Queued).map(|c| c.id).collect();
    let items: Vec<Value> = clips
        .iter()
        .map(|clip| {
            let position = waiting.iter().position(|id| *id == clip.id).map(|p| p + 1);
            json!({
                "id": clip.id,
                "title": clip.title,
                "athlete": clip.athlete,
                "state": clip.state,
                "position": position,
                "progress": progress(&app, clip),
            })
        })
        .collect();
    Ok(Json(json!({ "clips": items })))
}

/// Frames done, expected and seconds left of a clip that runs.
#[must_use]
pub fn progress(app: &App, clip: &Clip) -> Option<Value> {
    let live = locked(&app.live).get(&clip.id).cloned()?;
    Some(json!({
        "stage": live.stage,
        "frames": live.frames,
        "expected": live.expected,
        "left_s": left(&live),
        "is_cancelled": live.is_cancelled,
    }))
}

/// Seconds left of a stage, once enough of it is done to tell.
fn left(live: &Live) -> Option<f64> {
    /// Before that the first frames' start-up time says more than their rate.
    const ENOUGH_MS: i64 = 1500;
    let passed = now_ms() - live.since_ms;
    let remaining = live.expected?.saturating_sub(live.frames);
    (passed >= ENOUGH_MS && live.frames > 0)
        .then(|| passed as f64 / 1000.0 / live.frames as f64 * remaining as f64)
}
