//! The web app over HTTP: a server process of its own for each test, asked as browsers and programs ask, and treated badly.
#![cfg(feature = "server")]

#[path = "server/access.rs"]
mod access;
#[path = "server/crash.rs"]
mod crash;
#[path = "server/encrypted.rs"]
mod encrypted;
#[path = "server/harness.rs"]
mod harness;
#[path = "server/hostile.rs"]
mod hostile;
#[path = "server/library.rs"]
mod library;
#[path = "server/said.rs"]
mod said;
#[path = "server/uploads.rs"]
mod uploads;

use harness::{Server, sample};
use serde_json::json;
use std::time::{Duration, Instant};

/// From the clip to the report and away again, with the worker that people get.
#[test]
fn a_clip_becomes_a_report_that_can_be_corrected_shared_and_deleted() {
    let server = Server::start(&[]);
    let fields = [("athlete", "Ada Lovelace"), ("quality", "fast"), ("end_s", "1.2"), ("load_kg", "40")];
    let sent = server.send_clip("push.mp4", &sample("sled-push.mp4"), &fields);
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id = sent.json()["clip"]["id"].as_i64().expect("a number");
    let clip = server.wait(id, Duration::from_mins(3));
    assert_eq!(clip["state"], "done", "{clip}");
    assert_eq!(clip["told"]["load_kg"], 40.0);

    let page = server.get(&format!("/clips/{id}"));
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    let report = page.between("src=\"/r/", "\"");
    let report_path = format!("/r/{report}");
    let answer = server.bare("GET", &report_path, &[], b"");
    assert_eq!(answer.status, 200);
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("sandbox allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
    assert!(answer.text().contains("Ada Lovelace"));
    let video = report_path.replace("/r1/report.html", "/clip.mp4");
    let part = server.bare("GET", &video, &[("Range", "bytes=4-7")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &b"ftyp"[..]));

    let overlay = format!("/api/v1/clips/{id}/files/overlay.mp4");
    let drawn = server.get(&overlay);
    assert_eq!(drawn.status, 200);
    let link =
        server.change("POST", &format!("/api/v1/clips/{id}/shares"), &json!({"scope": "overlay"})).json();
    let link = link["url"].as_str().expect("a link").split_once(&server.host).expect("ours").1.to_owned();
    let shared = || server.bare("GET", &link, &[], b"").text();
    assert!(shared().contains("<video"));

    let changed = server.change(
        "PATCH",
        &format!("/api/v1/clips/{id}"),
        &json!({"exercise": "sled-push", "style": "tall"}),
    );
    assert_eq!(changed.status, 200, "{}", changed.text());
    // The old verdict is in the picture: nobody gets it any more, and soon there is one with the new verdict.
    let after = server.get(&overlay);
    assert!(after.status == 404 || after.body != drawn.body, "the old verdict is given out");
    let begun = Instant::now();
    while server.clip(id)["overlay"] != "current" {
        assert!(server.clip(id)["overlay"] == "being_drawn" && begun.elapsed() < Duration::from_mins(2));
        assert!(server.get(&overlay).status == 404 || server.clip(id)["overlay"] == "current");
        let page = server.get(&format!("/clips/{id}")).text();
        assert!(page.contains("being drawn anew") || server.clip(id)["overlay"] == "current");
        assert!(!shared().contains("<video") || server.clip(id)["overlay"] == "current");
        std::thread::sleep(Duration::from_millis(100));
    }
    let again = server.get(&overlay);
    assert!(again.status == 200 && again.body != drawn.body, "another verdict is another picture");
    assert!(shared().contains("<video"));
    assert_eq!(server.clip(id)["revision"], 2, "drawing makes no new results");
    assert_eq!((&changed.json()["revision"], &changed.json()["exercise"]), (&json!(2), &json!("sled-push")));
    let wrong = server.change(
        "PATCH",
        &format!("/api/v1/clips/{id}"),
        &json!({"exercise": "sled-backpedal", "style": "tall"}),
    );
    assert_eq!(wrong.status, 400);
    assert_eq!(server.clip(id)["told"]["style"], "tall", "what is refused changes nothing");

    let gone = server.change("DELETE", &format!("/api/v1/clips/{id}"), &json!(null));
    assert_eq!(gone.status, 204);
    assert_eq!(server.get(&format!("/clips/{id}")).status, 404);
    assert_eq!(server.bare("GET", &report_path, &[], b"").status, 404, "a view ends with its clip");
    assert!(server.files_below("clips").is_empty(), "{:?}", server.files_below("clips"));
}

/// A file whose decoding runs out of what it may use takes nothing else down.
#[test]
fn a_worker_that_runs_into_its_limit_fails_alone() {
    let server = Server::start(&["--worker-mib", "200"]);
    let sent = server.send_clip("push.mp4", &sample("sled-push.mp4"), &[("quality", "fast")]);
    let clip = server.wait(sent.json()["clip"]["id"].as_i64().expect("a number"), Duration::from_mins(2));
    assert_eq!(clip["state"], "failed", "{clip}");
    assert!(clip["error"].as_str().is_some_and(|why| !why.is_empty()), "{clip}");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn the_first_page_is_light_and_asks_nobody_else() {
    let server = Server::start(&[]);
    let page = server.get("/");
    let mut bytes = page.body.len();
    let text = page.text();
    for part in text.split(['"', ' ']).filter(|p| p.starts_with("/static/")) {
        let file = server.get(part);
        assert_eq!(file.status, 200, "{part}");
        bytes += file.body.len();
    }
    assert!(bytes < 200_000, "{bytes} bytes");
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    println!("first page: {bytes} bytes");
}
