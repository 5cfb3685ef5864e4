/// Limits of the service.
#[derive(Debug, Clone)]
pub struct DocumentsConfig {
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// Largest gRPC message, in bytes; 5,000 recipients need about half a megabyte.
    pub max_message_bytes: usize,
}

impl DocumentsConfig {
    /// How large all files of one document may be together, in bytes: four times the largest.
    pub fn max_document_bytes(&self) -> u64 {
        self.max_file_bytes.saturating_mul(4)
    }
}

impl Default for DocumentsConfig {
    fn default() -> Self {
        Self { max_file_bytes: 2 << 30, max_message_bytes: 8 << 20 }
    }
}
