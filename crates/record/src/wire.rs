//! How the typed records read JSON, where serde's derived reading is laxer than the contract or slower than needed.
//!
//! Derived structs also read arrays, and derived enums read objects; both would let a wrong body pass.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use uuid::Uuid;

/// Reads a `T` from an object, and from nothing else.
#[repr(transparent)]
pub(crate) struct FromObject<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = FromObject<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FromObject<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(FromObject)
            }
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// A `T` from an object; `null` is absent.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<FromObject<T>>::deserialize(deserializer)?.map(|object| object.0))
}

/// A `T` from text that `read` understands, and from nothing else.
pub(crate) fn from_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct TextVisitor<T> {
        expected: &'static str,
        read: fn(&str) -> Option<T>,
    }
    impl<T> Visitor<'_> for TextVisitor<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.expected)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.read)(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }
    deserializer.deserialize_str(TextVisitor { expected, read })
}

/// A UUID in any of its usual spellings; `null` is absent.
pub(crate) fn uuid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    struct FromText(Uuid);
    impl<'de> Deserialize<'de> for FromText {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            from_text(deserializer, "a UUID", |text| Uuid::try_parse(text).ok()).map(FromText)
        }
    }
    Ok(Option::<FromText>::deserialize(deserializer)?.map(|uuid| uuid.0))
}

/// A list of texts; `null` is the empty list.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default())
}

/// A number, or a list of numbers; `null` is the empty list.
pub(crate) fn number_or_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    struct NumbersVisitor;
    impl<'de> Visitor<'de> for NumbersVisitor {
        type Value = Vec<f64>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number or an array of numbers")
        }
        fn visit_unit<E: de::Error>(self) -> Result<Vec<f64>, E> {
            Ok(Vec::new())
        }
        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Vec<f64>, E> {
            Ok(vec![number])
        }
        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Vec<f64>, E> {
            Ok(vec![number as f64])
        }
        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Vec<f64>, E> {
            Ok(vec![number as f64])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<f64>, A::Error> {
            let mut numbers = Vec::with_capacity(items.size_hint().unwrap_or(0).min(64));
            while let Some(number) = items.next_element()? {
                numbers.push(number);
            }
            Ok(numbers)
        }
    }
    deserializer.deserialize_any(NumbersVisitor)
}

/// A whole number, `30.0` included as JSON Schema has it; `null` is absent.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    struct WholeVisitor;
    impl Visitor<'_> for WholeVisitor {
        type Value = Option<i64>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }
        fn visit_unit<E: de::Error>(self) -> Result<Option<i64>, E> {
            Ok(None)
        }
        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Option<i64>, E> {
            Ok(Some(number))
        }
        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<i64>, E> {
            match i64::try_from(number) {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
            }
        }
        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Option<i64>, E> {
            whole(number).map(Some).ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))
        }
    }
    deserializer.deserialize_any(WholeVisitor)
}

/// `number` as a whole number, where it is one that an `f64` tells from its neighbours.
pub(crate) fn whole(number: f64) -> Option<i64> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT_MAX).then_some(number as i64)
}
