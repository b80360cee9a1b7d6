//! Which mapping an import uses: the one given, a shipped one that knows the columns, none for records that are ours
//! already, or a guess.

use std::path::Path;

use ::import::{
    FormatOptions, Gather, GuessedColumn, Kind, Mapping, Origin, Plan, Proposal, Sample, propose, sample,
    shipped_mapping, shipped_names,
};

use crate::cli::ImportOptions;
use crate::failure::Failure;
use crate::output;

/// A mapping in use.
pub(super) struct Chosen {
    pub gather: Gather,
    /// All that decides about the records, for the checkpoint.
    pub text: String,
}

/// Chooses, shows what was chosen, and saves it where asked.
pub(super) fn choose(options: &ImportOptions, format: &FormatOptions) -> Result<Chosen, Failure> {
    let Some(first) = options.files.first() else { return Err(Failure::usage("name a file to import")) };
    let sample = sample(first, format)?;
    let mut mapping = match given(options, &sample)? {
        Some(mapping) => mapping,
        None => match proposed(options, first, &sample)? {
            Some(mapping) => mapping,
            None => {
                let gather = Gather::identity(Plan::identity(options.kind()));
                return Ok(Chosen { gather, text: "identity".into() });
            }
        },
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

fn given(options: &ImportOptions, sample: &Sample) -> Result<Option<Mapping>, Failure> {
    let Some(name) = &options.map else { return Ok(None) };
    if Path::new(name).is_file() {
        let mapping = Mapping::read(Path::new(name))?;
        if mapping.record != options.kind() {
            return Err(Failure::usage(format!(
                "the mapping {name} is for {}, not for {}",
                mapping.record.name(),
                options.kind().name()
            )));
        }
        return Ok(Some(mapping));
    }
    match shipped_mapping(name, options.kind(), sample.header.as_ref()) {
        Some(mapping) => Ok(Some(mapping.clone())),
        None if shipped_names().contains(&name.as_str()) => {
            Err(Failure::usage(format!("the shipped mapping {name:?} has nothing for {}", options.kind().name())))
        }
        None => Err(Failure::usage(format!(
            "--map {name:?} is neither a file nor a shipped mapping; those are {}",
            shipped_names().join(", ")
        ))),
    }
}

/// The mapping that the file itself suggests; `None` where it needs none.
fn proposed(options: &ImportOptions, file: &Path, sample: &Sample) -> Result<Option<Mapping>, Failure> {
    let said = options.fields.iter().chain(&options.constants);
    let known: Vec<String> =
        said.filter_map(|flag| flag.split_once('=')).map(|(field, _)| field.trim().to_owned()).collect();
    let Proposal { origin, mapping, columns, missing } = propose(options.kind(), sample, &known);
    match origin {
        Origin::Recognised { name } => {
            output::note(&format!("The columns are those of {}; using the mapping {name:?}.", mapping.description));
            return Ok(Some(mapping));
        }
        Origin::Identity => {
            output::note("The records have the fields of the API already; no mapping is needed.");
            return match options.save_map {
                Some(_) => Err(Failure::usage("there is no mapping to save")),
                None => Ok(None),
            };
        }
        Origin::Guess if sample.rows.is_empty() => {
            return Err(Failure::usage(format!("{} holds no rows", file.display())));
        }
        Origin::Guess => {}
    }
    show(&mapping, &columns, options.kind())?;
    match missing {
        Some(missing) => Err(Failure::usage(missing)),
        None => Ok(Some(mapping)),
    }
}

fn show(mapping: &Mapping, found: &[GuessedColumn], kind: Kind) -> Result<(), Failure> {
    let width = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let columns = width(&mut found.iter().map(|column| column.column.as_str()).chain(["column"]));
    let fields = width(&mut found.iter().map(|column| column.field.as_str()).chain(["field"]));
    output::note(&format!("A mapping for {} guessed from the columns:\n", kind.name()));
    output::note(&format!("  {:columns$}    {:fields$}  sample", "column", "field"));
    for column in found {
        let field = if column.field.is_empty() { "–" } else { &column.field };
        output::note(&format!("  {:columns$} →  {field:fields$}  {}", column.column, column.sample));
    }
    for (field, value) in &mapping.set {
        output::note(&format!("  {:columns$} →  {field} = {value}", "(every row)"));
    }
    output::note(&format!("\n{}", indented(&mapping.to_toml()?)));
    output::note("If that is wrong: --field and --set change it, --save-map writes it to a file for --map.\n");
    Ok(())
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
