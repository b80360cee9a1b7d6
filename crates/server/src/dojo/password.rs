//! Passwords: kept as their Argon2id hashes, never as text.

use argon2::{Algorithm, Argon2, Params, Version};
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
/// Letters and digits that are not mistaken for each other when read from a screen.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password's hash, and all it takes to make it again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hashed {
    memory_kib: u32,
    passes: u32,
    salt: String,
    argon2id: String,
}

impl Hashed {
    /// The hash of this text under a fresh salt. Some 20 ms and 19 MiB.
    pub(super) fn of(text: &str) -> Result<Hashed, String> {
        let salt: [u8; 16] = rand::rng().random();
        let argon2id = digest(text, &salt, MEMORY_KIB, PASSES)?;
        Ok(Hashed { memory_kib: MEMORY_KIB, passes: PASSES, salt: hex::encode(salt), argon2id: hex::encode(argon2id) })
    }

    /// Whether it is the hash of this text. As long as [`Hashed::of`], whatever the answer.
    pub(super) fn is(&self, text: &str) -> bool {
        let (Ok(salt), Ok(wanted)) = (hex::decode(&self.salt), hex::decode(&self.argon2id)) else { return false };
        digest(text, &salt, self.memory_kib, self.passes).is_ok_and(|got| got.as_slice().ct_eq(&wanted).into())
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

/// A password of four groups of four: 80 bits.
pub(super) fn made_up() -> String {
    let mut random = rand::rng();
    let mut group = || -> String { (0..4).map(|_| char::from(ALPHABET[random.random_range(0..32)])).collect() };
    [group(), group(), group(), group()].join("-")
}

fn digest(text: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<[u8; 32], String> {
    let params = Params::new(memory_kib, passes, 1, None).map_err(|e| format!("the password's hash: {e}"))?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(text.as_bytes(), salt, &mut out)
        .map_err(|e| format!("the password's hash: {e}"))?;
    Ok(out)
}
