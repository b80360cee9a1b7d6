//! The shapes of the three kinds of records, each written once, after the schemas of the published API.

use crate::{Availability, Condition, InteractionType, OwnField, limits, text::Text, translations};

/// The three kinds of records that are uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the variants say it")]
pub enum RecordKind {
    Product,
    User,
    Interaction,
}

impl RecordKind {
    pub(crate) fn shape(self) -> &'static Shape {
        match self {
            RecordKind::Product => &PRODUCT,
            RecordKind::User => &USER,
            RecordKind::Interaction => &INTERACTION,
        }
    }
}

/// What a value may be. `null` is not mentioned: for a field it means absent, elsewhere it is a type of its own.
#[derive(Debug)]
pub(crate) enum Rule {
    Text(Text),
    Number,
    NumberFrom(f64, f64),
    Whole,
    Boolean,
    Choice(&'static [&'static str]),
    List(&'static Rule),
    OneOrMany(&'static Rule),
    Object(&'static Shape),
    /// An object with any names, whose values follow the rule.
    Map(&'static Rule),
    /// Custom attributes: any names, values of the types of [`crate::AttributeKind`].
    Attributes,
}

impl Rule {
    /// The JSON types it takes, in the order the published API lists them: arrays first.
    pub(crate) fn types(&self) -> &'static [&'static str] {
        match self {
            Rule::Text(_) | Rule::Choice(_) => &["string"],
            Rule::Number | Rule::NumberFrom(..) => &["number"],
            Rule::Whole => &["integer"],
            Rule::Boolean => &["boolean"],
            Rule::List(_) => &["array"],
            Rule::OneOrMany(Rule::Number) => &["array", "number"],
            Rule::OneOrMany(_) => &["array", "object"],
            Rule::Object(_) | Rule::Map(_) | Rule::Attributes => &["object"],
        }
    }
}

/// An object with named fields.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) fields: &'static [Field],
    pub(crate) others: Others,
}

/// What becomes of fields that a [`Shape`] does not name.
#[derive(Debug)]
pub(crate) enum Others {
    Kept,
    Refused { instead: &'static str },
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    pub(crate) presence: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Required,
    /// Only in the interactions whose type has it; see [`InteractionType::has`].
    Own(OwnField),
}

impl Shape {
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        let translation = || (std::ptr::eq(self, &PRODUCT) && translations::is_named(name)).then_some(&I18N);
        self.fields.iter().find(|field| field.name == name).or_else(translation)
    }
}

const fn optional(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, presence: Presence::Optional }
}

const fn required(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, presence: Presence::Required }
}

const fn own(name: &'static str, rule: Rule, field: OwnField) -> Field {
    Field { name, rule, presence: Presence::Own(field) }
}

const TEXT: Rule = Rule::Text(Text::Any);
const TEXTS: Rule = Rule::List(&TEXT);
const DATE: Rule = Rule::Text(Text::DateOrTime);
const URI: Rule = Rule::Text(Text::Uri);
const PRODUCT_ID_TEXTS: Rule = Rule::List(&Rule::Text(Text::UpTo(limits::PRODUCT_ID_CHARS_MAX)));

/// Any `i18n_xx` of a product.
static I18N: Field = optional(translations::PREFIX, Rule::Object(&TRANSLATION));

/// The fields of a product that are texts; further ones are kept.
pub(crate) static TRANSLATION: Shape = Shape {
    fields: &[
        optional("title", TEXT),
        optional("subtitle", TEXT),
        optional("description", TEXT),
        optional("short_description", TEXT),
        optional("html", TEXT),
        optional("brand", TEXT),
        optional("color", TEXT),
        optional("size", TEXT),
        optional("material", TEXT),
        optional("categories", Rule::List(&TEXTS)),
        optional("tags", TEXTS),
        optional("authors", TEXTS),
        optional("publishers", TEXTS),
        optional("collections", TEXTS),
        optional("headers", TEXTS),
        optional("paragraphs", TEXTS),
        optional("anchors", TEXTS),
        optional("custom_attributes", Rule::Attributes),
    ],
    others: Others::Kept,
};

static PRODUCT: Shape = Shape {
    fields: &[
        required("product_id", Rule::Text(Text::ProductId)),
        optional("product_group_id", TEXT),
        optional("parent_id", TEXT),
        optional("related_ids", TEXTS),
        optional("type", TEXT),
        optional("title", TEXT),
        optional("subtitle", TEXT),
        optional("description", TEXT),
        optional("short_description", TEXT),
        optional("language", Rule::Text(Text::AtLeast(limits::LANGUAGE_CHARS_MIN))),
        optional("created_at", DATE),
        optional("published_at", DATE),
        optional("updated_at", DATE),
        optional("categories", Rule::List(&TEXTS)),
        optional("tags", TEXTS),
        optional("url", URI),
        optional("cover_image", URI),
        optional("original_price", Rule::Number),
        optional("sale_price", Rule::Number),
        optional("margin", Rule::Number),
        optional("size", TEXT),
        optional("color", TEXT),
        optional("material", TEXT),
        optional("condition", Rule::Choice(&CONDITIONS)),
        optional("brand", TEXT),
        optional("authors", TEXTS),
        optional("publishers", TEXTS),
        optional("collections", TEXTS),
        optional("availability", Rule::Choice(&AVAILABILITIES)),
        optional("location", Rule::OneOrMany(&Rule::Object(&PLACE))),
        optional("rating", Rule::Number),
        optional("html", TEXT),
        optional("headers", TEXTS),
        optional("paragraphs", TEXTS),
        optional("anchors", TEXTS),
        optional("children", Rule::List(&Rule::Object(&CHILD))),
        optional("enable_question_answering", Rule::Boolean),
        optional("custom_attributes", Rule::Attributes),
    ],
    others: Others::Refused { instead: "custom_attributes" },
};

const CONDITIONS: [&str; 3] = [Condition::New.name(), Condition::Used.name(), Condition::Refurbished.name()];
const AVAILABILITIES: [&str; 3] =
    [Availability::InStock.name(), Availability::OutOfStock.name(), Availability::PreOrder.name()];

static PLACE: Shape = Shape {
    fields: &[required("lat", Rule::NumberFrom(-90.0, 90.0)), required("lon", Rule::NumberFrom(-180.0, 180.0))],
    others: Others::Kept,
};

static CHILD: Shape = Shape {
    fields: &[
        required("id", TEXT),
        optional("url", TEXT),
        optional("title", TEXT),
        optional("description", TEXT),
        optional("html", TEXT),
        optional("headers", TEXTS),
        optional("custom_attributes", Rule::Attributes),
    ],
    others: Others::Kept,
};

static USER: Shape = Shape {
    fields: &[
        required("user_id", Rule::Text(Text::UserId)),
        optional("created_at", DATE),
        optional("updated_at", DATE),
        optional("name", TEXT),
        optional("profile_image", URI),
        optional("age", Rule::Whole),
        optional("gender", TEXT),
        optional("city", TEXT),
        optional("state", TEXT),
        optional("country", TEXT),
        optional("group_id", TEXT),
        optional("description", TEXT),
        optional("custom_attributes", Rule::Attributes),
    ],
    others: Others::Refused { instead: "custom_attributes" },
};

static INTERACTION: Shape = Shape {
    fields: &[
        required("type", Rule::Choice(&INTERACTION_TYPES)),
        optional("user_id", Rule::Text(Text::UpTo(limits::USER_ID_CHARS_MAX))),
        optional("anonymous_id", Rule::Text(Text::UpTo(limits::ANONYMOUS_ID_CHARS_MAX))),
        own("product_ids", PRODUCT_ID_TEXTS, OwnField::ProductIds),
        own("product_group_ids", PRODUCT_ID_TEXTS, OwnField::ProductGroupIds),
        optional("timestamp", Rule::Text(Text::Timestamp)),
        optional("miso_id", Rule::Text(Text::Uuid)),
        own("duration", Rule::Number, OwnField::Duration),
        own("quantities", Rule::OneOrMany(&Rule::Number), OwnField::Quantities),
        own("revenue", Rule::Number, OwnField::Revenue),
        own("rating", Rule::Number, OwnField::Rating),
        own("search", Rule::Object(&SEARCH), OwnField::Search),
        own("category", TEXTS, OwnField::Category),
        own("custom_action_name", TEXT, OwnField::CustomActionName),
        own("question_id", Rule::Text(Text::UpTo(limits::QUESTION_ID_CHARS_MAX)), OwnField::QuestionId),
        own("result_type", TEXT, OwnField::ResultType),
        own("value", TEXT, OwnField::Value),
        optional("context", Rule::Object(&CONTEXT)),
    ],
    others: Others::Refused { instead: "context.custom_context" },
};

const INTERACTION_TYPES: [&str; InteractionType::ALL.len()] = {
    let mut names = [""; InteractionType::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = InteractionType::ALL[place].name();
        place += 1;
    }
    names
};

static SEARCH: Shape =
    Shape { fields: &[optional("keywords", TEXT), optional("filters", Rule::Map(&TEXTS))], others: Others::Kept };

/// Where an interaction happened.
pub(crate) static CONTEXT: Shape = Shape {
    fields: &[
        optional("campaign", Rule::Object(&CAMPAIGN)),
        optional("truncated_ip", Rule::Text(Text::Ipv4)),
        optional("locale", TEXT),
        optional("region", TEXT),
        optional("page", Rule::Object(&PAGE)),
        optional("user_agent", TEXT),
        optional("custom_context", Rule::Attributes),
    ],
    others: Others::Kept,
};

static CAMPAIGN: Shape = Shape {
    fields: &[
        optional("name", TEXT),
        optional("source", TEXT),
        optional("medium", TEXT),
        optional("term", TEXT),
        optional("content", TEXT),
    ],
    others: Others::Kept,
};

static PAGE: Shape = Shape {
    fields: &[required("url", TEXT), optional("referrer", TEXT), optional("title", TEXT)],
    others: Others::Kept,
};
