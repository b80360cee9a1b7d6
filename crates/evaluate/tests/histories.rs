//! Readers of logs, on small files written here in the form of the public data sets:
//!
//! 1. Each gives the events in time order with what they say, and the catalogue as a shop would upload it.
//! 2. A file that is missing, or a line that is no line, is an error that names file and line.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use evaluate::history::{History, Source, VisitorId};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use record::InteractionType;
use tempfile::TempDir;

fn put(folder: &TempDir, name: &str, text: &str) {
    let file = File::create(folder.path().join(name)).unwrap();
    if name.ends_with(".gz") {
        GzEncoder::new(file, Compression::fast()).write_all(text.as_bytes()).unwrap();
    } else {
        (&file).write_all(text.as_bytes()).unwrap();
    }
}

/// `VISITOR TYPE PRODUCT WANTED` of every event, in order; `~x` is anonymous, `!` stands for not wanted.
fn lines(history: &History) -> Vec<String> {
    let line = |event: &evaluate::history::Event| {
        let visitor = match &history.visitor_ids[event.visitor as usize] {
            VisitorId::User(id) => id.clone(),
            VisitorId::Anonymous(id) => format!("~{id}"),
        };
        let product = &history.records[event.observation.product as usize].product_id;
        let mark = if event.wanted { "" } else { " !" };
        format!("{visitor} {} {product}{mark}", event.kind.name())
    };
    history.events.iter().map(line).collect()
}

#[test]
fn movielens_gives_ratings_in_time_order_and_genres_as_categories() {
    let folder = TempDir::new().unwrap();
    put(&folder, "movies.csv", "movieId,title,genres\n7,\"Fog, The (1999)\",Drama|Horror\n8,Dawn,(no genres listed)\n");
    put(&folder, "ratings.csv", "userId,movieId,rating,timestamp\n1,7,4.0,200\n1,8,2.0,100\n2,7,3.0,300\n");
    let history = Source::MovieLens.read(folder.path()).unwrap();
    assert_eq!(lines(&history), ["1 rate 8 !", "1 rate 7", "2 rate 7 !"]);
    assert_eq!(history.events[1].observation.time_ms, 200_000);
    let weights: Vec<f32> = history.events.iter().map(|event| event.observation.weight).collect();
    assert_eq!(weights, [-2.0, 2.5, 0.0], "a middling rating says only that the film is known");
    let fog = &history.records[0];
    assert_eq!(fog.title.as_deref(), Some("Fog, The (1999)"));
    assert_eq!(fog.categories, Some(vec![vec!["Drama".to_owned()], vec!["Horror".to_owned()]]));
    assert_eq!(history.records[1].categories, Some(Vec::new()));
}

#[test]
fn completejourney_gives_purchases_and_a_hierarchy() {
    let folder = TempDir::new().unwrap();
    put(
        &folder,
        "products.csv.gz",
        "product_id,manufacturer_id,department,brand,product_category,product_type,package_size\n\
         5,9,GROCERY,National,BREAD,RYE,500 G\n6,9,NA,Private,NA,NA,NA\n",
    );
    put(
        &folder,
        "transactions.csv.gz",
        "household_id,store_id,basket_id,product_id,quantity,transaction_timestamp\n\
         900,1,1,5,1,2017-01-02T10:00:00Z\n900,1,1,6,1,2017-01-01 11:53:26\n",
    );
    let history = Source::CompleteJourney.read(folder.path()).unwrap();
    assert_eq!(lines(&history), ["900 checkout 6", "900 checkout 5"]);
    let rye = &history.records[0];
    assert_eq!(rye.categories, Some(vec![vec!["GROCERY".to_owned(), "BREAD".to_owned(), "RYE".to_owned()]]));
    assert_eq!(
        (rye.title.as_deref(), rye.brand.as_deref(), rye.size.as_deref()),
        (Some("RYE"), Some("National"), Some("500 G"))
    );
    assert_eq!((&history.records[1].title, &history.records[1].categories), (&None, &None));
}

#[test]
fn yoochoose_keeps_its_test_sessions_apart_from_those_of_the_same_number() {
    let folder = TempDir::new().unwrap();
    put(&folder, "yoochoose-clicks-100k_train_full.txt.gz", "SessionId\tItemId\tTime\n1\t50\t100.5\n1\t51\t101.0\n");
    put(&folder, "yoochoose-clicks-100k_test.txt.gz", "SessionId\tItemId\tTime\n1\t51\t200.0\n");
    let history = Source::YooChoose.read(folder.path()).unwrap();
    let view = "product_detail_page_view";
    assert_eq!(lines(&history), [format!("~1 {view} 50"), format!("~1 {view} 51"), format!("~test-1 {view} 51")]);
    assert_eq!(history.events.iter().map(|event| event.test).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(history.events[0].observation.time_ms, 100_500);
}

/// Writes a Parquet file of invoices: texts and numbers as their columns are.
fn put_invoices(path: &Path, lines: &[(&str, &str, &str, i64, &str, &str)]) {
    let schema = "message invoices { required binary Invoice (UTF8); required binary StockCode (UTF8);
        required binary Description (UTF8); required int64 Quantity; required binary InvoiceDate (UTF8);
        optional binary Customer_ID (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in 0..6 {
        let mut out = group.next_column().unwrap().unwrap();
        let text = |line: &(&str, &str, &str, i64, &str, &str)| match column {
            0 => line.0.to_owned(),
            1 => line.1.to_owned(),
            2 => line.2.to_owned(),
            4 => line.4.to_owned(),
            _ => line.5.to_owned(),
        };
        if column == 3 {
            let quantities: Vec<i64> = lines.iter().map(|line| line.3).collect();
            out.typed::<Int64Type>().write_batch(&quantities, None, None).unwrap();
        } else {
            let present: Vec<i16> = lines.iter().map(|line| i16::from(!text(line).is_empty())).collect();
            let texts = lines.iter().map(text).filter(|text| column != 5 || !text.is_empty());
            let texts: Vec<ByteArray> = texts.map(|text| ByteArray::from(text.as_str())).collect();
            let levels = (column == 5).then_some(present.as_slice());
            out.typed::<ByteArrayType>().write_batch(&texts, levels, None).unwrap();
        }
        out.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn online_retail_gives_purchases_refunds_and_anonymous_invoices_without_postage() {
    let folder = TempDir::new().unwrap();
    put_invoices(
        &folder.path().join("a.parquet"),
        &[
            ("1", "85048a", "LIGHTS", 2, "2010-01-01T10:00:00", "13085"),
            ("1", "POST", "POSTAGE", 1, "2010-01-01T10:00:00", "13085"),
            ("C2", "85048A", "damaged", -1, "2010-01-02T10:00:00", "13085"),
            ("3", "22041", "FRAME", 5, "2010-01-03T10:00:00", ""),
        ],
    );
    let history = Source::OnlineRetail.read(folder.path()).unwrap();
    assert_eq!(lines(&history), ["13085 checkout 85048A", "13085 refund 85048A !", "~invoice-3 checkout 22041"]);
    assert_eq!(history.records[0].title.as_deref(), Some("LIGHTS"));
}

#[test]
fn a_table_of_ones_own_says_by_its_columns_what_it_holds() {
    let folder = TempDir::new().unwrap();
    put(&folder, "views.csv", "session_id,item_id,timestamp\ns1,a,2024-01-01T00:00:01Z\ns1,b,2024-01-01T00:00:00Z\n");
    let views = History::read_files(&folder.path().join("views.csv"), None).unwrap();
    let view = "product_detail_page_view";
    assert_eq!(lines(&views), [format!("~s1 {view} b"), format!("~s1 {view} a")]);

    put(
        &folder,
        "typed.tsv.gz",
        "user_id\tproduct_id\ttime\ttype\trating\nu\ta\t5\tcheckout\t\nu\tb\t6\trate\t1\nu\tc\t7\tdislike\t\n",
    );
    let typed = History::read_files(&folder.path().join("typed.tsv.gz"), None).unwrap();
    assert_eq!(lines(&typed), ["u checkout a", "u rate b !", "u dislike c !"]);

    put(&folder, "rated.csv", "user,item,time,rating\nu,a,5,4.5\n");
    put(&folder, "weighed.csv", "visitor,product,time,weight\nu,a,5,5\nu,b,6,1\nu,c,7,-3\n");
    assert_eq!(lines(&History::read_files(&folder.path().join("rated.csv"), None).unwrap()), ["u rate a"]);
    let weighed = History::read_files(&folder.path().join("weighed.csv"), None).unwrap();
    assert_eq!(lines(&weighed), ["u checkout a".to_owned(), format!("u {view} b"), "u dislike c !".to_owned()]);
}

#[test]
fn a_catalogue_of_ones_own_is_a_table_or_records_as_they_are_uploaded() {
    let folder = TempDir::new().unwrap();
    put(&folder, "log.csv", "user,item,time\nu,a,5\nu,z,6\n");
    put(&folder, "shop.csv", "product_id,title,categories,tags\na,Lamp,Home > Light|Sale,x|y\nb,Rug,,\n");
    put(&folder, "shop.jsonl", "{\"product_id\":\"a\",\"title\":\"Lamp\",\"custom_attributes\":{\"watt\":5}}\n\n");
    let log = folder.path().join("log.csv");
    let table = History::read_files(&log, Some(&folder.path().join("shop.csv"))).unwrap();
    let lamp = &table.records[0];
    assert_eq!(lamp.categories, Some(vec![vec!["Home".to_owned(), "Light".to_owned()], vec!["Sale".to_owned()]]));
    assert_eq!(lamp.tags, Some(vec!["x".to_owned(), "y".to_owned()]));
    assert_eq!(table.products(), 3, "a product without an event and an event without a record count too");
    let records = History::read_files(&log, Some(&folder.path().join("shop.jsonl"))).unwrap();
    assert_eq!(records.records[0].custom_attributes.as_ref().unwrap()["watt"], 5);
}

#[test]
fn wrong_files_are_named_with_their_line() {
    let folder = TempDir::new().unwrap();
    let refused = |text: &str| {
        put(&folder, "log.csv", text);
        History::read_files(&folder.path().join("log.csv"), None).unwrap_err().to_string()
    };
    assert!(refused("user,item\nu,a\n").contains("there is no column \"time\""));
    assert!(refused("user,item,time\nu,a,yesterday\n").contains("line 2: \"yesterday\" is no moment"));
    assert!(refused("user,item,time,type\nu,a,5,stare\n").contains("\"stare\" is no type of interaction"));
    assert!(refused("user,item,time\n,a,5\n").contains("line 2: a line needs a visitor and a product"));
    assert!(refused("user,item,time,rating\nu,a,5,good\n").contains("\"good\" is no number"));
    assert!(refused("user,item,time\n").contains("it holds no events"));
    assert!(refused("user,item,time\nu,a\n").contains("log.csv"));
    put(&folder, "good.csv", "user,item,time\nu,a,5\n");
    put(&folder, "shop.jsonl", "{\"product_id\":5}\n");
    let wrong = History::read_files(&folder.path().join("good.csv"), Some(&folder.path().join("shop.jsonl")));
    assert!(wrong.unwrap_err().to_string().contains("shop.jsonl, line 1: this is no product"));
    let missing = Source::MovieLens.read(folder.path()).unwrap_err().to_string();
    assert!(missing.contains("movies.csv"), "{missing}");
    assert!(Source::OnlineRetail.read(folder.path()).unwrap_err().to_string().contains("no events"));
    assert_eq!(InteractionType::from_name("stare"), None);
}
