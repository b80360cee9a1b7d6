//! The dashboard's files, as the build of `dojo/` made them, within the binary.
//!
//! `build.rs` runs the build of the web app where Node.js is found; without it, [`FILES`] is one page that says how to get
//! the dashboard, so that whoever only works on the Rust side needs nothing else.

/// A file of the dashboard.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Where it is served, below `/dojo/`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Whether its name holds a hash of its contents, so that it never changes.
    pub immutable: bool,
    /// Its contents, compressed with gzip.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file at this path, below `/dojo/`.
pub fn file(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().map(|place| &FILES[place])
}

#[cfg(test)]
mod tests;
