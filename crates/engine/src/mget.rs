use serde_json::Value;

use crate::common::at_most_many;
use crate::limits::IDS_MAX;
use crate::{Answer, Refused, View, document, request};

/// Gives products by id, in the order asked (contract, "Multiple get").
///
/// An id without a record gets its place too, with `_found` false and nothing else.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn mget(view: View<'_>, request: &request::MultipleGet) -> Result<Answer, Refused> {
    let Some(ids) = &request.product_ids else {
        return Err(Refused::invalid("product_ids", "The attribute is required.".to_owned()));
    };
    at_most_many("product_ids", ids.len(), IDS_MAX)?;
    let everything = ["*".to_owned()];
    let fl = request.fl.as_deref().unwrap_or(&everything);
    let mut answer = Answer::default();
    let mut products = Vec::with_capacity(ids.len());
    for id in ids {
        let row = view.state.catalogue().row(id).filter(|&row| view.state.catalogue().body(row).is_some());
        let mut product = match row {
            Some(row) => {
                answer.shown.push(row);
                document::shown(view, row, fl)
            }
            None => [("product_id".to_owned(), Value::from(id.as_str()))].into_iter().collect(),
        };
        product.insert("_found".to_owned(), Value::from(row.is_some()));
        products.push(Value::Object(product));
    }
    answer.data.insert("products".to_owned(), Value::Array(products));
    Ok(answer)
}
