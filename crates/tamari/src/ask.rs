use serde_json::{Value, json};
use server::Settings;

use crate::cli::{AskOptions, Question};
use crate::failure::Failure;
use crate::output;
use crate::reach::Reach;
use crate::train::answered;

/// Asks for products, and prints them by rank: what a person wants to see before writing any code.
pub(crate) fn run(settings: &Settings, options: &AskOptions) -> Result<(), Failure> {
    let reach = Reach::open(settings, &options.target)?;
    let (path, body) = request(options);
    let reply = answered(reach.post(path, body.to_string().as_bytes()), &reach);
    reach.close();
    let reply = reply?;
    if options.json {
        output::result(&reply.body.to_string());
        return Ok(());
    }
    let products = reply.body.pointer("/data/products").and_then(Value::as_array).cloned().unwrap_or_default();
    if products.is_empty() {
        output::note("Nothing was found.");
    }
    for (index, product) in products.iter().enumerate() {
        output::result(&line(index + 1, product));
    }
    Ok(())
}

/// The call that a question stands for.
fn request(options: &AskOptions) -> (&'static str, Value) {
    let mut body = json!({ "rows": options.rows, "fl": ["title"] });
    let mut set = |name: &str, value: Value| body[name] = value;
    if let Some(user) = &options.user {
        set("user_id", json!(user));
    }
    if let Some(filter) = &options.fq {
        set("fq", json!(filter));
    }
    let path = match &options.question {
        Question::User { id } => {
            set("user_id", json!(id));
            "recommendation/user_to_products"
        }
        Question::Related { product } => {
            set("product_id", json!(product));
            "recommendation/product_to_products"
        }
        Question::Trending => "recommendation/user_to_trending",
        Question::Search { words } => {
            set("q", json!(words.join(" ")));
            "search/search"
        }
    };
    (path, body)
}

/// One product: its rank, its title and its id; the id alone where it has no title.
fn line(rank: usize, product: &Value) -> String {
    let id = product["product_id"].as_str().unwrap_or_default();
    match product["title"].as_str() {
        Some(title) => format!("{rank:>3}  {title}  ({id})"),
        None => format!("{rank:>3}  {id}"),
    }
}

#[cfg(test)]
mod tests;
