//! The rules of the directory, without IO: what units and people may be called, where units stand in the tree, and when a
//! wrong password makes the next attempt wait.
//!
//! Each rule gives the value as it is stored, or the one [`Flaw`] to tell the writer.

mod address_book;
mod appointment;
mod expression;
mod federation;
mod flaw;
mod group;
mod history;
mod identifier;
mod kind;
mod lockout;
mod name_words;
mod names;
mod nesting;
mod opening;
mod password;
mod period;
mod position;
mod reorganisation;
mod roles;
mod signing;
mod staff;
mod stand_in;
mod structure;
mod succession;
mod tenure;
mod tree;
mod unit;
mod user;

pub use address_book::{ExternalAgency, website};
pub use appointment::{Appointment, Capacity};
pub use expression::{BadExpression, Below, Composition, Expression, Leaves, Set, Size};
pub use federation::{Expected, IdClaims, Lie, LinkBy, Profile, Sought};
pub use flaw::Flaw;
pub use group::{Group, GroupKind, Member, MemberKind, group_name};
pub use history::{Identifier, NotThen, Patch, Scheme, Traits, UnitHistory, Version};
pub use kind::UnitKind;
pub use lockout::{Failures, LONGEST_WAIT};
pub use name_words::{NameQuery, name_words};
pub use names::{
    abbreviation, address, code, email, full_name, phone, position, sign_in_name, typed_sign_in_name,
    unit_name,
};
pub use nesting::{circle, depth};
pub use opening::Opening;
pub use password::{Owner, Password};
pub use period::Period;
pub use position::{Duties, Position};
pub use reorganisation::{Plan, Problem, Successor, Takeover, UnitChange, plan};
pub use roles::{Conflict, Roles};
pub use signing::{
    Authority, Chart, DocumentKind, Form, Gap, Grant, GrantFlaw, GrantForm, Holder, Life, Office, Post, Rank,
    Regime, Scope, Signer, check, signers,
};
pub use staff::{Belonging, Staff, Wanted};
pub use stand_in::{
    Absence, Acting, Held, Origin, OwnPost, Proposal, Situation, StandIn, StandInFlaw, StandInRule, acting,
    handed_over,
};
pub use structure::{Fault as StructureFault, Structure};
pub use succession::Succession;
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
    /// Characters of a subject at a provider (OpenID Connect Core 1.0, section 2).
    pub const SUBJECT: usize = 255;
    /// Posts that one person may hold.
    pub const APPOINTMENTS: usize = 20;
    /// Characters of an identifier of the first generation, exactly (Decision 28/2018/QĐ-TTg).
    pub const OLD_CODE: usize = 13;
    /// Digits of a statistical code of a commune, exactly.
    pub const STATISTICAL: usize = 5;
    /// Characters of an identifier of any other list.
    pub const OTHER_IDENTIFIER: usize = 64;
    /// Identifiers that an external agency may bear, those of the past included.
    pub const IDENTIFIERS: usize = 50;
    /// Other names of an external agency.
    pub const ALIASES: usize = 20;
    /// Characters of a web address.
    pub const WEBSITE: usize = 200;
    /// Characters of the name of a group.
    pub const GROUP_NAME: usize = 200;
    /// Characters of what a group is for.
    pub const GROUP_DESCRIPTION: usize = 1000;
    /// Members of a group that are named.
    pub const GROUP_MEMBERS: usize = 20_000;
    /// Groups on a way from a group that nobody holds down to one that holds none.
    pub const GROUP_DEPTH: usize = 8;
    /// Levels of sets in sets.
    pub const EXPRESSION_DEPTH: usize = 16;
    /// Sets in one expression.
    pub const EXPRESSION_SETS: usize = 200;
    /// Units named in one expression.
    pub const EXPRESSION_UNITS: usize = 5000;
}
