//! The calls. Each file holds one group: parse with all violations, authorise, one transaction, answer.

mod command;
mod create;
mod decide;
mod deliveries;
mod documents;
mod download;
mod events;
mod fields;
mod history;
mod issue;
mod read;
mod record;
mod register;
mod sniff;
mod steps;
mod update;
mod upload;
