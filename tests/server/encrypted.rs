//! HTTPS with a certificate of one's own, made by the openssl command where it is installed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sledform");

/// A certificate for this machine's own address and its key; none, with a line, without openssl.
fn certificate(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: openssl is not installed");
        return None;
    }
    Some((certificate, key))
}

/// The answer of the address to a request, believed only with this certificate.
fn answer(host: &str, certificate: &Path) -> String {
    let mut client = Command::new("openssl")
        .args([
            "s_client",
            "-quiet",
            "-verify_return_error",
            "-verify_ip",
            "127.0.0.1",
            "-connect",
            host,
            "-CAfile",
        ])
        .arg(certificate)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl starts");
    let mut request = client.stdin.take().expect("piped");
    let asked = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    request.write_all(asked.as_bytes()).expect("written");
    let mut text = Vec::new();
    client.stdout.take().expect("piped").read_to_end(&mut text).expect("an answer");
    client.wait().expect("it ends");
    String::from_utf8_lossy(&text).into_owned()
}

/// What comes to who does not encrypt. A connection closed at any moment is as good an answer as another.
fn plain_answer(host: &str) -> String {
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let mut answer = Vec::new();
    if stream.write_all(request.as_bytes()).is_ok() {
        stream.read_to_end(&mut answer).ok();
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn pages_come_encrypted_with_a_certificate_and_only_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((certificate, key)) = certificate(folder.path()) else { return };
    let serve = |arguments: &[&Path]| {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--data"]).arg(folder.path().join("data"));
        for pair in ["--tls-cert", "--tls-key"].iter().zip(arguments) {
            command.arg(pair.0).arg(pair.1);
        }
        command
    };
    let alone = serve(&[&certificate]).output().expect("the program starts");
    assert!(!alone.status.success());
    assert!(String::from_utf8_lossy(&alone.stderr).contains("--tls-key"), "{alone:?}");

    let mut server = serve(&[&certificate, &key]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let host = line.trim().split_once("https://").map(|(_, host)| host.trim_end_matches('/').to_owned());
    let host = host.unwrap_or_else(|| panic!("no https address in {line:?}"));
    let page = answer(&host, &certificate);
    let plain = plain_answer(&host);
    server.kill().expect("it can be killed");
    server.wait().expect("it has ended");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("</html>"), "{page}");
    assert!(page.to_lowercase().contains("; secure"), "its cookie is for HTTPS alone: {page}");
    assert!(!plain.contains("200 OK"), "{plain}");
}
