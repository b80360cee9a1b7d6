use state::{ProductRow, State};

/// The products with a record, or offered without one, the most popular first, then the newest (the latest row): what is shown where nothing is
/// known of a person, and what fills an answer up.
///
/// Some milliseconds per 100,000 products: too much for every answer, so the server keeps the order for some seconds and lends
/// it to each [`crate::View`].
pub fn popular_order(state: &State) -> Vec<ProductRow> {
    let catalogue = state.catalogue();
    let rows = catalogue.live() | catalogue.offered();
    let mut keys: Vec<u128> =
        rows.iter().map(|row| key(state.trends().popularity_order(ProductRow(row)), row)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| ProductRow(!(key as u32))).collect()
}

/// The less, the greater `order`, and where it is the same, the greater `row`: whole numbers are put in order in half the time.
fn key(order: f64, row: u32) -> u128 {
    let bits = order.to_bits();
    let rising = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    u128::from(!rising) << 32 | u128::from(!row)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_put_the_greatest_first_and_then_the_latest_row() {
        let orders = [f64::NEG_INFINITY, -7.5, -0.25, 0.0, 0.5, 20_000.0];
        for (at, &less) in orders.iter().enumerate() {
            assert!(key(less, 3) > key(less, 4));
            assert!(orders[at + 1..].iter().all(|&more| key(more, 3) < key(less, 4)), "{less}");
            assert_eq!(!(key(less, 3) as u32), 3);
        }
    }
}
