//! A server of its own for a test, and a client that sends exactly what it is told.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;
use server::{Running, Settings};
use store::{KeyKind, Reader};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const PLAYGROUND: &str = "playground";
pub(crate) const DEVELOPMENT: &str = "development";
pub(crate) const PRODUCTION: &str = "production";

/// A server that runs until it is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    runtime: Runtime,
    running: Option<Running>,
}

impl Served {
    pub(crate) fn start() -> Served {
        Served::start_with(|_| ())
    }

    pub(crate) fn start_with(change: impl FnOnce(&mut Settings)) -> Served {
        Served::start_in(tempfile::tempdir().unwrap(), change)
    }

    fn start_in(folder: TempDir, change: impl FnOnce(&mut Settings)) -> Served {
        let mut settings = Settings {
            data: folder.path().to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            ..Settings::default()
        };
        change(&mut settings);
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(server::serve(settings)).unwrap();
        Served { address: running.address, folder, runtime, running: Some(running) }
    }

    /// The key of an environment.
    pub(crate) fn key(&self, environment: &str, kind: KeyKind) -> String {
        let reader = Reader::open(&self.folder.path().join(environment).join("store.sqlite")).unwrap();
        reader.keys().unwrap().into_iter().find(|key| key.kind == kind).unwrap().text
    }

    /// The secret key of the development environment.
    pub(crate) fn secret(&self) -> String {
        self.key(DEVELOPMENT, KeyKind::Secret)
    }

    /// The publishable key of the development environment.
    pub(crate) fn publishable(&self) -> String {
        self.key(DEVELOPMENT, KeyKind::Publishable)
    }

    /// Sends JSON with a key in the header.
    pub(crate) fn call(&self, method: &str, path: &str, key: &str, body: &Value) -> Reply {
        self.send(method, path, &[("X-API-KEY", key)], body.to_string().as_bytes())
    }

    /// Sends these bytes with these headers, on a connection of their own.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Reply::parse(&bytes)
    }

    /// Stops the server in an orderly way and starts another on its folder.
    pub(crate) fn restart(self) -> Served {
        self.restart_with(|_| ())
    }

    /// The same with other settings.
    pub(crate) fn restart_with(mut self, change: impl FnOnce(&mut Settings)) -> Served {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.stop());
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Served::start_in(folder, change)
    }

    /// Another server on what is on the disk now: what a process that was killed at this moment leaves behind. To be called while
    /// nothing is written.
    pub(crate) fn after_a_crash(&self) -> Served {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Served::start_in(folder, |_| ())
    }

    /// Stops the server in an orderly way and gives its folder.
    pub(crate) fn stop(mut self) {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.stop());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        // A snapshot that another environment is writing: a crash leaves it behind, or not.
        if target.extension().is_some_and(|extension| extension == "unfinished") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Reply {
        let head_end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
        let head = std::str::from_utf8(&bytes[..head_end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: BTreeMap<String, String> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let rest = &bytes[head_end + 4..];
        let chunked = headers.get("transfer-encoding").is_some_and(|encoding| encoding == "chunked");
        let body = if chunked { join_chunks(rest) } else { rest.to_owned() };
        Reply { status, headers, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: status {} {:?}", self.status, String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    /// The same reply, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

fn join_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line_end = rest.windows(2).position(|window| window == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line_end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[line_end + 2..line_end + 2 + length]);
        rest = &rest[line_end + 4 + length..];
    }
}

/// Waits until `holds`, at most ten seconds.
#[track_caller]
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(10), "still not: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
