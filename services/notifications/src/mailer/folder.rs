use std::{
    io,
    path::{Path, PathBuf},
};

use lettre::{AsyncFileTransport, AsyncTransport, Tokio1Executor, message::Mailbox};
use tokio::fs::{self, File};

use super::{MailerError, Outcome};
use crate::mail::Mail;

/// Where files are that are still being written; mail programs do not look there.
const WRITING: &str = ".writing";

/// A folder of `.eml` files, one for each mail. Another attempt at the same mail replaces its file by the same bytes.
#[derive(Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    from: Mailbox,
    transport: AsyncFileTransport<Tokio1Executor>,
}

impl Folder {
    pub(crate) async fn open(path: &Path, from: Mailbox) -> Result<Self, MailerError> {
        let failed = |source| MailerError::Folder { path: path.display().to_string(), source };
        let writing = path.join(WRITING);
        fs::create_dir_all(&writing).await.map_err(failed)?;
        remove_abandoned(&writing).await.map_err(failed)?;
        sync(path).await.map_err(failed)?;
        Ok(Self { path: path.to_owned(), from, transport: AsyncFileTransport::new(writing) })
    }

    /// Writes each mail. What is told as sent survives power loss.
    pub(crate) async fn write(&self, mails: &[&Mail]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(mails.len());
        for mail in mails {
            outcomes.push(self.write_one(mail).await);
        }
        if let Err(error) = sync(&self.path).await {
            for outcome in outcomes.iter_mut().filter(|outcome| **outcome == Outcome::Sent) {
                *outcome = Outcome::Outage(format!("mail folder: {error}"));
            }
        }
        outcomes
    }

    async fn write_one(&self, mail: &Mail) -> Outcome {
        let message = match mail.message(&self.from) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let id = match self.transport.send(message).await {
            Ok(id) => id,
            Err(error) => return Outcome::Outage(format!("mail folder: {error}")),
        };
        let written = self.path.join(WRITING).join(format!("{id}.eml"));
        match publish(&written, &self.path.join(mail.file_name())).await {
            Ok(()) => Outcome::Sent,
            Err(error) => Outcome::Outage(format!("mail folder: {error}")),
        }
    }
}

/// Gives a file its name once its bytes are on the disk.
async fn publish(written: &Path, name: &Path) -> io::Result<()> {
    sync(written).await?;
    fs::rename(written, name).await
}

/// Waits until a file, or the names in a folder, are on the disk.
async fn sync(path: &Path) -> io::Result<()> {
    File::open(path).await?.sync_all().await
}

/// Removes what a process left half-written when it was killed.
async fn remove_abandoned(writing: &Path) -> io::Result<()> {
    let mut entries = fs::read_dir(writing).await?;
    while let Some(entry) = entries.next_entry().await? {
        match fs::remove_file(entry.path()).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
