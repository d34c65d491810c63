//! Passwords, roles, logins that end, and networks that are not let in.

use super::harness::Server;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const WORD: &str = "push the floor away";

fn set_password(data: &Path, name: &str, role: &str, word: &str) -> std::process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["serve", "password", name, "--role", role, "--data"])
        .arg(data)
        .env_remove("SLEDFORM_PASSWORD")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    writeln!(child.stdin.take().expect("piped"), "{word}").expect("written");
    child.wait_with_output().expect("it ends")
}

/// The cookie, and the token that its pages send.
fn log_in(server: &Server, name: &str, word: &str) -> Option<(String, String)> {
    let body = format!("name={name}&password={}&next=%2Fathletes", word.replace(' ', "+"));
    let answer = server.bare(
        "POST",
        "/login",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        body.as_bytes(),
    );
    if answer.status != 303 {
        assert_eq!(answer.status, 422, "{}", answer.text());
        return None;
    }
    assert_eq!(answer.header("location"), "/athletes");
    let set = answer.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    let cookie = set.split(';').next().unwrap_or_default().to_owned();
    let page = server.bare("GET", "/settings", &[("Cookie", &cookie)], b"");
    Some((cookie, page.between("name=\"csrf\" content=\"", "\"")))
}

#[test]
fn a_network_is_served_only_with_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let refused = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["serve", "--listen", "0.0.0.0", "--port", "0", "--data"])
        .arg(&data)
        .output()
        .expect("the program starts");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("serve password"), "{refused:?}");
    assert!(!set_password(&data, "coach", "coach", "short").status.success());
    assert!(set_password(&data, "coach", "coach", WORD).status.success());
    let server = Server::on(&data, &["--listen", "0.0.0.0"]);
    let page = server.bare("GET", "/clips/1?x=1", &[], b"");
    assert_eq!((page.status, page.header("location")), (303, "/login?next=%2Fclips%2F1%3Fx%3D1"));
    let api = server.bare("GET", "/api/v1/clips", &[], b"");
    assert_eq!((api.status, api.header("www-authenticate")), (401, "Bearer"));
}

/// What browsers send with the plain form of the login page, by what the page's own headers allow them to say.
#[test]
fn a_browser_logs_in_and_a_removed_account_is_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for (name, role) in [("coach", "coach"), ("eve", "viewer")] {
        assert!(set_password(&data, name, role, WORD).status.success());
    }
    let server = Server::on(&data, &[]);
    let page = server.bare("GET", "/login", &[], b"");
    assert_eq!(page.header("referrer-policy"), "same-origin", "no-referrer makes the form's origin null");
    let body = format!("name=eve&password={}", WORD.replace(' ', "+"));
    let own = format!("http://{}", server.host);
    let submit = |origin: &str, site: &str| {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [kind, ("Origin", origin), ("Sec-Fetch-Site", site)];
        server.bare("POST", "/login", &headers, body.as_bytes()).status
    };
    assert_eq!((submit(&own, "same-origin"), submit("null", "same-origin")), (303, 303));
    for (origin, site) in [("null", "cross-site"), ("https://evil.example", "cross-site"), ("null", "none")] {
        assert_eq!(submit(origin, site), 403, "{origin} {site}");
    }

    let (eve, _) = log_in(&server, "eve", WORD).expect("she may come in");
    assert!(remove(&data, "Eve").status.success(), "names in any case");
    assert!(!remove(&data, "eve").status.success(), "there is none of that name any more");
    assert_eq!(server.bare("GET", "/athletes", &[("Cookie", &eve)], b"").status, 303, "she is out");
    assert!(log_in(&server, "eve", WORD).is_none());
    let last = remove(&data, "coach");
    assert!(String::from_utf8_lossy(&last.stderr).contains("this machine alone"), "{last:?}");
    assert_eq!(server.bare("GET", "/athletes", &[], b"").status, 200, "this machine needs no password");
}

fn remove(data: &Path, name: &str) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sledform"));
    command.args(["serve", "password", name, "--remove", "--data"]).arg(data);
    command.output().expect("the program starts")
}

#[test]
fn without_any_account_a_network_is_let_in_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert!(set_password(&data, "coach", "coach", WORD).status.success());
    let server = Server::on(&data, &["--listen", "0.0.0.0"]);
    assert!(remove(&data, "coach").status.success());
    let page = server.bare("GET", "/athletes", &[], b"");
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("sledform serve password coach"));
}

#[test]
fn a_coach_changes_a_viewer_looks_and_a_login_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for (name, role) in [("coach", "coach"), ("eve", "viewer")] {
        assert!(set_password(&data, name, role, WORD).status.success());
    }
    let server = Server::on(&data, &[]);
    assert!(
        log_in(&server, "coach", "wrong password").is_none() && log_in(&server, "nobody", WORD).is_none()
    );
    let (coach, coach_csrf) = log_in(&server, "coach", WORD).expect("the right password");
    let (viewer, viewer_csrf) = log_in(&server, "Eve", WORD).expect("names in any case");
    let add = |cookie: &str, csrf: &str| {
        let headers = [("Cookie", cookie), ("X-CSRF-Token", csrf), ("Content-Type", "application/json")];
        server
            .bare("POST", "/api/v1/athletes", &headers, json!({"name": "Ada"}).to_string().as_bytes())
            .status
    };
    assert_eq!(add(&coach, &coach_csrf), 201);
    assert_eq!(add(&viewer, &viewer_csrf), 403, "a viewer looks");
    assert_eq!(add(&coach, &viewer_csrf), 403, "somebody else's page");
    assert_eq!(add(&coach, ""), 403, "no page of ours");
    let looks = server.bare("GET", "/athletes", &[("Cookie", &viewer)], b"");
    assert!(looks.status == 200 && looks.text().contains("Ada") && !looks.text().contains("Add an athlete"));

    let out =
        server.bare("POST", "/api/v1/logout", &[("Cookie", &viewer), ("X-CSRF-Token", &viewer_csrf)], b"");
    assert_eq!((out.status, server.bare("GET", "/athletes", &[("Cookie", &viewer)], b"").status), (204, 303));
    server.database().execute("UPDATE logins SET expires = 1", []).expect("set");
    assert_eq!(add(&coach, &coach_csrf), 401, "a login ends");
    let (coach, coach_csrf) = log_in(&server, "coach", WORD).expect("again");
    assert!(set_password(&data, "coach", "coach", "another password").status.success());
    assert_eq!(add(&coach, &coach_csrf), 401, "a new password ends logins");
}

#[test]
fn a_token_of_a_viewer_reads_and_no_more() {
    let server = Server::start(&[]);
    let bearer = format!("Bearer {}", server.make_token("viewer"));
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    assert_eq!(server.bare("GET", "/api/v1/clips", &headers, b"").status, 200);
    assert_eq!(server.bare("POST", "/api/v1/athletes", &headers, b"{\"name\":\"Ada\"}").status, 403);
    let made = server.change("POST", "/api/v1/tokens", &json!({"name": "team system"})).json();
    let own = format!("Bearer {}", made["token"].as_str().expect("a token"));
    assert_eq!(server.bare("GET", "/api/v1/team", &[("Authorization", &own)], b"").status, 200);
    assert_eq!(server.change("DELETE", &format!("/api/v1/tokens/{}", made["id"]), &json!(null)).status, 204);
    assert_eq!(server.bare("GET", "/api/v1/team", &[("Authorization", &own)], b"").status, 401);
    assert!(
        server.files_with(own.trim_start_matches("Bearer ").as_bytes()).is_empty(),
        "only a hash is kept"
    );
}

#[test]
fn guessing_a_password_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert!(set_password(&data, "coach", "coach", WORD).status.success());
    let server = Server::on(&data, &[]);
    let guess = |word: &str| {
        let body = format!("name=coach&password={word}");
        server
            .bare("POST", "/login", &[("Content-Type", "application/x-www-form-urlencoded")], body.as_bytes())
            .status
    };
    let answers: Vec<u16> = (0..12).map(|i| guess(&format!("guess{i}"))).collect();
    assert_eq!(answers.iter().filter(|s| **s == 422).count(), 10, "{answers:?}");
    assert_eq!(answers[11], 429);
    assert_eq!(guess("push+the+floor+away"), 429, "not even the right one, until a while has passed");
}
