//! A real server process on a loopback port.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Long enough for a busy machine; a start takes well under a second on an idle one.
const START_MAX: Duration = Duration::from_secs(60);

/// A running server; killed at the end.
pub struct Server {
    process: Child,
    data: PathBuf,
    host: String,
    agent: ureq::Agent,
}

impl Server {
    /// Starts `tamari serve` on this data folder.
    pub fn start(data: &Path) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamari"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        Server::from_command(command, data, data)
    }

    /// Starts a command that ends up as `tamari serve` on `data`, which is seen from here as `seen`.
    pub fn from_command(mut command: Command, data: &Path, seen: &Path) -> Server {
        let mark = seen.join("server.json");
        let _ = std::fs::remove_file(&mark);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let pid = process.id();
        let address = loop {
            assert!(process.try_wait().unwrap().is_none(), "the server ended at its start");
            assert!(begun.elapsed() < START_MAX, "the server did not start in time");
            // Where the server has a mount namespace of its own, its files are found by way of the process.
            let theirs = Path::new("/proc").join(pid.to_string()).join("root").join(mark.strip_prefix("/").unwrap());
            let text = std::fs::read_to_string(&mark).or_else(|_| std::fs::read_to_string(theirs));
            if let Some(address) = text.ok().and_then(|text| serde_json::from_str::<Value>(&text).ok()) {
                break address["address"].as_str().unwrap().to_owned();
            }
            sleep(Duration::from_millis(10));
        };
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(START_MAX));
        Server { process, data: data.to_owned(), host: format!("http://{address}"), agent: config.build().into() }
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// The secret key of the development environment, by the command line.
    pub fn secret(&self) -> String {
        secret(&self.data)
    }

    /// Sends a POST and gives status and answer. The status is 0 where the connection broke.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let sent = self.agent.post(format!("{}{path}", self.host)).header("X-API-KEY", key).send(body.to_string());
        answer(sent)
    }

    /// Sends a GET.
    pub fn get(&self, path: &str, key: &str) -> (u16, Value) {
        answer(self.agent.get(format!("{}{path}", self.host)).header("X-API-KEY", key).call())
    }

    /// Sends a DELETE, with a body.
    pub fn delete(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let request = self.agent.delete(format!("{}{path}", self.host)).header("X-API-KEY", key);
        answer(request.force_send_body().send(body.to_string()))
    }

    /// Kills it as a power cut would, as far as a process can.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops it in an orderly way.
    pub fn stop(mut self) {
        Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A server whose data folder is a disk of a few MiB, to be filled.
///
/// The disk is a tmpfs in a mount namespace of the server's own, so that a test needs no rights beyond those of making one
/// (root, or unprivileged user namespaces).
#[cfg(target_os = "linux")]
pub struct SmallDisk {
    pub server: Server,
    /// The secret key of the development environment.
    pub key: String,
    filler: PathBuf,
    _folder: tempfile::TempDir,
}

#[cfg(target_os = "linux")]
impl SmallDisk {
    pub fn start(mebibytes: u32) -> SmallDisk {
        let folder = tempfile::tempdir().unwrap();
        let (data, keys) = (folder.path().join("data"), folder.path().join("keys.json"));
        std::fs::create_dir(&data).unwrap();
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c"])
            .arg(concat!(
                "mount -t tmpfs -o size=\"$3\"m tmpfs \"$1\" && ",
                "\"$0\" keys --environment development --json --data \"$1\" > \"$2\" && ",
                "exec \"$0\" serve --listen 127.0.0.1:0 --data \"$1\"",
            ))
            .arg(env!("CARGO_BIN_EXE_tamari"))
            .args([&data, &keys])
            .arg(mebibytes.to_string());
        let server = Server::from_command(command, &data, &data);
        // Its files are seen by way of the process, in whose namespace the tmpfs is mounted.
        let inside =
            Path::new("/proc").join(server.pid().to_string()).join("root").join(data.strip_prefix("/").unwrap());
        let keys: Value = serde_json::from_slice(&std::fs::read(keys).unwrap()).unwrap();
        let key = keys["secret"].as_str().unwrap().to_owned();
        SmallDisk { server, key, filler: inside.join("filler"), _folder: folder }
    }

    /// Leaves no page of room.
    pub fn fill(&self) {
        let mut file = std::fs::File::create(&self.filler).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    }

    /// Makes room again.
    pub fn clear(&self) {
        std::fs::remove_file(&self.filler).unwrap();
    }
}

/// The secret key of the development environment of a data folder.
pub fn secret(data: &Path) -> String {
    let shown = Command::new(env!("CARGO_BIN_EXE_tamari"))
        .args(["keys", "--environment", "development", "--json", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let keys: Value = serde_json::from_slice(&shown.stdout).unwrap();
    keys["secret"].as_str().unwrap().to_owned()
}

/// Waits until `check` holds.
pub fn eventually(what: &str, mut check: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !check() {
        assert!(begun.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        sleep(Duration::from_millis(20));
    }
}

fn answer(sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Value) {
    match sent {
        Ok(mut response) => {
            let status = response.status().as_u16();
            let text = response.body_mut().read_to_string().unwrap_or_default();
            (status, serde_json::from_str(&text).unwrap_or(Value::Null))
        }
        Err(_) => (0, Value::Null),
    }
}
