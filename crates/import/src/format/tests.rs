//! 1. Every format gives the same rows for the same data, compressed or not, whatever its name.
//! 2. A row that cannot be read is reported with its reason and harms no other.
//! 3. A file that never ends a record is refused in bounded memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The rows as JSON, broken ones as their reasons, and the warnings.
fn read_with(name: &str, content: &[u8], options: &FormatOptions) -> (Vec<Value>, Vec<String>) {
    let (_folder, path) = file(name, content);
    let mut rows = open(&path, options, &Distance::default()).unwrap();
    let mut found = Vec::new();
    while let Some(read) = rows.next_row().unwrap() {
        found.push(match read {
            Read::Row(row) => row.to_json(),
            Read::Broken { reason, .. } => json!(reason),
        });
    }
    (found, rows.warnings())
}

fn rows(name: &str, content: &[u8]) -> Vec<Value> {
    read_with(name, content, &FormatOptions::default()).0
}

fn expected() -> Vec<Value> {
    vec![json!({ "id": "1", "name": "Red, wide shoe" }), json!({ "id": "2", "name": "two\nlines \"quoted\"" })]
}

#[test]
fn csv_is_read_with_any_delimiter_compressed_or_not() {
    let comma = b"id,name\n1,\"Red, wide shoe\"\n2,\"two\nlines \"\"quoted\"\"\"\n";
    assert_eq!(rows("a.csv", comma), expected());
    assert_eq!(rows("named.txt", &gzipped(comma)), expected());
    for delimiter in ["\t", ";", "|"] {
        let text =
            format!("id{delimiter}name\r\n1{delimiter}Red, wide shoe\r\n2{delimiter}\"two\nlines \"\"quoted\"\"\"\r\n");
        assert_eq!(rows("a.txt", text.as_bytes()), expected(), "{delimiter:?}");
    }
    let marked = [b"\xef\xbb\xbf".as_slice(), comma].concat();
    assert_eq!(rows("a.csv", &marked), expected());
}

#[test]
fn json_is_read_in_every_layout() {
    let one = r#"{"id":"1","name":"Red, wide shoe"}"#;
    let two = r#"{"id":"2","name":"two\nlines \"quoted\""}"#;
    for text in [
        format!("{one}\n\n{two}"),
        format!("[{one},{two}]"),
        format!(" [\n {one} ,\n {two}\n]\n"),
        format!("{{\"data\": [{one},{two}]}}"),
        format!("{}\n{}", one.replace(",\"", ",\n  \""), two.replace(",\"", ",\n  \"")),
    ] {
        assert_eq!(rows("a.json", text.as_bytes()), expected(), "{text}");
        assert_eq!(rows("a.json.gz", &gzipped(text.as_bytes())), expected(), "{text}");
    }
    assert_eq!(rows("a.json", b"[]"), Vec::<Value>::new());
}

fn parquet() -> Vec<u8> {
    let schema =
        "message m { optional binary id (UTF8); optional int64 at (TIMESTAMP(MICROS, false)); optional double price; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = tempfile::tempfile().unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let ids = [ByteArray::from("a"), ByteArray::from("b")];
    column.typed::<ByteArrayType>().write_batch(&ids, Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1_709_208_000_000_000], Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[2.5, 13085.0], Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut file).unwrap();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    bytes
}

#[test]
fn parquet_is_read_by_its_content_with_its_times() {
    let expected =
        vec![json!({ "id": "a", "at": "2024-02-29T12:00:00Z", "price": 2.5 }), json!({ "id": "b", "price": 13085.0 })];
    assert_eq!(rows("a.parquet", &parquet()), expected);
    assert_eq!(rows("a.bin", &gzipped(&parquet())), expected);
}

#[test]
fn a_ragged_line_is_reported_and_the_next_is_read() {
    let found = rows("a.csv", b"id,name\n1,a\n2\n3,b,c\n4,d,\n5,e\n");
    assert_eq!(found[0], json!({ "id": "1", "name": "a" }));
    assert_eq!(found[1], json!("line 3 has 1 fields, but the header has 2 columns"));
    assert_eq!(found[2], json!("line 4 has 3 fields, but the header has 2 columns"));
    assert_eq!(found[3], json!({ "id": "4", "name": "d" }), "a delimiter too many adds nothing");
    assert_eq!(found[4], json!({ "id": "5", "name": "e" }));
}

#[test]
fn a_broken_json_line_is_reported_and_the_next_is_read() {
    let found = rows("a.jsonl", b"{\"id\":\"1\"}\n{\"id\":\n7\n{\"id\":\"2\"}\n");
    assert_eq!((found.len(), &found[0], &found[3]), (4, &json!({ "id": "1" }), &json!({ "id": "2" })));
    assert!(found[1].as_str().unwrap().starts_with("line 2 is not JSON"), "{found:?}");
    assert_eq!(found[2], json!("line 3 is not a JSON object"));
}

#[test]
fn an_array_that_is_cut_off_is_a_failure() {
    let (_folder, path) = file("a.json", b"[{\"id\":\"1\"},");
    let mut rows = open(&path, &FormatOptions::default(), &Distance::default()).unwrap();
    assert!(matches!(rows.next_row().unwrap(), Some(Read::Row(_))));
    assert!(rows.next_row().unwrap_err().to_string().contains("ends inside its array"));
}

#[test]
fn old_encodings_are_read_with_a_warning() {
    let (found, warnings) = read_with("a.csv", b"id,name\n1,Caf\xe9 \x80\n", &FormatOptions::default());
    assert_eq!(found, [json!({ "id": "1", "name": "Café €" })]);
    assert!(warnings[0].contains("Windows-1252"), "{warnings:?}");
    let (_, warnings) = read_with("a.csv", "id,name\n1,Café\n".as_bytes(), &FormatOptions::default());
    assert!(warnings.is_empty());
}

#[test]
fn columns_can_be_named_where_there_is_no_header() {
    let options = FormatOptions { header: vec!["session".into(), "item".into()], delimiter: None };
    assert_eq!(read_with("a.csv", b"1,x\n", &options).0, [json!({ "session": "1", "item": "x" })]);
}

#[test]
fn a_quote_left_open_is_refused_before_it_eats_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"id,name\n1,\"open\n").unwrap();
    let line = [b'x'; 1024];
    for _ in 0..20 * 1024 {
        file.write_all(&line).unwrap();
    }
    let mut rows = open(&path, &FormatOptions::default(), &Distance::default()).unwrap();
    let message = rows.next_row().unwrap_err().to_string();
    assert!(message.contains("longer than 16 MiB"), "{message}");
}

#[test]
fn a_file_without_anything_is_refused() {
    let (_folder, path) = file("a.csv", b"");
    assert!(open(&path, &FormatOptions::default(), &Distance::default()).is_err());
}
