use std::path::Path;

use recommend::Observation;

use super::movielens::rating_weight;
use super::read::{HistoryFault, Table};
use super::{Gathering, History};

/// A table with the columns `visitor`, `product` and `time`; a `rating` (to 5) or a `weight` where there is one, else
/// every line weighs 1.
pub(super) fn read(path: &Path) -> Result<History, HistoryFault> {
    let delimiter = if path.to_string_lossy().contains(".tsv") { b'\t' } else { b',' };
    let mut lines = Table::open(path, delimiter)?;
    let visitor = lines.column(&["visitor", "user_id", "userId", "user", "session_id", "SessionId"])?;
    let product = lines.column(&["product", "product_id", "item_id", "itemId", "item", "ItemId"])?;
    let time = lines.column(&["time", "timestamp", "time_ms", "date"])?;
    let rating = lines.optional_column(&["rating"]);
    let weight = lines.optional_column(&["weight"]);
    let mut gathering = Gathering::default();
    while lines.next()? {
        let weight = match (rating, weight) {
            (Some(rating), _) => rating_weight(lines.number(rating)?),
            (None, Some(weight)) => lines.number(weight)? as f32,
            (None, None) => 1.0,
        };
        let product = gathering.product(lines.text(product));
        let observation = Observation { product, time_ms: lines.time_ms(time)?, weight, converted: weight >= 3.0 };
        let visitor = lines.text(visitor).to_owned();
        gathering.event(&visitor, observation, weight > 0.0);
    }
    if gathering.events.is_empty() {
        return Err(HistoryFault::Empty { path: path.to_owned() });
    }
    Ok(gathering.finish())
}
