use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use bytes::{Bytes, BytesMut};
use congvan::sample;
use futures::{StreamExt, stream};
use reqwest::{Body, Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    process::{Memory, Process},
    table,
};

/// Size of the file.
const FILE: usize = 1 << 30;

/// How much of it is made at once.
const CHUNK: usize = 256 << 10;

/// How often the memory of the server is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// How long either way may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was seen of the server while a file went through it.
struct Passage {
    took: Duration,
    before: Memory,
    highest: f64,
    after: Memory,
}

/// An officer who speaks REST.
struct Officer<'p> {
    process: &'p Process,
    http: Client,
    token: String,
    unit_id: String,
}

/// Sends a file of 1 GiB to the system and fetches it again, while the memory of the server is watched.
pub(crate) async fn measure(data: &Path) -> anyhow::Result<()> {
    let wanted = tokio::task::spawn_blocking(|| {
        let hash = chunks().fold(Sha256::new(), |hash, chunk| hash.chain_update(&chunk));
        hex::encode(hash.finalize())
    });
    let wanted = wanted.await?;
    let process = Process::up(data).await?;
    let officer = Officer::sign_in(&process).await?;
    let draft = officer.draft().await?;
    let (up, attachment) = watched(&process, officer.upload(&draft)).await?;
    let stored = attachment["sha256"].as_str().unwrap_or_default().to_owned();
    let (down, fetched) = watched(&process, officer.download(&attachment)).await?;
    process.stop().await?;

    let rows = [row("upload", &up), row("download", &down)];
    let head = ["", "MB/s", "MiB before", "highest seen", "growth", "VmHWM", "after"];
    table::print("Attachment of 1 GiB over HTTP (congvan up; memory of the server in MiB)", &head, &rows);
    let same = |hash: &str| if hash == wanted { "the same" } else { "DIFFERENT" };
    println!("  SHA-256 {wanted}: stored {}, fetched {}", same(&stored), same(&fetched));
    ensure!(stored == wanted && fetched == wanted, "the file did not come through as it was");
    Ok(())
}

fn row(what: &str, passage: &Passage) -> Vec<String> {
    let Passage { took, before, highest, after } = passage;
    let megabytes = f64::from(u32::try_from(FILE).expect("1 GiB")) / 1e6;
    let numbers =
        [megabytes / took.as_secs_f64(), before.now, *highest, highest - before.now, after.peak, after.now];
    [what.to_owned()].into_iter().chain(numbers.map(|number| format!("{number:.0}"))).collect()
}

/// Does something while the memory of the server is watched.
async fn watched<T>(
    process: &Process,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<(Passage, T)> {
    process.forget_peak()?;
    let before = process.memory()?;
    let mut highest = before.now;
    let start = Instant::now();
    let looking = async {
        loop {
            tokio::time::sleep(LOOK).await;
            let memory = process.memory();
            match memory {
                Ok(memory) => highest = highest.max(memory.now),
                Err(error) => return error,
            }
        }
    };
    let done = tokio::select! {
        done = tokio::time::timeout(PATIENCE, work) => done.context("it takes too long")??,
        error = looking => return Err(error),
    };
    let took = start.elapsed();
    Ok((Passage { took, before, highest, after: process.memory()? }, done))
}

/// The file, made as it is read: a PDF by its first bytes, each chunk another.
fn chunks() -> impl Iterator<Item = Bytes> + Send {
    let pattern: BytesMut =
        (0..CHUNK).map(|index| u8::try_from(index * 31 % 251).expect("below 251")).collect();
    (0..FILE / CHUNK).map(move |number| {
        let mut chunk = pattern.clone();
        chunk[16..24].copy_from_slice(&number.to_le_bytes());
        if number == 0 {
            chunk[..9].copy_from_slice(b"%PDF-1.7\n");
        }
        chunk.freeze()
    })
}

impl<'p> Officer<'p> {
    async fn sign_in(process: &'p Process) -> anyhow::Result<Self> {
        let http = Client::new();
        let body = json!({ "signInName": "canbo.snv", "password": sample::PASSWORD });
        let answer = told(http.post(format!("{}/v1/sessions", process.address)).json(&body)).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a session");
        let unit_id = text(&answer["session"]["user"]["appointments"][0]["unitId"])?;
        Ok(Self { process, http, token: text(&answer["token"])?, unit_id })
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.process.address)).bearer_auth(&self.token)
    }

    async fn draft(&self) -> anyhow::Result<Value> {
        let draft = json!({
            "draftingUnitId": self.unit_id,
            "kind": "DOCUMENT_KIND_OFFICIAL_LETTER",
            "abstract": "V/v gửi hồ sơ bản vẽ kèm theo",
        });
        Ok(told(self.post("/v1/documents").json(&draft)).await?["document"].clone())
    }

    async fn upload(&self, draft: &Value) -> anyhow::Result<Value> {
        let (id, revision) =
            (draft["id"].as_str().context("a draft")?, draft["revision"].as_str().context("a draft")?);
        let path = format!("/v1/documents/{id}/attachments?fileName=ban-ve.pdf&revision={revision}");
        let body = Body::wrap_stream(stream::iter(chunks().map(Ok::<_, std::io::Error>)));
        let request = self.post(&path).header("content-type", "application/octet-stream").body(body);
        Ok(told(request).await?["attachment"].clone())
    }

    /// Fetches the file to nowhere: its SHA-256.
    async fn download(&self, attachment: &Value) -> anyhow::Result<String> {
        let id = attachment["id"].as_str().context("an attachment")?;
        let address = format!("{}/v1/attachments/{id}:download", self.process.address);
        let answer = self.http.get(address).bearer_auth(&self.token).send().await?.error_for_status()?;
        let mut bytes = answer.bytes_stream();
        let mut hash = Sha256::new();
        while let Some(chunk) = bytes.next().await {
            hash.update(chunk?);
        }
        Ok(hex::encode(hash.finalize()))
    }
}

/// The JSON that a request that must succeed is answered with.
async fn told(request: RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "{status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
