//! Stories of the whole system, told through its public port.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attachments;
mod bad_input;
mod board;
mod comments;
mod crowd;
mod directory;
mod drafting;
mod faults;
mod files;
mod forwarding;
mod handling;
mod heirs;
mod history;
mod hollow;
mod house;
mod issuing;
mod keys;
mod kill;
mod ledger;
mod matrix;
mod missing;
mod numbers;
mod operations;
mod process;
mod recall;
mod recipients;
mod release;
mod replicas;
mod review;
mod rights;
mod scim;
mod series;
mod signatures;
mod signing_in;
mod tracing;
mod views;
