//! Killed at bad moments: what was accepted is analysed in the end, and pages stay quick meanwhile.

use super::harness::{Server, ask, small_clip};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 5;
const EACH: usize = 4;

/// A page may take so long at the median while clips come in and are analysed.
const MEDIAN: Duration = Duration::from_millis(200);

#[test]
fn twenty_uploads_of_five_clients_survive_kills_of_worker_and_server() {
    let server = Server::with_quick_worker("0.4", &["--jobs", "2"]);
    let accepted: Mutex<Vec<String>> = Mutex::default();
    let over = AtomicBool::new(false);
    let times = std::thread::scope(|scope| {
        let watching = scope.spawn(|| latencies(&server, &over));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|c| {
                let (server, accepted) = (&server, &accepted);
                scope.spawn(move || send(server, c, accepted))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(600));
        kill_a_worker(&server);
        for client in clients {
            client.join().expect("a client");
        }
        over.store(true, Ordering::Relaxed);
        watching.join().expect("the watcher")
    });
    let accepted = accepted.into_inner().expect("no panic");
    assert_eq!(accepted.len(), CLIENTS * EACH, "all were accepted");
    let median = median(times);
    println!("median of a page while {} clips came in: {median:?}", accepted.len());
    assert!(median < MEDIAN, "{median:?}");

    // Some are done, some run, some wait.
    let (data, kept) = server.kill();
    let worker = data.parent().expect("a parent").join("worker.sh");
    let server = Server::on(&data, &["--worker", worker.to_str().expect("UTF-8"), "--jobs", "2"]);
    for id in 1..=i64::try_from(accepted.len()).expect("few") {
        let clip = server.wait(id, Duration::from_mins(1));
        assert_eq!(clip["state"], "done", "{clip}");
        assert!(accepted.contains(&clip["title"].as_str().unwrap_or_default().to_owned()));
        assert_eq!(server.get(&format!("/api/v1/clips/{id}/files/summary.json")).status, 200);
    }
    assert_eq!(server.get("/api/v1/clips").json()["count"], CLIENTS * EACH);
    // Nothing half done lies about: a video and one folder of results per clip.
    for clip in std::fs::read_dir(data.join("clips")).expect("the folder").flatten() {
        assert_eq!(std::fs::read_dir(clip.path()).expect("a folder").count(), 2, "{:?}", clip.path());
    }
    drop(kept);
}

fn send(server: &Server, client: usize, accepted: &Mutex<Vec<String>>) {
    for one in 0..EACH {
        let name = format!("clip-{client}-{one}.mp4");
        let sent = server.send_clip(&name, &small_clip(&name), &[("athlete", &format!("Athlete {client}"))]);
        assert_eq!(sent.status, 201, "{}", sent.text());
        accepted.lock().expect("no panic").push(name);
    }
}

fn latencies(server: &Server, over: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) || times.len() < 20 {
        for page in ["/", "/athletes", "/api/v1/queue"] {
            let begun = Instant::now();
            let answer = ask(&server.host, "GET", page, &[("Authorization", &server.bearer())], b"")
                .expect("an answer");
            assert_eq!(answer.status, 200);
            times.push(begun.elapsed());
        }
    }
    times
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The first child that the server has.
fn kill_a_worker(server: &Server) {
    let children = format!("/proc/{0}/task", server.id());
    let Ok(threads) = std::fs::read_dir(children) else {
        println!("skipped killing a worker: this system tells no children");
        return;
    };
    let begun = Instant::now();
    let threads: Vec<_> = threads.flatten().map(|t| t.path().join("children")).collect();
    while begun.elapsed() < Duration::from_secs(5) {
        for list in &threads {
            let children = std::fs::read_to_string(list).unwrap_or_default();
            if let Some(worker) = children.split_whitespace().next() {
                assert!(Command::new("kill").args(["-9", worker]).status().expect("kill runs").success());
                return;
            }
        }
    }
    panic!("no worker was running");
}

#[test]
fn one_store_is_served_by_one_server() {
    let server = Server::with_quick_worker("0.1", &[]);
    let second = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["serve", "--port", "0", "--data"])
        .arg(&server.data)
        .output()
        .expect("the program starts");
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another sledform serve"), "{second:?}");
}
