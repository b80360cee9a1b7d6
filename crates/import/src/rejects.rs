//! The file of rejected rows.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::deliver::Reject;
use crate::failure::Failure;

/// The file of rejected rows, one JSON object a line; created with the first.
pub struct Rejects {
    path: PathBuf,
    files: Vec<String>,
    writer: Option<BufWriter<File>>,
    bytes: u64,
}

impl Rejects {
    /// Begins at `bytes` of what is there: 0 writes over an earlier run's.
    ///
    /// # Errors
    /// A file that cannot be written to.
    pub fn open(path: &Path, files: &[PathBuf], bytes: u64) -> Result<Rejects, Failure> {
        let files = files.iter().map(|file| file.display().to_string()).collect();
        let mut rejects = Rejects { path: path.to_owned(), files, writer: None, bytes };
        if path.exists() {
            let file = OpenOptions::new().write(true).open(path).map_err(|error| rejects.failed(&error))?;
            file.set_len(bytes).map_err(|error| rejects.failed(&error))?;
            rejects.start(file)?;
        } else {
            rejects.bytes = 0;
        }
        Ok(rejects)
    }

    /// Adds these.
    ///
    /// # Errors
    /// The disk.
    pub fn write(&mut self, rejects: &[Reject]) -> Result<(), Failure> {
        if rejects.is_empty() {
            return Ok(());
        }
        if self.writer.is_none() {
            let file = File::create(&self.path).map_err(|error| self.failed(&error))?;
            self.start(file)?;
        }
        for reject in rejects {
            let mut line = json!({
                "file": self.files.get(reject.file), "row": reject.row,
                "reasons": reject.reasons, "record": reject.record,
            })
            .to_string();
            line.push('\n');
            self.bytes += line.len() as u64;
            let written = self.writer.as_mut().map_or(Ok(()), |writer| writer.write_all(line.as_bytes()));
            written.map_err(|error| self.failed(&error))?;
        }
        let flushed = self.writer.as_mut().map_or(Ok(()), Write::flush);
        flushed.map_err(|error| self.failed(&error))
    }

    /// Its length.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An empty file of rejects tells nothing.
    pub fn close(self) {
        if self.bytes == 0 && self.writer.is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }

    fn start(&mut self, mut file: File) -> Result<(), Failure> {
        self.bytes = file.seek(SeekFrom::End(0)).map_err(|error| self.failed(&error))?;
        self.writer = Some(BufWriter::new(file));
        Ok(())
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::fault(format!("{} cannot be written: {error}; name another place with --rejects", self.path.display()))
    }
}
