//! Who gets which mail, and how often: told once, tried on both engines.

#![expect(clippy::unwrap_used, reason = "what a story takes for granted fails the test when it is not so")]

mod directory;
mod documents;
mod faults;
mod intake;
mod mail_server;
mod offices;
mod reading;
mod sending;
mod smtp;
mod told;
mod world;
