use std::time::Duration;

use jiff::SignedDuration;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        AsyncSmtpTransportBuilder, Error, PoolConfig,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use super::{MailerError, Outcome};
use crate::{SmtpRoute, config::Security, mail::Mail};

/// How long one mail, or finding out whether the server is there, may take.
pub(super) const LIMIT: SignedDuration = SignedDuration::from_secs(45);

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// A mail server. One mail at a time, over a connection that is kept for the next.
#[derive(Clone)]
pub(crate) struct Smtp {
    from: Mailbox,
    builder: AsyncSmtpTransportBuilder,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    pub(crate) fn open(route: &SmtpRoute, from: Mailbox) -> Result<Self, MailerError> {
        let tls = || {
            let failed = |source| MailerError::Smtp { host: route.host.clone(), source };
            TlsParameters::new(route.host.clone()).map_err(failed)
        };
        let tls = match route.security {
            Security::Starttls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
            Security::Plain => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&route.host)
            .port(route.port)
            .tls(tls)
            .timeout(Some(CONNECT))
            .pool_config(PoolConfig::new().max_size(2));
        if let Some(credentials) = &route.credentials {
            let password = credentials.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(credentials.user.clone(), password));
        }
        Ok(Self { from, transport: builder.clone().build(), builder })
    }

    /// Whether the server takes connections and, where it asks for it, our sign-in.
    pub(crate) async fn ready(&mut self) -> Result<(), String> {
        let transport = self.transport.clone();
        match self.in_time(transport.test_connection()).await {
            Some(Ok(true)) => Ok(()),
            Some(Ok(false)) => Err("the mail server does not answer".to_owned()),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the mail server is too slow".to_owned()),
        }
    }

    pub(crate) async fn send(&mut self, mail: &Mail) -> Outcome {
        let message = match mail.message(&self.from) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let transport = self.transport.clone();
        match self.in_time(transport.send(message)).await {
            Some(Ok(_)) => Outcome::Sent,
            Some(Err(error)) => self.judge(&error).await,
            None => Outcome::Outage("the mail server is too slow".to_owned()),
        }
    }

    /// A refusal is believed only from a server that still takes connections and our sign-in: otherwise it meant us, not the mail.
    async fn judge(&mut self, error: &Error) -> Outcome {
        let told = error.to_string();
        if !(error.is_permanent() || error.is_transient() || error.is_client()) {
            return Outcome::Outage(told);
        }
        match self.ready().await {
            Err(outage) => Outcome::Outage(outage),
            Ok(()) if error.is_transient() => Outcome::Later(told),
            Ok(()) => Outcome::Refused(told),
        }
    }

    /// The answer, if it comes in time. A connection that was left in the middle of a talk must not be used again: what the
    /// server says next would be taken for the answer to another mail.
    async fn in_time<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let answer = tokio::time::timeout(LIMIT.unsigned_abs(), work).await.ok();
        if answer.is_none() {
            self.transport = self.builder.clone().build();
        }
        answer
    }
}
