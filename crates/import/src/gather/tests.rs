//! 1. Cells are taken over only from rows of the same key.
//! 2. Neighbouring rows of a key make one record, and a row that is wrong does not spoil it.
//! 3. Distinct records come once, at the end, each field from the row that wins.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::row::{Cells, Header};

/// The records (or the first reasons) for a table; `-` is an empty cell.
fn check(mapping: &str, table: &str, expected: Value) {
    let mut gather = Gather::new(&Mapping::parse(mapping, "test").unwrap()).unwrap();
    let mut lines = table.lines().map(str::split_whitespace).map(Iterator::collect::<Vec<_>>);
    let header = Arc::new(Header::new(lines.next().unwrap().into_iter().map(str::to_owned)));
    let mut items = Vec::new();
    for (number, cells) in (1..).zip(lines) {
        let values = cells.into_iter().map(|cell| if cell == "-" { Value::Null } else { json!(cell) }).collect();
        let cells = Cells::Columns { header: Arc::clone(&header), values };
        gather.push(0, Read::Row(Row { number, cells }), &mut items).unwrap();
    }
    gather.finish(&mut items);
    let found: Vec<Value> = items
        .into_iter()
        .map(|item| match item.content {
            Content::Record(record) => Value::Object(record),
            Content::Rejected { reasons, .. } => json!(reasons[0]),
        })
        .collect();
    assert_eq!(Value::Array(found), expected);
}

#[test]
fn rows_take_over_what_the_first_row_of_their_key_says() {
    check(
        "record = 'products'\nfill = { key = 'h', first = ['t'], empty = ['p'] }\nfields.product_id = '{h}{o}'
         fields.title = 't'\nfields.brand = 'p'",
        "h o t p\na 1 T x\na 2 - -\na 3 U y\na 4 - -\nb 1 - -",
        json!([
            { "product_id": "a1", "title": "T", "brand": "x" },
            { "product_id": "a2", "title": "T", "brand": "x" },
            { "product_id": "a3", "title": "T", "brand": "y" },
            { "product_id": "a4", "title": "T", "brand": "y" },
            { "product_id": "b1" }
        ]),
    );
}

#[test]
fn neighbouring_rows_make_one_record() {
    check(
        "record = 'interactions'\nset.type = 'checkout'\nfields.user_id = 'u'\nfields.product_ids = 'p'
         fields.quantities = 'q'\nfields.revenue = 'r'\ngroup = { by = 'i', sum = ['revenue'] }
         rules = [{ when = { column = 'q', below = 0 }, set = { type = 'refund' } }]",
        "i u p q r\n1 a x 1 0.1\n1 a y 2 0.2\n1 a z many 1\n1 a w -1 1\n2 b x 1 1",
        json!([
            "quantities must be a number, but is \"many\"",
            { "type": "checkout", "user_id": "a", "product_ids": ["x", "y"], "quantities": [1, 2], "revenue": 0.3 },
            { "type": "refund", "user_id": "a", "product_ids": ["w"] },
            { "type": "checkout", "user_id": "b", "product_ids": ["x"], "quantities": [1], "revenue": 1 }
        ]),
    );
}

#[test]
fn distinct_records_come_once_with_the_winning_fields() {
    let table = "id t b\nx old -\ny one -\nx new B\nx - -";
    let mapping = |keep| {
        format!(
            "record = 'products'\nfields.product_id = 'id'\nfields.title = 't'\nfields.brand = 'b'\n\
             distinct = {{ by = 'id', keep = '{keep}' }}"
        )
    };
    let y = json!({ "product_id": "y", "title": "one" });
    check(&mapping("last"), table, json!([{ "product_id": "x", "title": "new", "brand": "B" }, y]));
    check(&mapping("first"), table, json!([{ "product_id": "x", "title": "old", "brand": "B" }, y]));
}
