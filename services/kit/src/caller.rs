//! Who calls: a claim that the gateway (or a service of its own accord) signs for one minute and every service verifies itself.
//!
//! Keys are exchanged while everything runs: [`KeyFolder`] is the order in which that is done, [`KeyWatch`] makes signers and
//! verifiers see it.

mod claim;
mod folder;
mod keys;
mod replaced;
mod signer;
mod trust;
mod verifier;
mod watch;

pub use claim::{Appointment, Caller, Person, Role, StandsInFor};
pub use folder::{KeyFolder, Retired, generate};
pub use keys::KeyError;
pub use signer::Signer;
pub use verifier::Verifier;
pub use watch::KeyWatch;

/// gRPC metadata that carries the claim.
pub const HEADER: &str = "x-congvan-claim";

/// The only issuer that may speak for a person.
pub const GATEWAY: &str = "gateway";

/// How long a claim is good for, in seconds.
const LIFE_SECONDS: i64 = 60;

/// How far the clocks of two machines may be apart, in seconds.
const LEEWAY_SECONDS: i64 = 5;
