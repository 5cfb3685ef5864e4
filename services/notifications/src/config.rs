use std::{fmt, path::PathBuf, str::FromStr};

use lettre::message::Mailbox;

/// How mails are written and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// Who they come from: `Công Văn <cong-van@sonla.gov.vn>`.
    pub from: Mailbox,
    /// Right side of every Message-ID: `sonla.gov.vn`.
    pub mail_domain: String,
    /// Address of the desk that links lead to: `https://congvan.sonla.gov.vn`.
    pub base_url: String,
    /// Where they go.
    pub route: MailRoute,
}

/// Where mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Into a folder, one `.eml` file for each. Made if missing.
    Folder(PathBuf),
    /// To a mail server.
    Smtp(SmtpRoute),
}

/// How the mail server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpRoute {
    /// Name of the server; its certificate must be for this name.
    pub host: String,
    /// Port: usually 587 with STARTTLS, 465 with TLS, 25 in plain.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// How to sign in; none if the server asks for nothing.
    pub credentials: Option<Credentials>,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in plain and must become TLS before anything is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a server on the same machine or in a network that protects itself.
    Plain,
}

/// How to sign in to the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// A text that no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The text is none of `starttls`, `tls`, `plain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be starttls, tls or plain")]
pub struct BadSecurity;

impl FromStr for Security {
    type Err = BadSecurity;

    fn from_str(text: &str) -> Result<Self, BadSecurity> {
        match text {
            "starttls" => Ok(Self::Starttls),
            "tls" => Ok(Self::Tls),
            "plain" => Ok(Self::Plain),
            _ => Err(BadSecurity),
        }
    }
}

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_debug_output_shows_the_password() {
        let credentials = Credentials { user: "congvan".to_owned(), password: Secret::new("hunter2") };
        let route = SmtpRoute {
            host: "mail.sonla.gov.vn".to_owned(),
            port: 587,
            security: "starttls".parse().unwrap(),
            credentials: Some(credentials),
        };
        let shown = format!("{:?}", MailRoute::Smtp(route));
        assert!(shown.contains("mail.sonla.gov.vn") && !shown.contains("hunter2"), "{shown}");
        assert_eq!("ssl".parse::<Security>(), Err(BadSecurity));
    }
}
