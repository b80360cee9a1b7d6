use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

/// The text of the field `name` at the top of a JSON object, without building the rest of it.
/// `None` where it is absent, `null` or no text.
pub(super) fn read<'a>(json: &'a str, name: &str) -> Option<Cow<'a, str>> {
    Field(name).deserialize(&mut serde_json::Deserializer::from_str(json)).ok()?
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Field<'n>(&'n str);

impl<'a> DeserializeSeed<'a> for Field<'_> {
    type Value = Option<Cow<'a, str>>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Field<'_> {
    type Value = Option<Cow<'a, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Text(key)) = members.next_key()? {
            if key == self.0 {
                found = members.next_value::<Option<Text<'a>>>()?.map(|Text(text)| text);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
