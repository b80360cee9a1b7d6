use std::path::Path;

use recommend::Observation;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, within};

/// The baskets of the households, with what the products are as features.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    let mut products = Table::open(&within(folder, "products.csv.gz"), b',')?;
    let id = products.column(&["product_id"])?;
    let described = ["manufacturer_id", "department", "brand", "product_category", "product_type"];
    let described: Vec<(&str, usize)> =
        described.iter().map(|&name| Ok((name, products.column(&[name])?))).collect::<Result<_, HistoryFault>>()?;
    while products.next()? {
        let product = gathering.product(products.text(id));
        for &(name, column) in &described {
            gathering.describe(product, name, products.text(column));
        }
    }
    let mut lines = Table::open(&within(folder, "transactions.csv.gz"), b',')?;
    let (household, id) = (lines.column(&["household_id"])?, lines.column(&["product_id"])?);
    let time = lines.column(&["transaction_timestamp"])?;
    while lines.next()? {
        let product = gathering.product(lines.text(id));
        let observation = Observation { product, time_ms: lines.time_ms(time)?, weight: 5.0, converted: true };
        let visitor = lines.text(household).to_owned();
        gathering.event(&visitor, observation, true);
    }
    Ok(gathering.finish())
}
