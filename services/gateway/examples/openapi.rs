//! Prints the OpenAPI description: `cargo run -p gateway --example openapi > services/gateway/openapi.json`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(gateway::openapi().as_bytes())
}
