//! Uploads in pieces, as tus 1.0 has them.

use super::harness::{Answer, Server, small_clip};
use std::io::Write;
use std::time::Duration;

/// Base64 of `filename` is "push.mp4", of `athlete` "Ada", of `load_kg` "40".
const ABOUT: &str = "filename cHVzaC5tcDQ=,athlete QWRh,load_kg NDA=";

fn create(server: &Server, length: usize, about: &str) -> Answer {
    let (bearer, length) = (server.bearer(), length.to_string());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Length", &length),
        ("Upload-Metadata", about),
    ];
    server.bare("POST", "/api/v1/uploads", &headers, b"")
}

fn append(server: &Server, place: &str, offset: usize, bytes: &[u8]) -> Answer {
    let (bearer, offset) = (server.bearer(), offset.to_string());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Offset", &offset),
        ("Content-Type", "application/offset+octet-stream"),
    ];
    server.bare("PATCH", place, &headers, bytes)
}

fn head(server: &Server, place: &str) -> Answer {
    server.bare("HEAD", place, &[("Authorization", &server.bearer()), ("Tus-Resumable", "1.0.0")], b"")
}

#[test]
fn an_upload_goes_on_where_it_broke_off_even_after_the_server_was_killed() {
    let server = Server::with_quick_worker("0.05", &[]);
    let clip = small_clip("resumed");
    let made = create(&server, clip.len(), ABOUT);
    assert_eq!(made.status, 201, "{}", made.text());
    let place = made.header("location").to_owned();
    assert_eq!(append(&server, &place, 0, &clip[..700]).status, 204);
    let (data, kept) = server.kill();
    let worker = data.parent().expect("a parent").join("worker.sh");
    let server = Server::on(&data, &["--worker", worker.to_str().expect("UTF-8")]);
    assert_eq!(head(&server, &place).header("upload-offset"), "700");
    let wrong = append(&server, &place, 0, &clip);
    assert_eq!(wrong.status, 409, "{}", wrong.text());
    let last = append(&server, &place, 700, &clip[700..]);
    assert_eq!(last.status, 204, "{}", last.text());
    let id: i64 = last.header("sledform-clip").parse().expect("a number");
    let clip_row = server.wait(id, Duration::from_secs(30));
    assert_eq!((clip_row["state"].as_str(), clip_row["title"].as_str()), (Some("done"), Some("push.mp4")));
    assert_eq!((&clip_row["athlete"]["name"], &clip_row["told"]["load_kg"]), (&"Ada".into(), &40.0.into()));
    // Asked once more, as after a lost answer, it says the same.
    let again = head(&server, &place);
    assert_eq!(
        (again.header("upload-offset"), again.header("sledform-clip")),
        (clip.len().to_string().as_str(), id.to_string().as_str())
    );
    assert!(server.files_below("uploads").is_empty());
    drop(kept);
}

/// As a browser that cancels: its last piece has just been broken off, and the server has not noticed yet.
#[test]
fn an_upload_given_up_while_a_piece_comes_leaves_nothing() {
    let server = Server::with_quick_worker("0.05", &[]);
    let place = create(&server, 5000, ABOUT).header("location").to_owned();
    let mut piece = std::net::TcpStream::connect(&server.host).expect("a connection");
    let head = format!(
        "PATCH {place} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: 5000\r\n\r\n",
        server.host,
        server.bearer()
    );
    piece.write_all(&[head.as_bytes(), &[0; 1000]].concat()).expect("sent");
    while head_of(&server, &place) != "1000" {
        std::thread::sleep(Duration::from_millis(20));
    }
    let gone = std::thread::scope(|scope| {
        let gone = scope.spawn(|| server.bare("DELETE", &place, &[("Authorization", &server.bearer())], b""));
        std::thread::sleep(Duration::from_millis(300));
        drop(piece);
        gone.join().expect("it ends")
    });
    assert_eq!(gone.status, 204, "{}", gone.text());
    assert!(server.files_below("uploads").is_empty(), "{:?}", server.files_below("uploads"));
}

fn head_of(server: &Server, place: &str) -> String {
    head(server, place).header("upload-offset").to_owned()
}

#[test]
fn the_same_content_is_known_whatever_it_is_called() {
    let server = Server::with_quick_worker("0.05", &[]);
    let id = server.analysed("same", &[]);
    let again = server.send_clip("another-name.mov", &small_clip("same"), &[]);
    assert_eq!((again.status, &again.json()["is_duplicate"]), (200, &true.into()));
    assert_eq!(again.json()["clip"]["id"], id);
    let clip = small_clip("same");
    let place = create(&server, clip.len(), ABOUT).header("location").to_owned();
    let sent = append(&server, &place, 0, &clip);
    assert_eq!(
        (sent.header("sledform-clip"), sent.header("sledform-duplicate")),
        (id.to_string().as_str(), "true")
    );
}

#[test]
fn what_an_upload_may_not_do_is_refused() {
    let server = Server::with_quick_worker("0.05", &["--upload-mib", "1"]);
    assert_eq!(create(&server, 2 << 20, ABOUT).status, 413);
    assert_eq!(create(&server, 0, ABOUT).status, 422);
    assert_eq!(create(&server, 10, "out L2V0Yw==").status, 400);
    let place = create(&server, 100, ABOUT).header("location").to_owned();
    assert_eq!(append(&server, &place, 0, &[0; 200]).status, 413);
    assert_eq!(head(&server, &place).header("upload-offset"), "0", "what was too much was not kept");
    let text = append(&server, &place, 0, &[b'x'; 100]);
    assert_eq!(text.status, 415, "{}", text.text());
    assert!(text.text().contains("not a video"), "{}", text.text());
    let other = create(&server, 100, ABOUT).header("location").to_owned();
    let gone = server.bare("DELETE", &other, &[("Authorization", &server.bearer())], b"");
    assert_eq!((gone.status, head(&server, &other).status), (204, 404));
    let big = server.send_clip("big.mp4", &[&small_clip("big")[..], &vec![0; 2 << 20]].concat(), &[]);
    assert_eq!(big.status, 413);
    assert!(server.files_below("uploads").is_empty(), "{:?}", server.files_below("uploads"));
    assert_eq!(server.get("/api/v1/clips").json()["count"], 0);
}

#[test]
fn a_clip_waits_until_told_runs_once_and_can_be_cancelled_and_tried_again() {
    let server = Server::with_quick_worker("20", &[]);
    let sent = server.send_clip("held.mp4", &small_clip("held"), &[("hold", "yes")]).json();
    let id = sent["clip"]["id"].as_i64().expect("a number");
    assert_eq!(sent["clip"]["state"], "held");
    let act = |what: &str| {
        server.change("POST", &format!("/api/v1/clips/{id}/{what}"), &serde_json::Value::Null).status
    };
    assert_eq!(act("retry"), 200);
    assert_eq!(act("retry"), 409, "it is in the queue already");
    let begun = std::time::Instant::now();
    while server.clip(id)["progress"]["stage"] != "watching" {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", server.clip(id));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.get("/api/v1/queue").json()["clips"][0]["progress"]["expected"], 2);
    assert_eq!(act("cancel"), 204);
    assert_eq!(server.wait(id, Duration::from_secs(10))["state"], "cancelled");
    assert_eq!(act("cancel"), 409);
    assert_eq!(act("retry"), 200);
}
