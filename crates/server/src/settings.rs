use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The settings of the process, resolved by the command line from `tamari.toml`, `TAMARI_…` and flags, in that rising order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether to fill the playground with the sample shop.
    pub demo: bool,
    /// The largest body accepted, in bytes, after decompression.
    pub body_bytes_max: usize,
    /// Requests a second allowed per key; 0 sets no limit.
    pub requests_per_second_max: u32,
    /// Whether to believe `X-Forwarded-For` for the visitor's address (only behind a proxy that sets it).
    pub trust_forwarded_for: bool,
    /// Whether a question with a publishable key that names an `anonymous_id` must carry a `user_hash`, as the contract has it.
    /// Without it the published browser SDK can ask for anonymous visitors, whose id their own browser made up.
    pub anonymous_hash_required: bool,
    /// Seconds for requests under way to finish when the process is told to stop.
    pub stop_grace_s: u64,
    /// Threads for training; they run at low priority.
    pub training_threads: usize,
    /// The folder of a sentence encoder for search by meaning (model.safetensors, config.json, vocab.txt of a BERT model such as
    /// all-MiniLM-L6-v2). Empty: the table in the binary.
    pub encoder: PathBuf,
    /// The password of the Dojo. Empty: the one before, or one made at the first start.
    pub admin_password: String,
    /// Whether the first account of the Dojo is made where there is none: not by a server that nobody sees, whose password would be
    /// shown to nobody.
    #[serde(skip)]
    pub first_account: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data: PathBuf::from("tamari-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 7700)),
            demo: false,
            body_bytes_max: 32 * 1024 * 1024,
            requests_per_second_max: 0,
            trust_forwarded_for: false,
            anonymous_hash_required: true,
            stop_grace_s: 10,
            training_threads: 1,
            encoder: PathBuf::new(),
            admin_password: String::new(),
            first_account: true,
        }
    }
}
