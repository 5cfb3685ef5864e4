//! The ways a mail can go.

mod folder;
mod smtp;

use jiff::SignedDuration;

use crate::{MailRoute, mail::Mail};

pub(crate) use folder::Folder;
pub(crate) use smtp::Smtp;

/// The mailer cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The mail folder cannot be made or read.
    #[error("mail folder {path}: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The mail server cannot be spoken to in this way.
    #[error("mail server {host}: {source}")]
    Smtp {
        /// Name of the server.
        host: String,
        /// Why.
        source: lettre::transport::smtp::Error,
    },
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is on the disk, or the server took it over.
    Sent,
    /// Not this time.
    Later(String),
    /// Never: refused for good.
    Refused(String),
    /// Nothing can be sent, to nobody.
    Outage(String),
}

/// A way for mails to go.
#[derive(Clone)]
pub(crate) enum Mailer {
    /// Into a folder.
    Folder(Folder),
    /// To a mail server.
    Smtp(Box<Smtp>),
}

/// How much is taken on at a time, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// How many messages are leased at once.
    pub(crate) batch: i64,
    /// How many of them are sent before that is noted down: so many may be sent again after a crash.
    pub(crate) chunk: usize,
    /// How long a lease lasts.
    pub(crate) lease: SignedDuration,
    /// No chunk is begun when less than this remains of the lease.
    pub(crate) reserve: SignedDuration,
}

impl Mailer {
    pub(crate) async fn open(
        route: &MailRoute,
        from: &lettre::message::Mailbox,
    ) -> Result<Self, MailerError> {
        match route {
            MailRoute::Folder(path) => Ok(Self::Folder(Folder::open(path, from.clone()).await?)),
            MailRoute::Smtp(route) => Ok(Self::Smtp(Box::new(Smtp::open(route, from.clone())?))),
        }
    }

    pub(crate) fn pace(&self) -> Pace {
        match self {
            // A file is replaced by its like, so a whole batch may be noted down at once.
            Self::Folder(_) => Pace {
                batch: 100,
                chunk: 100,
                lease: SignedDuration::from_secs(30),
                reserve: SignedDuration::from_secs(10),
            },
            // A server takes what comes twice for two mails: each is noted down at once.
            Self::Smtp(_) => {
                Pace { batch: 10, chunk: 1, lease: SignedDuration::from_mins(3), reserve: smtp::LIMIT * 2 }
            }
        }
    }

    /// Whether anything can be sent at all; the outage if not.
    pub(crate) async fn ready(&mut self) -> Result<(), String> {
        match self {
            Self::Folder(_) => Ok(()), // is found out by writing
            Self::Smtp(smtp) => smtp.ready().await,
        }
    }

    /// Tries to send each; an outcome for each, in order.
    pub(crate) async fn send(&mut self, mails: &[&Mail]) -> Vec<Outcome> {
        match self {
            Self::Folder(folder) => folder.write(mails).await,
            Self::Smtp(smtp) => {
                let mut outcomes = Vec::with_capacity(mails.len());
                for mail in mails {
                    outcomes.push(smtp.send(mail).await);
                }
                outcomes
            }
        }
    }
}
