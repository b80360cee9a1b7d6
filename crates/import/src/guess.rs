//! A mapping from nothing but the names of columns and some values.

use record::InteractionType;
use serde_json::Value;

use super::failure::Failure;
use super::fields::{Kind, Shape};
use super::mapping::{FieldRule, FieldSteps, Mapping, OneOrMany, looks_like_a_date, number};
use super::row::{Cells, Row};
use super::synonyms::{self, interaction_types, plain};

mod dates;
mod kind;
#[cfg(test)]
mod tests;

pub use kind::{KindGuess, guess_kind};

/// The share of sampled values that must fit a field's shape. The name of the column speaks for it already, so most will do:
/// a price column with "on request" in some rows is still the price, and those rows are rejected with that reason.
const FITTING_SHARE: f64 = 0.5;
/// Samples shown are cut to this length.
const SHOWN_CHARS: usize = 40;

/// A guessed mapping, and how to show it.
#[derive(Debug)]
pub struct Guess {
    /// The mapping.
    pub mapping: Mapping,
    /// Every column of the file, in its order.
    pub columns: Vec<GuessedColumn>,
    /// What could not be guessed and must be said.
    pub missing: Option<String>,
}

/// What a column was taken for.
#[derive(Debug, PartialEq)]
pub struct GuessedColumn {
    /// Its name.
    pub column: String,
    /// Empty for a column that is not used.
    pub field: String,
    /// The first value, cut to a line.
    pub sample: String,
    /// How sure that is, 0–1.
    pub confidence: f64,
    /// Why, in a sentence.
    pub why: String,
}

/// Guesses from the first rows of a file. `known` are fields that the person has said already.
pub fn guess(kind: Kind, rows: &[Row], known: &[String]) -> Guess {
    let columns = columns(rows);
    let mut field_by_column: Vec<Option<String>> = vec![None; columns.len()];
    let mut mapping = Mapping::new(kind);
    let mut reasons = vec![(0.0, "no field has such a name".to_owned()); columns.len()];
    for (field, names) in synonyms::of(kind) {
        if known.iter().any(|name| *name == field) {
            continue;
        }
        let found = names.iter().find_map(|name| {
            columns.iter().enumerate().position(|(at, column)| {
                field_by_column[at].is_none()
                    && plain(&column.name) == *name
                    && kind.shape(field).is_some_and(|shape| column.fits(field, shape))
            })
        });
        if let Some(at) = found {
            let (confidence, why) = columns[at].confidence(kind, field, &names);
            reasons[at] = (confidence, why);
            field_by_column[at] = Some(field.to_owned());
            mapping.fields.insert(field.to_owned(), rule(kind, field, &columns[at]));
        }
    }
    if kind == Kind::Interactions {
        guess_type(&mut mapping, &columns, known);
        guess_revenue(&mut mapping, &columns, known);
    } else {
        for column in
            columns.iter().zip(&field_by_column).filter(|(_, field)| field.is_none()).map(|(column, _)| column)
        {
            let field = format!("custom_attributes.{}", snake(&column.name));
            if !known.contains(&field) && !mapping.fields.contains_key(&field) && !column.samples.is_empty() {
                let mut steps = FieldSteps { from: OneOrMany::One(escaped(&column.name)), ..FieldSteps::default() };
                if column.all_texts_are_numbers() {
                    steps.shape = Some(Shape::Number);
                }
                mapping.fields.insert(field, FieldRule(steps));
            }
        }
    }
    let missing = missing(kind, &mapping, known, &columns);
    let shown = columns.iter().zip(reasons).map(|(column, (confidence, why))| {
        let field = mapping.fields_of(&column.name).join(", ");
        let (confidence, why) = match (confidence > 0.0, field.starts_with("custom_attributes.")) {
            (true, _) => (confidence, why),
            (false, true) => (0.5, "no field has such a name; it is kept as an attribute of your own".to_owned()),
            (false, false) if !field.is_empty() => (0.7, "it is used together with another column".to_owned()),
            (false, false) if column.samples.is_empty() => (0.0, "it is empty in the first rows".to_owned()),
            (false, false) => (0.0, why),
        };
        GuessedColumn { column: column.name.clone(), field, sample: column.shown(), confidence, why }
    });
    Guess { columns: shown.collect(), mapping, missing }
}

/// Gives a column another field (or none), as a person chooses it: with the steps that its values ask for.
/// A field that another column filled alone is taken from that one.
///
/// # Errors
/// A field that no record of this kind has.
pub fn assign(mapping: &mut Mapping, rows: &[Row], column: &str, field: Option<&str>) -> Result<(), Failure> {
    let own = escaped(column);
    mapping.fields.retain(|_, rule| {
        match &mut rule.0.from {
            OneOrMany::One(name) if *name == own => return false,
            OneOrMany::Many(names) => names.retain(|name| *name != own),
            _ => {}
        }
        !matches!(&rule.0.from, OneOrMany::Many(names) if names.is_empty())
    });
    let Some(field) = field.filter(|field| !field.is_empty()) else { return Ok(()) };
    if mapping.record.shape(field).is_none() {
        return Err(Failure::usage(format!("{} have no field {field:?}", mapping.record.name())));
    }
    let columns = columns(rows);
    let nothing = Column { name: column.to_owned(), samples: Vec::new() };
    let column = columns.iter().find(|one| one.name == column).unwrap_or(&nothing);
    mapping.set.remove(field);
    for rule in &mut mapping.rules {
        rule.set.remove(field);
        rule.fields.remove(field);
    }
    let mut rule = rule(mapping.record, field, column);
    if field.starts_with("custom_attributes.") && column.all_texts_are_numbers() && !column.samples.is_empty() {
        rule.0.shape = Some(Shape::Number);
    }
    mapping.fields.insert(field.to_owned(), rule);
    Ok(())
}

/// Whether every record has our fields already, so that no mapping is needed.
pub fn is_identity(kind: Kind, rows: &[Row]) -> bool {
    !rows.is_empty()
        && rows.iter().all(|row| match &row.cells {
            Cells::Columns { .. } => false,
            Cells::Object(object) => {
                object.contains_key(kind.required()) && object.keys().all(|name| kind.shape(name).is_some())
            }
        })
}

struct Column<'a> {
    name: String,
    samples: Vec<&'a Value>,
}

fn columns(rows: &[Row]) -> Vec<Column<'_>> {
    let mut columns: Vec<Column<'_>> = Vec::new();
    if let Some(Row { cells: Cells::Columns { header, .. }, .. }) = rows.first() {
        columns.extend(header.names().iter().map(|name| Column { name: name.clone(), samples: Vec::new() }));
    }
    for row in rows {
        for (name, value) in row.filled() {
            match columns.iter_mut().find(|column| column.name == name) {
                Some(column) => column.samples.push(value),
                None => columns.push(Column { name: name.to_owned(), samples: vec![value] }),
            }
        }
    }
    columns
}

impl Column<'_> {
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.samples.iter().filter_map(|value| value.as_str()).map(str::trim)
    }

    fn share(&self, fits: impl Fn(&Value) -> bool) -> f64 {
        let fitting = self.samples.iter().filter(|value| fits(value)).count();
        if self.samples.is_empty() { 1.0 } else { fitting as f64 / self.samples.len() as f64 }
    }

    fn fits(&self, field: &str, shape: Shape) -> bool {
        let is_type_of_interaction = field == "type" && self.texts().any(|text| interaction_type(text).is_some());
        self.fitting(shape) >= FITTING_SHARE || is_type_of_interaction
    }

    /// The share of the values that the shape can take.
    fn fitting(&self, shape: Shape) -> f64 {
        match shape {
            Shape::Number | Shape::Integer | Shape::Numbers => [None, Some(',')]
                .map(|decimal| self.share(|value| is_amount(value, decimal)))
                .into_iter()
                .fold(0.0, f64::max),
            Shape::Date => self.share(|value| match value {
                Value::Number(number) => number.as_f64().is_some_and(|number| number > 1e8),
                Value::String(text) => {
                    let text = text.trim();
                    looks_like_a_date(text)
                        || dates::is_with_slashes(text)
                        || text.parse::<f64>().is_ok_and(|number| number > 1e8)
                }
                _ => false,
            }),
            // Ids and names are single values.
            Shape::Text => self.share(|value| !value.is_array() && !value.is_object()),
            Shape::Place => {
                self.share(|value| value.is_object() || value.as_str().is_some_and(|text| text.contains(',')))
            }
            _ => 1.0,
        }
    }

    /// How sure the name of the column and its values make the field, and why.
    fn confidence(&self, kind: Kind, field: &str, names: &[&str]) -> (f64, String) {
        let name = plain(&self.name);
        let rank = names.iter().position(|one| *one == name).unwrap_or(names.len());
        let (by_name, said) = match name == plain(field) {
            true => (0.98, "the column has the field's name".to_owned()),
            false => (
                0.95 - 0.25 * rank as f64 / names.len().max(1) as f64,
                format!("“{}” is a common name for it", self.name),
            ),
        };
        let fitting = kind.shape(field).map_or(1.0, |shape| self.fitting(shape));
        let values = match fitting {
            _ if self.samples.is_empty() => "; it is empty in the first rows".to_owned(),
            share if share >= 1.0 => String::new(),
            share => format!("; {:.0} % of the first values fit", share * 100.0),
        };
        let by_values = if self.samples.is_empty() { 0.6 } else { fitting };
        (by_name * by_values, format!("{said}{values}"))
    }

    fn all_texts_are_numbers(&self) -> bool {
        self.samples.iter().all(|value| value.is_string() && is_number(value))
            // A code such as 00123 is no number.
            && self.texts().all(|text| text == "0" || text.starts_with("0.") || !text.starts_with('0'))
    }

    fn shown(&self) -> String {
        let Some(sample) = self.samples.first() else { return String::new() };
        let text = sample.as_str().map_or_else(|| sample.to_string(), str::to_owned);
        let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > SHOWN_CHARS {
            line = line.chars().take(SHOWN_CHARS - 1).chain(['…']).collect();
        }
        line
    }
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    }
}

/// Whether it is a number as people write it, with this character before the decimals.
fn is_amount(value: &Value, decimal: Option<char>) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| number(text, decimal).is_some())
}

fn rule(kind: Kind, field: &str, column: &Column<'_>) -> FieldRule {
    let mut steps = FieldSteps { from: OneOrMany::One(escaped(&column.name)), ..FieldSteps::default() };
    match kind.shape(field) {
        Some(Shape::Number | Shape::Integer | Shape::Numbers) => {
            let share = |decimal| column.share(|value| is_amount(value, decimal));
            steps.decimal = (share(Some(',')) > share(None)).then_some(',');
        }
        Some(Shape::Date) => steps.date = dates::pattern(&column.texts().collect::<Vec<_>>()).map(str::to_owned),
        Some(Shape::List) => steps.split = separator(column, &["|", ";", ","]),
        Some(Shape::Paths) => {
            steps.levels = separator(column, &[" > ", ">", " / ", "/"]);
            steps.split = separator(column, &["|", ";"]);
            if steps.levels.is_none() && steps.split.is_none() {
                steps.split = separator(column, &[","]);
            }
        }
        _ => {}
    }
    // A product's id has no comma, a description may have one anywhere.
    if field == "description" && column.texts().any(|text| text.contains("</")) {
        steps.strip_html = true;
    }
    if kind == Kind::Interactions && field == "type" {
        let names: Vec<String> = column.texts().map(str::to_owned).collect();
        if names.iter().any(|name| InteractionType::from_name(name).is_none()) {
            // All words of the table, since a rare one may not be in the sample.
            steps.values = interaction_types().map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
        }
    }
    FieldRule(steps)
}

/// The first of these that stands in a good part of the values.
fn separator(column: &Column<'_>, separators: &[&str]) -> Option<String> {
    let texts = column.texts().count();
    separators
        .iter()
        .find(|separator| column.texts().filter(|text| text.contains(**separator)).count() * 10 >= texts.max(1))
        .map(|separator| (*separator).to_owned())
}

fn interaction_type(text: &str) -> Option<&'static str> {
    let known = InteractionType::from_name(text).map(InteractionType::name);
    known.or_else(|| interaction_types().find(|(from, _)| *from == text).map(|(_, to)| to))
}

fn guess_type(mapping: &mut Mapping, columns: &[Column<'_>], known: &[String]) {
    if known.iter().any(|field| field == "type") || mapping.fields.contains_key("type") {
        return;
    }
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&plain(&column.name).as_str()));
    let kind = if mapping.fields.contains_key("rating") {
        "rate"
    } else if mapping.fields.contains_key("revenue")
        || has(&[
            "quantity",
            "qty",
            "unitprice",
            "price",
            "menge",
            "anzahl",
            "bestellnummer",
            "bestellnr",
            "rechnungsnummer",
            "quantité",
            "cantidad",
            "quantità",
            "aantal",
            "invoice",
            "invoiceno",
            "orderid",
            "basketid",
            "transactionid",
        ])
    {
        "checkout"
    } else if mapping.fields.contains_key("search.keywords") {
        "search"
    } else {
        return;
    };
    mapping.set.insert("type".into(), kind.into());
}

/// The price of one times the quantity.
fn guess_revenue(mapping: &mut Mapping, columns: &[Column<'_>], known: &[String]) {
    if mapping.fields.contains_key("revenue") || known.iter().any(|field| field == "revenue") {
        return;
    }
    let Some(quantity) = mapping.fields.get("quantities") else { return };
    let price = columns.iter().find(|column| {
        matches!(plain(&column.name).as_str(), "price" | "unitprice") && column.fits("revenue", Shape::Number)
    });
    if let Some(price) = price {
        let steps = FieldSteps {
            from: quantity.0.from.clone(),
            times: Some(OneOrMany::One(escaped(&price.name))),
            ..FieldSteps::default()
        };
        mapping.fields.insert("revenue".into(), FieldRule(steps));
    }
}

fn missing(kind: Kind, mapping: &Mapping, known: &[String], columns: &[Column<'_>]) -> Option<String> {
    let has = |field: &str| {
        mapping.fields.contains_key(field) || mapping.set.contains_key(field) || known.iter().any(|name| name == field)
    };
    let names = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
    if !has(kind.required()) {
        return Some(match kind {
            Kind::Interactions => format!(
                "no column says what happened; add --set type=product_detail_page_view (or checkout, rate, …), or \
                 --field type=COLUMN. The columns are {names}."
            ),
            Kind::Products | Kind::Users => {
                format!("no column looks like {0}; add --field {0}=COLUMN. The columns are {names}.", kind.required())
            }
        });
    }
    if kind == Kind::Interactions && !has("user_id") && !has("anonymous_id") {
        return Some(format!(
            "no column says who it was; add --field user_id=COLUMN or --field anonymous_id=COLUMN. The columns are {names}."
        ));
    }
    None
}

/// A column's name that holds a brace is written as a template.
fn escaped(name: &str) -> String {
    if name.contains('{') { format!("{{{name}}}") } else { name.to_owned() }
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    let mut last_was_lower = false;
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            if letter.is_uppercase() && last_was_lower {
                text.push('_');
            }
            last_was_lower = letter.is_lowercase() || letter.is_numeric();
            text.extend(letter.to_lowercase());
        } else {
            last_was_lower = false;
            if !text.ends_with('_') && !text.is_empty() {
                text.push('_');
            }
        }
    }
    text.trim_end_matches('_').to_owned()
}
