use record::Time;
use uuid::Uuid;

use crate::{ProductRow, VisitorRow};

/// One answer as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The answer's `miso_id`.
    pub miso_id: Uuid,
    /// When.
    pub time: Time,
    /// Which API, such as `recommendation/user_to_products`.
    pub api: &'static str,
    /// For whom; `None` for nobody known.
    pub visitor: Option<VisitorRow>,
    /// What, in the order shown.
    pub products: Box<[ProductRow]>,
}

/// The answers shown lately, bounded by number and age.
#[derive(Default)]
pub struct Answers {}

impl Answers {
    /// The answer of this `miso_id`, while it is remembered.
    pub fn get(&self, miso_id: Uuid) -> Option<&Shown> {
        todo!("{miso_id}")
    }

    pub(crate) fn remember(&mut self, shown: Shown) {
        todo!("{shown:?}")
    }
}
