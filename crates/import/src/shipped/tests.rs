//! 1. Every shipped mapping can be read and made ready.
//! 2. Each is found by its name and by the columns of its files.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::gather::Gather;

#[test]
fn every_shipped_mapping_is_sound() {
    for (name, text) in TEXTS {
        let mapping = Mapping::parse(text, name).unwrap();
        Gather::new(&mapping).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert!(!mapping.recognise.is_empty() && !mapping.description.is_empty(), "{name}");
    }
}

#[test]
fn mappings_are_found_by_columns_and_by_name() {
    let header = |names: &str| Header::new(names.split(',').map(str::to_owned));
    let tags = header("userId,movieId,tag,timestamp");
    assert_eq!(recognised(Kind::Interactions, &tags).unwrap().1.description, "MovieLens tags.csv");
    assert_eq!(named("movielens", Kind::Interactions, Some(&tags)).unwrap().description, "MovieLens tags.csv");
    assert_eq!(named("movielens", Kind::Interactions, None).unwrap().description, "MovieLens ratings.csv");
    for columns in [
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    ] {
        assert_eq!(recognised(Kind::Interactions, &header(columns)).unwrap().0, "online-retail");
        assert_eq!(recognised(Kind::Products, &header(columns)).unwrap().0, "online-retail");
    }
    assert_eq!(recognised(Kind::Products, &header("id,name")), None);
    assert_eq!(named("nothing", Kind::Products, None), None);
}
