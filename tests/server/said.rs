//! What is said of clips and to whom: faults a coach disagrees with, clips that could not be judged, links, days and orders.

use super::harness::{Answer, Server};
use serde_json::{Value, json};
use std::io::Write;
use std::time::{Duration, Instant};

fn patch(server: &Server, id: i64, changes: &Value) -> Answer {
    server.change("PATCH", &format!("/api/v1/clips/{id}"), changes)
}

fn page(server: &Server, id: i64) -> String {
    server.get(&format!("/clips/{id}")).text()
}

/// Ids of the faults found, each once.
fn found(server: &Server, id: i64) -> Vec<String> {
    let findings = server.clip(id)["summary"]["findings"].as_array().expect("a list").clone();
    let found = findings.iter().filter(|f| f["status"] == "found");
    let mut faults: Vec<String> = found.filter_map(|f| f["fault"].as_str().map(str::to_owned)).collect();
    faults.sort();
    faults.dedup();
    faults
}

/// As if the clip showed nothing that could be judged.
fn make_unjudged(server: &Server, id: i64) {
    let sql = "UPDATE findings SET status = 'not_judged', severity = NULL, reason = 'The feet are seen only 3 % of the time.' WHERE clip = ?1";
    let database = server.database();
    database.execute(sql, [id]).expect("set");
    database.execute("UPDATE clips SET judged = 0 WHERE id = ?1", [id]).expect("set");
}

#[test]
fn a_fault_that_the_coach_disagrees_with_counts_nowhere() {
    let server = Server::with_quick_worker("0.01", &[]);
    let fields = |day| [("athlete", "Ada Lovelace"), ("day", day)];
    let a = server.analysed("first", &fields("2026-11-02"));
    let b = server.analysed("second", &fields("2026-11-06"));
    let faults = found(&server, a);
    let all = i64::try_from(faults.len()).expect("few");
    assert!(all >= 2 && server.clip(a)["faults"] == all, "{faults:?}");
    // One card for each fault, whatever measured it, and the number on the badge.
    let shown = page(&server, a);
    assert_eq!(
        shown.matches("<li class=\"card mild").count()
            + shown.matches("<li class=\"card severe").count()
            + shown.matches("<li class=\"card moderate").count(),
        faults.len()
    );
    assert!(shown.contains(&format!("{all} faults")));

    let link = server.change("POST", &format!("/api/v1/clips/{a}/shares"), &json!({})).json();
    let link = link["url"].as_str().expect("a link").split_once(&server.host).expect("ours").1.to_owned();
    let shared = || server.bare("GET", &link, &[], b"").text();
    assert!(!shared().contains("disagrees"));
    let dispute = json!({"fault": "too_upright", "reason": "filmed on a slope"});
    assert_eq!(server.change("POST", &format!("/api/v1/clips/{a}/opinions"), &dispute).status, 204);
    let clip = server.clip(a);
    assert_eq!((&clip["faults"], &clip["disagreed"]), (&json!(all - 1), &json!(1)));
    let words =
        if all == 2 { "1 fault, 1 disagreed".to_owned() } else { format!("{} faults, 1 disagreed", all - 1) };
    assert!(page(&server, a).contains(&words) && server.get("/").text().contains(&words), "{words}");
    assert_eq!(server.get("/api/v1/clips?fault=too_upright").json()["count"], 1, "only the other clip");
    let (mine, theirs) = (page(&server, a), shared());
    let before_report = |page: &str| page.split("<iframe").next().expect("a page").to_owned();
    assert!(
        before_report(&mine).contains("filmed on a slope") && before_report(&mine).contains("Too upright")
    );
    assert!(before_report(&theirs).contains("disagrees") && before_report(&theirs).contains("Too upright"));
    assert!(!theirs.contains("filmed on a slope"), "the reason is the coach's own");
    let compared = server.get(&format!("/compare?clip={a}&clip={b}")).text();
    assert_eq!(compared.matches("(the coach disagrees)").count(), 1);
    let back = json!({"fault": "too_upright", "reason": ""});
    assert_eq!(server.change("POST", &format!("/api/v1/clips/{a}/opinions"), &back).status, 204);
    assert_eq!((&server.clip(a)["faults"], &server.clip(a)["disagreed"]), (&json!(all), &json!(0)));
}

#[test]
fn findings_are_printed_as_in_the_report() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("numbers", &[]);
    let shown = page(&server, id);
    let section = shown.split("judgements-title").last().expect("findings");
    for words in ["trunk lean, mean of the stride", "target 45 to 75°", "<b>15</b> ± 4°", "leg lengths"] {
        assert!(section.contains(words), "{words} is not in {section}");
    }
    assert!(!section.contains(" deg"), "a raw unit: {section}");
}

#[test]
fn nothing_judged_is_not_nothing_found() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("dark", &[("athlete", "Grace Hopper"), ("day", "2026-11-06")]);
    let other = server.analysed("light", &[("athlete", "Ada Lovelace"), ("day", "2026-11-06")]);
    make_unjudged(&server, id);
    for shown in [page(&server, id), server.get(&format!("/compare?clip={id}&clip={other}")).text()] {
        assert!(
            shown.contains("Nothing could be judged in this clip. The feet are seen only 3 %"),
            "{shown}"
        );
        assert!(!shown.contains("No fault"), "{shown}");
    }
    let athlete = server.clip(id)["athlete"]["id"].clone();
    let trend = server.get(&format!("/athletes/{athlete}")).text();
    assert!(!trend.contains("<circle") && trend.contains("nothing could be judged left out"), "{trend}");

    // Results of an earlier analysis do not pass for the failed one's.
    let sql = "UPDATE clips SET state = 'failed', error = 'It has no frame from 50 s on.' WHERE id = ?1";
    server.database().execute(sql, [other]).expect("set");
    let failed = page(&server, other);
    assert!(failed.contains("The last analysis failed: what follows are the results of an earlier one"));
    assert!(failed.contains("Change the trim"));
}

#[test]
fn the_team_tells_clear_not_judged_and_no_part_of_it_apart() {
    let server = Server::with_quick_worker("0.01", &[]);
    server.analysed("found", &[("athlete", "Ada Lovelace")]);
    let dark = server.analysed("dark", &[("athlete", "Grace Hopper")]);
    let clear = server.analysed("clear", &[("athlete", "Hedy Lamarr")]);
    make_unjudged(&server, dark);
    let database = server.database();
    let sql =
        "UPDATE findings SET status = 'clear', severity = NULL WHERE clip = ?1 AND fault = 'too_upright'";
    database.execute(sql, [clear]).expect("set");
    database
        .execute("DELETE FROM findings WHERE clip = ?1 AND fault = 'reaching_steps'", [clear])
        .expect("set");
    let rows = server.get("/api/v1/team").json()["rows"].clone();
    assert_eq!((&rows[1]["clips"], &rows[1]["others"]["too_upright"]), (&json!(0), &json!("not_judged")));
    assert_eq!((&rows[2]["clips"], &rows[2]["others"]["too_upright"]), (&json!(1), &json!("clear")));
    assert!(rows[2]["others"]["reaching_steps"].is_null() && rows[2]["shown"]["reaching_steps"].is_null());
    let team = server.get("/team").text();
    let row = |name: &str| {
        team.split("<tr>").find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name} is not in {team}"))
    };
    let (grace, hedy) = (row("Grace Hopper"), row("Hedy Lamarr"));
    assert!(
        grace.contains("nothing could be judged")
            && grace.contains("?</span><span class=\"apart\">not judged")
    );
    assert!(
        hedy.contains("✓</span><span class=\"apart\">clear") && hedy.contains(">not part of this exercise")
    );
    assert!(!grace.contains("clear") && !hedy.contains("not judged"), "{team}");
}

#[test]
fn the_older_clip_comes_first_and_two_are_compared() {
    let server = Server::with_quick_worker("0.01", &[]);
    let october = server.analysed("october", &[("day", "2026-10-20")]);
    let september = server.analysed("september", &[("day", "2026-09-15")]);
    let same_day = server.analysed("afternoon", &[("day", "2026-10-20")]);
    let order = |a: i64, b: i64| {
        let shown = server.get(&format!("/compare?clip={a}&clip={b}"));
        (shown.between("First: <a href=\"/clips/", "\""), shown.between("Second: <a href=\"/clips/", "\""))
    };
    let told = |a: i64, b: i64| (a.to_string(), b.to_string());
    assert_eq!(order(october, september), told(september, october));
    assert_eq!(order(september, october), told(september, october));
    assert_eq!(order(same_day, october), told(october, same_day), "of one day the one that came first");
    let three = server.get(&format!("/compare?clip={october}&clip={september}&clip={same_day}")).text();
    assert!(three.contains("Two clips are compared, and 3 were ticked"), "{three}");
    for id in [october, september] {
        assert!(three.contains(&format!("<option value=\"{id}\" selected>")), "{id} stays chosen: {three}");
    }
}

#[test]
fn a_link_ends_when_the_clip_is_moved_to_somebody_else() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("moved", &[]);
    let made = server.change("POST", &format!("/api/v1/clips/{id}/shares"), &json!({})).json();
    assert!(made["caution"].as_str().expect("only here").contains("--listen"), "{made}");
    let link = made["url"].as_str().expect("a link").split_once(&server.host).expect("ours").1.to_owned();
    let status = || server.bare("GET", &link, &[], b"").status;
    assert_eq!(patch(&server, id, &json!({"athlete": "Ada Lovelace"})).status, 200);
    assert_eq!(status(), 200, "whose it is was only filled in");
    assert!(page(&server, id).contains("Another athlete here ends the links"));
    assert_eq!(patch(&server, id, &json!({"athlete": "ada lovelace", "load_kg": 40})).status, 200);
    assert_eq!(status(), 200, "the same athlete");
    assert_eq!(patch(&server, id, &json!({"athlete": "Grace Hopper"})).status, 200);
    assert_eq!(status(), 404);
    assert!(
        page(&server, id).contains("Delete the clip moved.mp4 of Grace Hopper"),
        "the question names the clip"
    );
}

#[test]
fn two_who_correct_a_clip_at_once_are_both_heard() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("both", &[]);
    let changes = [json!({"load_kg": 41}), json!({"body_mass_kg": 82}), json!({"note": "wet turf"})];
    std::thread::scope(|scope| {
        for change in &changes {
            let server = &server;
            scope.spawn(move || assert_eq!(patch(server, id, change).status, 200));
        }
    });
    let told = &server.clip(id)["told"];
    for (key, value) in changes.iter().flat_map(|c| c.as_object().expect("fields")) {
        // Numbers come back as such, whole or not.
        let same = told[key] == *value || (value.is_number() && told[key].as_f64() == value.as_f64());
        assert!(same, "{key} of {told}");
    }
}

#[test]
fn a_correction_is_finished_also_where_the_browser_goes_away() {
    let server = Server::with_quick_worker("0.01", &[]);
    let id = server.analysed("left", &[]);
    let body = json!({"athlete": "Ada Lovelace", "load_kg": 41}).to_string();
    let request = format!(
        "PATCH /api/v1/clips/{id} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.host,
        server.bearer(),
        body.len()
    );
    let mut browser = std::net::TcpStream::connect(&server.host).expect("a connection");
    browser.write_all(request.as_bytes()).expect("sent");
    let begun = Instant::now();
    // The athlete stands there from the beginning of the judging, the load from its end.
    while server.clip(id)["athlete"]["name"] != "Ada Lovelace" {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", server.clip(id));
        std::thread::sleep(Duration::from_millis(2));
    }
    drop(browser);
    while server.clip(id)["told"]["load_kg"].as_f64() != Some(41.0) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", server.clip(id));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn days_to_come_and_starts_beyond_the_end_are_refused() {
    let server = Server::with_quick_worker("0.01", &[]);
    let sent = server.send_clip("a.mp4", &super::harness::small_clip("future"), &[("day", "2999-01-01")]);
    assert!(sent.status == 400 && sent.text().contains("yet to come"), "{}", sent.text());
    let id = server.analysed("present", &[("day", "2026-11-06")]);
    for (changes, words) in [
        (json!({"day": "2999-01-01"}), "yet to come"),
        (json!({"day": "tomorrow"}), "not a day"),
        (json!({"start_s": "50"}), "cannot start at 50.0 s"),
        (json!({"start_s": "soon"}), "Start: "),
        (json!({"load_kg": "heavy"}), "Load: "),
    ] {
        let refused = patch(&server, id, &changes);
        assert!(refused.status == 400 && refused.text().contains(words), "{changes}: {}", refused.text());
    }
    assert_eq!((&server.clip(id)["state"], &server.clip(id)["day"]), (&json!("done"), &json!("2026-11-06")));

    // As of a file that tells itself at how many frames it was filmed: how long it plays is not known.
    let sql = "UPDATE clips SET summary = json_set(summary, '$.clip.capture_fps', 120.0) WHERE id = ?1";
    server.database().execute(sql, [id]).expect("set");
    let taken = patch(&server, id, &json!({"start_s": "50"}));
    assert_eq!(taken.status, 200, "{}", taken.text());
}
