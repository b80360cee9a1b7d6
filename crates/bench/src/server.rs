//! A server process of the release build, on a data folder of its own.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;

/// A running server; killed at the end.
pub(crate) struct Server {
    process: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The secret key of the development environment.
    pub(crate) secret: String,
    /// From its start to its first good answer.
    pub(crate) started_in: Duration,
}

/// The program under test, built for release: `TAMARI_BIN`, or the one beside this program.
pub(crate) fn binary() -> Result<PathBuf, Box<dyn Error>> {
    match std::env::var_os("TAMARI_BIN") {
        Some(path) => Ok(path.into()),
        None => Ok(std::env::current_exe()?.with_file_name("tamari")),
    }
}

impl Server {
    pub(crate) fn start(data: &Path) -> Result<Server, Box<dyn Error>> {
        let mark = data.join("server.json");
        let _ = std::fs::remove_file(&mark);
        let begun = Instant::now();
        let mut process = Command::new(binary()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let address = loop {
            if let Ok(text) = std::fs::read_to_string(&mark)
                && let Ok(value) = serde_json::from_str::<Value>(&text)
            {
                break value["address"].as_str().ok_or("server.json has no address")?.parse::<SocketAddr>()?;
            }
            if let Some(status) = process.try_wait()? {
                return Err(format!("the server ended at its start: {status}").into());
            }
            sleep(Duration::from_millis(2));
        };
        Client::connect(address)?.get("/healthz")?;
        let started_in = begun.elapsed();
        let keys = Command::new(binary()?)
            .args(["keys", "--environment", "development", "--json", "--data"])
            .arg(data)
            .output()?;
        let keys: Value = serde_json::from_slice(&keys.stdout)?;
        let secret = keys["secret"].as_str().ok_or("no secret key")?.to_owned();
        Ok(Server { process, address, secret, started_in })
    }

    pub(crate) fn path(&self, path: &str) -> String {
        format!("/v1/{path}?api_key={}", self.secret)
    }

    /// A connection to it.
    pub(crate) fn client(&self) -> std::io::Result<Client> {
        Client::connect(self.address)
    }

    /// The sum of a metric's values over its lines that hold all of `labels`.
    pub(crate) fn metric(&self, name: &str, labels: &[&str]) -> Result<f64, Box<dyn Error>> {
        let text = String::from_utf8(self.client()?.get("/metrics")?)?;
        let named = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
        let lines = text.lines().filter(named).filter(|line| labels.iter().all(|label| line.contains(label)));
        Ok(lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum())
    }

    /// The memory that its process has now, in MiB; mapped pages of the index count.
    pub(crate) fn memory_mib(&self) -> Result<f64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kib: f64 = line.split_whitespace().next().ok_or("no VmRSS")?.parse()?;
        Ok(kib / 1_024.0)
    }

    /// Trains the default engine and waits for it.
    pub(crate) fn train(&self) -> Result<Duration, Box<dyn Error>> {
        let begun = Instant::now();
        let task = self.begin_training()?;
        while !self.is_trained(&task)? {
            sleep(Duration::from_millis(20));
        }
        Ok(begun.elapsed())
    }

    /// Starts a training of the default engine, whose version is used however it does, and gives its task.
    pub(crate) fn begin_training(&self) -> Result<String, Box<dyn Error>> {
        let path = self.path("engines/default/train");
        let answer: Value = serde_json::from_slice(&self.client()?.post(&path, b"{\"force\":true}")?)?;
        Ok(answer["data"]["task_id"].as_str().ok_or("no task id")?.to_owned())
    }

    /// Whether a training has come to a good end.
    pub(crate) fn is_trained(&self, task: &str) -> Result<bool, Box<dyn Error>> {
        let path = self.path(&format!("engines/_status/{task}"));
        let status: Value = serde_json::from_slice(&self.client()?.get(&path)?)?;
        match status["data"]["state"].as_str() {
            Some("done") => Ok(true),
            Some("queued" | "running") => Ok(false),
            _ => Err(format!("the training failed: {status}").into()),
        }
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) -> std::io::Result<()> {
        self.process.kill()?;
        self.process.wait().map(drop)
    }

    /// Stops it in an orderly way.
    pub(crate) fn stop(mut self) -> Result<(), Box<dyn Error>> {
        Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server stopped with {status}").into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
