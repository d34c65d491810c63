//! What went wrong with a request: a status and one sentence; as a page for people, as JSON for programs.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// One clear sentence for whoever asked, and for the log what lies behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The answer's status.
    pub status: StatusCode,
    /// What happened and what to do.
    pub message: String,
    /// For the log alone.
    pub cause: Option<String>,
}

impl Problem {
    /// With a status.
    #[must_use]
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), cause: None }
    }

    /// Something asked for makes no sense.
    #[must_use]
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such thing, or not for this person.
    #[must_use]
    pub fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}; it may have been deleted."))
    }

    /// It cannot be done now.
    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// Our own trouble.
    #[must_use]
    pub fn ours(cause: impl std::fmt::Display) -> Self {
        let message =
            "The store could not be read or written. The server's messages say why; nothing was lost.";
        Self { cause: Some(cause.to_string()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, message) }
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::ours(error)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            let message = "The disk is full. Delete clips or make room, then try again.";
            return Self::new(StatusCode::INSUFFICIENT_STORAGE, message);
        }
        Self::ours(error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::ours(error)
    }
}

impl IntoResponse for Problem {
    /// The guard writes the body, as it knows whether a person or a program asked.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
