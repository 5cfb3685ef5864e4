//! The real executable, as processes of its own, and a client that speaks to it over TCP.

use std::{
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use bytes::Bytes;
use congvan::sample;
use http::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::Answer;

/// How long a process may take to be ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where ports for the tests are taken from.
const PORTS: Range<u16> = 20_000..32_000;

/// A running `congvan`. Killed when dropped.
pub struct Congvan {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// Address of its public port: `http://127.0.0.1:…`.
    pub address: String,
}

/// A signed-in person, or nobody yet, at a running gateway.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
}

/// The executable that was built together with this one.
pub fn executable() -> PathBuf {
    let this = std::env::current_exe().expect("it is a file");
    // Programs lie in target/PROFILE, tests in target/PROFILE/deps.
    let file =
        this.ancestors().skip(1).take(2).map(|folder| folder.join("congvan")).find(|file| file.exists());
    file.expect("congvan is missing: cargo build -p congvan")
}

/// A free port of this machine, below those that the system gives to outgoing connections: it stays free between two starts.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 400).expect("below 400") * 30;
    (0..PORTS.len())
        .map(|_| NEXT.fetch_add(1, Ordering::Relaxed))
        .map(|step| PORTS.start + (start + step) % (PORTS.end - PORTS.start))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

impl Congvan {
    /// Starts `congvan up` on a data folder and a port, and waits until it is ready.
    pub async fn up(data: &Path, port: u16) -> Self {
        let (data, listen) = (data.to_str().expect("an ASCII path"), format!("127.0.0.1:{port}"));
        Self::start(&["up", "--data", data, "--listen", &listen, "--admin", "127.0.0.1:0"]).await
    }

    /// Starts the executable with these arguments and waits until it says that it is ready.
    pub async fn start(arguments: &[&str]) -> Self {
        Self::start_logging(arguments, Stdio::null()).await
    }

    /// The same with somewhere to log to.
    pub async fn start_logging(arguments: &[&str], log: Stdio) -> Self {
        let mut command = Command::new(executable());
        command.args(arguments).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        command.env("CONGVAN_LOG", "warn");
        if arguments.first() == Some(&"up") {
            command.env("CONGVAN_ADMINISTRATOR__NAME", sample::ADMINISTRATOR);
            command.env("CONGVAN_ADMINISTRATOR__PASSWORD", sample::PASSWORD);
        }
        let mut child = command.spawn().expect("the executable starts");
        let output = child.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(output).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("lines of text") {
                if let Some((_, address)) = line.split_once("ready: ") {
                    return address.split_whitespace().next().expect("an address").to_owned();
                }
            }
            panic!("{arguments:?} ended before it was ready");
        };
        let address = tokio::time::timeout(PATIENCE, ready).await.expect("ready in time");
        Self { child, lines, address }
    }

    /// Ends it without warning, as a power cut would.
    pub async fn kill(mut self) {
        self.end().await;
    }

    /// The same for one whose place another one takes.
    pub async fn end(&mut self) {
        self.child.kill().await.expect("it ran");
    }

    /// Asks it to stop; its exit code and what it printed since it was ready.
    pub async fn stop(mut self) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is everywhere");
        assert!(asked.success());
        let mut printed = Vec::new();
        while let Some(line) = self.lines.next_line().await.expect("lines of text") {
            printed.push(line);
        }
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("stopped in time");
        (status.expect("it ran").code(), printed)
    }

    /// Somebody at this gateway.
    pub fn client(&self) -> Client {
        Client::at(&self.address)
    }
}

/// Runs the executable to its end; whether it succeeded, and what it printed.
pub async fn run(arguments: &[&str]) -> (bool, String) {
    let (code, printed) = run_to_code(arguments).await;
    (code == Some(0), printed)
}

/// Runs the executable to its end; its exit code, and what it printed.
pub async fn run_to_code(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(executable()).args(arguments).output().await.expect("the executable starts");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&printed).into_owned())
}

impl Client {
    /// Nobody yet.
    pub fn at(address: &str) -> Self {
        // A second provider would be a mistake; a second call is none.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { http, address: address.to_owned(), token: None }
    }

    /// Somebody of the sample; none if the gateway did not answer.
    pub async fn sign_in(&self, name: &str) -> Option<Self> {
        let body = json!({ "signInName": name, "password": sample::PASSWORD });
        let answer = self
            .call(Method::POST, "/v1/sessions", Some(&body))
            .await
            .filter(|answer| answer.status == 200)?;
        let token = answer.json()["token"].as_str().map(str::to_owned);
        Some(Self { token, ..self.clone() })
    }

    /// A call with a JSON body, or none; nothing if the connection broke.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Option<Answer> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, bytes.into()).await
    }

    /// A call with any body; nothing if the connection broke.
    pub async fn send(&self, method: Method, path: &str, body: Bytes) -> Option<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        Some(Answer { status, headers, body: response.bytes().await.ok()? })
    }

    /// The JSON of a GET that must succeed.
    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await.expect("the gateway answers").ok()
    }
}
