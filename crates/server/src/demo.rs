//! The sample shop in the playground: what `--demo` shows.

use std::sync::Arc;

use tracing::info;

use crate::environment::{Environment, WriteError, now};

/// The seed of the sample shop: every demo shows the same one, up to the date.
const SEED: u64 = 20_260_101;
const PRODUCTS_PER_BATCH: usize = 500;
const INTERACTIONS_PER_BATCH: usize = 10_000;

/// Fills the environment with the sample shop, unless it holds products already, and has its engine trained.
///
/// # Errors
/// [`WriteError`] of the disk.
pub async fn fill(environment: &Arc<Environment>) -> Result<(), WriteError> {
    if environment.product_count() == 0 {
        let shop = tokio::task::spawn_blocking(|| evaluate::sample_shop::generate(SEED, now()))
            .await
            .map_err(|_| WriteError::Stopping)?;
        info!(
            products = shop.products.len(),
            interactions = shop.interactions.len(),
            "filling the playground with the sample shop"
        );
        for batch in shop.products.chunks(PRODUCTS_PER_BATCH) {
            environment.put_products(Environment::new_task_id(), batch.to_vec()).await?;
        }
        for batch in shop.users.chunks(PRODUCTS_PER_BATCH) {
            environment.put_users(Environment::new_task_id(), batch.to_vec()).await?;
        }
        for batch in shop.interactions.chunks(INTERACTIONS_PER_BATCH) {
            environment.add_interactions(batch.to_vec()).await?;
        }
    }
    if !environment.is_trained() {
        // In the background: the shop answers at once, first by content and popularity, then by what was learned.
        environment.train("default", false).await;
    }
    Ok(())
}
