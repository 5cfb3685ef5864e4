//! SQL written once, run on two engines: SQLite for one machine, PostgreSQL for those who outgrow it.
//!
//! Statements are written in the dialect both share (`$n` parameters, upsert, `RETURNING`, CTEs, window functions) with
//! PostgreSQL's spelling where they differ in a word; [`Statement`] tells what SQLite does with those words. A genuine
//! fork is written out with [`either`]; there are fewer than ten in the whole system.
//!
//! * [`Db::read`] and [`Db::write`] give a named [`Read`] or [`Write`]; only a `Write` can change anything. Dropping it rolls
//!   back, [`Write::commit`] consumes it.
//! * Every committed write is on the disk: SQLite runs with `synchronous=FULL`, PostgreSQL with its defaults.
//! * SQLite has one writer connection and `BEGIN IMMEDIATE`; `FOR UPDATE` is dropped there, where the lock is already held.

pub mod answers;
mod db;
mod dialect;
mod error;
mod listener;
mod migrate;
mod queries;
mod row;
mod rows;
mod statement;
pub mod testing;
mod value;

pub use db::{Db, Engine, Read, Write};
pub use error::Error;
pub use listener::Listener;
pub use migrate::Migration;
pub use queries::Queries;
pub use row::{FromColumn, Row};
pub use rows::{Column, Kind};
pub use statement::{Statement, either, statement};
pub use value::{Value, before};

/// Result of anything that asks the database.
pub type Result<T> = std::result::Result<T, Error>;
