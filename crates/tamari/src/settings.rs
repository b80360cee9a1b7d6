//! The settings in force: `tamari.toml`, then `TAMARI_…`, then flags; the later wins.

use std::path::Path;

use server::Settings;
use toml::{Table, Value};

use crate::cli::{Cli, Command, ServeOptions};
use crate::failure::Failure;
use crate::output;

#[cfg(test)]
mod tests;

const FILE: &str = "tamari.toml";
/// Words in the name of a setting that must not be shown.
const SECRET_WORDS: [&str; 4] = ["password", "secret", "key", "token"];

/// The settings for this command line, in this process's working directory and environment.
pub(crate) fn resolve(cli: &Cli) -> Result<Settings, Failure> {
    let file = match &cli.config {
        Some(path) => Some(read(path)?),
        None if Path::new(FILE).exists() => Some(read(Path::new(FILE))?),
        None => None,
    };
    let environment = |name: &str| std::env::var(name).ok();
    let mut settings = from_file_and_environment(file.unwrap_or_default(), environment)?;
    if let Some(data) = &cli.data {
        settings.data.clone_from(data);
    }
    if let Command::Serve(options) = &cli.command {
        take_flags(&mut settings, options);
    }
    Ok(settings)
}

/// Prints the settings as TOML that can be saved as `tamari.toml`.
pub(crate) fn print(settings: &Settings) -> Result<(), Failure> {
    let mut table = Table::try_from(settings)
        .map_err(|error| Failure::fault(format!("the settings cannot be written as TOML: {error}")))?;
    mask(&mut table);
    output::result(table.to_string().trim_end());
    Ok(())
}

fn read(path: &Path) -> Result<Table, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", path.display())))?;
    let table: Table = text.parse().map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    // Said here, where the file can still be named.
    table.clone().try_into::<Settings>().map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(table)
}

fn from_file_and_environment(
    mut table: Table,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Settings, Failure> {
    let known = Table::try_from(Settings::default())
        .map_err(|error| Failure::fault(format!("the default settings are not TOML: {error}")))?;
    for (name, default) in known {
        let variable = format!("TAMARI_{}", name.to_uppercase());
        if let Some(text) = environment(&variable) {
            table.insert(name, typed(&variable, text, &default)?);
        }
    }
    table.try_into().map_err(|error| Failure::usage(format!("the settings: {error}")))
}

/// The text of an environment variable, as the type that the setting has.
fn typed(variable: &str, text: String, default: &Value) -> Result<Value, Failure> {
    let wanted = |what: &str| Failure::usage(format!("{variable} must be {what}, but is {text:?}"));
    Ok(match default {
        Value::Integer(_) => Value::Integer(text.trim().parse().map_err(|_| wanted("a whole number"))?),
        Value::Float(_) => Value::Float(text.trim().parse().map_err(|_| wanted("a number"))?),
        Value::Boolean(_) => match text.trim() {
            "1" | "true" | "yes" => Value::Boolean(true),
            "0" | "false" | "no" | "" => Value::Boolean(false),
            _ => return Err(wanted("true or false")),
        },
        _ => Value::String(text),
    })
}

fn take_flags(settings: &mut Settings, options: &ServeOptions) {
    fn set<T: Copy>(setting: &mut T, flag: Option<T>) {
        if let Some(value) = flag {
            *setting = value;
        }
    }
    set(&mut settings.listen, options.listen);
    set(&mut settings.body_bytes_max, options.body_bytes_max);
    set(&mut settings.requests_per_second_max, options.requests_per_second_max);
    set(&mut settings.stop_grace_s, options.stop_grace_s);
    set(&mut settings.training_threads, options.training_threads);
    settings.demo |= options.demo;
    settings.trust_forwarded_for |= options.trust_forwarded_for;
}

fn mask(table: &mut Table) {
    for (name, value) in table.iter_mut() {
        match value {
            Value::Table(inner) => mask(inner),
            Value::String(text) if !text.is_empty() && SECRET_WORDS.iter().any(|word| name.contains(word)) => {
                *text = "********".into();
            }
            _ => {}
        }
    }
}
