//! The service as a client meets it: a real server on a loopback port, spoken to in bytes.

#![allow(clippy::unwrap_used, reason = "tests")]

mod access;
mod backups;
mod bodies;
mod bulk;
mod cors;
mod documents;
mod dojo;
mod dojo_data;
mod dojo_pages;
mod encoder;
mod engines;
mod experiments;
mod following;
mod goals;
mod golden;
mod lifecycle;
mod person;
mod questions;
mod refused;
mod reports;
mod retention;
mod roles;
mod served;
mod settings;
mod trainings;
mod uploads;
