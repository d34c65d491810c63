//! What nobody should get through with: more than fifty inputs, each with the answer it gets. After all of them the server
//! answers, nothing lies outside its folder, and nothing is in it that was refused.

use super::harness::{Answer, Server, raw, small_clip};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

/// What is sent as a clip: name, content, a field with its value, and the answer.
type Sent<'a> = (&'a str, &'a str, Vec<u8>, (&'a str, &'a str), u16);

fn clips() -> Vec<Sent<'static>> {
    let good = |mark: &str| small_clip(mark);
    let none = ("note", "");
    let script = leak(format!("{SCRIPT}.mp4"));
    let long = leak("n".repeat(4000) + ".mp4");
    let longer = leak("a".repeat(5000));
    vec![
        ("name leads out", "../../../../tmp/hostile-passwd.mp4", good("1"), none, 201),
        ("name leads out, other system", "..\\\\..\\\\windows\\\\x.mp4", good("2"), none, 201),
        ("name is absolute", "/tmp/hostile-absolute.mp4", good("3"), none, 201),
        ("name has control characters", "a\u{1}\u{7f}b.mp4", good("4"), none, 400),
        ("name is a script", script, good("5"), none, 201),
        ("name is endless", long, good("6"), none, 201),
        ("name turns the writing", "a\u{202e}4pm.exe", good("7"), none, 201),
        ("name is missing", "", good("8"), none, 201),
        ("nothing in it", "a.mp4", Vec::new(), none, 422),
        ("a page called a video", "a.mp4", b"<html><script>alert(1)</script></html>".to_vec(), none, 415),
        ("an archive", "a.mp4", b"PK\x03\x04xxxxxxxxxxxxxxxx".to_vec(), none, 415),
        ("a program", "a.mp4", b"\x7fELF\x02\x01\x01xxxxxxxxx".to_vec(), none, 415),
        ("a picture", "a.mp4", b"\x89PNG\r\n\x1a\nxxxxxxxxxxx".to_vec(), none, 415),
        ("a drawing with a script", "a.mp4", b"<svg onload=alert(1)></svg>".to_vec(), none, 415),
        ("sound alone", "a.mp4", b"RIFF\x24\x08\0\0WAVEfmt ".to_vec(), none, 415),
        ("a field of the store's", "a.mp4", good("9"), ("sha256", "00"), 400),
        ("an option of the worker's", "a.mp4", good("10"), ("out", "/tmp/hostile-out"), 400),
        ("an athlete without end", "a.mp4", good("11"), ("athlete", longer), 400),
        ("an athlete who is an option", "a.mp4", good("12"), ("athlete", "--out=/tmp/hostile-option"), 201),
        ("an athlete who is a script", "a.mp4", good("13"), ("athlete", SCRIPT), 201),
        ("a note that is a script", "a.mp4", good("14"), ("note", SCRIPT), 201),
        ("a note that is an option", "a.mp4", good("15"), ("note", "--profile=/etc/passwd"), 201),
        ("a load that is no number", "a.mp4", good("16"), ("load_kg", "NaN"), 400),
        ("a load beyond all numbers", "a.mp4", good("17"), ("load_kg", "1e999"), 400),
        ("an exercise that is a path", "a.mp4", good("18"), ("exercise", "../../etc/passwd"), 400),
        ("a line that is none", "a.mp4", good("19"), ("known_length", "1,2,3,4=0"), 400),
        ("a point that is an option", "a.mp4", good("20"), ("athlete_at", "--out=/tmp/x"), 400),
        ("an end before the start", "a.mp4", good("21"), ("end_s", "-1"), 400),
        ("a day that is none", "a.mp4", good("22"), ("day", "2026-02-30' OR '1'='1"), 400),
    ]
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

#[test]
fn hostile_clips_are_answered_and_harm_nothing() {
    let server = Server::with_quick_worker("0.01", &[]);
    let mut taken = Vec::new();
    for (what, name, content, field, status) in clips() {
        let answer = server.send_clip(name, &content, &[field]);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        if status == 201 {
            taken.push(answer.json()["clip"]["id"].as_i64().expect("a number"));
        } else {
            says_why(what, &answer);
        }
    }
    for id in &taken {
        let clip = server.wait(*id, Duration::from_secs(30));
        assert_eq!(clip["state"], "done", "{clip}");
        for page in
            ["/".to_owned(), "/athletes".to_owned(), format!("/clips/{id}"), format!("/clips/{id}/prepare")]
        {
            let text = server.get(&page).text();
            assert!(!text.contains("<script>alert") && !text.contains("<img"), "{page}: {text}");
        }
        let title = clip["title"].as_str().expect("a title");
        assert!(
            title.chars().count() <= 120 && !title.contains(['/', '\\', '\u{1}', '\u{202e}']),
            "{title:?}"
        );
        // Judged with what was told: the worker takes it as text.
        let again = server.change(
            "PATCH",
            &format!("/api/v1/clips/{id}"),
            &json!({"style": "tall", "exercise": "sled-push"}),
        );
        assert_eq!(again.status, 200, "{}", again.text());
    }
    for outside in ["passwd.mp4", "absolute.mp4", "option", "out"] {
        assert!(!std::path::Path::new(&format!("/tmp/hostile-{outside}")).exists(), "{outside}");
    }
    assert_eq!(server.get("/api/v1/clips").json()["count"], taken.len());
    assert_eq!(server.files_below("clips").iter().filter(|p| p.ends_with("clip.mp4")).count(), taken.len());
    assert!(server.files_below("uploads").is_empty());
}

/// A refusal says in a sentence what is wrong, and nothing of the inside.
fn says_why(what: &str, answer: &Answer) {
    let text = answer.text();
    let is_json = answer.header("content-type").contains("json");
    let why =
        if is_json { answer.json()["error"].as_str().unwrap_or_default().to_owned() } else { text.clone() };
    assert!(why.len() > 15, "{what}: {text}");
    assert!(
        !text.contains("/tmp/.tmp") && !text.contains("panicked") && !text.contains("SQL"),
        "{what}: {text}"
    );
}

/// A request and the answer it gets.
struct Request<'a> {
    what: &'a str,
    method: &'a str,
    path: String,
    headers: Vec<(&'a str, String)>,
    body: Vec<u8>,
    status: u16,
}

fn request<'a>(
    what: &'a str,
    method: &'a str,
    path: impl Into<String>,
    headers: &[(&'a str, &str)],
    body: &[u8],
    status: u16,
) -> Request<'a> {
    let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
    Request { what, method, path: path.into(), headers, body: body.to_vec(), status }
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn forged_changes<'a>(server: &'a Server) -> Vec<Request<'a>> {
    let (cookie, csrf) = server.browser();
    let body = b"{\"name\":\"Mallory\"}";
    let origin = format!("http://{}", server.host);
    let post = |what, headers: &[(&'a str, &str)], status| {
        request(what, "POST", "/api/v1/athletes", headers, body, status)
    };
    vec![
        post("no token of the page", &[JSON, ("Cookie", cookie)], 403),
        post(
            "a wrong token of the page",
            &[JSON, ("Cookie", cookie), ("X-CSRF-Token", &"0".repeat(64))],
            403,
        ),
        post("neither cookie nor token", &[JSON], 403),
        post("a token without its cookie", &[JSON, ("X-CSRF-Token", csrf)], 403),
        post(
            "another site",
            &[JSON, ("Cookie", cookie), ("X-CSRF-Token", csrf), ("Origin", "https://evil.example")],
            403,
        ),
        post(
            "another port",
            &[JSON, ("Cookie", cookie), ("X-CSRF-Token", csrf), ("Origin", "http://127.0.0.1:1")],
            403,
        ),
        post(
            "a page without an origin",
            &[JSON, ("Cookie", cookie), ("X-CSRF-Token", csrf), ("Origin", "null")],
            403,
        ),
        post(
            "another site, as the browser says",
            &[JSON, ("Cookie", cookie), ("X-CSRF-Token", csrf), ("Sec-Fetch-Site", "cross-site")],
            403,
        ),
        post(
            "another name for this machine",
            &[JSON, ("Host", "evil.example"), ("Cookie", cookie), ("X-CSRF-Token", csrf)],
            421,
        ),
        request("another name, only looking", "GET", "/", &[("Host", "evil.example:80")], b"", 421),
        post("a forged bearer", &[JSON, ("Authorization", "Bearer 0000")], 401),
        post("another kind of login", &[JSON, ("Authorization", "Basic YWRtaW46YWRtaW4=")], 401),
        post(
            "a form in place of JSON",
            &[
                ("Content-Type", "text/plain"),
                ("Cookie", cookie),
                ("X-CSRF-Token", csrf),
                ("Origin", &origin),
            ],
            415,
        ),
        request(
            "a name as a list",
            "POST",
            "/api/v1/athletes",
            &[JSON, ("Authorization", &server.bearer())],
            b"{\"name\":[1]}",
            422,
        ),
        request(
            "half a JSON",
            "POST",
            "/api/v1/athletes",
            &[JSON, ("Authorization", &server.bearer())],
            b"{\"name\":",
            400,
        ),
        request(
            "a key too many",
            "POST",
            "/api/v1/athletes",
            &[JSON, ("Authorization", &server.bearer())],
            b"{\"name\":\"a\",\"role\":\"coach\"}",
            422,
        ),
        request(
            "a pit of brackets",
            "POST",
            "/api/v1/athletes",
            &[JSON, ("Authorization", &server.bearer())],
            &b"[".repeat(50_000),
            422,
        ),
        request(
            "a body without end",
            "POST",
            "/api/v1/athletes",
            &[JSON, ("Authorization", &server.bearer())],
            &b" ".repeat(300_000),
            413,
        ),
        request("a method of its own", "BREW", "/", &[("Authorization", &server.bearer())], b"", 405),
    ]
}

fn forged_places(server: &Server, id: i64, view: &str) -> Vec<Request<'static>> {
    let bearer = server.bearer();
    let get =
        |what, path: String, status| request(what, "GET", path, &[("Authorization", &bearer)], b"", status);
    vec![
        get("a clip below zero", "/clips/-1".into(), 404),
        get("a clip that never was", "/api/v1/clips/999999".into(), 404),
        get("a clip that is a question", "/api/v1/clips/1%20OR%201=1".into(), 400),
        get("a clip beyond all numbers", "/api/v1/clips/99999999999999999999".into(), 400),
        get("the database as a file", format!("/api/v1/clips/{id}/files/..%2f..%2f..%2fsledform.db"), 404),
        get("the database by dots", format!("/api/v1/clips/{id}/files/%2e%2e"), 404),
        get("a file that is not given out", format!("/api/v1/clips/{id}/files/worker.sh"), 404),
        get("the database through a view", format!("/r/{view}/r1/..%2f..%2f..%2fsledform.db"), 404),
        get("the folder above through a view", format!("/r/{view}/../../../sledform.db"), 404),
        get("tables through a view", format!("/r/{view}/r1/summary.json"), 404),
        get("older results through a view", format!("/r/{view}/r0/report.html"), 404),
        get("a forged view", format!("/r/{}/r1/report.html", "0".repeat(64)), 404),
        get("a source as a style", "/static/..%2fapp.rs".into(), 404),
        get("a forged link", format!("/s/{}", "0".repeat(64)), 404),
        get("a link that is a question", "/s/'%20OR%20'1'='1".into(), 404),
        get("a search that is a question", "/api/v1/clips?q=%27%20OR%201%3D1%20--".into(), 200),
        get("an athlete that is a question", "/api/v1/clips?athlete=1%20OR%201%3D1".into(), 200),
        get("a page that is none", "/?page=-1".into(), 400),
        get("a page beyond all", "/?page=4294967295".into(), 200),
        get("two clips that are one", format!("/compare?clip={id}&clip=abc"), 404),
        get("a trend of a question", "/athletes/1?metric=%27%20OR%201%3D1&exercise=%3Cscript%3E".into(), 404),
        request(
            "a part of a file that is none",
            "GET",
            format!("/api/v1/clips/{id}/files/clip"),
            &[("Authorization", &bearer), ("Range", "bytes=999999999-")],
            b"",
            416,
        ),
    ]
}

fn forged_uploads(server: &Server) -> Vec<Request<'static>> {
    let bearer = server.bearer();
    vec![
        request(
            "an upload without end",
            "POST",
            "/api/v1/uploads",
            &[("Authorization", &bearer), ("Upload-Length", "10737418240000")],
            b"",
            413,
        ),
        request(
            "an upload below zero",
            "POST",
            "/api/v1/uploads",
            &[("Authorization", &bearer), ("Upload-Length", "-1")],
            b"",
            400,
        ),
        request(
            "an upload beyond all numbers",
            "POST",
            "/api/v1/uploads",
            &[("Authorization", &bearer), ("Upload-Length", "99999999999999999999999")],
            b"",
            400,
        ),
        request(
            "metadata that is none",
            "POST",
            "/api/v1/uploads",
            &[("Authorization", &bearer), ("Upload-Length", "10"), ("Upload-Metadata", "filename !!!!")],
            b"",
            400,
        ),
        request(
            "an upload of somebody else's",
            "HEAD",
            format!("/api/v1/uploads/{}", "0".repeat(64)),
            &[("Authorization", &bearer)],
            b"",
            404,
        ),
        request(
            "the database as an upload",
            "PATCH",
            "/api/v1/uploads/..%2fsledform.db",
            &[
                ("Authorization", &bearer),
                ("Upload-Offset", "0"),
                ("Content-Type", "application/offset+octet-stream"),
            ],
            b"x",
            404,
        ),
        request(
            "ten gigabytes in one request",
            "POST",
            "/api/v1/clips",
            &[
                ("Authorization", &bearer),
                ("Content-Type", "multipart/form-data; boundary=x"),
                ("Content-Length", "10737418240"),
            ],
            b"--x",
            413,
        ),
        request(
            "a form without edges",
            "POST",
            "/api/v1/clips",
            &[("Authorization", &bearer), ("Content-Type", "multipart/form-data")],
            b"x",
            400,
        ),
    ]
}

#[test]
fn forged_requests_are_refused_with_a_reason() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("victim", &[]);
    let view = server.get(&format!("/clips/{id}")).between("src=\"/r/", "/");
    let all = forged_changes(&server)
        .into_iter()
        .chain(forged_places(&server, id, &view))
        .chain(forged_uploads(&server));
    for one in all {
        let headers: Vec<(&str, &str)> = one.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = server.bare(one.method, &one.path, &headers, &one.body);
        assert_eq!(answer.status, one.status, "{}: {}", one.what, answer.text());
        let is_refusal = one.status >= 400 && one.method != "HEAD";
        if is_refusal {
            says_why(one.what, &answer);
        } else if one.path.contains("?q=") || one.path.contains("?athlete=") {
            assert_eq!(answer.json()["count"], 0, "{}", one.what);
        }
    }
    for garbage in [
        &b"GET / HTTP/9.9\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ] {
        let status = raw(&server.host, garbage).map_or(400, |a| a.status);
        assert!((400..500).contains(&status), "{garbage:?}: {status}");
    }
    let endless = format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", server.host, "x".repeat(2 << 20));
    assert!(raw(&server.host, endless.as_bytes()).is_none_or(|a| a.status == 431));
    assert_eq!(server.get("/api/v1/athletes").json(), json!([]), "nobody was added");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_share_link_shows_one_clip_until_it_ends() {
    let server = Server::with_quick_worker("0.01", &[]);
    let (id, other) = (server.analysed("shared", &[("athlete", "Ada")]), server.analysed("other", &[]));
    let share = |scope: &str| {
        let made =
            server.change("POST", &format!("/api/v1/clips/{id}/shares"), &json!({"days": 1, "scope": scope}));
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let path = |share: &Value| {
        format!("/s/{}", share["url"].as_str().and_then(|u| u.rsplit('/').next()).expect("a link"))
    };
    let whole = share("report");
    let page = server.bare("GET", &path(&whole), &[], b"");
    let view = page.between("src=\"/r/", "/");
    let look = |view: &str, name: &str| server.bare("GET", &format!("/r/{view}/r1/{name}"), &[], b"").status;
    assert_eq!((page.status, look(&view, "report.html")), (200, 200));
    assert_eq!(
        server.bare("GET", &format!("/clips/{id}"), &[("Cookie", "sledform=x")], b"").status,
        200,
        "open: nobody has a password"
    );
    assert!(!page.text().contains(&format!("/clips/{other}")) && !page.text().contains("csrf"));
    for report in server.files_below("clips").iter().filter(|path| path.ends_with("r1/report.html")) {
        std::fs::write(report.with_file_name("overlay.mp4"), b"a video").expect("written");
    }
    let video = share("overlay");
    let part = server.bare("GET", &path(&video), &[], b"").between("src=\"/r/", "/");
    assert_eq!(
        (look(&part, "report.html"), server.bare("GET", &format!("/r/{part}/clip.mp4"), &[], b"").status),
        (404, 404)
    );
    // Ended, and taken back: at once, for pages that are open too.
    server.database().execute("UPDATE shares SET expires = 1 WHERE scope = 'overlay'", []).expect("set");
    assert_eq!((server.bare("GET", &path(&video), &[], b"").status, look(&part, "overlay.mp4")), (404, 410));
    assert_eq!(server.change("DELETE", &format!("/api/v1/shares/{}", whole["id"]), &json!(null)).status, 204);
    assert_eq!((server.bare("GET", &path(&whole), &[], b"").status, look(&view, "report.html")), (404, 410));
    let token = path(&whole)[3..].to_owned();
    assert!(server.files_with(token.as_bytes()).is_empty(), "only a hash is kept");
}

/// Files that only the worker can tell: each fails alone, with a reason, and the server goes on.
#[test]
fn broken_and_exploding_videos_fail_alone() {
    let server = Server::start(&["--worker-mib", "1200"]);
    let whole = super::sample("sled-push.mp4");
    let mut ten_gigabytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x01mdat".to_vec();
    ten_gigabytes.extend(10_737_418_240u64.to_be_bytes());
    let mut scrambled = whole.clone();
    let moov = scrambled.windows(4).position(|w| w == b"stbl").expect("a table");
    scrambled[moov + 4..].iter_mut().step_by(3).take(20_000).for_each(|b| *b ^= 0xa5);
    let mut inputs = vec![
        ("a header of ten gigabytes", ten_gigabytes),
        ("scrambled tables", scrambled),
        ("cut off", whole[..900].to_vec()),
    ];
    inputs.extend(bomb().map(|bytes| ("pictures of 200 MB each in a small file", bytes)));
    for (what, bytes) in inputs {
        let sent = server.send_clip("a.mp4", &bytes, &[("quality", "fast"), ("end_s", "1")]);
        assert_eq!(sent.status, 201, "{what}: {}", sent.text());
        let clip = server.wait(sent.json()["clip"]["id"].as_i64().expect("a number"), Duration::from_mins(4));
        println!("{what}: {} {}", clip["state"], clip["error"]);
        assert_eq!(clip["state"], "failed", "{what}: {clip}");
        let why = clip["error"].as_str().expect("a reason");
        assert!(!what.contains("200 MB") || why.contains("more memory"), "{what}: {why}");
        assert!(why.len() > 15 && !why.contains(server.data.to_str().expect("UTF-8")), "{what}: {why}");
        assert_eq!(server.get("/").status, 200);
    }
}

/// Black pictures of 8192 by 8192, by the program that the tests need anyway.
fn bomb() -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bomb.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "color=black:s=8192x8192:r=30", "-frames:v", "20"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"])
        .arg(&path)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped the exploding video: ffmpeg made none");
        return None;
    }
    std::fs::read(path).ok()
}
