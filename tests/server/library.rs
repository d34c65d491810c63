//! The library: search, trends, comparison, the team, notes, taking away, deleting, backups, results from elsewhere.

use super::harness::{Server, results, small_clip};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn sledform(arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(arguments)
        .arg("--data")
        .arg(folder)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The number of Ada Lovelace.
fn ada(server: &Server) -> i64 {
    let all = server.get("/api/v1/athletes").json();
    let all = all.as_array().expect("a list").iter().find(|a| a["name"] == "Ada Lovelace").cloned();
    all.expect("she is there")["id"].as_i64().expect("a number")
}

#[test]
fn clips_are_found_compared_and_drawn_over_time() {
    let server = Server::with_quick_worker("0.01", &[]);
    let a = server.analysed(
        "monday",
        &[("athlete", "Ada Lovelace"), ("day", "2026-11-02"), ("load_kg", "40"), ("note", "heavy legs")],
    );
    let b =
        server.analysed("friday", &[("athlete", "ada lovelace"), ("day", "2026-11-06"), ("load_kg", "60")]);
    let c = server.analysed("other", &[("athlete", "Grace Hopper"), ("day", "2026-11-06")]);
    let count = |query: &str| {
        server.get(&format!("/api/v1/clips?{query}")).json()["count"].as_i64().expect("a number")
    };
    assert_eq!(
        (count(""), count("q=ada"), count("q=LEGS"), count("q=heavy%20friday"), count("q=%25")),
        (3, 2, 1, 0, 0)
    );
    assert_eq!(
        (
            count("from=2026-11-06"),
            count("to=2026-11-03"),
            count("exercise=sled-push"),
            count("state=failed")
        ),
        (2, 1, 3, 0)
    );
    assert_eq!(
        (
            count("fault=too_upright"),
            count("fault=knee_past_toe"),
            count(&format!("athlete={}", ada(&server)))
        ),
        (3, 0, 2)
    );

    let trend = server.get(&format!("/api/v1/athletes/{}/trend?metric=trunk_mean_deg", ada(&server))).json();
    let shown: Vec<_> =
        trend.as_array().expect("a list").iter().map(|m| (m["day"].clone(), m["load_kg"].clone())).collect();
    assert_eq!(shown, [(json!("2026-11-02"), json!(40.0)), (json!("2026-11-06"), json!(60.0))]);
    let value = trend[0]["value"].as_f64().expect("a value");
    let summary = server.clip(a)["summary"].clone();
    let metric = summary["metrics"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|m| m["id"] == "trunk_mean_deg" && m["side"].is_null());
    assert_eq!(metric.expect("it is there")["value"].as_f64(), Some(value), "the summary's own value");
    let page = server.get(&format!("/athletes/{}", ada(&server))).text();
    assert!(page.contains("<svg") && page.contains("40 kg") && page.contains("2026-11-06"));

    let compared = server.get(&format!("/compare?clip={a}&clip={b}")).text();
    assert!(compared.contains("Trunk lean") || compared.contains("trunk lean"), "{compared}");
    assert!(compared.contains("The loads differ"));
    let page = format!(
        "/c/{}",
        compared.split_once("src=\"/c/").expect("a page").1.split('"').next().expect("an address")
    );
    let shown = server.bare("GET", &page, &[], b"");
    assert!(shown.status == 200 && shown.text().contains("2026-11-02"), "{}", shown.status);
    assert!(shown.header("content-security-policy").starts_with("sandbox"));
    let view = &page[..67];
    let hash = |id: i64| server.clip(id)["sha256"].as_str().expect("a hash").to_owned();
    let plays = |path: &str| server.bare("GET", &format!("{view}/{path}"), &[], b"").status;
    assert_eq!(
        (plays(&format!("clips/{}/clip.mp4", hash(a))), plays(&format!("clips/{}/clip.mp4", hash(b)))),
        (200, 200)
    );
    for other in [
        format!("clips/{}/clip.mp4", hash(c)),
        format!("clips/{}/r1/summary.json", hash(a)),
        "comparisons/x/compare.html".into(),
        "sledform.db".into(),
    ] {
        assert_eq!(plays(&other), 404, "{other}");
    }
    let team = server.get("/api/v1/team").json();
    assert_eq!(team["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(team["rows"][0]["shown"]["too_upright"]["clip"], b, "the last session counts");

    // A finding somebody disagrees with counts against nobody, and stays disputed when the clip is judged again.
    let findings = server.clip(b)["summary"]["findings"].clone();
    let finding = findings
        .as_array()
        .expect("a list")
        .iter()
        .find(|f| f["fault"] == "too_upright" && f["status"] == "found")
        .expect("found");
    let dispute = json!({"fault": "too_upright", "metric": finding["metric"], "side": finding["side"].as_str().unwrap_or(""), "reason": "filmed on a slope"});
    assert_eq!(server.change("POST", &format!("/api/v1/clips/{b}/opinions"), &dispute).status, 204);
    assert!(server.get("/api/v1/team").json()["rows"][0]["shown"]["too_upright"].is_null());
    assert_eq!(server.change("PATCH", &format!("/api/v1/clips/{b}"), &json!({"load_kg": 55})).status, 200);
    assert!(server.get(&format!("/clips/{b}")).text().contains("filmed on a slope"));
    let unknown = json!({"fault": "too_upright", "metric": "nothing", "reason": "x"});
    assert_eq!(server.change("POST", &format!("/api/v1/clips/{b}/opinions"), &unknown).status, 404);
}

#[test]
fn an_athlete_can_take_everything_away_and_be_forgotten() {
    let server = Server::with_quick_worker("0.01", &[]);
    let mine = server.analysed("mine", &[("athlete", "Ada Lovelace"), ("note", "xyzzy-told")]);
    let other = server.analysed("theirs", &[("athlete", "Grace Hopper")]);
    assert_eq!(
        server.change("POST", &format!("/api/v1/clips/{mine}/notes"), &json!({"text": "xyzzy-note"})).status,
        201
    );
    assert_eq!(server.change("POST", &format!("/api/v1/clips/{mine}/shares"), &json!({})).status, 201);
    let athlete = ada(&server);
    let archive = server.get(&format!("/api/v1/athletes/{athlete}/export"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive.body)).expect("an archive");
    let names: Vec<String> = archive.file_names().map(|n| n.expect("a name").into_owned()).collect();
    for wanted in
        ["athlete.json", "clip.mp4", "results/summary.json", "results/report.html", "results/strides.csv"]
    {
        assert!(names.iter().any(|n| n.ends_with(wanted)), "{wanted} is not in {names:?}");
    }
    let about = std::io::read_to_string(archive.by_name("athlete.json").expect("it is there")).expect("text");
    assert!(about.contains("xyzzy-note") && about.contains("xyzzy-told") && !about.contains("Grace"));

    assert!(!server.files_with(b"xyzzy-note").is_empty());
    assert_eq!(server.change("DELETE", &format!("/api/v1/athletes/{athlete}"), &json!(null)).status, 204);
    for word in ["Ada Lovelace", "xyzzy-note", "xyzzy-told", "mine.mp4"] {
        assert_eq!(
            server.files_with(word.as_bytes()),
            Vec::<std::path::PathBuf>::new(),
            "{word} is still there"
        );
    }
    assert_eq!(server.clip(other)["state"], "done");
    assert_eq!(server.get(&format!("/athletes/{athlete}")).status, 404);
}

#[test]
fn a_backup_made_while_it_runs_is_a_store_again() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("kept", &[("athlete", "Ada Lovelace")]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.zip");
    let said = sledform(&["serve", "backup", file.to_str().expect("UTF-8")], &server.data);
    assert!(said.contains("1 clips"), "{said}");
    let restored = folder.path().join("restored");
    zip::ZipArchive::new(fs::File::open(&file).expect("a file"))
        .expect("an archive")
        .extract(&restored)
        .expect("unpacked");
    let folder_of_worker = server.data.parent().expect("a parent").join("worker.sh");
    let again = Server::on(&restored, &["--worker", folder_of_worker.to_str().expect("UTF-8")]);
    assert_eq!(
        (
            again.clip(id)["state"].as_str(),
            again.get(&format!("/api/v1/clips/{id}/files/report.html")).status
        ),
        (Some("done"), 200)
    );
    let judged = again.change(
        "PATCH",
        &format!("/api/v1/clips/{id}"),
        &json!({"exercise": "sled-push", "style": "tall"}),
    );
    assert_eq!(judged.status, 200, "{}", judged.text());

    // An old page that deletes by number never meets another clip: numbers are not given twice, after a restore neither.
    for store in [&server, &again] {
        assert_eq!(store.change("DELETE", &format!("/api/v1/clips/{id}"), &json!(null)).status, 204);
        let next = store.analysed("next", &[]);
        assert!(next > id, "{next} was {id}");
        assert_eq!(store.change("DELETE", &format!("/api/v1/clips/{id}"), &json!(null)).status, 404);
        assert_eq!(store.clip(next)["title"], "next.mp4");
    }
}

/// Results as `analyze` writes them, with their clip beside them.
fn made_elsewhere(folder: &Path) {
    let out = folder.join("session/push.sledform");
    fs::create_dir_all(&out).expect("a folder");
    let clip = small_clip("elsewhere");
    fs::write(folder.join("session/push.mp4"), &clip).expect("written");
    for entry in fs::read_dir(results()).expect("results").flatten() {
        fs::copy(entry.path(), out.join(entry.file_name())).expect("copied");
    }
    let path = out.join("summary.json");
    let mut summary: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).expect("a summary")).expect("JSON");
    summary["clip"]["file"] = json!("/nowhere/push.mp4");
    summary["clip"]["sha256"] = json!(sledform::digest::of_bytes(&clip));
    summary["settings"]["athlete_name"] = json!("Ada Lovelace");
    summary["created"] = json!("2026-11-02T10:00:00Z");
    fs::write(&path, summary.to_string()).expect("written");
}

#[test]
fn results_from_elsewhere_come_in_with_their_clip_once() {
    let server = Server::with_quick_worker("0.01", &[]);
    let folder = tempfile::tempdir().expect("a folder");
    made_elsewhere(folder.path());
    let place = folder.path().to_str().expect("UTF-8");
    assert!(sledform(&["import", place], &server.data).starts_with("1 brought in, 0 there before"));
    assert!(sledform(&["import", place], &server.data).starts_with("0 brought in, 1 there before"));
    let found = server.get("/api/v1/clips?q=lovelace").json();
    let clip = &found["clips"][0];
    assert_eq!(
        (&clip["state"], &clip["day"], &clip["title"], &clip["exercise"]),
        (&json!("done"), &json!("2026-11-02"), &json!("push.mp4"), &json!("sled-push"))
    );
    let id = clip["id"].as_i64().expect("a number");
    assert_eq!(server.get(&format!("/api/v1/clips/{id}/files/clip")).body, small_clip("elsewhere"));
    let again = server.change("PATCH", &format!("/api/v1/clips/{id}"), &json!({"style": "tall"}));
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json()["revision"], 2);
}

#[test]
fn a_watched_folder_is_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("UTF-8").to_owned();
    let server = Server::with_quick_worker("0.01", &["--watch", &place]);
    made_elsewhere(folder.path());
    fs::write(folder.path().join("phone.mp4"), small_clip("phone")).expect("written");
    fs::write(folder.path().join("notes.txt"), "not a video").expect("written");
    let begun = Instant::now();
    while server.get("/api/v1/clips?state=done").json()["count"] != 2 {
        assert!(begun.elapsed() < Duration::from_secs(40), "{}", server.get("/api/v1/clips").text());
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn the_api_is_described_as_it_is() {
    let server = Server::start(&[]);
    let described = server.get("/api/v1/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    let paths = described["paths"].as_object().expect("paths");
    assert!(paths.len() > 15);
    for (path, methods) in paths {
        for method in methods.as_object().expect("methods").keys().filter(|m| *m != "parameters") {
            // Without a token: whoever it is, the address and the method are there.
            let address = format!(
                "/api/v1{}",
                path.replace("{id}", "999")
                    .replace("{name}", "x")
                    .replace("{note}", "1")
                    .replace("{upload}", "x")
            );
            let answer =
                server.bare(&method.to_uppercase(), &address, &[("Authorization", &server.bearer())], b"");
            assert_ne!(answer.status, 405, "{method} {path}");
            let is_missing_route = answer.status == 404 && answer.text().contains("no such page");
            assert!(!is_missing_route, "{method} {path}");
        }
    }
}
