//! The settings of each process, read with every mistake told at once.

use std::{net::SocketAddr, path::PathBuf};

use blobs::S3Config;
use documents::DocumentsConfig;
use gateway::GatewayConfig;
use kit::{
    config::{Mistakes, Settings},
    telemetry::TelemetryConfig,
};
use notifications::{Credentials, MailConfig, MailRoute, Mailbox, Secret, Security, SmtpRoute};

use crate::composition::{Administrator, BlobPlan};

/// What every process that serves needs.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) listen: SocketAddr,
    pub(crate) admin: SocketAddr,
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

/// What is logged unless the settings say otherwise.
pub(crate) const LOG: &str = "info,sqlx=warn";

/// Logs and traces.
pub(crate) fn telemetry(settings: &mut Settings, service: &str, log: &str) -> TelemetryConfig {
    TelemetryConfig {
        service: format!("congvan-{service}"),
        log: settings.or("log", log.to_owned()),
        json: settings.or("log_json", false),
        otlp: settings.optional("otlp"),
    }
}

/// Ports and trusted keys; none, with mistakes noted, if any is missing.
pub(crate) fn process(settings: &mut Settings) -> Option<Process> {
    let listen = settings.required("listen", "address to serve on, as 127.0.0.1:9001");
    let admin = settings.required("admin", "address for /livez, /readyz, /metrics");
    let trust = settings.required("trust", "folder with the public keys of the other services");
    Some(Process { listen: listen?, admin: admin?, trust: trust? })
}

/// The key to sign calls with and the addresses of the services called.
pub(crate) fn peers(settings: &mut Settings, called: &[&str]) -> Option<Peers> {
    let signing_key =
        settings.required("signing_key", "file with the key that signs calls; see congvan keys");
    let mut address = |name: &str| {
        called.contains(&name).then(|| {
            settings.required::<String>(
                &format!("{name}_url"),
                &format!("address of {name}, as http://host:port"),
            )
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
        let folder = match folder {
            Some(folder) => Some(settings.or("blobs", folder)),
            None => settings.required("blobs", "folder for files, unless s3.bucket names a bucket"),
        };
        return folder.map(BlobPlan::Folder);
    };
    let endpoint = settings.optional("s3.endpoint");
    let access_key = settings.required("s3.access_key", "access key of the object store");
    let secret_key = settings.required("s3.secret_key", "secret key of the object store");
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
    let mebibytes = settings.or("max_file_mib", default.max_file_bytes >> 20);
    DocumentsConfig { max_file_bytes: mebibytes << 20, ..default }
}

/// Limits of the gateway.
pub(crate) fn gateway(settings: &mut Settings) -> GatewayConfig {
    let default = GatewayConfig::default();
    let mebibytes = settings.or("max_file_mib", default.file_limit_bytes >> 20);
    let origins: Option<String> = settings.optional("allowed_origins");
    let origins = origins.map(|origins| origins.split(',').map(str::trim).map(str::to_owned).collect());
    GatewayConfig {
        file_limit_bytes: mebibytes << 20,
        allowed_origins: origins.unwrap_or_default(),
        ..default
    }
}

/// How mail goes out: by SMTP if a host is named, else as files into the folder.
pub(crate) fn mail(settings: &mut Settings, folder: Option<PathBuf>, base_url: &str) -> Option<MailConfig> {
    let domain = settings.or("mail.domain", "congvan.invalid".to_owned());
    let from: Option<Mailbox> = settings.optional("mail.from");
    let from = from.or_else(|| format!("Công Văn <khong-tra-loi@{domain}>").parse().ok());
    if from.is_none() {
        settings.mistake("mail.domain makes no address: no-reply@ that domain is none");
    }
    let base_url = settings.or("mail.base_url", base_url.to_owned());
    let route = match settings.optional("smtp.host") {
        Some(host) => MailRoute::Smtp(smtp(settings, host)),
        None => MailRoute::Folder(match folder {
            Some(folder) => settings.or("mail.folder", folder),
            None => settings.required("mail.folder", "folder for mail, unless smtp.host names a server")?,
        }),
    };
    Some(MailConfig { from: from?, mail_domain: domain, base_url, route })
}

fn smtp(settings: &mut Settings, host: String) -> SmtpRoute {
    let user: Option<String> = settings.optional("smtp.user");
    let password: Option<Secret> = settings.optional("smtp.password");
    if user.is_some() != password.is_some() {
        settings.mistake("smtp.user and smtp.password come together");
    }
    SmtpRoute {
        host,
        port: settings.or("smtp.port", 587),
        security: settings.or("smtp.security", Security::Starttls),
        credentials: user.zip(password).map(|(user, password)| Credentials { user, password }),
    }
}

/// Fails with all mistakes, or unwraps what is complete without any.
pub(crate) fn complete<T>(settings: Settings, read: Option<T>) -> Result<T, Mistakes> {
    settings.finish()?;
    read.ok_or_else(|| Mistakes(vec!["a setting is missing".to_owned()]))
}
