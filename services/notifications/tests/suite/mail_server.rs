//! A mail server of a few lines, on loopback.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use kit::lifecycle::Lifecycle;
use notifications::{MailRoute, Security, SmtpRoute};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// What the server says to a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Not now.
    Temporary,
    /// Never.
    Permanent,
    /// Not now and to nobody.
    Closing,
    /// Nothing: it hangs up.
    HangUp,
    /// This, but only when the test lets it go on.
    Hold(&'static str),
}

#[derive(Clone)]
pub(crate) struct MailServer {
    address: SocketAddr,
    life: Lifecycle,
    /// What it says to the next recipients; yes to all after them.
    pub(crate) answers: Arc<Mutex<VecDeque<Answer>>>,
    /// What it says instead of a greeting.
    pub(crate) closed: Arc<Mutex<Option<&'static str>>>,
    /// Whether it refuses the sender.
    pub(crate) stranger: Arc<Mutex<bool>>,
    pub(crate) received: Arc<Mutex<Vec<String>>>,
    pub(crate) held: Arc<Semaphore>,
    pub(crate) release: Arc<Semaphore>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            life: Lifecycle::default(),
            answers: Arc::default(),
            closed: Arc::default(),
            stranger: Arc::default(),
            received: Arc::default(),
            held: Arc::new(Semaphore::new(0)),
            release: Arc::new(Semaphore::new(0)),
        };
        let listening = server.clone();
        server.life.spawn("mail server", async move {
            loop {
                let (stream, _) = listener.accept().await?;
                let talking = listening.clone();
                listening.life.spawn("talk", async move {
                    let _ = talking.talk(stream).await; // a client that goes away is its own affair
                    Ok::<_, std::io::Error>(())
                });
            }
            #[expect(unreachable_code, reason = "names the type of the error")]
            Ok::<_, std::io::Error>(())
        });
        server
    }

    pub(crate) fn route(&self) -> MailRoute {
        let security = Security::Plain;
        MailRoute::Smtp(SmtpRoute {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            security,
            credentials: None,
        })
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let closed = *self.closed.lock().unwrap();
        stream.write_all(format!("{}\r\n", closed.unwrap_or("220 ready")).as_bytes()).await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "RCPT" => match self.next_answer() {
                    Some(Answer::Temporary) => "451 4.3.0 try again later",
                    Some(Answer::Permanent) => "550 5.1.1 no such user",
                    Some(Answer::Closing) => "421 4.3.2 closing down",
                    Some(Answer::HangUp) => return Ok(()),
                    Some(Answer::Hold(answer)) => {
                        self.held.add_permits(1);
                        self.release.acquire().await.unwrap().forget();
                        answer
                    }
                    None => "250 ok",
                },
                "MAIL" if *self.stranger.lock().unwrap() => "553 5.7.1 sender address rejected",
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mail = read_mail(&mut stream).await?;
                    self.received.lock().unwrap().push(mail);
                    "250 taken"
                }
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    fn next_answer(&self) -> Option<Answer> {
        self.answers.lock().unwrap().pop_front()
    }
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut mail = String::new();
    while !mail.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut mail).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(mail)
}
