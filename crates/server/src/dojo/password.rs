//! The administrator's password: kept as its Argon2id hash in `dojo.json` of the data folder, never as text.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use parking_lot::Mutex;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
/// Characters of a password that a person chooses.
pub(super) const CHARS_MIN: usize = 8;
/// Bytes of a password; more is work for nothing.
pub(super) const BYTES_MAX: usize = 1_024;
/// Letters and digits that are not mistaken for each other when read from a terminal.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The hash, and all it takes to make it again.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hashed {
    memory_kib: u32,
    passes: u32,
    salt: String,
    argon2id: String,
}

#[derive(Serialize, Deserialize)]
struct Note {
    administrator: Hashed,
}

/// The password in force.
pub(super) struct Password {
    path: PathBuf,
    hashed: Mutex<Hashed>,
}

impl Password {
    /// Takes `given` where there is one; else what the folder holds; else makes one and gives its text as well.
    pub(super) fn open(data: &Path, given: Option<&str>) -> Result<(Password, Option<String>), String> {
        let path = data.join("dojo.json");
        if let Some(given) = given {
            check(given).map_err(|why| format!("TAMARI_ADMIN_PASSWORD: {why}"))?;
            let hashed = Hashed::of(given)?;
            // Kept as well, so that a later start without the variable knows the same password.
            write(&path, &hashed)?;
            return Ok((Password { path, hashed: Mutex::new(hashed) }, None));
        }
        match std::fs::read(&path) {
            Ok(text) => {
                let note: Note = serde_json::from_slice(&text).map_err(|e| {
                    format!(
                        "{} cannot be read: {e}; remove it, and the next start makes a new password",
                        path.display()
                    )
                })?;
                Ok((Password { path, hashed: Mutex::new(note.administrator) }, None))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let text = made_up();
                let hashed = Hashed::of(&text)?;
                write(&path, &hashed)?;
                Ok((Password { path, hashed: Mutex::new(hashed) }, Some(text)))
            }
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// Whether it is this one. Some 20 ms and 19 MiB, whatever the answer.
    pub(super) fn is(&self, text: &str) -> bool {
        let hashed = self.hashed.lock().clone();
        let (Ok(salt), Ok(wanted)) = (hex::decode(&hashed.salt), hex::decode(&hashed.argon2id)) else { return false };
        digest(text, &salt, hashed.memory_kib, hashed.passes).is_ok_and(|got| got.as_slice().ct_eq(&wanted).into())
    }

    /// Puts another in force.
    pub(super) fn change(&self, text: &str) -> Result<(), String> {
        let fresh = Hashed::of(text)?;
        write(&self.path, &fresh)?;
        *self.hashed.lock() = fresh;
        Ok(())
    }
}

/// Whether a text may be a password.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.chars().count() < CHARS_MIN {
        return Err(format!("a password has at least {CHARS_MIN} characters"));
    }
    if text.len() > BYTES_MAX {
        return Err(format!("a password has at most {BYTES_MAX} bytes"));
    }
    Ok(())
}

impl Hashed {
    fn of(text: &str) -> Result<Hashed, String> {
        let salt: [u8; 16] = rand::rng().random();
        let argon2id = digest(text, &salt, MEMORY_KIB, PASSES)?;
        Ok(Hashed { memory_kib: MEMORY_KIB, passes: PASSES, salt: hex::encode(salt), argon2id: hex::encode(argon2id) })
    }
}

fn digest(text: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<[u8; 32], String> {
    let params = Params::new(memory_kib, passes, 1, None).map_err(|e| format!("the password's hash: {e}"))?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(text.as_bytes(), salt, &mut out)
        .map_err(|e| format!("the password's hash: {e}"))?;
    Ok(out)
}

/// Four groups of four: 80 bits.
fn made_up() -> String {
    let mut random = rand::rng();
    let mut group = || -> String { (0..4).map(|_| char::from(ALPHABET[random.random_range(0..32)])).collect() };
    [group(), group(), group(), group()].join("-")
}

/// Written beside and moved, so that a crash leaves the one before; other accounts of the machine cannot read it.
fn write(path: &Path, hashed: &Hashed) -> Result<(), String> {
    let fresh = path.with_extension("json.new");
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let text = serde_json::json!(Note { administrator: hashed.clone() }).to_string();
    options
        .open(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&fresh, path))
        .map_err(|e| format!("cannot write {}: {e}; is the disk full or read-only?", path.display()))
}
