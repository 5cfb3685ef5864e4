//! Who calls: a claim that the gateway (or a service of its own accord) signs for one minute and every service verifies itself.

mod claim;
mod keys;
mod verifier;

pub use claim::{Appointment, Caller, Person, Role};
pub use keys::{KeyError, Signer, generate};
pub use verifier::Verifier;

/// gRPC metadata that carries the claim.
pub const HEADER: &str = "x-congvan-claim";

/// The only issuer that may speak for a person.
pub const GATEWAY: &str = "gateway";
