//! What every question that lists products has in common: whom it is for, what may be shown, and the business rules.

use serde_json::{Map, Value};

use crate::Refused;
use crate::limits::{
    ADDITIONAL_INTERACTIONS_MAX, ANCHORING_ENTRIES_MAX, BOOST_RULES_MAX, IDS_MAX, PAGINATION_ID_CHARS_MAX, ROWS_MAX,
    WINDOW_MAX,
};
use crate::request::{
    Anchoring, Autocomplete, BoostRule, Geo, Person, ProductToProducts, Search, UserToAttributes, UserToCategories,
    UserToProducts,
};

/// The common part of a question, checked.
#[derive(Clone, Debug)]
pub(crate) struct Common<'a> {
    pub(crate) person: Person<'a>,
    pub(crate) additional_interactions: &'a [Value],
    pub(crate) start: usize,
    pub(crate) rows: usize,
    pub(crate) kind: Option<&'a str>,
    pub(crate) language: Option<&'a str>,
    pub(crate) category: &'a [String],
    pub(crate) dedupe: bool,
    pub(crate) fl: &'a [String],
    pub(crate) include: &'a [String],
    pub(crate) exclude: &'a [String],
    pub(crate) fq: Option<&'a str>,
    pub(crate) boosts: Vec<BoostRule>,
    pub(crate) geo: Option<&'a Geo>,
    pub(crate) diversification: Option<&'a Map<String, Value>>,
    pub(crate) dithering: f64,
    pub(crate) pagination_id: Option<&'a str>,
    pub(crate) anchoring: &'a [Anchoring],
    pub(crate) user_cohort: Option<&'a Map<String, Value>>,
    pub(crate) custom_context: Option<&'a Map<String, Value>>,
    pub(crate) explain: bool,
}

/// The rows of an answer where the request names none (contract).
const ROWS_DEFAULT: usize = 5;

/// Takes the fields that all questions have from one of them.
macro_rules! common {
    ($request:expr) => {{
        let request = $request;
        Common {
            person: Person { user_id: request.user_id.as_deref(), anonymous_id: request.anonymous_id.as_deref() },
            additional_interactions: request.additional_interactions.as_deref().unwrap_or_default(),
            start: 0,
            rows: request.rows.unwrap_or(ROWS_DEFAULT),
            kind: request.kind.as_deref(),
            language: None,
            category: &[],
            dedupe: request.dedupe_product_group_id.unwrap_or(true),
            fl: request.fl.as_deref().unwrap_or_default(),
            include: &[],
            exclude: &[],
            fq: request.fq.as_deref(),
            boosts: boosts(&request.boost_fq, &request.boost_positions, &request.boost_rule_name, &request.boost_rules),
            geo: request.geo.as_ref(),
            diversification: None,
            dithering: 1.0,
            pagination_id: None,
            anchoring: &[],
            user_cohort: request.user_cohort.as_ref(),
            custom_context: None,
            explain: request.explain.unwrap_or(false),
        }
    }};
}

/// The boost of the request itself, then its rules.
fn boosts(
    fq: &Option<String>,
    positions: &Option<Vec<usize>>,
    name: &Option<String>,
    rules: &Option<Vec<BoostRule>>,
) -> Vec<BoostRule> {
    let own = BoostRule { boost_fq: fq.clone(), boost_positions: positions.clone(), boost_rule_name: name.clone() };
    let all = std::iter::once(own).chain(rules.iter().flatten().cloned());
    all.filter(|rule| rule.boost_fq.is_some()).collect()
}

impl<'a> Common<'a> {
    pub(crate) fn of_user(request: &'a UserToProducts) -> Result<Common<'a>, Refused> {
        Common {
            custom_context: request.custom_context.as_ref(),
            start: request.start.unwrap_or(0),
            exclude: request.exclude.as_deref().unwrap_or_default(),
            diversification: request.diversification.as_ref(),
            dithering: request.dithering.unwrap_or(1.0),
            pagination_id: request.pagination_id.as_deref(),
            ..common!(request)
        }
        .checked()
    }

    pub(crate) fn of_product(request: &'a ProductToProducts) -> Result<Common<'a>, Refused> {
        Common {
            custom_context: request.custom_context.as_ref(),
            start: request.start.unwrap_or(0),
            exclude: request.exclude.as_deref().unwrap_or_default(),
            diversification: request.diversification.as_ref(),
            dithering: request.dithering.unwrap_or(1.0),
            pagination_id: request.pagination_id.as_deref(),
            ..common!(request)
        }
        .checked()
    }

    pub(crate) fn of_categories(request: &'a UserToCategories) -> Result<Common<'a>, Refused> {
        Common {
            custom_context: request.custom_context.as_ref(),
            exclude: request.exclude.as_deref().unwrap_or_default(),
            ..common!(request)
        }
        .checked()
    }

    pub(crate) fn of_attributes(request: &'a UserToAttributes) -> Result<Common<'a>, Refused> {
        Common {
            custom_context: request.custom_context.as_ref(),
            exclude: request.exclude.as_deref().unwrap_or_default(),
            ..common!(request)
        }
        .checked()
    }

    pub(crate) fn of_search(request: &'a Search) -> Result<Common<'a>, Refused> {
        Common {
            custom_context: request.custom_context.as_ref(),
            start: request.start.unwrap_or(0),
            language: request.language.as_deref(),
            category: request.category.as_deref().unwrap_or_default(),
            include: request.include.as_deref().unwrap_or_default(),
            exclude: request.exclude.as_deref().unwrap_or_default(),
            diversification: request.diversification.as_ref(),
            anchoring: request.anchoring_settings.as_deref().unwrap_or_default(),
            ..common!(request)
        }
        .checked()
    }

    pub(crate) fn of_autocomplete(request: &'a Autocomplete) -> Result<Common<'a>, Refused> {
        Common { language: request.language.as_deref(), ..common!(request) }.checked()
    }

    /// How many places are ranked: all up to the end of the page.
    pub(crate) fn window(&self) -> usize {
        self.start + self.rows
    }

    fn checked(self) -> Result<Common<'a>, Refused> {
        at_most("rows", self.rows, ROWS_MAX)?;
        if self.start.saturating_add(self.rows) > WINDOW_MAX {
            return Err(Refused::invalid(
                "start",
                format!(
                    "`start` and `rows` together may be at most {WINDOW_MAX}; narrow the question by `fq` instead."
                ),
            ));
        }
        at_most_many("exclude", self.exclude.len(), IDS_MAX)?;
        at_most_many("include", self.include.len(), IDS_MAX)?;
        at_most_many("additional_interactions", self.additional_interactions.len(), ADDITIONAL_INTERACTIONS_MAX)?;
        at_most_many("anchoring_settings", self.anchoring.len(), ANCHORING_ENTRIES_MAX)?;
        at_most_many("boost_rules", self.boosts.len(), BOOST_RULES_MAX)?;
        if !(self.dithering >= 1.0 && self.dithering.is_finite()) {
            return Err(Refused::invalid(
                "dithering",
                "It must be a number of at least 1; 1 means no dithering.".to_owned(),
            ));
        }
        if self.pagination_id.is_some_and(|id| id.chars().count() > PAGINATION_ID_CHARS_MAX) {
            let message = format!("It must be at most {PAGINATION_ID_CHARS_MAX} characters long.");
            return Err(Refused::invalid("pagination_id", message));
        }
        Ok(self)
    }
}

fn at_most(parameter: &str, given: usize, most: usize) -> Result<(), Refused> {
    if given > most {
        return Err(Refused::invalid(parameter, format!("It must be from 0 to {most}, not {given}.")));
    }
    Ok(())
}

/// Refuses a list that is too long.
pub(crate) fn at_most_many(parameter: &str, given: usize, most: usize) -> Result<(), Refused> {
    if given > most {
        return Err(Refused::invalid(parameter, format!("It may have at most {most} members, not {given}.")));
    }
    Ok(())
}
