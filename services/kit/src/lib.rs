//! The kit of the services: everything a service needs around its business, and nothing of the business itself.
//!
//! * [`config`] reads settings and lists every mistake at once;
//! * [`telemetry`] logs, traces and counts;
//! * [`lifecycle`] starts tasks, says when the process is ready, and drains it;
//! * [`worker`] runs background work in steps; [`lane`] does together what waits for the same;
//! * [`serving`] and [`transport`] are the two ends of a call; [`layers`] is what wraps its inside;
//! * [`caller`] says who calls, [`access`] who may; [`faults`] says what went wrong, in the caller's [`Language`].

pub mod access;
pub mod caller;
pub mod config;
pub mod faults;
pub mod lane;
mod language;
pub mod layers;
pub mod lifecycle;
pub mod serving;
pub mod telemetry;
pub mod transport;
pub mod worker;

pub use faults::{Fault, Violations};
pub use language::{Call, Language, Text};
