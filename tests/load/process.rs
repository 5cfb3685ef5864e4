use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use congvan::sample;
use congvan_tests::process::executable;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};

/// How long a process may take to be ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `congvan up`; killed when dropped.
pub(crate) struct Process {
    child: Child,
    id: u32,
    /// Where the gateway is: `http://127.0.0.1:…`.
    pub(crate) address: String,
    /// From its start to the first 200 of /readyz.
    pub(crate) ready_after: Duration,
}

/// Memory of a process, in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) now: f64,
    /// The most that was ever resident.
    pub(crate) peak: f64,
}

/// A port of the loopback on which nobody listens.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Process {
    /// Starts it on a data folder and waits until it is ready.
    pub(crate) async fn up(data: &Path) -> anyhow::Result<Self> {
        let listen = format!("127.0.0.1:{}", free_port()?);
        let admin: SocketAddr = format!("127.0.0.1:{}", free_port()?).parse()?;
        let mut command = Command::new(executable());
        command.arg("up").arg("--data").arg(data).args(["--listen", &listen, "--admin", &admin.to_string()]);
        command.env("CONGVAN_ADMINISTRATOR__NAME", sample::ADMINISTRATOR);
        command.env("CONGVAN_ADMINISTRATOR__PASSWORD", sample::PASSWORD);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let start = Instant::now();
        let mut child = command.spawn()?;
        let id = child.id().context("it has just started")?;
        let waiting = async {
            while !is_ready(admin).await {
                ensure!(child.try_wait()?.is_none(), "congvan up ended before it was ready");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Ok(start.elapsed())
        };
        let ready_after = timeout(PATIENCE, waiting).await.context("congvan up does not get ready")??;
        Ok(Self { child, id, address: format!("http://{listen}"), ready_after })
    }

    /// Its memory as the kernel counts it.
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let mebibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
            kibibytes.map(|kibibytes| kibibytes / 1024.0).with_context(|| format!("no {name} of the process"))
        };
        Ok(Memory { now: mebibytes("VmRSS")?, peak: mebibytes("VmHWM")? })
    }

    /// Lets the kernel forget the peak.
    pub(crate) fn forget_peak(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.id), "5")?)
    }

    /// Plays the demo's story against it.
    pub(crate) async fn play(&self) -> anyhow::Result<()> {
        let mut command = Command::new(executable());
        command.args(["demo", "--at", &self.address]).stdin(Stdio::null()).kill_on_drop(true);
        let output = command.output().await?;
        ensure!(output.status.success(), "the demo failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.id.to_string()]).status().await?;
        ensure!(asked.success(), "kill failed");
        let status = timeout(PATIENCE, self.child.wait()).await.context("congvan up does not stop")??;
        ensure!(status.success(), "congvan up ended with {status}");
        Ok(())
    }
}

/// Whether /readyz answers 200, asked over a connection of its own.
async fn is_ready(admin: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(admin).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    ask.await.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 "))
}
