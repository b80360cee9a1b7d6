//! The log of an environment, read from its store; nothing in it is changed.

use std::collections::HashMap;

use ::evaluate::history::{Gathering, History, VisitorId};
use record::{Interaction, InteractionType, Product};
use server::{EnvironmentName, Settings};
use store::{Change, Reader};

use crate::failure::Failure;

/// Reads an environment's products and interactions. Works beside a server that serves the folder.
///
/// An anonymous visitor who signed in is the user from the beginning. Erased people are not in the store any more.
pub(super) fn read(settings: &Settings, environment: EnvironmentName) -> Result<History, Failure> {
    let path = settings.data.join(environment.name()).join("store.sqlite");
    if !path.exists() {
        return Err(Failure::fault(format!(
            "{} holds no environment {}; name the data folder with --data",
            settings.data.display(),
            environment.name()
        )));
    }
    let reader = Reader::open(&path)?;
    let mut gathering = Gathering::default();
    let mut interactions: Vec<Interaction> = Vec::new();
    reader.follow(0, &mut |entry| {
        match entry.change {
            Change::PutProduct { body, .. } => {
                if let Ok(product) = serde_json::from_str::<Product>(&body) {
                    gathering.put(product);
                }
            }
            Change::Interaction { body } => interactions.extend(serde_json::from_str::<Interaction>(&body)),
            Change::DeleteProduct { .. } | Change::PutUser { .. } | Change::DeleteUser { .. } => {}
        }
        true
    })?;
    let mut user_by_anonymous: HashMap<String, String> = HashMap::new();
    for interaction in &interactions {
        if let (Some(user), Some(anonymous)) = (&interaction.user_id, &interaction.anonymous_id) {
            user_by_anonymous.insert(anonymous.clone(), user.clone());
        }
    }
    for interaction in &interactions {
        let Some(time) = interaction.timestamp else { continue };
        let visitor = match (&interaction.user_id, &interaction.anonymous_id) {
            (Some(user), _) => VisitorId::User(user.clone()),
            (None, Some(anonymous)) => match user_by_anonymous.get(anonymous) {
                Some(user) => VisitorId::User(user.clone()),
                None => VisitorId::Anonymous(anonymous.clone()),
            },
            (None, None) => continue,
        };
        let shown = matches!(interaction.kind, InteractionType::Impression | InteractionType::ViewableImpression);
        for id in interaction.product_ids.iter().filter(|_| !shown) {
            let product = gathering.product(id);
            let value =
                if interaction.kind == InteractionType::Rate { interaction.rating } else { interaction.duration };
            let value = value.map_or(f32::NAN, |value| value as f32);
            gathering.event(visitor.clone(), product, time.0, interaction.kind, value);
        }
    }
    let history = gathering.finish();
    if history.events.is_empty() {
        return Err(Failure::fault(format!(
            "the environment {} of {} holds no interactions with products yet; upload some first",
            environment.name(),
            settings.data.display()
        )));
    }
    Ok(history)
}
