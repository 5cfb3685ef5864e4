//! The calls. Each file holds one group: parse with all violations, authorise, one transaction, answer.

mod assign;
mod check;
mod command;
mod create;
mod decide;
mod deliveries;
mod delivery_events;
mod documents;
mod download;
mod events;
mod fields;
mod handling;
mod history;
mod issue;
mod progress;
mod read;
mod record;
mod register;
mod show;
mod sniff;
mod steps;
mod update;
mod upload;
