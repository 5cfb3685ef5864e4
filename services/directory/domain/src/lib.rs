//! The rules of the directory, without IO: what units and people may be called, where units stand in the tree, and when a
//! wrong password makes the next attempt wait.
//!
//! Each rule gives the value as it is stored, or the one [`Flaw`] to tell the writer.

mod appointment;
mod flaw;
mod history;
mod kind;
mod lockout;
mod names;
mod opening;
mod password;
mod period;
mod position;
mod roles;
mod staff;
mod structure;
mod tenure;
mod tree;
mod unit;
mod user;

pub use appointment::{Appointment, Capacity};
pub use flaw::Flaw;
pub use history::{Identifier, NotThen, Patch, Scheme, Traits, UnitHistory, Version};
pub use kind::UnitKind;
pub use lockout::{Failures, LONGEST_WAIT};
pub use names::{
    abbreviation, address, code, email, full_name, phone, position, sign_in_name, typed_sign_in_name,
    unit_name,
};
pub use opening::Opening;
pub use password::{Owner, Password};
pub use period::Period;
pub use position::{Duties, Position};
pub use roles::{Conflict, Roles};
pub use staff::{Staff, Wanted};
pub use structure::{Fault as StructureFault, Structure};
pub use tenure::{Tenure, Unseated};
pub use tree::{Misplaced, Place, agencies};
pub use unit::Unit;
pub use user::User;

/// Limits in characters and in numbers.
pub mod limits {
    /// Characters of an agency identifier (Decision 20/2020/QĐ-TTg).
    pub const CODE: usize = 35;
    /// Characters of the name of a unit.
    pub const UNIT_NAME: usize = 200;
    /// Characters of an abbreviation.
    pub const ABBREVIATION: usize = 20;
    /// Characters of a sign-in name, at least.
    pub const SIGN_IN_NAME_LEAST: usize = 3;
    /// Characters of a sign-in name, at most.
    pub const SIGN_IN_NAME: usize = 64;
    /// Characters of a full name.
    pub const FULL_NAME: usize = 100;
    /// Characters of an official title.
    pub const POSITION: usize = 100;
    /// Characters of an address (RFC 5321, 4.5.3.1.3, less its brackets).
    pub const EMAIL: usize = 254;
    /// Characters of a postal address.
    pub const ADDRESS: usize = 200;
    /// Characters of a telephone number.
    pub const PHONE: usize = 30;
    /// Characters of an id that other software gave.
    pub const EXTERNAL_ID: usize = 255;
    /// Characters of a reason or of the basis of a change.
    pub const REASON: usize = 500;
    /// Characters of a password, at least.
    pub const PASSWORD_LEAST: usize = 10;
    /// Characters of a password, at most.
    pub const PASSWORD: usize = 128;
    /// Posts that one person may hold.
    pub const APPOINTMENTS: usize = 20;
}
