//! 1. Common names of columns find their fields, if their values fit.
//! 2. What a log means is guessed from what it has; what cannot be guessed is asked for by the flag that says it.
//! 3. Records that have our fields need no mapping.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::row::Header;

fn table(text: &str) -> Vec<Row> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::trim).map(str::to_owned));
    let header = Arc::new(Header::new(lines.next().unwrap()));
    let row = |cells: Vec<String>| {
        let values = cells.into_iter().map(|cell| if cell.is_empty() { Value::Null } else { json!(cell) }).collect();
        Row { number: 1, cells: Cells::Columns { header: Arc::clone(&header), values } }
    };
    lines.map(|cells| row(cells.collect())).collect()
}

/// The guessed field of each column, as `column→field`.
fn check(kind: Kind, text: &str, expected: &[&str]) -> Guess {
    let guess = guess(kind, &table(text), &[]);
    let found: Vec<String> = guess.columns.iter().map(|column| format!("{}→{}", column.column, column.field)).collect();
    assert_eq!(found, expected);
    guess
}

#[test]
fn a_catalogue_is_guessed_from_common_names() {
    let guess = check(
        Kind::Products,
        "SKU,Product Name,Unit Price,Category,Image URL,Fabric,Heel Height,EAN\n\
         7,Shoe,9.90,Women > Shoes,http://x/7.jpg,suede,4.5,00123\n\
         8,Boot,19.90,Women > Boots,http://x/8.jpg,suede,6,00124",
        &[
            "SKU→product_id",
            "Product Name→title",
            "Unit Price→original_price",
            "Category→categories",
            "Image URL→cover_image",
            "Fabric→material",
            "Heel Height→custom_attributes.heel_height",
            "EAN→custom_attributes.ean",
        ],
    );
    assert_eq!(guess.missing, None);
    assert_eq!(guess.mapping.fields["categories"].0.levels.as_deref(), Some(" > "));
    assert_eq!(guess.mapping.fields["custom_attributes.heel_height"].0.shape, Some(Shape::Number));
    assert_eq!(guess.mapping.fields["custom_attributes.ean"].0.shape, None, "a code with a leading zero is text");
}

#[test]
fn a_column_whose_values_do_not_fit_is_not_taken() {
    check(
        Kind::Interactions,
        "user,item,date,rating\n1,2,never,5",
        &["user→user_id", "item→product_ids", "date→", "rating→rating"],
    );
}

#[test]
fn the_meaning_of_a_log_is_guessed_from_its_columns() {
    let ratings = check(
        Kind::Interactions,
        "userId,movieId,rating,timestamp\n1,2,4.5,964982703",
        &["userId→user_id", "movieId→product_ids", "rating→rating", "timestamp→timestamp"],
    );
    assert_eq!(ratings.mapping.set["type"].as_str(), Some("rate"));
    let orders = check(
        Kind::Interactions,
        "Customer ID,StockCode,Quantity,Price,InvoiceDate\n1,2,3,4.5,2010-12-01 08:26:00",
        &[
            "Customer ID→user_id",
            "StockCode→product_ids",
            "Quantity→quantities, revenue",
            "Price→revenue",
            "InvoiceDate→timestamp",
        ],
    );
    assert_eq!(orders.mapping.set["type"].as_str(), Some("checkout"));
    let events = check(
        Kind::Interactions,
        "visitorid,itemid,event\n1,2,addtocart\n1,3,view",
        &["visitorid→anonymous_id", "itemid→product_ids", "event→type"],
    );
    assert_eq!(events.mapping.fields["type"].0.values["addtocart"], "add_to_cart");
}

#[test]
fn what_is_missing_is_asked_for_by_its_flag() {
    let clicks = guess(Kind::Interactions, &table("SessionId,ItemId\n1,2"), &[]);
    assert!(clicks.missing.unwrap().contains("--set type=product_detail_page_view"));
    let said = guess(Kind::Interactions, &table("SessionId,ItemId\n1,2"), &["type".into()]);
    assert_eq!(said.missing, None);
    let products = guess(Kind::Products, &table("colour\nred"), &[]);
    assert!(products.missing.unwrap().contains("--field product_id=COLUMN"));
}

#[test]
fn records_with_our_fields_need_no_mapping() {
    let row = |value: Value| Row { number: 1, cells: Cells::Object(value.as_object().unwrap().clone()) };
    let ours = row(json!({ "product_id": "1", "title": "a", "custom_attributes": { "x": 1 } }));
    let theirs = row(json!({ "product_id": "1", "Name": "a" }));
    assert!(is_identity(Kind::Products, std::slice::from_ref(&ours)));
    assert!(!is_identity(Kind::Products, &[ours, theirs]));
    assert!(!is_identity(Kind::Products, &table("product_id\n1")));
}

#[test]
fn a_price_stays_the_price_where_a_value_is_none() {
    for (values, decimal) in [
        ("9.90\n2,on request\n3,12", None),
        ("$9.90\n2,POA\n3,€ 1200.00", None),
        ("9.90 EUR\n2,\n3,call us\n4,7", None),
    ] {
        let guess = guess(Kind::Products, &table(&format!("id,price\n1,{values}")), &[]);
        assert_eq!(guess.columns[1].field, "original_price", "{values}");
        assert_eq!(guess.mapping.fields["original_price"].0.decimal, decimal);
        assert!(guess.columns[1].confidence < guess.columns[0].confidence, "{:?}", guess.columns);
        assert!(guess.columns[1].why.contains("% of the first values fit"), "{:?}", guess.columns);
    }
    let header = Arc::new(Header::new(["id", "price"].map(str::to_owned)));
    let rows = ["12,50", "1.299,00", "3,9"].map(|price| Row {
        number: 1,
        cells: Cells::Columns { header: Arc::clone(&header), values: vec![json!("x"), json!(price)] },
    });
    let guess = guess(Kind::Products, &rows, &[]);
    assert_eq!(guess.mapping.fields["original_price"].0.decimal, Some(','), "decimals are behind a comma here");
}

#[test]
fn a_column_gets_the_field_that_a_person_chooses() {
    let rows = table("code,label,words\n1,Shoe,a|b\n2,Boot,c|d");
    let mut mapping = guess(Kind::Products, &rows, &[]).mapping;
    assign(&mut mapping, &rows, "words", Some("tags")).unwrap();
    assign(&mut mapping, &rows, "label", Some("brand")).unwrap();
    assert_eq!(mapping.fields["tags"].0.split.as_deref(), Some("|"), "with the steps that its values ask for");
    assert_eq!(mapping.fields_of("label"), ["brand"]);
    assert!(!mapping.fields.contains_key("title") && !mapping.fields.contains_key("custom_attributes.words"));
    // The field goes over from the column that had it.
    assign(&mut mapping, &rows, "label", Some("product_id")).unwrap();
    assert_eq!((mapping.fields_of("label"), mapping.fields_of("code")), (vec!["product_id"], vec![]));
    assign(&mut mapping, &rows, "label", None).unwrap();
    assert!(mapping.fields_of("label").is_empty());
    assert!(assign(&mut mapping, &rows, "label", Some("no_such_field")).is_err());
}

#[test]
fn what_a_file_holds_is_guessed_from_its_columns() {
    for (name, text, kind) in [
        ("a.csv", "SKU,Product Name,Price\n1,Shoe,9.90", Kind::Products),
        ("a.csv", "visitor_id,item,event,when\nv1,p1,view,2024-01-01", Kind::Interactions),
        ("a.csv", "userId,movieId,rating,timestamp\n1,2,4.5,964982703", Kind::Interactions),
        ("a.csv", "movieId,title,genres\n1,Toy,Fun|Play", Kind::Products),
        ("a.csv", "customer_id,name,age,city\nc1,Ann,31,Bern", Kind::Users),
        (
            "a.csv",
            "Handle,Title,Body (HTML),Vendor,Variant Price,Option1 Value\nh,Shirt,<p>,Brand,9.90,M",
            Kind::Products,
        ),
        ("users.csv", "id,name\n1,Ann", Kind::Users),
        ("products.csv", "id,name\n1,Shoe", Kind::Products),
    ] {
        let rows = table(text);
        let header = match &rows[0].cells {
            Cells::Columns { header, .. } => Some(Header::new(header.names().iter().cloned())),
            Cells::Object(_) => None,
        };
        let sample = crate::sample::Sample { header, rows, broken: Vec::new(), is_whole: true };
        let guesses = guess_kind(name, &sample);
        assert_eq!(guesses[0].kind, kind, "{text}: {guesses:?}");
        assert!(guesses[0].confidence > 0.6 && guesses[0].confidence <= 1.0, "{guesses:?}");
    }
}

#[test]
fn a_known_export_that_lacks_columns_is_read_without_their_fields() {
    let rows = table("Handle,Title,Variant Price,Option1 Value\nh,Shirt,9.90,M");
    let header = Some(Header::new(["Handle", "Title", "Variant Price", "Option1 Value"].map(str::to_owned)));
    let sample = crate::sample::Sample { header, rows, broken: Vec::new(), is_whole: true };
    let proposal = crate::sample::propose(Kind::Products, &sample, &[]);
    assert!(matches!(proposal.origin, crate::sample::Origin::Recognised { .. }));
    let gather = crate::gather::Gather::new(&proposal.mapping).unwrap();
    gather.plan().check_columns(sample.header.as_ref().unwrap(), "x.csv").unwrap();
    assert!(proposal.mapping.fields.contains_key("title") && !proposal.mapping.fields.contains_key("condition"));
}

#[test]
fn columns_are_known_in_other_languages() {
    let german = check(
        Kind::Products,
        "Artikelnummer,Bezeichnung,Warengruppe,Marke,Preis,Alter Preis,Bestand,Angelegt am,Bild,Farbe,Größe\n\
         A-1,Messer,Küche > Messer,Würth,9.90,12.90,12,03.02.2024,https://x/1.jpg,grau,L",
        &[
            "Artikelnummer→product_id",
            "Bezeichnung→title",
            "Warengruppe→categories",
            "Marke→brand",
            "Preis→sale_price",
            "Alter Preis→original_price",
            "Bestand→availability",
            "Angelegt am→created_at",
            "Bild→cover_image",
            "Farbe→color",
            "Größe→size",
        ],
    );
    assert_eq!(german.missing, None);
    let orders = check(
        Kind::Interactions,
        "Bestellnr,Kundennummer,Artikelnummer,Menge,Datum,Umsatz\nB1,K1,A-1,2,31.01.2025 10:05,19.80",
        &[
            "Bestellnr→",
            "Kundennummer→user_id",
            "Artikelnummer→product_ids",
            "Menge→quantities",
            "Datum→timestamp",
            "Umsatz→revenue",
        ],
    );
    assert_eq!(orders.mapping.set["type"].as_str(), Some("checkout"));
    check(
        Kind::Products,
        "Référence,Désignation,Catégorie,Marque,Prix,Couleur\nR1,Couteau,Cuisine,Opinel,9.90,gris",
        &[
            "Référence→product_id",
            "Désignation→title",
            "Catégorie→categories",
            "Marque→brand",
            "Prix→original_price",
            "Couleur→color",
        ],
    );
}

#[test]
fn what_comes_first_in_a_date_is_told_by_the_other_dates() {
    let pattern = |dates: [&str; 2]| {
        let text = format!("user,item,date\n1,2,{}\n3,4,{}", dates[0], dates[1]);
        let guess = guess(Kind::Interactions, &table(&text), &[]);
        guess.mapping.fields["timestamp"].0.date.clone()
    };
    assert_eq!(pattern(["03/04/2025", "31/12/2025"]).as_deref(), Some("%d/%m/%Y"));
    assert_eq!(pattern(["03/04/2025", "12/31/2025"]).as_deref(), Some("%m/%d/%Y"));
    assert_eq!(pattern(["03/04/2025 10:05", "12/31/2025 23:59"]).as_deref(), Some("%m/%d/%Y %H:%M"));
    assert_eq!(pattern(["03.04.2025", "2025-12-31"]), None, "these can be read one way only");
}
