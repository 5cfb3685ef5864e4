use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use lettre::{
    Message,
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt, Rset},
        extension::ClientId,
    },
};

use super::{MailerError, Outcome};
use crate::{SmtpRoute, config::Security, mail::Mail};

/// How long one mail, or finding out whether the server is there, may take.
pub(super) const LIMIT: SignedDuration = SignedDuration::from_secs(45);

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// "Closing the connection": meant for everyone, at whatever point it is said (RFC 5321, section 3.8).
const CLOSING: &str = "421";

/// A mail server. One mail at a time, over a connection that is kept for the next.
///
/// The talk is led step by step, because it matters at which step a server refuses: what it says to the greeting, the sign-in
/// or the sender means us and every mail; what it says to the recipient or the content means this mail.
pub(crate) struct Smtp {
    server: Arc<Server>,
    connection: Option<AsyncSmtpConnection>,
}

struct Server {
    from: Mailbox,
    route: SmtpRoute,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

/// A refusal at a step that concerns this mail alone, or one that concerns all.
enum Trouble {
    ThisMail(Error),
    All(Error),
}

impl Clone for Smtp {
    /// The same server, over another connection.
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), connection: None }
    }
}

impl Smtp {
    pub(crate) fn open(route: &SmtpRoute, from: Mailbox) -> Result<Self, MailerError> {
        let failed = |source| MailerError::Smtp { host: route.host.clone(), source };
        let tls = match route.security {
            Security::Plain => None,
            Security::Starttls | Security::Tls => {
                Some(TlsParameters::new(route.host.clone()).map_err(failed)?)
            }
        };
        let server = Server { from, route: route.clone(), tls, hello: ClientId::default() };
        Ok(Self { server: Arc::new(server), connection: None })
    }

    /// Whether the server takes connections and, where it asks for it, our sign-in.
    pub(crate) async fn ready(&mut self) -> Result<(), String> {
        if let Some(mut connection) = self.connection.take() {
            let answers = tokio::time::timeout(CONNECT, connection.test_connected()).await;
            if answers.unwrap_or(false) {
                self.connection = Some(connection);
                return Ok(());
            }
        }
        let connection = tokio::time::timeout(LIMIT.unsigned_abs(), self.server.connect()).await;
        let connection = connection.map_err(|_| too_slow())?.map_err(|error| error.to_string())?;
        self.connection = Some(connection);
        Ok(())
    }

    pub(crate) async fn send(&mut self, mail: &Mail) -> Outcome {
        let message = match mail.message(&self.server.from) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        if self.connection.is_none()
            && let Err(outage) = self.ready().await
        {
            return Outcome::Outage(outage);
        }
        // Taken out: a talk that ends in the middle must not be gone on with, or its answers would be taken for those to
        // the next mail.
        let mut connection = self.connection.take().expect("made above");
        let Ok(done) = tokio::time::timeout(LIMIT.unsigned_abs(), talk(&mut connection, &message)).await
        else {
            return Outcome::Outage(too_slow());
        };
        let outcome = match done {
            Ok(()) => Outcome::Sent,
            Err(trouble) => trouble.outcome(),
        };
        let usable = match outcome {
            Outcome::Sent => true,
            Outcome::Later(_) | Outcome::Refused(_) => connection.command(Rset).await.is_ok(),
            Outcome::Outage(_) => false,
        };
        self.connection = usable.then_some(connection);
        outcome
    }
}

impl Server {
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let SmtpRoute { host, port, security, credentials } = &self.route;
        let (at_once, later) = match security {
            Security::Tls => (self.tls.clone(), None),
            Security::Starttls | Security::Plain => (None, self.tls.clone()),
        };
        let address = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &self.hello, at_once, None).await?;
        if let Some(tls) = later {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(credentials) = credentials {
            let password = credentials.password.expose().to_owned();
            let credentials = Credentials::new(credentials.user.clone(), password);
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

async fn talk(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Trouble> {
    let envelope = message.envelope();
    let sender = MailFrom::new(envelope.from().cloned(), Vec::new());
    connection.command(sender).await.map_err(Trouble::All)?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        connection.command(recipient).await.map_err(Trouble::ThisMail)?;
    }
    connection.command(Data).await.map_err(Trouble::ThisMail)?;
    connection.message(&message.formatted()).await.map_err(Trouble::ThisMail)?;
    Ok(())
}

impl Trouble {
    fn outcome(&self) -> Outcome {
        match self {
            Self::ThisMail(error) if error.is_permanent() => Outcome::Refused(error.to_string()),
            Self::ThisMail(error) if error.is_transient() && !is_closing(error) => {
                Outcome::Later(error.to_string())
            }
            Self::ThisMail(error) | Self::All(error) => Outcome::Outage(error.to_string()),
        }
    }
}

fn is_closing(error: &Error) -> bool {
    error.status().is_some_and(|code| code.to_string() == CLOSING)
}

fn too_slow() -> String {
    "the mail server is too slow".to_owned()
}
