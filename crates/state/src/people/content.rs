//! What makes two interactions the same: a fingerprint of everything but the person and the place in the log.

use record::{Interaction, InteractionType, Time};
use serde_json::{Map, Value};

/// The identity of an interaction within its visitor's history: time, type, and 56 bits of its content.
///
/// Two different interactions of one visitor, of one type and at one millisecond, are taken for the same with a
/// chance of 2⁻⁵⁶. The fingerprint is part of the snapshot's format: a change here needs a new format number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(super) time: Time,
    /// The fingerprint above, the number of the type in the lowest byte.
    pub(super) tag: u64,
}

impl Mark {
    /// The mark of `interaction`; `None` where it carries no timestamp.
    pub(crate) fn of(interaction: &Interaction) -> Option<Mark> {
        let time = interaction.timestamp?;
        Some(Mark { time, tag: fingerprint(interaction) << 8 | interaction.kind as u64 })
    }

    pub(crate) fn time(self) -> Time {
        self.time
    }

    pub(super) fn kind(self) -> Option<InteractionType> {
        InteractionType::from_number(self.tag as u8)
    }
}

/// Hashes every field but the ids of the person and the time, in a fixed order. A new field must be added here.
fn fingerprint(interaction: &Interaction) -> u64 {
    let Interaction {
        kind: _,
        user_id: _,
        anonymous_id: _,
        timestamp: _,
        product_ids,
        product_group_ids,
        miso_id,
        duration,
        quantities,
        revenue,
        rating,
        search,
        category,
        custom_action_name,
        question_id,
        result_type,
        value,
        context,
    } = interaction;
    let mut mix = Mix::default();
    mix.texts(product_ids);
    mix.texts(product_group_ids);
    match miso_id {
        Some(id) => mix.bytes(id.as_bytes()),
        None => mix.word(0),
    }
    for number in [duration, revenue, rating] {
        mix.number(*number);
    }
    mix.word(quantities.len() as u64);
    for &quantity in quantities {
        mix.number(Some(quantity));
    }
    match search {
        None => mix.word(0),
        Some(search) => {
            mix.word(1);
            mix.text(search.keywords.as_deref());
            match &search.filters {
                None => mix.word(0),
                Some(filters) => {
                    mix.word(1 + filters.len() as u64);
                    for (field, values) in filters {
                        mix.text(Some(field));
                        mix.texts(values);
                    }
                }
            }
        }
    }
    mix.texts(category);
    for text in [custom_action_name, question_id, result_type, value] {
        mix.text(text.as_deref());
    }
    match context {
        None => mix.word(0),
        Some(context) => mix.word(object(context)),
    }
    mix.0
}

/// The keys of an object have no order, so the hashes of its members are summed.
fn object(members: &Map<String, Value>) -> u64 {
    let mut sum = 1 + members.len() as u64;
    for (key, value) in members {
        let mut mix = Mix::default();
        mix.text(Some(key));
        mix.value(value);
        sum = sum.wrapping_add(mix.0);
    }
    sum
}

/// A small hash that is the same in every process and version: multiply to 128 bits and fold, as wyhash does.
struct Mix(u64);

impl Default for Mix {
    fn default() -> Mix {
        Mix(0x9e37_79b9_7f4a_7c15)
    }
}

impl Mix {
    fn word(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x2d35_8dcc_aa6c_78a5;
        self.0 = (product as u64) ^ (product >> 64) as u64 ^ word.rotate_left(29);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64 + 1);
        let (words, rest) = bytes.as_chunks::<8>();
        for &word in words {
            self.word(u64::from_le_bytes(word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.word(u64::from_le_bytes(last));
        }
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.bytes(text.as_bytes()),
            None => self.word(0),
        }
    }

    fn texts(&mut self, texts: &[String]) {
        self.word(texts.len() as u64);
        for text in texts {
            self.bytes(text.as_bytes());
        }
    }

    fn number(&mut self, number: Option<f64>) {
        match number {
            None => self.word(0),
            Some(number) => {
                self.word(1);
                self.word(number.to_bits());
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.word(1),
            Value::Bool(value) => self.word(2 + u64::from(*value)),
            Value::Number(number) => {
                self.word(4);
                if let Some(number) = number.as_u64() {
                    self.word(number);
                } else if let Some(number) = number.as_i64() {
                    self.word(number.cast_unsigned());
                } else {
                    self.number(number.as_f64());
                }
            }
            Value::String(text) => {
                self.word(5);
                self.bytes(text.as_bytes());
            }
            Value::Array(values) => {
                self.word(6);
                self.word(values.len() as u64);
                for value in values {
                    self.value(value);
                }
            }
            Value::Object(members) => {
                self.word(7);
                self.word(object(members));
            }
        }
    }
}
