//! 1. Environment variables win over the file, flags win over both.
//! 2. A wrong value is refused, and the message names where it came from.
//! 3. Secrets are masked when settings are printed.
#![allow(clippy::unwrap_used, reason = "tests")]

use clap::Parser;

use super::*;

fn resolved(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> Result<Settings, Failure> {
    let lookup = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let mut settings = from_file_and_environment(file.parse().unwrap(), lookup)?;
    let cli = Cli::parse_from(["tamari", "serve"].iter().chain(flags));
    let Command::Serve(options) = &cli.command else { panic!("serve") };
    take_flags(&mut settings, options);
    Ok(settings)
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let file = "listen = '127.0.0.1:1'\nstop_grace_s = 1\nrequests_per_second_max = 1";
    let environment = [("TAMARI_STOP_GRACE_S", "2"), ("TAMARI_LISTEN", "127.0.0.1:2"), ("TAMARI_DEMO", "true")];
    let settings = resolved(file, &environment, &["--listen", "127.0.0.1:3"]).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.stop_grace_s, 2);
    assert_eq!(settings.requests_per_second_max, 1);
    assert!(settings.demo);
    assert_eq!(settings.body_bytes_max, Settings::default().body_bytes_max);
}

#[test]
fn a_wrong_environment_variable_is_named() {
    let failure = resolved("", &[("TAMARI_STOP_GRACE_S", "soon")], &[]).unwrap_err();
    assert_eq!(failure, Failure::usage("TAMARI_STOP_GRACE_S must be a whole number, but is \"soon\""));
}

#[test]
fn an_unknown_setting_is_refused() {
    let failure = resolved("listn = '127.0.0.1:1'", &[], &[]).unwrap_err();
    assert!(failure.to_string().contains("listn"), "{failure}");
}

#[test]
fn a_file_that_does_not_fit_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.toml");
    std::fs::write(&path, "body_bytes_max = 'big'").unwrap();
    let failure = read(&path).unwrap_err().to_string();
    assert!(failure.contains("my.toml") && failure.contains("body_bytes_max"), "{failure}");
}

#[test]
fn secrets_are_masked() {
    let mut table: Table = "data = 'd'\nadmin_password = 'hush'\n[mail]\napi_key = 'k'".parse().unwrap();
    mask(&mut table);
    let text = table.to_string();
    assert!(text.contains("data = \"d\"") && !text.contains("hush") && !text.contains("\"k\""), "{text}");
}
