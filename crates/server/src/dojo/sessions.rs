//! Who is signed in: random tokens, held in memory as their hashes only. A restart signs everybody out.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};
use parking_lot::Mutex;
use rand::RngExt;
use sha2::{Digest, Sha256};

const COOKIE: &str = "tamari_dojo";
/// A session ends so long after its last call.
const IDLE_MAX: Duration = Duration::from_secs(12 * 3_600);
/// And so long after its sign-in, whatever happens.
const AGE_MAX: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Over it, the one unused for longest goes.
const SESSIONS_MAX: usize = 1_000;

struct Session {
    account: String,
    began: Instant,
    used: Instant,
}

impl Session {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) > IDLE_MAX || now.saturating_duration_since(self.began) > AGE_MAX
    }
}

/// The sessions by the SHA-256 of their token.
#[derive(Default)]
pub(super) struct Sessions {
    by_hash: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Begins a session of this account and gives its token: 256 random bits.
    pub(super) fn begin(&self, account: String, now: Instant) -> String {
        let token = hex::encode(rand::rng().random::<[u8; 32]>());
        let mut by_hash = self.by_hash.lock();
        by_hash.retain(|_, session| !session.is_over(now));
        if by_hash.len() >= SESSIONS_MAX
            && let Some(oldest) = by_hash.iter().min_by_key(|(_, session)| session.used).map(|(hash, _)| *hash)
        {
            by_hash.remove(&oldest);
        }
        by_hash.insert(hash(&token), Session { account, began: now, used: now });
        token
    }

    /// The account of the token's session, where it goes on; it counts as used now.
    pub(super) fn account(&self, token: &str, now: Instant) -> Option<String> {
        let mut by_hash = self.by_hash.lock();
        let session = by_hash.get_mut(&hash(token)).filter(|session| !session.is_over(now))?;
        session.used = now;
        Some(session.account.clone())
    }

    /// Ends the token's session.
    pub(super) fn end(&self, token: &str) {
        self.by_hash.lock().remove(&hash(token));
    }

    /// Ends every session of this account but the token's.
    pub(super) fn end_of(&self, account: &str, but: Option<&str>) {
        let kept = but.map(hash);
        self.by_hash.lock().retain(|hash, session| session.account != account || Some(*hash) == kept);
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The token in the request's cookie.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then(|| value.to_owned()))
}

/// The cookie of a session that began; `secure` where the page came over TLS.
pub(super) fn cookie(token: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/dojo; HttpOnly; SameSite=Strict; Max-Age={}{secure}", AGE_MAX.as_secs())
}

/// The cookie that takes it away.
pub(super) fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/dojo; HttpOnly; SameSite=Strict; Max-Age=0")
}
