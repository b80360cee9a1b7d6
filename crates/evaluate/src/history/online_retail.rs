use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::Field;
use parquet::record::reader::RowIter;
use record::InteractionType;

use super::read::HistoryFault;
use super::{Gathering, History, VisitorId};

/// The lines of the invoices: a purchase each, or a return where the quantity is negative. An invoice without a
/// customer is a visitor of its own; stock codes that do not begin with five digits are postage, fees and the like.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    for path in parquet_files(folder)? {
        read_file(&path, &mut gathering)?;
    }
    Ok(gathering.finish())
}

fn parquet_files(folder: &Path) -> Result<Vec<PathBuf>, HistoryFault> {
    let io = |error| HistoryFault::Io { path: folder.to_owned(), error };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() { Err(HistoryFault::Empty { path: folder.to_owned() }) } else { Ok(paths) }
}

fn read_file(path: &Path, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    let parquet = |error| HistoryFault::Parquet { path: path.to_owned(), error };
    let file = File::open(path).map_err(|error| HistoryFault::Io { path: path.to_owned(), error })?;
    let reader = SerializedFileReader::new(file).map_err(parquet)?;
    let names: Vec<String> =
        reader.metadata().file_metadata().schema().get_fields().iter().map(|field| plain(field.name())).collect();
    let column = |wanted: &[&str]| {
        names.iter().position(|name| wanted.contains(&name.as_str())).ok_or_else(|| HistoryFault::Value {
            path: path.to_owned(),
            line: 0,
            message: format!("there is no column {:?}", wanted[0]),
        })
    };
    let (invoice, code) = (column(&["invoice", "invoiceno"])?, column(&["stockcode"])?);
    let (quantity, date) = (column(&["quantity"])?, column(&["invoicedate"])?);
    let (customer, title) = (column(&["customerid"])?, column(&["description"])?);
    for (index, row) in RowIter::from_file_into(Box::new(reader)).enumerate() {
        let fields: Vec<Field> = row.map_err(parquet)?.into_columns().into_iter().map(|(_, field)| field).collect();
        let code = text(&fields[code]).trim().to_uppercase();
        if code.len() < 5 || !code.as_bytes()[..5].iter().all(u8::is_ascii_digit) {
            continue;
        }
        let time_ms = time_ms(&fields[date]).ok_or_else(|| HistoryFault::Value {
            path: path.to_owned(),
            line: index as u64 + 1,
            message: format!("{} is no moment", fields[date]),
        })?;
        let returned = number(&fields[quantity]) < 0.0;
        let product = gathering.product(&code);
        let record = gathering.record(product);
        // A return carries notes of the warehouse ("damaged", "lost") as its description.
        if !returned && record.title.is_none() {
            record.title = Some(text(&fields[title]).trim().to_owned()).filter(|title| !title.is_empty());
        }
        let customer = text(&fields[customer]);
        let visitor = if customer.is_empty() {
            VisitorId::Anonymous(format!("invoice-{}", text(&fields[invoice])))
        } else {
            VisitorId::User(customer)
        };
        let kind = if returned { InteractionType::Refund } else { InteractionType::Checkout };
        gathering.event(visitor, product, time_ms, kind, f32::NAN);
    }
    Ok(())
}

/// A column's name without what differs between the two files.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}

fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Double(number) => format!("{number:.0}"),
        Field::Float(number) => format!("{number:.0}"),
        other => other.to_string(),
    }
}

fn number(field: &Field) -> f64 {
    match field {
        Field::Int(number) => f64::from(*number),
        Field::Long(number) => *number as f64,
        Field::Double(number) => *number,
        Field::Float(number) => f64::from(*number),
        Field::Str(text) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

fn time_ms(field: &Field) -> Option<i64> {
    match field {
        Field::TimestampMillis(moment) => Some(*moment),
        Field::TimestampMicros(moment) => Some(*moment / 1_000),
        // Nanoseconds come as a plain number of that size.
        Field::Long(number) => Some(if number.abs() > 1_000_000_000_000_000_000 {
            number / 1_000_000
        } else if number.abs() > 1_000_000_000_000_000 {
            number / 1_000
        } else {
            *number
        }),
        Field::Str(text) => {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            Some(jiff::tz::Offset::UTC.to_timestamp(civil).ok()?.as_millisecond())
        }
        _ => None,
    }
}
