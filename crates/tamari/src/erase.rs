use serde_json::json;
use server::Settings;

use crate::cli::EraseOptions;
use crate::failure::Failure;
use crate::output;
use crate::reach::Reach;
use crate::train::{answered, encoded};

/// Erases users for good: first what they did, then their profiles.
pub(crate) fn run(settings: &Settings, options: &EraseOptions) -> Result<(), Failure> {
    let reach = Reach::open(settings, &options.target)?;
    let outcome = erase(&reach, &options.users);
    reach.close();
    outcome
}

fn erase(reach: &Reach, users: &[String]) -> Result<(), Failure> {
    let body = json!({ "user_ids": users }).to_string();
    answered(reach.delete("interactions", body.as_bytes()), reach)?;
    let mut profiles = 0;
    for user in users {
        let reply = reach.delete(&format!("users/{}", encoded(user)), b"{}");
        // A person whose interactions are known need not have a profile.
        if reply.as_ref().is_ok_and(|reply| reply.status == 404) {
            continue;
        }
        answered(reply, reach)?;
        profiles += 1;
    }
    output::note(&format!(
        "Erased the interactions of {} and {}.",
        output::counted(users.len() as u64, "user", "users"),
        output::counted(profiles, "profile", "profiles")
    ));
    Ok(())
}
