//! Which mapping an import uses: the one given, a shipped one that knows the columns, none for records that are ours
//! already, or a guess.

use std::path::Path;

use super::decode::Distance;
use super::fields::Kind;
use super::format::{self, FormatOptions};
use super::gather::Gather;
use super::guess::{Guess, guess, is_identity};
use super::mapping::{Mapping, Plan};
use super::row::{Header, Read, Row};
use super::shipped;
use crate::cli::ImportOptions;
use crate::failure::Failure;
use crate::output;

/// Rows that are looked at for a guess.
const SAMPLE_ROWS: usize = 500;

/// A mapping in use.
pub(super) struct Chosen {
    pub gather: Gather,
    /// All that decides about the records, for the checkpoint.
    pub text: String,
}

/// Chooses, shows what was chosen, and saves it where asked.
pub(super) fn choose(options: &ImportOptions, format: &FormatOptions) -> Result<Chosen, Failure> {
    let Some(first) = options.files.first() else { return Err(Failure::usage("name a file to import")) };
    let (header, rows) = sample(first, format)?;
    let mut mapping = match given(options, header.as_ref())? {
        Some(mapping) => mapping,
        None => {
            let has_flags = !options.fields.is_empty() || !options.constants.is_empty();
            if !has_flags && is_identity(options.kind, &rows) {
                output::note("The records have the fields of the API already; no mapping is needed.");
                if options.save_map.is_some() {
                    return Err(Failure::usage("there is no mapping to save"));
                }
                let gather = Gather::identity(Plan::identity(options.kind));
                return Ok(Chosen { gather, text: "identity".into() });
            }
            guessed(options, first, &rows)?
        }
    };
    mapping.add_flags(&options.fields, &options.constants)?;
    if options.no_group {
        mapping.group = None;
    }
    let text = mapping.to_toml()?;
    if let Some(path) = &options.save_map {
        std::fs::write(path, &text)
            .map_err(|error| Failure::fault(format!("{} cannot be written: {error}", path.display())))?;
        output::note(&format!("The mapping is saved in {}; give it to --map.", path.display()));
    }
    Ok(Chosen { gather: Gather::new(&mapping)?, text })
}

fn given(options: &ImportOptions, header: Option<&Header>) -> Result<Option<Mapping>, Failure> {
    let Some(name) = &options.map else {
        let recognised = header.and_then(|header| shipped::recognised(options.kind, header));
        let Some((name, mapping)) = recognised else { return Ok(None) };
        output::note(&format!("The columns are those of {}; using the mapping {name:?}.", mapping.description));
        return Ok(Some(mapping.clone()));
    };
    if Path::new(name).is_file() {
        let mapping = Mapping::read(Path::new(name))?;
        if mapping.record != options.kind {
            return Err(Failure::usage(format!(
                "the mapping {name} is for {}, not for {}",
                mapping.record.name(),
                options.kind.name()
            )));
        }
        return Ok(Some(mapping));
    }
    match shipped::named(name, options.kind, header) {
        Some(mapping) => Ok(Some(mapping.clone())),
        None if shipped::names().contains(&name.as_str()) => {
            Err(Failure::usage(format!("the shipped mapping {name:?} has nothing for {}", options.kind.name())))
        }
        None => Err(Failure::usage(format!(
            "--map {name:?} is neither a file nor a shipped mapping; those are {}",
            shipped::names().join(", ")
        ))),
    }
}

fn guessed(options: &ImportOptions, file: &Path, rows: &[Row]) -> Result<Mapping, Failure> {
    if rows.is_empty() {
        return Err(Failure::usage(format!("{} holds no rows", file.display())));
    }
    let said = options.fields.iter().chain(&options.constants);
    let known: Vec<String> =
        said.filter_map(|flag| flag.split_once('=')).map(|(field, _)| field.trim().to_owned()).collect();
    let guess = guess(options.kind, rows, &known);
    show(&guess, options.kind)?;
    match guess.missing {
        Some(missing) => Err(Failure::usage(missing)),
        None => Ok(guess.mapping),
    }
}

fn show(guess: &Guess, kind: Kind) -> Result<(), Failure> {
    let width = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let columns = width(&mut guess.columns.iter().map(|column| column.column.as_str()).chain(["column"]));
    let fields = width(&mut guess.columns.iter().map(|column| column.field.as_str()).chain(["field"]));
    output::note(&format!("A mapping for {} guessed from the columns:\n", kind.name()));
    output::note(&format!("  {:columns$}    {:fields$}  sample", "column", "field"));
    for column in &guess.columns {
        let field = if column.field.is_empty() { "–" } else { &column.field };
        output::note(&format!("  {:columns$} →  {field:fields$}  {}", column.column, column.sample));
    }
    for (field, value) in &guess.mapping.set {
        output::note(&format!("  {:columns$} →  {field} = {value}", "(every row)"));
    }
    output::note(&format!("\n{}", indented(&guess.mapping.to_toml()?)));
    output::note("If that is wrong: --field and --set change it, --save-map writes it to a file for --map.\n");
    Ok(())
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn sample(path: &Path, format: &FormatOptions) -> Result<(Option<Header>, Vec<Row>), Failure> {
    let mut rows = format::open(path, format, &Distance::default())?;
    let header = rows.header().map(|header| Header::new(header.names().iter().cloned()));
    let mut sampled = Vec::new();
    for _ in 0..SAMPLE_ROWS {
        match rows.next_row()? {
            Some(Read::Row(row)) => sampled.push(row),
            Some(Read::Broken { .. }) => {}
            None => break,
        }
    }
    Ok((header, sampled))
}
