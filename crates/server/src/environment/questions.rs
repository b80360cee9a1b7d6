//! The pages that answer questions, and the bank of questions that are completed.

use std::sync::Arc;

use answers::{Bank, BankedQuestion};
use arc_swap::ArcSwap;
use engine::Pages;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use record::Time;
use serde_json::{Value, json};
use store::{Fault, Reader};
use tracing::warn;

use super::{Command, Environment, WriteError};

/// The setting that holds the questions of the bank.
const SETTING: &str = "questions";

pub(super) struct Questions {
    /// Locked before the live view wherever both are.
    pages: RwLock<Pages>,
    bank: ArcSwap<Bank>,
}

impl Questions {
    pub(super) fn open(reader: &Reader) -> Result<Questions, Fault> {
        let stored = reader.setting(SETTING)?.unwrap_or_default();
        let question = |entry: &Value| {
            let text = entry["question"].as_str()?.to_owned();
            Some(BankedQuestion { text, weight: entry["weight"].as_f64()? })
        };
        let questions = stored.as_array().into_iter().flatten().filter_map(question).collect();
        Ok(Questions { pages: RwLock::default(), bank: ArcSwap::from_pointee(Bank::new(questions)) })
    }
}

impl Environment {
    /// The pages of the catalogue, as of now; a large one may be behind by half a second. Blocking, and the first call reads
    /// every page: call it on a thread that may wait, and before [`Environment::answer`], not within.
    pub(crate) fn pages(&self, now: Time) -> RwLockReadGuard<'_, Pages> {
        let shared = &self.shared;
        let pages = shared.questions.pages.read();
        if pages.is_fresh(&shared.state.read(), now) {
            return pages;
        }
        drop(pages);
        let mut pages = shared.questions.pages.write();
        let was_full = pages.is_full();
        // Another call may have looked meanwhile. The live view is free between the pieces.
        while !pages.is_fresh(&shared.state.read(), now) {
            if pages.look(&shared.state.read(), now) {
                break;
            }
        }
        if pages.is_full() && !was_full {
            warn!(
                environment = shared.name.name(),
                "some products do not answer questions: there are more pages than are kept"
            );
        }
        RwLockWriteGuard::downgrade(pages)
    }

    /// The bank of questions.
    pub(crate) fn question_bank(&self) -> Arc<Bank> {
        self.shared.questions.bank.load_full()
    }

    /// Puts these questions in the place of all that the bank held.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_question_bank(&self, questions: Vec<BankedQuestion>) -> Result<(), WriteError> {
        let bank = Bank::new(questions);
        let stored =
            bank.questions().iter().map(|question| json!({"question": question.text, "weight": question.weight}));
        let value = Value::Array(stored.collect());
        let then = Box::new(move |shared: &super::Shared| shared.questions.bank.store(Arc::new(bank)));
        self.command(|reply| Command::Set { name: SETTING, value, then, reply }).await?
    }
}
