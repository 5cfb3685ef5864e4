use std::{fmt, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};

use crate::BlobError;

/// Longest silence of the store before a request is given up.
const SILENCE: Duration = Duration::from_mins(1);

/// Where the bucket is and who we are there.
#[derive(Clone)]
pub struct S3Config {
    /// Address of the service, such as `https://s3.example.vn`; Amazon's own for the region when left out.
    pub endpoint: Option<String>,
    /// Name of the bucket. It has to be there.
    pub bucket: String,
    /// Region; many services of other makers take any.
    pub region: String,
    /// Access key.
    pub access_key: String,
    /// Secret key. Never shown.
    pub secret_key: String,
    /// Folder in the bucket under which all keys lie, such as `congvan/bodies`; the bucket itself when left out.
    pub prefix: Option<String>,
    /// Whether an `http://` endpoint is accepted. Bodies then travel in the clear.
    pub allow_http: bool,
}

impl S3Config {
    /// The keys begin with this.
    pub(crate) fn prefix(&self) -> Result<Path, object_store::path::Error> {
        Path::parse(self.prefix.as_deref().unwrap_or_default())
    }

    /// Everything that is wrong.
    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let required = [
            ("the bucket", &self.bucket),
            ("the region", &self.region),
            ("the access key", &self.access_key),
            ("the secret key", &self.secret_key),
        ];
        for (name, value) in required {
            if value.trim().is_empty() {
                mistakes.push(format!("{name} is empty"));
            }
        }
        match self.endpoint.as_deref() {
            Some(endpoint) if endpoint.starts_with("http://") && !self.allow_http => {
                mistakes.push(format!("the endpoint {endpoint} is not encrypted and that is not allowed"));
            }
            Some(endpoint) if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") => {
                mistakes.push(format!("the endpoint {endpoint} does not begin with https://"));
            }
            _ => {}
        }
        if let Err(error) = self.prefix() {
            mistakes.push(format!("the prefix is no path: {error}"));
        }
        mistakes
    }

    pub(crate) fn connect(&self) -> Result<AmazonS3, BlobError> {
        let mistakes = self.mistakes();
        if !mistakes.is_empty() {
            return Err(BlobError::Misconfigured(mistakes));
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key)
            .with_secret_access_key(&self.secret_key)
            .with_client_options(self.client())
            .with_disable_bulk_delete(true) // not every maker has it, and we delete one by one
            .with_retry(RetryConfig {
                backoff: BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() },
                max_retries: 3,
                retry_timeout: Duration::from_secs(30),
            });
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
        }
        builder.build().map_err(|error| BlobError::Misconfigured(vec![error.to_string()]))
    }

    /// No limit for a request as a whole, which is preset to 30 seconds: a long body takes as long as its reader takes.
    fn client(&self) -> ClientOptions {
        ClientOptions::new()
            .with_allow_http(self.allow_http)
            .with_timeout_disabled()
            .with_read_timeout(SILENCE)
    }
}

impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Config")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("access_key", &self.access_key)
            .field("prefix", &self.prefix)
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_told_at_once() {
        let config = S3Config {
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            bucket: String::new(),
            region: "vn".to_owned(),
            access_key: "key".to_owned(),
            secret_key: " ".to_owned(),
            prefix: Some("a//b".to_owned()),
            allow_http: false,
        };
        let Err(BlobError::Misconfigured(mistakes)) = config.connect() else { panic!("it was accepted") };
        assert_eq!(mistakes.len(), 4, "{mistakes:?}");
    }

    #[test]
    fn the_secret_is_not_shown() {
        let config = S3Config {
            endpoint: None,
            bucket: "bodies".to_owned(),
            region: "vn".to_owned(),
            access_key: "key".to_owned(),
            secret_key: "do-not-tell".to_owned(),
            prefix: None,
            allow_http: false,
        };
        assert!(!format!("{config:?} {:?}", config.connect().unwrap()).contains("do-not-tell"));
    }
}
