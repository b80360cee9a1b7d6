use std::io::BufRead;
use std::path::Path;

use record::{InteractionType, Product};

use super::read::{self, HistoryFault, Table};
use super::{Gathering, History, VisitorId};

const PRODUCT_COLUMNS: [&str; 6] = ["product", "product_id", "item_id", "itemId", "item", "ItemId"];
/// Between the values of a list in one field, and between the levels of a category.
const LIST_SEPARATOR: char = '|';
const LEVEL_SEPARATOR: &str = " > ";

/// See [`History::read_files`].
pub(super) fn read(events: &Path, products: Option<&Path>) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    if let Some(path) = products {
        let name = path.to_string_lossy();
        if name.contains(".json") { read_json_lines(path, &mut gathering)? } else { read_table(path, &mut gathering)? }
    }
    read_events(events, &mut gathering)?;
    let history = gathering.finish();
    if history.events.is_empty() {
        return Err(HistoryFault::Empty { path: events.to_owned() });
    }
    Ok(history)
}

fn delimiter(path: &Path) -> u8 {
    if path.to_string_lossy().contains(".tsv") { b'\t' } else { b',' }
}

fn read_events(path: &Path, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    let mut lines = Table::open(path, delimiter(path))?;
    let signed_in = lines.optional_column(&["visitor", "user_id", "userId", "user", "household_id"]);
    let visitor = match signed_in {
        Some(column) => column,
        None => lines
            .optional_column(&["session_id", "SessionId", "session", "anonymous_id"])
            .map_or_else(|| lines.column(&["visitor"]), Ok)?,
    };
    let product = lines.column(&PRODUCT_COLUMNS)?;
    let time = lines.column(&["time", "timestamp", "time_ms", "date"])?;
    let kind = lines.optional_column(&["type", "event", "interaction"]);
    let rating = lines.optional_column(&["rating"]);
    let weight = lines.optional_column(&["weight"]);
    while lines.next()? {
        let (kind, value) = match (kind.map(|column| lines.text(column)).filter(|name| !name.is_empty()), rating) {
            (Some(name), rating) => {
                let kind = InteractionType::from_name(name);
                let kind = kind.ok_or_else(|| lines.fault(format!("{name:?} is no type of interaction")))?;
                let stars = rating.filter(|_| kind == InteractionType::Rate);
                (kind, stars.map_or(Ok(f32::NAN), |column| lines.number(column).map(|stars| stars as f32))?)
            }
            (None, Some(rating)) => (InteractionType::Rate, lines.number(rating)? as f32),
            (None, None) => match weight {
                Some(weight) => (kind_of_weight(lines.number(weight)?), f32::NAN),
                None => (InteractionType::ProductDetailPageView, f32::NAN),
            },
        };
        let id = lines.text(visitor).to_owned();
        if id.is_empty() || lines.text(product).is_empty() {
            return Err(lines.fault("a line needs a visitor and a product".to_owned()));
        }
        let visitor = if signed_in.is_some() { VisitorId::User(id) } else { VisitorId::Anonymous(id) };
        let product = gathering.product(lines.text(product));
        gathering.event(visitor, product, lines.time_ms(time)?, kind, value);
    }
    Ok(())
}

/// The type that weighs as much, as nearly as there is one: a log with weights of its own has no types.
fn kind_of_weight(weight: f64) -> InteractionType {
    match weight {
        weight if weight < -2.5 => InteractionType::Dislike,
        weight if weight < 0.0 => InteractionType::RemoveFromCart,
        weight if weight < 2.0 => InteractionType::ProductDetailPageView,
        weight if weight < 4.0 => InteractionType::AddToCart,
        _ => InteractionType::Checkout,
    }
}

fn read_table(path: &Path, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    let mut lines = Table::open(path, delimiter(path))?;
    let id = lines.column(&PRODUCT_COLUMNS)?;
    let (title, brand) = (lines.optional_column(&["title", "name"]), lines.optional_column(&["brand"]));
    let categories = lines.optional_column(&["categories", "category", "genres"]);
    let tags = lines.optional_column(&["tags"]);
    while lines.next()? {
        let text = |column: Option<usize>| column.map(|column| lines.text(column)).filter(|text| !text.is_empty());
        let list = |column| text(column).map(|text| text.split(LIST_SEPARATOR).map(str::trim).map(str::to_owned));
        let levels = |path: String| path.split(LEVEL_SEPARATOR).map(str::to_owned).collect();
        gathering.put(Product {
            product_id: lines.text(id).to_owned(),
            title: text(title).map(str::to_owned),
            brand: text(brand).map(str::to_owned),
            categories: list(categories).map(|paths| paths.map(levels).collect()),
            tags: list(tags).map(Iterator::collect),
            ..Product::default()
        });
    }
    Ok(())
}

fn read_json_lines(path: &Path, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    for (index, line) in read::open(path)?.lines().enumerate() {
        let line = line.map_err(|error| HistoryFault::Io { path: path.to_owned(), error })?;
        if line.trim().is_empty() {
            continue;
        }
        let record = Product::from_json(&line).map_err(|error| HistoryFault::Value {
            path: path.to_owned(),
            line: index as u64 + 1,
            message: format!("this is no product: {error}"),
        })?;
        gathering.put(record);
    }
    Ok(())
}
