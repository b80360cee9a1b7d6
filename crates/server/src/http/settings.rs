//! `/v1/settings/…`: what the words of an environment mean and how its texts are read.

use std::collections::BTreeMap;

use axum::response::Response;
use search::{Importance, Language, SearchedFields, StopWords, SynonymRule, SynonymTrouble, Synonyms};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::body::{self, Whole};
use super::errors::Failure;
use super::wire;
use crate::limits::{FACETS_OFFERED_MAX, SETTING_TROUBLES_MAX};

/// `PUT /v1/settings/search`: what is left out stays; `null` stands for the rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    #[serde(default)]
    primary_language: Option<String>,
    #[serde(default, deserialize_with = "given")]
    searched_fields: Option<Option<BTreeMap<String, String>>>,
    #[serde(default, deserialize_with = "given")]
    facets: Option<Option<Vec<String>>>,
    /// Whether words mean what the thesaurus says beside what the shop's synonyms say.
    #[serde(default)]
    thesaurus: Option<bool>,
}

/// Tells `null` from what is left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Fields of the contract by whose values products can be counted.
const FACETABLE: [&str; 12] = [
    "categories",
    "brand",
    "tags",
    "color",
    "size",
    "material",
    "type",
    "availability",
    "authors",
    "publishers",
    "collections",
    "condition",
];

/// `PUT /v1/settings/synonyms`: one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymsIn {
    #[serde(default)]
    synonyms: Option<Vec<RuleIn>>,
    /// Solr's text form.
    #[serde(default)]
    solr: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RuleIn {
    Words(Vec<String>),
    TwoWay(TwoWay),
    OneWay(OneWay),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoWay {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OneWay {
    from: OneOrMany,
    to: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

/// `PUT /v1/settings/stop_words`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopWordsIn {
    /// By the code of the language; `null` stands for the defaults.
    stop_words: BTreeMap<String, Option<Vec<String>>>,
}

/// `GET /v1/settings/search`.
pub(super) async fn search(caller: Caller) -> Result<Response, Failure> {
    let settings = caller.environment.text_settings();
    let (languages, is_rebuilding) = caller.environment.text_languages();
    let products: Map<String, Value> =
        languages.into_iter().map(|(language, products)| (language.code().to_owned(), Value::from(products))).collect();
    let (facets, is_own) = caller.environment.facets()?;
    let field = |name: &str, is_searchable: bool, is_facetable: bool, products: Option<u32>| {
        json!({
            "name": name, "products": products,
            "importance": is_searchable.then(|| settings.searched.importance(name).name()), "facet": is_facetable,
        })
    };
    let mut fields: Vec<Value> =
        SearchedFields::names().map(|name| field(name, true, FACETABLE.contains(&name), None)).collect();
    let only_facets = FACETABLE.into_iter().filter(|name| SearchedFields::names().all(|searched| searched != *name));
    fields.extend(only_facets.map(|name| field(name, false, true, None)));
    let own = caller.environment.own_attributes();
    fields.extend(own.iter().map(|one| field(&one.name, one.is_text, one.has_values, Some(one.products))));
    let changed: Map<String, Value> =
        settings.searched.changed().map(|(name, importance)| (name.to_owned(), importance.name().into())).collect();
    Ok(wire::success(&json!({
        "primary_language": settings.primary.code(),
        "thesaurus": !settings.own_synonyms_only,
        "supported_languages": Language::ALL.map(Language::code),
        "products_by_language": products,
        "rebuilding": is_rebuilding,
        "searched_fields": changed,
        "facets": facets,
        "facets_are_own": is_own,
        "fields": fields,
    })))
}

/// `PUT /v1/settings/search`: another primary language, the thesaurus in force or not, other importances, other facets; all are looked at
/// before one is stored.
pub(super) async fn set_search(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let given: Search = body::parse(&body)?;
    let primary = given.primary_language.map(|code| language("primary_language", &code)).transpose()?;
    let fields = given.searched_fields.map(|fields| searched_fields(fields.unwrap_or_default())).transpose()?;
    let facets = given.facets.map(|facets| facets.map(checked_facets).transpose()).transpose()?;
    if primary.is_none() && fields.is_none() && facets.is_none() && given.thesaurus.is_none() {
        let message = "It must have `primary_language`, `thesaurus`, `searched_fields` or `facets`.";
        return Err(invalid("the body", message));
    }
    if let Some(primary) = primary {
        caller.environment.set_primary_language(primary).await?;
    }
    if let Some(counts) = given.thesaurus {
        caller.environment.set_thesaurus(counts).await?;
    }
    if let Some(fields) = fields {
        caller.environment.set_searched_fields(fields).await?;
    }
    if let Some(facets) = facets {
        caller.environment.set_facets(facets).await?;
    }
    search(caller).await
}

fn searched_fields(names: BTreeMap<String, String>) -> Result<SearchedFields, Failure> {
    let mut by_name = BTreeMap::new();
    for (field, name) in names {
        let Some(importance) = Importance::from_name(&name) else {
            let known = Importance::ALL.map(Importance::name).join(", ");
            return Err(invalid(&format!("searched_fields.{field}"), &format!("It must be one of: {known}.")));
        };
        by_name.insert(field, importance);
    }
    SearchedFields::new(by_name).map_err(|(field, why)| invalid(&format!("searched_fields.{field}"), &why))
}

fn checked_facets(facets: Vec<String>) -> Result<Vec<String>, Failure> {
    if facets.len() > FACETS_OFFERED_MAX {
        return Err(invalid("facets", &format!("There may be {FACETS_OFFERED_MAX} at most.")));
    }
    for (at, facet) in facets.iter().enumerate() {
        let is_known = FACETABLE.contains(&facet.as_str())
            || facet.strip_prefix("custom_attributes.").is_some_and(|own| !own.is_empty() && own.len() <= 256);
        if !is_known {
            let message = format!("The fields are: {}, and custom_attributes.name.", FACETABLE.join(", "));
            return Err(invalid(&format!("facets.{at}"), &message));
        }
        if facets[..at].contains(facet) {
            return Err(invalid(&format!("facets.{at}"), "It is named twice."));
        }
    }
    Ok(facets)
}

/// `GET /v1/settings/synonyms`.
pub(super) async fn synonyms(caller: Caller) -> Response {
    let settings = caller.environment.text_settings();
    let rule = |rule: &SynonymRule| match rule {
        SynonymRule::TwoWay(words) => json!({"words": words}),
        SynonymRule::OneWay { from, to } => json!({"from": from, "to": to}),
    };
    let rules: Vec<Value> = settings.synonyms.rules().iter().map(rule).collect();
    wire::success(&json!({"synonyms": rules, "solr": settings.synonyms.to_solr()}))
}

/// `PUT /v1/settings/synonyms`: these in the place of all; JSON, or Solr's text form as it is.
pub(super) async fn set_synonyms(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let text = std::str::from_utf8(&body).map_err(|_| invalid("the body", "It must be UTF-8."))?;
    let text = text.trim_start_matches('\u{FEFF}');
    let read = if text.trim_start().starts_with(['{', '[']) {
        let given: SynonymsIn = body::parse(text.as_bytes())?;
        match (given.synonyms, given.solr) {
            (Some(rules), None) => {
                let rule = |rule| match rule {
                    RuleIn::Words(words) | RuleIn::TwoWay(TwoWay { words }) => SynonymRule::TwoWay(words),
                    RuleIn::OneWay(OneWay { from, to }) => {
                        SynonymRule::OneWay { from: from.into_vec(), to: to.into_vec() }
                    }
                };
                let rules = Synonyms::new(rules.into_iter().map(rule).collect());
                rules.map_err(|troubles| listed(&troubles, |place| format!("synonyms.{place}")))
            }
            (None, Some(text)) => {
                Synonyms::parse(&text).map_err(|troubles| listed(&troubles, |line| format!("solr line {line}")))
            }
            _ => {
                return Err(invalid("the body", "It must have either `synonyms`, a list of rules, or `solr`, a text."));
            }
        }
    } else {
        Synonyms::parse(text).map_err(|troubles| listed(&troubles, |line| format!("line {line}")))
    };
    caller.environment.set_synonyms(read?).await?;
    Ok(synonyms(caller).await)
}

/// `GET /v1/settings/stop_words`.
pub(super) async fn stop_words(caller: Caller) -> Response {
    let settings = caller.environment.text_settings();
    let mut words_by_language = Map::new();
    let mut own = Vec::new();
    for language in Language::ALL {
        let (words, is_own) = settings.stop_words.of(language);
        words_by_language.insert(language.code().to_owned(), json!(words));
        if is_own {
            own.push(language.code());
        }
    }
    wire::success(&json!({"stop_words": words_by_language, "own": own}))
}

/// `PUT /v1/settings/stop_words`: the words of the languages that are named, and the defaults of all others.
pub(super) async fn set_stop_words(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let given: StopWordsIn = body::parse(&body)?;
    let mut own = BTreeMap::new();
    for (code, words) in given.stop_words {
        let language = language(&format!("stop_words.{code}"), &code)?;
        own.extend(words.map(|words| (language, words)));
    }
    let stop_words =
        StopWords::new(&own).map_err(|(language, why)| invalid(&format!("stop_words.{}", language.code()), &why))?;
    caller.environment.set_stop_words(stop_words).await?;
    Ok(self::stop_words(caller).await)
}

fn language(field: &str, code: &str) -> Result<Language, Failure> {
    match Language::of(code) {
        Language::Other => {
            let known: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
            Err(invalid(field, &format!("The languages are: {}.", known.join(", "))))
        }
        language => Ok(language),
    }
}

/// The first troubles, each with its place.
fn listed(troubles: &[SynonymTrouble], place: impl Fn(usize) -> String) -> Failure {
    let shown = troubles.iter().take(SETTING_TROUBLES_MAX);
    let mut lines: Vec<String> =
        shown.map(|trouble| format!("{} is invalid. {}", place(trouble.place), trouble.message)).collect();
    if troubles.len() > SETTING_TROUBLES_MAX {
        lines.push(format!("{} more rules are invalid.", troubles.len() - SETTING_TROUBLES_MAX));
    }
    Failure::Invalid(lines.join(" "))
}

fn invalid(field: &str, message: &str) -> Failure {
    Failure::Invalid(format!("{field} is invalid. {message}"))
}
