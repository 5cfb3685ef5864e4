//! Signing in at an OpenID Connect provider that people use already: authorization code with PKCE (RFC 7636, S256), state and
//! nonce.
//!
//! The provider is a stranger. Nothing that it says counts before it is checked, none of its answers may be long or late, and no
//! transaction is open while we wait for it.

mod client;
mod config;
mod discovery;
mod id_token;
mod keys;
mod web;

pub use reqwest::Error as BadClient;

pub use config::{ClientSecret, Issuer, OidcConfig, RedirectUris, Scopes};

pub(crate) use client::{Account, Answer, Oidc};

/// Why the provider's part of a sign-in came to nothing; both for our log only, and free of secrets.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It does not answer, or makes no sense: try later.
    Away(String),
    /// It, or whoever brought its answer, says what is not so.
    Lied(String),
}

impl Trouble {
    fn away(what: &str, cause: impl std::fmt::Display) -> Self {
        Self::Away(format!("{what}: {cause}"))
    }
}
