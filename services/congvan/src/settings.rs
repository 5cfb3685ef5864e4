//! The settings of each process, read with every mistake told at once.

mod address;
mod mail;
mod oidc;
mod sign_in;

use std::{net::SocketAddr, path::PathBuf};

use blobs::S3Config;
use documents::DocumentsConfig;
use gateway::GatewayConfig;
use kit::{
    config::{Mistakes, Settings},
    telemetry::TelemetryConfig,
};

use crate::composition::{Administrator, BlobPlan};

pub(crate) use address::Address;
pub(crate) use mail::mail;
pub(crate) use oidc::oidc;
pub(crate) use sign_in::sign_in;

/// Checks an address on the command line.
pub(crate) fn address(text: &str) -> Result<String, &'static str> {
    text.parse::<Address>().map(|address| address.0)
}

/// What is logged unless the settings say otherwise.
pub(crate) const LOG: &str = "info,sqlx=warn";

/// Largest limit for files that can be set, in MiB: one TiB.
const MAX_FILE_MIB: u64 = 1 << 20;

/// The ports of a process that serves.
#[derive(Debug)]
pub(crate) struct Ports {
    pub(crate) listen: SocketAddr,
    pub(crate) admin: SocketAddr,
}

/// What a service needs that keeps something and verifies who calls.
#[derive(Debug)]
pub(crate) struct Keep {
    pub(crate) database: String,
    pub(crate) trust: PathBuf,
}

/// Where the other services are.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) signing_key: PathBuf,
    pub(crate) directory: Option<String>,
    pub(crate) documents: Option<String>,
    pub(crate) notifications: Option<String>,
}

/// Logs and traces.
pub(crate) fn telemetry(settings: &mut Settings, service: &str, log: &str) -> TelemetryConfig {
    TelemetryConfig {
        service: format!("congvan-{service}"),
        log: settings.or("log", log.to_owned()),
        json: settings.or("log_json", false),
        otlp: settings.optional::<Address>("otlp").map(|address| address.0),
    }
}

/// The ports; none, with mistakes noted, if one is missing.
pub(crate) fn ports(settings: &mut Settings) -> Option<Ports> {
    let listen = settings.required("listen", "address to serve on, as 127.0.0.1:9001");
    let admin = settings.required("admin", "address for /livez, /readyz, /metrics");
    Some(Ports { listen: listen?, admin: admin? })
}

/// The database and the trusted keys.
pub(crate) fn keep(settings: &mut Settings) -> Option<Keep> {
    let database =
        settings.required("database", "its database: postgres://user:password@host/name or sqlite:FILE");
    let trust = settings.required("trust", "folder with the public keys of the other services");
    Some(Keep { database: database?, trust: trust? })
}

/// The key to sign calls with and the addresses of the services called.
pub(crate) fn peers(settings: &mut Settings, called: &[&str]) -> Option<Peers> {
    let signing_key =
        settings.required("signing_key", "file with the key that signs calls; see congvan keys");
    let mut address = |name: &str| {
        called.contains(&name).then(|| {
            let meaning = format!("address of {name}, as http://host:port");
            settings.required::<Address>(&format!("{name}_url"), &meaning).map(|address| address.0)
        })
    };
    let found = [address("directory"), address("documents"), address("notifications")];
    let missing = found.iter().flatten().any(Option::is_none);
    let [directory, documents, notifications] = found.map(Option::flatten);
    if missing {
        None
    } else {
        Some(Peers { signing_key: signing_key?, directory, documents, notifications })
    }
}

/// The first administrator.
pub(crate) fn administrator(settings: &mut Settings) -> Option<Administrator> {
    let name = settings.optional("administrator.name");
    let password = settings.optional("administrator.password");
    match (name, password) {
        (Some(name), Some(password)) => Some(Administrator { name, password }),
        (None, None) => None,
        _ => {
            settings.mistake("administrator.name and administrator.password come together");
            None
        }
    }
}

/// Where files are kept: S3 if a bucket is named, else the folder.
pub(crate) fn blobs(settings: &mut Settings, folder: Option<PathBuf>) -> Option<BlobPlan> {
    let Some(bucket) = settings.optional("s3.bucket") else {
        for key in ["endpoint", "access_key", "secret_key", "region", "prefix", "allow_http"] {
            settings.pointless(&format!("s3.{key}"), "no s3.bucket is named");
        }
        let folder = match folder {
            Some(folder) => Some(settings.or("blobs", folder)),
            None => settings.required("blobs", "folder for files, unless s3.bucket names a bucket"),
        };
        return folder.map(BlobPlan::Folder);
    };
    settings.pointless("blobs", "s3.bucket is named, so files go there");
    let access_key = settings.required("s3.access_key", "access key of the object store");
    let secret_key = settings.required("s3.secret_key", "secret key of the object store");
    let endpoint = settings.optional::<Address>("s3.endpoint").map(|address| address.0);
    let region = settings.or("s3.region", "us-east-1".to_owned());
    let prefix = settings.optional("s3.prefix");
    let allow_http = settings.or("s3.allow_http", false);
    Some(BlobPlan::S3(S3Config {
        endpoint,
        bucket,
        region,
        access_key: access_key?,
        secret_key: secret_key?,
        prefix,
        allow_http,
    }))
}

/// Limits of the document service.
pub(crate) fn documents(settings: &mut Settings) -> DocumentsConfig {
    let default = DocumentsConfig::default();
    DocumentsConfig { max_file_bytes: max_file(settings, default.max_file_bytes), ..default }
}

/// Limits of the gateway, and whose web pages may call it.
pub(crate) fn gateway(settings: &mut Settings) -> GatewayConfig {
    let default = GatewayConfig::default();
    let file_limit_bytes = max_file(settings, default.file_limit_bytes);
    let origins: String = settings.or("allowed_origins", String::new());
    let mut allowed_origins = Vec::new();
    for origin in origins.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
        match origin.parse::<Address>() {
            Ok(address) => allowed_origins.push(address.0),
            Err(error) => settings.mistake(format!("allowed_origins: {origin} {error}")),
        }
    }
    GatewayConfig { file_limit_bytes, allowed_origins, ..default }
}

/// The largest file, in bytes.
fn max_file(settings: &mut Settings, default: u64) -> u64 {
    let mebibytes = settings.or("max_file_mib", default >> 20);
    if !(1..=MAX_FILE_MIB).contains(&mebibytes) {
        settings.mistake(format!("max_file_mib must be 1 to {MAX_FILE_MIB}"));
    }
    mebibytes.min(MAX_FILE_MIB) << 20
}

/// Fails with all mistakes, or unwraps what is complete without any.
pub(crate) fn complete<T>(settings: Settings, read: Option<T>) -> Result<T, Mistakes> {
    settings.finish()?;
    read.ok_or_else(|| Mistakes(vec!["a setting is missing".to_owned()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_exclude_each_other_are_told() {
        let mut settings = Settings::default();
        settings.add_toml(
            "blobs = 'x'\nallowed_origins = 'https://a.example, b'\ns3.bucket = 'b'\nsmtp.port = 25\nmax_file_mib = 0",
            "congvan.toml",
        );
        assert!(blobs(&mut settings, None).is_none());
        mail(&mut settings, Some("mail".into()), "http://a").expect("a folder is given");
        assert_eq!(gateway(&mut settings).allowed_origins, ["https://a.example"]);
        let mistakes = complete(settings, Some(())).unwrap_err().0;
        assert_eq!(
            mistakes,
            [
                "blobs (congvan.toml) has no effect: s3.bucket is named, so files go there",
                "s3.access_key is missing: access key of the object store (or set CONGVAN_S3__ACCESS_KEY)",
                "s3.secret_key is missing: secret key of the object store (or set CONGVAN_S3__SECRET_KEY)",
                "smtp.port (congvan.toml) has no effect: no smtp.host is named",
                "max_file_mib must be 1 to 1048576",
                "allowed_origins: b must be http://host:port or https://host",
            ]
        );
    }
}
