use std::time::SystemTime;

use base::Timestamp;
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::notice::Letter;

/// W3C traceparent of the call that caused the mail.
const TRACEPARENT: HeaderName = HeaderName::new_from_ascii_str("X-Congvan-Traceparent");

/// Tells answering machines to be silent (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// All that a mail is made of: the same mail makes the same bytes, on every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) message_id: String,
    pub(crate) full_name: String,
    pub(crate) address: String,
    pub(crate) written_at: Timestamp,
    pub(crate) traceparent: String,
    pub(crate) letter: Letter,
}

/// A mail cannot be written down.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error("{0}")]
    Address(#[from] lettre::address::AddressError),
    #[error("{0}")]
    Message(#[from] lettre::error::Error),
}

impl Mail {
    /// The message as it goes over the wire: text and HTML as alternatives.
    pub(crate) fn message(&self, from: &Mailbox) -> Result<Message, MailError> {
        let to = Mailbox::new(Some(self.full_name.clone()), self.address.parse()?);
        let date = SystemTime::try_from(self.written_at).expect("every clock of ours is past 1970");
        let mut builder = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(&self.letter.subject)
            .message_id(Some(self.message_id.clone()))
            .date(date)
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()));
        if !self.traceparent.is_empty() {
            builder = builder.raw_header(HeaderValue::new(TRACEPARENT, self.traceparent.clone()));
        }
        // A random boundary would make other bytes on every attempt.
        let boundary: String = self.message_id.chars().filter(char::is_ascii_hexdigit).take(64).collect();
        let parts = MultiPart::alternative()
            .boundary(format!("=_{boundary}"))
            .singlepart(SinglePart::plain(self.letter.text.clone()))
            .singlepart(SinglePart::html(self.letter.html.clone()));
        Ok(builder.multipart(parts)?)
    }

    /// Name of its file in a mail folder.
    pub(crate) fn file_name(&self) -> String {
        let bare = self.message_id.trim_matches(['<', '>']);
        let safe =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '@');
        let name: String =
            bare.chars().map(|character| if safe(character) { character } else { '_' }).collect();
        format!("{name}.eml")
    }
}
