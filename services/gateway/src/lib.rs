//! The one public port in front of the services.
//!
//! Three ways in, one address: REST and JSON derived from the annotations of the contracts ([RFC 9457] problems, OpenAPI at
//! `/openapi.json`, a page for people at `/docs`), native gRPC passed through by service name, and gRPC-Web. Whoever comes
//! in with a session leaves with a signed one-minute claim; the services verify it themselves. The gateway keeps nothing:
//! no database, no cache, no session.
//!
//! [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457

mod access;
mod backends;
mod config;
mod contracts;
mod docs;
mod failure;
mod front;
mod gateway;
mod grpc;
mod mailbox;
mod openapi;
mod pages;
mod problem;
mod rest;
mod scim;
mod session;
mod surroundings;

pub use backends::Backends;
pub use config::GatewayConfig;
pub use gateway::Gateway;

/// The OpenAPI 3.1 description of the REST side, as served at `/openapi.json` and committed beside this crate.
pub fn openapi() -> String {
    openapi::document(&rest::routes::Routes::from_contracts().expect("a test reads every annotation"))
}
