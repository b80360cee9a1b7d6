use state::{ProductRow, State};

/// The products with a record, or offered without one, the most popular first, then the newest (the latest row): what is shown where nothing is
/// known of a person, and what fills an answer up.
///
/// About 20 ms per 100,000 products: too much for every answer, so the server keeps the order for some seconds and lends
/// it to each [`crate::View`].
pub fn popular_order(state: &State) -> Vec<ProductRow> {
    let catalogue = state.catalogue();
    let rows = catalogue.live() | catalogue.offered();
    let mut rows: Vec<(f64, u32)> =
        rows.iter().map(|row| (state.trends().popularity_order(ProductRow(row)), row)).collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    rows.into_iter().map(|(_, row)| ProductRow(row)).collect()
}
