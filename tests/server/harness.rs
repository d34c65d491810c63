//! A server process on a folder of its own, and a client that says exactly what it is told to say.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sledform");

/// A running server. Killed when dropped.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub host: String,
    /// Its store.
    pub data: PathBuf,
    token: String,
    csrf: String,
    cookie: String,
    kept: Option<tempfile::TempDir>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    pub fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let rest = text.split_once(before).unwrap_or_else(|| panic!("{before:?} is not in {text}")).1;
        rest.split(after).next().unwrap_or_default().to_owned()
    }
}

impl Server {
    /// On a new folder, with a token for the API and the cookie of a browser.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Self::on(&folder.path().join("data"), arguments);
        server.kept = Some(folder);
        server
    }

    /// With a worker that takes `seconds` and finds what the sample's recording says.
    pub fn with_quick_worker(seconds: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let worker = quick_worker(folder.path(), seconds);
        let mut all = vec!["--worker", worker.to_str().expect("UTF-8")];
        all.extend(arguments);
        let mut server = Self::on(&folder.path().join("data"), &all);
        server.kept = Some(folder);
        server
    }

    /// On a folder that may hold a store.
    pub fn on(data: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", "0", "--data"])
            .arg(data)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let host = line.trim().split("//").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        let mut server = Self {
            child,
            host: host.trim_end_matches('/').to_owned(),
            data: data.to_owned(),
            token: String::new(),
            csrf: String::new(),
            cookie: String::new(),
            kept: None,
        };
        server.token = server.make_token("coach");
        let page = server.bare("GET", "/", &[], b"");
        if page.status == 200 {
            page.header("set-cookie").split(';').next().unwrap_or_default().clone_into(&mut server.cookie);
            server.csrf = page.between("name=\"csrf\" content=\"", "\"");
        }
        server
    }

    pub fn make_token(&self, role: &str) -> String {
        let made = Command::new(PROGRAM)
            .args(["serve", "token", "test", "--role", role, "--data"])
            .arg(&self.data)
            .output()
            .expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8_lossy(&made.stdout).trim().to_owned()
    }

    /// `kill -9`.
    pub fn kill(mut self) -> (PathBuf, Option<tempfile::TempDir>) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
        (self.data.clone(), self.kept.take())
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a browser without any cookie.
    pub fn bare(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        ask(&self.host, method, path, headers, body).expect("an answer")
    }

    /// The browser's cookie and what its pages send with changes.
    pub fn browser(&self) -> (&str, &str) {
        (&self.cookie, &self.csrf)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.bare("GET", path, &[("Authorization", &self.bearer())], b"")
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// A change as a program makes it.
    pub fn change(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = self.bearer();
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.bare(method, path, &headers, body.as_bytes())
    }

    /// A clip in one request.
    pub fn send_clip(&self, name: &str, content: &[u8], fields: &[(&str, &str)]) -> Answer {
        self.try_send_clip(name, content, fields).expect("an answer")
    }

    /// The same, where the server may go away meanwhile.
    pub fn try_send_clip(&self, name: &str, content: &[u8], fields: &[(&str, &str)]) -> Option<Answer> {
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n--edge--\r\n");
        let bearer = self.bearer();
        let headers =
            [("Authorization", bearer.as_str()), ("Content-Type", "multipart/form-data; boundary=edge")];
        ask(&self.host, "POST", "/api/v1/clips", &headers, &body)
    }

    pub fn clip(&self, id: i64) -> Value {
        self.get(&format!("/api/v1/clips/{id}")).json()
    }

    /// Until nothing more happens to a clip.
    pub fn wait(&self, id: i64, most: Duration) -> Value {
        let begun = Instant::now();
        loop {
            let clip = self.clip(id);
            let state = clip["state"].as_str().unwrap_or_default().to_owned();
            if !["queued", "running"].contains(&state.as_str()) {
                return clip;
            }
            assert!(begun.elapsed() < most, "still {state}: {clip}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A clip of its own content that is analysed.
    pub fn analysed(&self, mark: &str, fields: &[(&str, &str)]) -> i64 {
        let sent = self.send_clip(&format!("{mark}.mp4"), &small_clip(mark), fields);
        assert_eq!(sent.status, 201, "{}", sent.text());
        let id = sent.json()["clip"]["id"].as_i64().expect("a number");
        assert_eq!(self.wait(id, Duration::from_mins(1))["state"], "done");
        id
    }

    /// The store's database, beside the server.
    pub fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.data.join("sledform.db")).expect("the database opens");
        database.busy_timeout(Duration::from_secs(10)).expect("set");
        database
    }

    pub fn files_below(&self, inner: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(&self.data.join(inner), &mut found);
        found
    }

    /// Files of the store that hold these bytes.
    pub fn files_with(&self, bytes: &[u8]) -> Vec<PathBuf> {
        let holds =
            |path: &PathBuf| fs::read(path).is_ok_and(|all| all.windows(bytes.len()).any(|w| w == bytes));
        self.files_below("").into_iter().filter(holds).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { walk(&entry.path(), found) } else { found.push(entry.path()) }
    }
}

/// One request on a connection of its own; none when the connection breaks.
pub fn ask(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    use std::fmt::Write as _;
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    let given = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if !given("host") {
        let _ = write!(head, "Host: {host}\r\n");
    }
    if !given("content-length") && !given("transfer-encoding") {
        let _ = write!(head, "Content-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head += "\r\n";
    raw(host, &[head.as_bytes(), body].concat())
}

/// Exactly these bytes.
pub fn raw(host: &str, bytes: &[u8]) -> Option<Answer> {
    let mut connection = TcpStream::connect(host).ok()?;
    connection.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    // Whoever refuses early may close before everything is sent.
    connection.write_all(bytes).ok();
    let mut all = Vec::new();
    connection.read_to_end(&mut all).ok();
    let end = all.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|l| l.split_once(": "))
        .map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned()))
        .collect();
    let mut body = all[end + 4..].to_vec();
    if headers.iter().any(|(n, v)| n == "transfer-encoding" && v == "chunked") {
        body = unchunked(&body);
    }
    Some(Answer { status, headers, body })
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).unwrap_or(0);
        let Some(piece) = rest.get(end + 2..end + 2 + size).filter(|p| !p.is_empty()) else { break };
        body.extend(piece);
        rest = rest.get(end + 4 + size..).unwrap_or_default();
    }
    body
}

pub fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).expect("the sample is there")
}

/// Small, of its own content, and by its beginning an MP4; only the quick worker takes it.
pub fn small_clip(mark: &str) -> Vec<u8> {
    [&b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"[..], mark.as_bytes(), &[0; 2000]].concat()
}

/// What the sample's recording gives, made once.
pub fn results() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let recording = folder.path().join("recording.jsonl.zst");
        fs::write(&recording, sample("sled-push.recording.jsonl.zst")).expect("written");
        let made = Command::new(PROGRAM)
            .args(["analyze", "--quiet", "--exercise", "sled-push", "--style", "drive"])
            .arg(&recording)
            .output()
            .expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        folder
    });
    folder.path()
}

/// A worker that copies results instead of watching. Recordings are judged by the program itself.
pub fn quick_worker(folder: &Path, seconds: &str) -> PathBuf {
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = compare ] && exec {PROGRAM} \"$@\"\nfor a in \"$@\"; do case \"$a\" in --out=*) out=${{a#--out=}};; *.jsonl.zst) exec {PROGRAM} \"$@\";; esac; done\n\
         echo '{{\"stage\":\"watching\",\"frames\":1,\"expected\":2}}'\nsleep {seconds}\n\
         cp {}/* \"$out\"/\n",
        results().display()
    );
    let path = folder.join("worker.sh");
    fs::write(&path, script).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("set");
    }
    path
}
