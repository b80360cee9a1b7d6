use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::Product;

/// What the names of a product's texts in other languages begin with: `i18n_fr`.
pub(crate) const PREFIX: &str = "i18n_";

/// A product's texts in other languages, by the code of the language: `{"fr": {"title": "…"}}` for a record's `i18n_fr`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translations(pub BTreeMap<String, Map<String, Value>>);

impl Serialize for Translations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(code, fields)| (format!("{PREFIX}{code}"), fields)))
    }
}

impl<'de> Deserialize<'de> for Translations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Translations, D::Error> {
        struct Named;
        impl<'de> Visitor<'de> for Named {
            type Value = Translations;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("texts by language")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Translations, A::Error> {
                let mut translations = BTreeMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    let Some(code) = name.strip_prefix(PREFIX).filter(|code| is_code(code)) else {
                        return Err(A::Error::custom(format_args!("unknown field `{name}`")));
                    };
                    if let Some(fields) = map.next_value::<Option<Map<String, Value>>>()? {
                        translations.insert(code.to_owned(), fields);
                    }
                }
                Ok(Translations(translations))
            }
        }
        deserializer.deserialize_map(Named)
    }
}

/// Whether a text can be the code of a language: letters, digits and what parts them.
fn is_code(code: &str) -> bool {
    (2..=16).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a field's name is that of texts in another language.
pub(crate) fn is_named(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(is_code)
}

impl Product {
    /// The product in each of its other languages, by the code: its own fields with those that are translated in their place.
    ///
    /// Translations are the record's `i18n_xx`, and objects of that name among the custom attributes. A field that does not hold
    /// what it should is left as it was.
    pub fn translations(&self) -> impl Iterator<Item = (String, Product)> {
        let of_attributes = self.custom_attributes.iter().flatten().filter_map(|(name, value)| {
            let code = name.strip_prefix(PREFIX).filter(|code| is_code(code))?;
            Some((code, value.as_object()?))
        });
        let own = self.i18n.0.iter().map(|(code, fields)| (code.as_str(), fields));
        own.chain(of_attributes).map(|(code, fields)| (code.to_owned(), self.translated(code, fields)))
    }

    fn translated(&self, code: &str, fields: &Map<String, Value>) -> Product {
        let mut product = Product { i18n: Translations::default(), language: Some(code.to_owned()), ..self.clone() };
        for (name, value) in fields {
            let Value::Object(mut one) = serde_json::json!({"product_id": self.product_id}) else { continue };
            one.insert(name.clone(), value.clone());
            let Ok(given) = serde_json::from_value::<Product>(Value::Object(one)) else { continue };
            for (of_product, given) in [
                (&mut product.title, given.title),
                (&mut product.subtitle, given.subtitle),
                (&mut product.short_description, given.short_description),
                (&mut product.description, given.description),
                (&mut product.html, given.html),
                (&mut product.brand, given.brand),
                (&mut product.color, given.color),
                (&mut product.size, given.size),
                (&mut product.material, given.material),
            ] {
                if given.is_some() {
                    *of_product = given;
                }
            }
            for (of_product, given) in [
                (&mut product.tags, given.tags),
                (&mut product.authors, given.authors),
                (&mut product.publishers, given.publishers),
                (&mut product.collections, given.collections),
                (&mut product.headers, given.headers),
                (&mut product.paragraphs, given.paragraphs),
                (&mut product.anchors, given.anchors),
            ] {
                if given.is_some() {
                    *of_product = given;
                }
            }
            if given.categories.is_some() {
                product.categories = given.categories;
            }
            if let Some(attributes) = given.custom_attributes {
                product.custom_attributes.get_or_insert_default().extend(attributes);
            }
        }
        // Those of the other languages would be read as attributes.
        if let Some(attributes) = &mut product.custom_attributes {
            attributes.retain(|name, _| !name.starts_with(PREFIX));
        }
        product
    }
}
