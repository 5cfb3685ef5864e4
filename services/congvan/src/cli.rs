//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Official documents between public agencies: drafting, issuing, delivering, following up.
#[derive(Debug, Parser)]
#[command(name = "congvan", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything in this one process, on SQLite files in a data folder
    Up(Up),
    /// Run one service, on its own database; see deploy/ for how the four work together
    Serve(Serve),
    /// Play the main job against a running gateway: a directive goes to all communes and is watched arriving
    Demo(Demo),
    /// Make the key pair with which a process signs its calls, and the trust folder for the others; or exchange it; for the directory, the
    /// key that it seals secrets with
    Keys(Keys),
    /// Look after the registers of a document service's database
    #[command(subcommand)]
    Register(Register),
}

/// See [`Command::Up`].
#[derive(Debug, Args)]
pub struct Up {
    /// Folder for databases, files, mail and keys; created if missing
    #[arg(long, default_value = "./var/data")]
    pub data: PathBuf,
    /// Address of the one public port: REST, OpenAPI page, gRPC, gRPC-Web
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address for the operators: /livez, /readyz, /metrics
    #[arg(long, default_value = "127.0.0.1:9080")]
    pub admin: SocketAddr,
    /// Further settings (mail server, S3, collector, …) as a TOML file; CONGVAN_… variables win over it
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Load the sample province of Sơn La and play the main job, then keep serving
    #[arg(long)]
    pub demo: bool,
}

/// See [`Command::Serve`].
#[derive(Debug, Args)]
pub struct Serve {
    /// Which service
    pub service: Service,
    /// Its settings as a TOML file; CONGVAN_… variables win over it
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Only read the settings and tell every mistake in them; open nothing
    #[arg(long)]
    pub check: bool,
}

/// A service that is a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Units, people, sign-in
    Directory,
    /// Documents, registers, deliveries, files
    Documents,
    /// E-mail about events
    Notifications,
    /// The public port in front of the others
    Gateway,
}

/// See [`Command::Demo`].
#[derive(Debug, Args)]
pub struct Demo {
    /// Address of the gateway
    #[arg(long, default_value = "http://127.0.0.1:8080", value_parser = crate::settings::address)]
    pub at: String,
    /// An administrator, to load the sample province
    #[arg(long, default_value = crate::sample::ADMINISTRATOR)]
    pub administrator: String,
    /// The administrator's password
    #[arg(long, default_value = crate::sample::PASSWORD)]
    pub password: String,
    /// Only load the sample province
    #[arg(long)]
    pub load_only: bool,
}

/// See [`Command::Keys`].
#[derive(Debug, Args)]
pub struct Keys {
    /// The process whose key it is
    #[arg(long)]
    pub issuer: Issuer,
    /// Folder for ISSUER.key.pem and trust/ISSUER.pub.pem, or for directory.seal.key; keys that are there are kept
    #[arg(long)]
    pub to: PathBuf,
    /// Make the next pair and have it trusted; nothing signs with it before --rotate
    #[arg(long)]
    pub prepare: bool,
    /// Have the next pair sign instead of the present one; prepares it first, if that was not done
    #[arg(long)]
    pub rotate: bool,
    /// With --rotate: how long the next key is trusted before it signs. Verifiers read their folder every second; take longer
    /// if the trust folder has to be copied to them
    #[arg(long, default_value_t = 5, requires = "rotate")]
    pub lead_seconds: u64,
    /// Stop trusting the replaced keys; waits until no claim of theirs is good any more (90 seconds after --rotate)
    #[arg(long)]
    pub retire: bool,
}

/// See [`Command::Register`].
#[derive(Debug, Subcommand)]
pub enum Register {
    /// Compute every hash and seal anew, compare the lines with their documents, and name the first line of each register that
    /// does not fit; exit with 1 if there is one. The system may run meanwhile
    Verify(Verify),
}

/// See [`Register::Verify`].
#[derive(Debug, Args)]
pub struct Verify {
    /// The document service's database: sqlite:FILE or postgres://user:password@host/name
    #[arg(long)]
    pub database: String,
    /// Only the registers of the agency with this id
    #[arg(long)]
    pub agency: Option<base::Uuid>,
    /// Only the registers of this year
    #[arg(long)]
    pub year: Option<i16>,
}

/// A process that has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Issuer {
    /// Signs for the people who call through it
    Gateway,
    /// Signs its own calls
    Documents,
    /// Signs its own calls
    Notifications,
    /// Signs nothing; seals the secrets of authenticator apps
    Directory,
}

impl Issuer {
    /// The name in its claims and of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => Service::Gateway.name(),
            Self::Documents => Service::Documents.name(),
            Self::Notifications => Service::Notifications.name(),
            Self::Directory => Service::Directory.name(),
        }
    }
}

impl Service {
    /// Its name, which is also the issuer of its claims.
    pub fn name(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Documents => "documents",
            Self::Notifications => "notifications",
            Self::Gateway => "gateway",
        }
    }
}
