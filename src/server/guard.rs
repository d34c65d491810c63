//! What every request passes: is it meant for this server, who asks, may they; and what every answer gets: headers that keep
//! a page to itself, problems as a page or as JSON.

use super::access::{self, Role, Who};
use super::app::Shared;
use super::pages;
use super::problem::Problem;
use super::secret;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::IpAddr;

/// The cookie's name.
pub const COOKIE: &str = "sledform";

/// Whose pages may show a file; by default ours alone.
pub const EMBEDDED_BY: &str = "cross-origin-resource-policy";

/// With each change from a page.
const CSRF: &str = "x-csrf-token";

/// Everything from here alone, no frames but our own report, nobody frames us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Who asked when nobody has a password: whoever sits at this machine.
const LOCAL: &str = "coach";

/// The middleware.
pub async fn guard(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut cookie = None;
    let mut known = None;
    let response = match admit(&app, &mut request).await {
        Ok((who, set)) => {
            cookie = set;
            known = who;
            next.run(request).await
        }
        Err(Refusal::Login) if !is_api => {
            let back = request.uri().path_and_query().map_or("/", |p| p.as_str());
            Redirect::to(&format!("/login?next={}", pages::percent(back))).into_response()
        }
        Err(Refusal::Login) => {
            let message = "Log in, or send a token: Authorization: Bearer TOKEN.";
            let bearer = [(header::WWW_AUTHENTICATE, "Bearer")];
            (bearer, Problem::new(StatusCode::UNAUTHORIZED, message)).into_response()
        }
        Err(Refusal::Problem(problem)) => problem.into_response(),
    };
    let mut response = told(&app, response, is_api, known.as_ref());
    dress(&app, &mut response, cookie.as_deref());
    response
}

enum Refusal {
    Login,
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Who asks, and a cookie to set.
type Admitted = (Option<Who>, Option<String>);

async fn admit(app: &Shared, request: &mut Request) -> Result<Admitted, Refusal> {
    is_for_us(app, request.headers(), request.uri())?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes {
        is_from_us(request.headers())?;
    }
    let is_open = is_public(request.uri().path());
    if is_open {
        // Its handler looks at what it was given: a share link, a view, a password.
        return Ok((None, None));
    }
    let (who, cookie, is_program) = identify(app, request.headers()).await?;
    if changes && !is_program {
        let sent = request.headers().get(CSRF).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !who.csrf.as_deref().is_some_and(|csrf| secret::same(csrf, sent)) {
            let message = "This page is out of date, or the change did not come from one of our pages. Load the page again.";
            return Err(Problem::new(StatusCode::FORBIDDEN, message).into());
        }
    }
    if changes && who.role < Role::Coach && request.uri().path() != "/api/v1/logout" {
        let message = "You may look but not change anything. Ask a coach to do it.";
        return Err(Problem::new(StatusCode::FORBIDDEN, message).into());
    }
    request.extensions_mut().insert(who.clone());
    Ok((Some(who), cookie))
}

fn is_public(path: &str) -> bool {
    path == "/login" || ["/static/", "/s/", "/r/", "/c/"].iter().any(|open| path.starts_with(open))
}

/// A foreign name that leads to this machine is another site's page trying to speak to us (DNS rebinding).
fn is_for_us(app: &Shared, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
    let host = headers
        .get(header::HOST)
        .and_then(|v| v.to_str().ok())
        .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let name = host.map(without_port).unwrap_or_default().to_ascii_lowercase();
    let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    if is_address || app.config.names.contains(&name) {
        return Ok(());
    }
    let message =
        "This server does not go by that name. Use the address it printed, or start it with --public-url.";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, message))
}

/// A host without its port.
#[must_use]
pub fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        // The colons of an IPv6 address stand inside brackets.
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

/// Browsers say where a change comes from; another site's is refused. An origin kept back ("null") is believed where the
/// browser itself, whom no page can make say so, calls the change our own: what is walled off, as the report, is not.
fn is_from_us(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let site = text("sec-fetch-site");
    let is_site = site.is_none_or(|site| site == "same-origin" || site == "none");
    let is_origin = text("origin").is_none_or(|origin| match origin {
        "null" => site == Some("same-origin"),
        origin => origin.split_once("://").map(|(_, host)| host) == text("host"),
    });
    if is_site && is_origin {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "Changes are taken from this server's own pages only."))
}

/// Who asks, a cookie to set, and whether it is a program with a token.
async fn identify(app: &Shared, headers: &HeaderMap) -> Result<(Who, Option<String>, bool), Refusal> {
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        let token =
            given.to_str().ok().and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default().trim().to_owned();
        let found = app.db(move |c| access::by_token(c, &token)).await?;
        let (name, role) = found.ok_or(Refusal::Login)?;
        return Ok((Who { name, role, csrf: None }, None, true));
    }
    let cookie = cookie(headers);
    let sent = cookie.clone();
    let (login, has_accounts) = app
        .db(move |c| {
            let login = sent.map(|cookie| access::by_cookie(c, &cookie)).transpose()?.flatten();
            Ok((login, access::has_accounts(c)?))
        })
        .await?;
    let csrf = |cookie: &str| Some(secret::csrf(&app.secret, cookie));
    match (login, cookie) {
        (Some((name, role)), Some(cookie)) => Ok((Who { name, role, csrf: csrf(&cookie) }, None, false)),
        _ if has_accounts => Err(Refusal::Login),
        // The last account was removed while it runs. Behind a proxy the network comes to this machine's own address.
        _ if app.config.is_open() => {
            let message = "Nobody has a password, so nobody on the network is let in. Make one: sledform serve password coach.";
            Err(Problem::new(StatusCode::FORBIDDEN, message).into())
        }
        (_, Some(cookie)) => {
            Ok((Who { name: LOCAL.to_owned(), role: Role::Coach, csrf: csrf(&cookie) }, None, false))
        }
        (_, None) => {
            let fresh = secret::token()?;
            Ok((Who { name: LOCAL.to_owned(), role: Role::Coach, csrf: csrf(&fresh) }, Some(fresh), false))
        }
    }
}

/// The value of our cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let ours = all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = ours.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value).next()?;
    (value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit())).then(|| value.to_owned())
}

/// The header that sets our cookie; an empty value takes it back.
#[must_use]
pub fn set_cookie(app: &Shared, value: &str) -> String {
    let age = if value.is_empty() { 0 } else { access::LOGIN_S };
    let secure = if app.config.is_secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}")
}

/// Problems in words: JSON for programs, a page for people. What axum refuses by itself is told alike.
fn told(app: &Shared, mut response: Response, is_api: bool, who: Option<&Who>) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>();
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if problem.is_none() && is_page {
        return response;
    }
    let problem = problem.unwrap_or_else(|| refused(status));
    if let Some(cause) = &problem.cause {
        app.log(&format!("{}: {cause}", status.as_u16()));
    }
    let mut answer = if is_api {
        let body = serde_json::json!({ "error": problem.message, "status": status.as_u16() });
        (status, axum::Json(body)).into_response()
    } else {
        (status, pages::problem(&problem, who)).into_response()
    };
    for (name, value) in response.headers() {
        let is_of_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name);
        if !is_of_body {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}

fn refused(status: StatusCode) -> Problem {
    let message = match status {
        StatusCode::NOT_FOUND => "There is no such page; it may have been deleted.",
        StatusCode::METHOD_NOT_ALLOWED => "This address cannot be used in this way.",
        StatusCode::PAYLOAD_TOO_LARGE => "This is too large.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "Content-Type does not fit; this address takes application/json."
        }
        StatusCode::RANGE_NOT_SATISFIABLE => "The file has no such part.",
        _ => "The request could not be understood.",
    };
    Problem::new(status, message)
}

fn dress(app: &Shared, response: &mut Response, cookie: Option<&str>) {
    let headers = response.headers_mut();
    let mut default = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, POLICY);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not "no-referrer": with it browsers call the origin of our own login form "null".
    default(header::REFERRER_POLICY, "same-origin");
    default(header::CACHE_CONTROL, "no-store");
    default(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(header::HeaderName::from_static(EMBEDDED_BY), "same-origin");
    default(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    );
    if app.config.is_secure {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Some(Ok(value)) = cookie.map(|c| HeaderValue::from_str(&set_cookie(app, c))) {
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (header::HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn changes_come_from_our_own_pages() {
        let from = |pairs: &[(&'static str, &'static str)]| is_from_us(&headers(pairs)).is_ok();
        assert!(from(&[("host", "127.0.0.1:7533"), ("origin", "http://127.0.0.1:7533")]));
        assert!(from(&[("host", "127.0.0.1:7533")]), "a program sends no origin");
        for origin in
            ["https://evil.example", "null", "http://127.0.0.1:80", "http://127.0.0.1:7533.evil.example"]
        {
            assert!(!from(&[("host", "127.0.0.1:7533"), ("origin", origin)]), "{origin}");
        }
        assert!(from(&[("host", "a"), ("origin", "null"), ("sec-fetch-site", "same-origin")]), "kept back");
        for site in ["cross-site", "same-site", "none"] {
            assert!(!from(&[("host", "a"), ("origin", "null"), ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!from(&[("host", "a"), ("origin", "http://b"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("host", "a"), ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("host", "a"), ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn our_cookie_is_found_among_others_and_has_a_shape() {
        let token: &'static str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let all: &'static str =
            "a=b; sledform=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef; c=d";
        assert_eq!(cookie(&headers(&[("cookie", all)])).as_deref(), Some(token));
        assert_eq!(cookie(&headers(&[("cookie", "sledform=short")])), None);
        assert_eq!(
            (without_port("[::1]:80"), without_port("[::1]"), without_port("a.b:1")),
            ("[::1]", "[::1]", "a.b")
        );
    }
}
