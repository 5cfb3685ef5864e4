use std::time::Duration;

/// What operators may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayConfig {
    /// Largest JSON request body, in bytes. The services take messages up to 4 MiB.
    pub body_limit_bytes: usize,
    /// Largest file that may be uploaded, in bytes.
    pub file_limit_bytes: u64,
    /// How long a JSON request body may take to arrive.
    pub body_timeout: Duration,
    /// How long an upload may stand still before it is given up.
    pub upload_idle_timeout: Duration,
    /// How long a service may take to answer a REST call that is neither upload nor download.
    pub call_timeout: Duration,
    /// Origins whose web pages may call (`https://desk.example.vn`); none unless named.
    pub allowed_origins: Vec<String>,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            body_limit_bytes: 4 << 20,
            file_limit_bytes: 2 << 30,
            body_timeout: Duration::from_secs(30),
            upload_idle_timeout: Duration::from_mins(1),
            call_timeout: Duration::from_secs(30),
            allowed_origins: Vec::new(),
        }
    }
}
