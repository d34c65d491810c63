//! Athletes over the API: list, rename, trends, everything of theirs as one archive, and deleting them.

use super::{Json, clips as clips_api};
use crate::server::app::{Shared, blocking};
use crate::server::archive;
use crate::server::athletes::{self, Athlete, Moment};
use crate::server::clips::{self, Named};
use crate::server::problem::Problem;
use crate::server::secret;
use crate::server::team::{self, Team};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;

/// A name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    name: String,
}

/// Which trend.
#[derive(Debug, Deserialize)]
pub struct Asked {
    metric: String,
    side: Option<String>,
    exercise: Option<String>,
}

/// All athletes.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(State(app): State<Shared>) -> Result<Json<Vec<Athlete>>, Problem> {
    Ok(Json(app.db(|c| athletes::all(c)).await?))
}

/// Makes an athlete known, or finds the one of that name.
///
/// # Errors
/// When it is no name.
pub async fn create(
    State(app): State<Shared>,
    Json(given): Json<Name>,
) -> Result<(StatusCode, Json<Named>), Problem> {
    Ok((StatusCode::CREATED, Json(app.db(move |c| athletes::by_name(c, &given.name)).await?)))
}

/// One athlete with all clips.
///
/// # Errors
/// When there is none.
pub async fn get(State(app): State<Shared>, Path(id): Path<i64>) -> Result<Json<Value>, Problem> {
    let (athlete, clips) = app.db(move |c| Ok((athletes::get(c, id)?, clips::of_athlete(c, id)?))).await?;
    Ok(Json(json!({ "id": athlete.id, "name": athlete.name, "clips": clips })))
}

/// Another name.
///
/// # Errors
/// When it is taken, or there is no such athlete.
pub async fn change(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Json(given): Json<Name>,
) -> Result<Json<Named>, Problem> {
    Ok(Json(
        app.db(move |c| {
            athletes::get(c, id)?;
            athletes::rename(c, id, &given.name)
        })
        .await?,
    ))
}

/// The athlete, their clips, results, notes and links, really.
///
/// # Errors
/// When there is none.
pub async fn remove(State(app): State<Shared>, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    let ids = app
        .db(move |c| {
            athletes::get(c, id)?;
            Ok(clips::of_athlete(c, id)?.into_iter().map(|clip| clip.id).collect())
        })
        .await?;
    clips_api::erase(&app, ids, move |c| {
        c.execute("DELETE FROM athletes WHERE id = ?1", [id])?;
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A metric over time.
///
/// # Errors
/// When there is no such athlete.
pub async fn trend(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Moment>>, Problem> {
    let set = |text: Option<String>| text.filter(|t| !t.is_empty());
    let (side, exercise) = (set(asked.side), set(asked.exercise));
    app.db(move |c| {
        athletes::get(c, id)?;
        athletes::trend(c, id, &asked.metric, side.as_deref(), exercise.as_deref())
    })
    .await
    .map(Json)
}

/// Everything of an athlete as one ZIP archive.
///
/// # Errors
/// When there is none, or the disk is full.
pub async fn export(State(app): State<Shared>, Path(id): Path<i64>) -> Result<Response, Problem> {
    let path = app.folder.temporary().join(format!("{}.zip", secret::token()?));
    let (shared, place) = (app.clone(), path.clone());
    let made = blocking(move || archive::of_athlete(&shared, id, &place)).await;
    let file = tokio::fs::File::open(&path).await;
    // Open it stays readable; nothing of it is left when the answer has gone out.
    std::fs::remove_file(&path).ok();
    made?;
    let file = file?;
    let length = file.metadata().await?.len().to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, length),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"sledform-athlete-{id}.zip\"")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::with_capacity(file, 64 << 10))).into_response())
}

/// Athletes against faults.
///
/// # Errors
/// When the store cannot be read.
pub async fn team(State(app): State<Shared>) -> Result<Json<Team>, Problem> {
    Ok(Json(app.db(|c| team::team(c)).await?))
}
