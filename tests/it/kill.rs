//! Power cuts: processes are killed at any moment, again and again, and nothing acknowledged is missing.

mod recall;

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use base::{Ids, SeededRandom, SystemClock};
use congvan::sample;
use congvan_tests::{
    Answer, World,
    four::Four,
    process::{Client, Congvan, free_port, run},
};
use http::Method;
use serde_json::{Value, json};

/// How often the process is killed.
const KILLS: usize = 6;

/// Recipients of each document.
const RECIPIENTS: usize = 5;

/// What the writers know: what was acknowledged, and what was asked for without an answer.
#[derive(Default)]
struct Ledger {
    /// Notation of each issued document by its id.
    issued: BTreeMap<String, String>,
    /// Issues asked for whose answer was lost: path and body, to be asked again word by word.
    open: Vec<(String, Value)>,
    /// Deliveries whose acceptance was acknowledged, with the arrival number.
    accepted: BTreeMap<String, i64>,
}

/// The answer to a call; nothing when the process was away. A refusal would be a mistake of the story.
async fn ask(client: &Client, path: &str, body: &Value) -> Option<Value> {
    answered(client.call(Method::POST, path, Some(body)).await?)
}

fn answered(answer: Answer) -> Option<Value> {
    if answer.status.is_server_error() { None } else { Some(answer.ok()) }
}

/// Who works: signed in once, before the first power cut. Sessions survive it too.
struct Cast {
    officer: Client,
    chief: Client,
    unit: Value,
    head: Client,
    clerk: Client,
    agency: String,
    communes: Vec<Value>,
    receivers: Vec<Client>,
    administrator: Client,
}

impl Cast {
    async fn sign_in(client: &Client) -> Self {
        let actor = async |name: &str| client.sign_in(name).await.expect("the process is up");
        let officer = actor("canbo.snv").await;
        let session = officer.get("/v1/sessions/current").await;
        let post = &session["session"]["user"]["appointments"][0];
        let communes = officer.get("/v1/units?kinds=UNIT_KIND_WARD&pageSize=5").await["units"].clone();
        let communes = communes.as_array().unwrap()[..RECIPIENTS].to_vec();
        let mut receivers = Vec::new();
        for commune in &communes {
            let handle = commune["code"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
            receivers.push(actor(&format!("vanthu.{handle}")).await);
        }
        Self {
            unit: post["unitId"].clone(),
            agency: post["agencyId"].as_str().unwrap().to_owned(),
            chief: actor("truong.vp.snv").await,
            head: actor("lanhdao.snv").await,
            clerk: actor("vanthu.snv").await,
            administrator: actor(sample::ADMINISTRATOR).await,
            officer,
            communes,
            receivers,
        }
    }
}

impl Cast {
    /// A draft of a letter to all communes.
    fn letter(&self) -> Value {
        let recipients: Vec<_> = self.communes.iter().map(|unit| json!({ "unitId": unit["id"] })).collect();
        json!({
            "draftingUnitId": self.unit, "kind": "DOCUMENT_KIND_OFFICIAL_LETTER", "abstract": "V/v kiểm tra",
            "recipients": recipients,
        })
    }

    /// Drafts, checks, approves and signs: id and revision of the document. None if the connection breaks.
    async fn sign(&self, draft: &Value) -> Option<(String, Value)> {
        let Self { officer, chief, head, clerk, .. } = self;
        let document = ask(officer, "/v1/documents", draft).await?["document"].clone();
        let id = document["id"].as_str()?.to_owned();
        let path = format!("/v1/documents/{id}/attachments?fileName=cv.pdf&revision=1");
        let uploaded = answered(officer.send(Method::POST, &path, sample::LETTER.into()).await?)?;
        let mut revision = uploaded["documentRevision"].clone();
        let steps = [
            (officer, "submit", 0),
            (chief, "check", 1),
            (clerk, "check", 2),
            (head, "approve", 0),
            (head, "sign", 0),
        ];
        for (who, command, check) in steps {
            let path = format!("/v1/documents/{id}:{command}");
            let mut request = json!({ "revision": revision });
            if check > 0 {
                request["check"] = check.into();
            }
            revision = ask(who, &path, &request).await?["document"]["revision"].clone();
        }
        Some((id, revision))
    }
}

/// Signs and issues until the connection breaks.
async fn write(cast: &Cast, ids: &Ids, ledger: &Mutex<Ledger>) -> Option<()> {
    loop {
        let (id, revision) = cast.sign(&cast.letter()).await?;
        let path = format!("/v1/documents/{id}:issue");
        let body = json!({ "revision": revision, "requestId": ids.next().to_string() });
        ledger.lock().unwrap().open.push((path.clone(), body.clone()));
        note(ledger, &path, &ask(&cast.clerk, &path, &body).await?)?;
    }
}

/// Notes an acknowledged issue.
fn note(ledger: &Mutex<Ledger>, path: &str, answer: &Value) -> Option<()> {
    let document = &answer["document"];
    let notation = document["issuance"]["notation"].as_str()?.to_owned();
    let mut ledger = ledger.lock().unwrap();
    ledger.open.retain(|(open, _)| open != path);
    let before = ledger.issued.insert(document["id"].as_str()?.to_owned(), notation.clone());
    assert!(before.is_none_or(|before| before == notation), "a document keeps its number");
    Some(())
}

/// A commune's clerk accepts whatever arrives until the connection breaks.
async fn accept(clerk: &Client, ledger: &Mutex<Ledger>) -> Option<()> {
    loop {
        let path = "/v1/deliveries?status=DELIVERY_STATUS_ARRIVED&pageSize=20";
        let inbox = answered(clerk.call(Method::GET, path, None).await?)?;
        for delivery in inbox["deliveries"].as_array()? {
            let id = delivery["id"].as_str()?;
            let body = json!({ "revision": delivery["revision"] });
            let accepted = ask(clerk, &format!("/v1/deliveries/{id}:accept"), &body).await?;
            let number = accepted["delivery"]["arrivalNumber"].as_i64()?;
            ledger.lock().unwrap().accepted.insert(id.to_owned(), number);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What was asked for without an answer is asked again under its request id: it gets the number it has, or its first one.
async fn ask_again(cast: &Cast, ledger: &Mutex<Ledger>) {
    let open = ledger.lock().unwrap().open.clone();
    for (path, body) in open {
        let answer = cast.clerk.call(Method::POST, &path, Some(&body)).await.expect("the process is up").ok();
        note(ledger, &path, &answer).expect("it is issued now");
    }
}

/// Lets writers and clerks work until `end` has come; those whose connection broke stop by themselves.
async fn work<T>(cast: &Cast, ids: &Ids, ledger: &Mutex<Ledger>, end: impl Future<Output = T>) -> T {
    ask_again(cast, ledger).await;
    let writers = futures::future::join_all((0..3).map(|_| write(cast, ids, ledger)));
    let receivers = futures::future::join_all(cast.receivers.iter().map(|clerk| accept(clerk, ledger)));
    let (mut working, mut end) = (pin!(futures::future::join(writers, receivers)), pin!(end));
    let mut idle = false;
    loop {
        tokio::select! {
            end = &mut end => return end,
            _ = &mut working, if !idle => idle = true,
        }
    }
}

/// The moment of the next kill: some time after a document was issued in this round, however slow the machine is.
async fn moment(ledger: &Mutex<Ledger>, after_ms: usize) {
    let before = ledger.lock().unwrap().issued.len();
    let issued = async {
        while ledger.lock().unwrap().issued.len() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), issued).await.expect("a document is issued within a minute");
    tokio::time::sleep(Duration::from_millis(u64::try_from(after_ms).unwrap())).await;
}

/// Registers without gap, every acknowledged number in them, every delivery made, every mail out.
async fn check(cast: &Cast, ledger: &Mutex<Ledger>) {
    let Cast { clerk, agency, .. } = cast;
    let register = clerk.get(&format!("/v1/agencies/{agency}/register?pageSize=1000")).await;
    let entries = register["entries"].as_array().unwrap();
    let numbers: Vec<_> = entries.iter().map(|entry| entry["number"].as_i64().unwrap()).collect();
    assert_eq!(
        numbers,
        (1..=i64::try_from(entries.len()).unwrap()).collect::<Vec<_>>(),
        "no gap, none twice"
    );
    let written: BTreeMap<_, _> = entries
        .iter()
        .map(|entry| (entry["documentId"].as_str().unwrap(), entry["notation"].as_str().unwrap()))
        .collect();
    let (issued, accepted) = {
        let ledger = ledger.lock().unwrap();
        (ledger.issued.clone(), ledger.accepted.clone())
    };
    for (id, notation) in &issued {
        assert_eq!(written.get(id.as_str()), Some(&notation.as_str()), "acknowledged and kept");
    }
    assert!(issued.len() >= KILLS, "the rounds did issue: {}", issued.len());
    for id in written.keys() {
        let board = clerk.get(&format!("/v1/documents/{id}/board")).await;
        assert_eq!(board["board"]["total"], RECIPIENTS, "each recipient has it once");
    }
    for (id, number) in &accepted {
        let delivery = clerk.get(&format!("/v1/deliveries/{id}")).await["delivery"].clone();
        assert_eq!(delivery["arrivalNumber"].as_i64(), Some(*number), "accepted and kept");
    }
    mails(&cast.administrator, written.len() * RECIPIENTS).await;
}

/// The registers fit, line by line, while the system runs.
async fn verify(database: &str) {
    let (fits, printed) = run(&["register", "verify", "--database", database]).await;
    assert!(fits && printed.contains(" OUTGOING ") && printed.contains("every one fits"), "{printed}");
}

/// Waits until there is one sent mail for each delivery, and none more.
async fn mails(administrator: &Client, expected: usize) {
    let mut count = Value::Null;
    for _ in 0..600 {
        count = administrator.get("/v1/messages:count").await;
        if count["sent"].as_u64() == Some(expected as u64) && count["queued"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{expected} mails expected: {count}");
}

fn ids(seed: u64) -> Ids {
    Ids::new(Arc::new(SystemClock), Arc::new(SeededRandom::new(seed)))
}

#[tokio::test]
async fn one_process_killed_at_any_moment_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Mutex::new(Ledger::default());
    let (random, ids, port) = (SeededRandom::new(2026), ids(2026), free_port());
    let up = Congvan::up(folder.path(), port).await;
    load(&up).await;
    let cast = Cast::sign_in(&up.client()).await;
    up.kill().await;
    let database = format!("sqlite:{}", folder.path().join("documents.db").display());
    for _ in 0..KILLS {
        let up = Congvan::up(folder.path(), port).await;
        work(&cast, &ids, &ledger, moment(&ledger, random.below(600))).await;
        up.kill().await;
        verify(&database).await;
    }
    let up = Congvan::up(folder.path(), port).await;
    ask_again(&cast, &ledger).await;
    check(&cast, &ledger).await;
    verify(&database).await;
    let (code, printed) = up.stop().await;
    assert_eq!(code, Some(0), "{printed:?}");
    let mails = std::fs::read_dir(folder.path().join("mail")).unwrap();
    let files =
        mails.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".eml")).count();
    assert_eq!(files, ledger.lock().unwrap().issued.len() * RECIPIENTS, "one file for each mail");
}

#[tokio::test]
async fn services_killed_one_by_one_lose_nothing() {
    for engine in World::engines() {
        let four = Four::new(engine).await;
        let ledger = Mutex::new(Ledger::default());
        let (random, ids) = (SeededRandom::new(77), ids(77));
        let directory = four.start("directory").await;
        let mut documents = four.start("documents").await;
        let mut notifications = four.start("notifications").await;
        let gateway = four.start("gateway").await;
        load(&gateway).await;
        let cast = Cast::sign_in(&gateway.client()).await;
        for round in 0..KILLS {
            let killing = async {
                moment(&ledger, random.below(600)).await;
                if round % 2 == 0 {
                    documents.kill().await;
                    documents = four.start("documents").await;
                } else {
                    notifications.kill().await;
                    notifications = four.start("notifications").await;
                }
                (documents, notifications)
            };
            (documents, notifications) = work(&cast, &ids, &ledger, killing).await;
        }
        ask_again(&cast, &ledger).await;
        check(&cast, &ledger).await;
        verify(&four.database("documents")).await;
        for process in [gateway, notifications, documents, directory] {
            assert_eq!(process.stop().await.0, Some(0));
        }
    }
}

/// Loads the sample province, without a story.
async fn load(gateway: &Congvan) {
    let (loaded, printed) = run(&["demo", "--at", &gateway.address, "--load-only"]).await;
    assert!(loaded, "{printed}");
}
