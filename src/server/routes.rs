//! Addresses and what answers at each. All pass the guard.

use super::app::Shared;
use super::{api, assets, comparison, files, guard, pages, upload};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{delete, get, options, post};

/// Largest JSON or form body, bytes: a note of 2000 characters and what stands around it.
const BODY_BYTES: usize = 64 << 10;

/// The app's routes.
pub fn routes(app: &Shared) -> Router {
    let api = Router::new()
        .route("/openapi.json", get(assets::openapi))
        .route("/queue", get(api::queue))
        .route(
            "/clips",
            get(api::clips::list).post(api::multipart::create).layer(DefaultBodyLimit::disable()),
        )
        .route("/clips/sample", post(api::multipart::sample))
        .route("/clips/{id}", get(api::clips::get).patch(api::clips::change).delete(api::clips::remove))
        .route("/clips/{id}/start", post(api::clips::start))
        .route("/clips/{id}/cancel", post(api::clips::cancel))
        .route("/clips/{id}/retry", post(api::clips::retry))
        .route("/clips/{id}/files/{name}", get(files::of_clip))
        .route("/clips/{id}/opinions", post(api::remarks::disagree))
        .route("/clips/{id}/notes", post(api::remarks::note))
        .route("/clips/{id}/notes/{note}", delete(api::remarks::remove_note))
        .route("/clips/{id}/shares", post(api::shares::create))
        .route("/shares/{id}", delete(api::shares::remove))
        .route("/athletes", get(api::people::list).post(api::people::create))
        .route("/athletes/{id}", get(api::people::get).patch(api::people::change).delete(api::people::remove))
        .route("/athletes/{id}/trend", get(api::people::trend))
        .route("/athletes/{id}/export", get(api::people::export))
        .route("/team", get(api::people::team))
        .route("/tokens", post(api::account::create_token))
        .route("/tokens/{id}", delete(api::account::remove_token))
        .route("/logout", post(api::account::log_out))
        .route("/uploads", options(upload::options).post(upload::create))
        .route(
            "/uploads/{id}",
            options(upload::options)
                .head(upload::progress)
                .patch(upload::append)
                .delete(upload::remove)
                .layer(DefaultBodyLimit::disable()),
        );
    let pages = Router::new()
        .route("/", get(pages::home::page))
        .route("/login", get(pages::login::page).post(pages::login::submit))
        .route("/clips/{id}", get(pages::clip::page))
        .route("/clips/{id}/prepare", get(pages::prepare::page))
        .route("/athletes", get(pages::athletes::page))
        .route("/athletes/{id}", get(pages::athlete::page))
        .route("/team", get(pages::team::page))
        .route("/compare", get(pages::compare::page))
        .route("/settings", get(pages::settings::page))
        .route("/api", get(pages::settings::api))
        .route("/s/{token}", get(pages::share::page))
        .route("/r/{view}/{*path}", get(files::viewed))
        .route("/c/{view}/{*path}", get(comparison::viewed))
        .route("/static/{name}", get(assets::named));
    pages
        .nest("/api/v1", api)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app.clone())
}
