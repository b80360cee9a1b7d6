use record::{Availability, Condition, Location, Product};
use serde_json::Value;

use crate::{Attributes, Scalar};

/// The fields that filters know, beside `custom_attributes.…`.
const FIELDS: [&str; 35] = [
    "product_id",
    "product_group_id",
    "parent_id",
    "related_ids",
    "type",
    "title",
    "subtitle",
    "description",
    "short_description",
    "language",
    "created_at",
    "published_at",
    "updated_at",
    "categories",
    "tags",
    "url",
    "cover_image",
    "original_price",
    "sale_price",
    "margin",
    "size",
    "color",
    "material",
    "condition",
    "brand",
    "authors",
    "publishers",
    "collections",
    "availability",
    "rating",
    "html",
    "headers",
    "paragraphs",
    "anchors",
    "enable_question_answering",
];

const CUSTOM: &str = "custom_attributes";

/// Places are numbers under `location.lat` and `location.lon`; children are not filtered by.
impl Attributes for Product {
    fn any(&self, name: &str, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
        match name {
            "product_id" => test(Scalar::Text(&self.product_id)),
            "product_group_id" => text(&self.product_group_id, test),
            "parent_id" => text(&self.parent_id, test),
            "related_ids" => texts(&self.related_ids, test),
            "type" => text(&self.kind, test),
            "title" => text(&self.title, test),
            "subtitle" => text(&self.subtitle, test),
            "description" => text(&self.description, test),
            "short_description" => text(&self.short_description, test),
            "language" => text(&self.language, test),
            "created_at" => text(&self.created_at, test),
            "published_at" => text(&self.published_at, test),
            "updated_at" => text(&self.updated_at, test),
            "categories" => self.categories.iter().flatten().flatten().any(|level| test(Scalar::Text(level))),
            "tags" => texts(&self.tags, test),
            "url" => text(&self.url, test),
            "cover_image" => text(&self.cover_image, test),
            "original_price" => number(self.original_price, test),
            "sale_price" => number(self.sale_price, test),
            "margin" => number(self.margin, test),
            "size" => text(&self.size, test),
            "color" => text(&self.color, test),
            "material" => text(&self.material, test),
            "condition" => test(Scalar::Text(match self.condition {
                // The contract's default.
                None | Some(Condition::New) => "NEW",
                Some(Condition::Used) => "USED",
                Some(Condition::Refurbished) => "REFURBISHED",
            })),
            "brand" => text(&self.brand, test),
            "authors" => texts(&self.authors, test),
            "publishers" => texts(&self.publishers, test),
            "collections" => texts(&self.collections, test),
            "availability" => self.availability.is_some_and(|availability| {
                test(Scalar::Text(match availability {
                    Availability::InStock => "IN_STOCK",
                    Availability::OutOfStock => "OUT_OF_STOCK",
                    Availability::PreOrder => "PRE_ORDER",
                }))
            }),
            "location.lat" => places(&self.location).iter().any(|place| test(Scalar::Number(place.lat))),
            "location.lon" => places(&self.location).iter().any(|place| test(Scalar::Number(place.lon))),
            "rating" => number(self.rating, test),
            "html" => text(&self.html, test),
            "headers" => texts(&self.headers, test),
            "paragraphs" => texts(&self.paragraphs, test),
            "anchors" => texts(&self.anchors, test),
            // The contract's default is false.
            "enable_question_answering" => test(Scalar::Boolean(self.enable_question_answering.unwrap_or(false))),
            _ => {
                let path = name.strip_prefix(CUSTOM).and_then(|rest| rest.strip_prefix('.'));
                match (path, &self.custom_attributes) {
                    (Some(path), Some(attributes)) => {
                        attributes.iter().any(|(key, value)| step(key, value, path, test))
                    }
                    _ => false,
                }
            }
        }
    }
}

/// Visits every value of `product` with its field's name, as [`Attributes::any`] for that name would.
pub fn each_value(product: &Product, visit: &mut dyn FnMut(&str, Scalar<'_>)) {
    for field in FIELDS {
        product.any(field, &mut |value| {
            visit(field, value);
            false
        });
    }
    for place in places(&product.location) {
        visit("location.lat", Scalar::Number(place.lat));
        visit("location.lon", Scalar::Number(place.lon));
    }
    if let Some(attributes) = &product.custom_attributes {
        let mut name = String::from(CUSTOM);
        for (key, value) in attributes {
            walk_member(&mut name, key, value, visit);
        }
    }
}

fn text(value: &Option<String>, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    value.as_deref().is_some_and(|value| test(Scalar::Text(value)))
}

fn texts(values: &Option<Vec<String>>, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    values.iter().flatten().any(|value| test(Scalar::Text(value)))
}

fn number(value: Option<f64>, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    value.is_some_and(|value| test(Scalar::Number(value)))
}

fn places(location: &Option<Location>) -> &[record::Place] {
    match location {
        None => &[],
        Some(Location::One(place)) => std::slice::from_ref(place),
        Some(Location::Many(places)) => places,
    }
}

/// Follows `path` through the member `key`. A key may hold dots itself, so every key that begins the path is tried.
fn step(key: &str, value: &Value, path: &str, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    match path.strip_prefix(key) {
        Some("") => own_values(value, test),
        Some(rest) => rest.strip_prefix('.').is_some_and(|rest| members(value, rest, test)),
        None => false,
    }
}

fn members(value: &Value, path: &str, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(key, value)| step(key, value, path, test)),
        Value::Array(values) => values.iter().any(|value| members(value, path, test)),
        _ => false,
    }
}

fn own_values(value: &Value, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
    match value {
        Value::Array(values) => values.iter().any(|value| own_values(value, test)),
        _ => scalar(value).is_some_and(test),
    }
}

fn scalar(value: &Value) -> Option<Scalar<'_>> {
    match value {
        Value::String(text) => Some(Scalar::Text(text)),
        Value::Number(number) => number.as_f64().map(Scalar::Number),
        Value::Bool(value) => Some(Scalar::Boolean(*value)),
        _ => None,
    }
}

fn walk_member(name: &mut String, key: &str, value: &Value, visit: &mut dyn FnMut(&str, Scalar<'_>)) {
    let length = name.len();
    name.push('.');
    name.push_str(key);
    walk(name, value, visit);
    name.truncate(length);
}

fn walk(name: &mut String, value: &Value, visit: &mut dyn FnMut(&str, Scalar<'_>)) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| walk(name, value, visit)),
        Value::Object(object) => object.iter().for_each(|(key, value)| walk_member(name, key, value, visit)),
        _ => {
            if let Some(value) = scalar(value) {
                visit(name, value);
            }
        }
    }
}
