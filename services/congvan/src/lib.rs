//! The executable `congvan`: its commands, and the composition of the services into one process or many.

pub mod cli;
mod command;
pub mod composition;
pub mod sample;
mod settings;
pub mod story;

pub use command::run;
