use std::time::Duration;

use super::{Signer, Verifier};
use crate::{
    Fault,
    worker::{Step, Worker},
};

/// How often to look.
const REST: Duration = Duration::from_secs(1);

/// Looks once a second, off the async threads, whether keys were exchanged: signers take their new key, the verifier the keys
/// that came, and gives up those that went.
pub struct KeyWatch {
    signers: Vec<Signer>,
    verifier: Option<Verifier>,
}

impl KeyWatch {
    /// A watch over these.
    pub fn new(signers: Vec<Signer>, verifier: Option<Verifier>) -> Self {
        Self { signers, verifier }
    }
}

impl Worker for KeyWatch {
    fn name(&self) -> &'static str {
        "keys"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let (signers, verifier) = (self.signers.clone(), self.verifier.clone());
        let looked = tokio::task::spawn_blocking(move || {
            for signer in &signers {
                match signer.look_again() {
                    Ok(true) => tracing::info!(issuer = signer.caller().issuer, "a new key signs"),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(%error, "the key before goes on signing"),
                }
            }
            if let Some(verifier) = verifier {
                verifier.look_again();
            }
        });
        looked.await.map_err(Fault::internal)?;
        Ok(Step::Idle(REST))
    }
}
