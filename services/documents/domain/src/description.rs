//! What a register line says of its document, bound to the line by a hash of its own.
//!
//! The line's hash covers the hash of the description, not the description. So the description of a document that was recalled can
//! be destroyed (Decree 30/2020/NĐ-CP, Appendix VI, Part III.8) while the chain still fits. The salt, secret of the register and
//! destroyed with the description, keeps anybody from finding out by guesses what was destroyed.

use base::Date;

use crate::ledger::{append, hash};

const DESCRIPTION: &str = "congvan.register.description.v1";

/// What a line says of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Description {
    /// As it was written.
    Kept {
        /// The facts.
        facts: Facts,
        /// Random digits that are hashed before them; hexadecimal.
        salt: String,
    },
    /// Destroyed when the document was recalled.
    Destroyed {
        /// The hash that it had.
        hash: String,
    },
}

/// The descriptive facts of a document in a register line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Number and symbol as the issuer printed them.
    pub notation: String,
    /// Legal date of the document.
    pub issued_on: Date,
    /// Abstract.
    pub summary: String,
    /// Who signed.
    pub signer_name: String,
}

impl Description {
    /// Its hash, which stays the same when the rest is destroyed.
    pub fn hash(&self) -> String {
        let Facts { notation, issued_on, summary, signer_name } = match self {
            Self::Kept { facts, .. } => facts,
            Self::Destroyed { hash } => return hash.clone(),
        };
        let mut bytes = Vec::with_capacity(512);
        append(
            &mut bytes,
            &[DESCRIPTION, self.salt(), notation, &issued_on.to_string(), summary, signer_name],
        );
        hash(&bytes)
    }

    /// The facts; none if they were destroyed.
    pub fn facts(&self) -> Option<&Facts> {
        match self {
            Self::Kept { facts, .. } => Some(facts),
            Self::Destroyed { .. } => None,
        }
    }

    /// The salt; empty if it was destroyed.
    pub fn salt(&self) -> &str {
        match self {
            Self::Kept { salt, .. } => salt,
            Self::Destroyed { .. } => "",
        }
    }
}
