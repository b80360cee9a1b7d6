use std::path::Path;

use record::InteractionType;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, VisitorId, within};

/// The baskets of the households: a purchase a line.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    let mut products = Table::open(&within(folder, "products.csv.gz"), b',')?;
    let columns =
        ["product_id", "manufacturer_id", "department", "brand", "product_category", "product_type", "package_size"];
    let columns: Vec<usize> = columns.iter().map(|name| products.column(&[name])).collect::<Result<_, _>>()?;
    while products.next()? {
        let text = |at: usize| Some(products.text(columns[at])).filter(|text| !matches!(*text, "" | "NA"));
        let product = gathering.product(products.text(columns[0]));
        let record = gathering.record(product);
        let levels: Vec<String> = [2, 4, 5].iter().map_while(|&at| text(at)).map(str::to_owned).collect();
        record.title = text(5).or(text(4)).or(text(2)).map(str::to_owned);
        record.categories = (!levels.is_empty()).then(|| vec![levels]);
        record.brand = text(3).map(str::to_owned);
        record.size = text(6).map(str::to_owned);
        record.custom_attributes =
            text(1).map(|maker| [("manufacturer_id".to_owned(), maker.into())].into_iter().collect());
    }
    let mut lines = Table::open(&within(folder, "transactions.csv.gz"), b',')?;
    let (household, id) = (lines.column(&["household_id"])?, lines.column(&["product_id"])?);
    let time = lines.column(&["transaction_timestamp"])?;
    while lines.next()? {
        let product = gathering.product(lines.text(id));
        let visitor = VisitorId::User(lines.text(household).to_owned());
        gathering.event(visitor, product, lines.time_ms(time)?, InteractionType::Checkout, f32::NAN);
    }
    Ok(gathering.finish())
}
