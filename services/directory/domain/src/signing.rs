//! Who may sign for an agency, and what is printed above the name (Decree 30/2020/NĐ-CP, Article 13 and Appendix I, Part I.II.7).
//!
//! The head signs by office. Everybody else needs an [`Authority`] that lives on the day, covers the kind and covers the matter.
//! [`signers`] reads all of them off a [`Chart`]; [`check`] tells one person the forms, or what is missing.

mod authority;
mod chart;
mod check;
mod document_kind;
mod form;
mod grant;
mod scope;
mod signers;

pub use authority::{Authority, GrantForm, Life};
pub use chart::{Chart, Holder, Office, Regime};
pub use check::{Gap, Rank, check};
pub use document_kind::DocumentKind;
pub use form::Form;
pub use grant::{Grant, GrantFlaw, Post};
pub use scope::Scope;
pub use signers::{Signer, signers};
