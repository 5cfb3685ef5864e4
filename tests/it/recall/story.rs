//! A department issues a decision by mistake and recalls it by a letter.

use congvan::sample;
use congvan_tests::{Actor, Answer, World};
use serde_json::{Value, json};

/// Stands in the abstract of the decision and nowhere else.
pub(super) const ABSTRACT: &str = "Quyết định điều động nhầm người";

/// Why it is recalled.
pub(super) const REASON: &str = "Ban hành nhầm";

/// What is told of it: the sender's document office, those of the recipients, the decision, and the letter that recalls it.
pub(super) struct Story<'w> {
    pub(super) clerk: Actor<'w>,
    pub(super) offices: Vec<Actor<'w>>,
    pub(super) decision: Value,
    pub(super) notice: Value,
}

/// Drafts, submits, signs and issues; `change` makes of a letter what it is to be.
pub(super) async fn issued(world: &World, to: &[Value], change: impl Fn(&mut Value)) -> Value {
    let document = signed(world, to, change).await;
    world.actor("vanthu.snv").await.does(&document, "issue").await
}

/// The same but for issuing.
pub(super) async fn signed(world: &World, to: &[Value], change: impl Fn(&mut Value)) -> Value {
    let head = world.actor("lanhdao.snv").await;
    let draft = drafted(world, to, change).await;
    let document = world.actor("canbo.snv").await.does(&draft, "submit").await;
    let document = world.checked(&document, "snv").await;
    let document = head.does(&document, "approve").await;
    head.does(&document, "sign").await
}

/// The same but for submitting.
pub(super) async fn drafted(world: &World, to: &[Value], change: impl Fn(&mut Value)) -> Value {
    let officer = world.actor("canbo.snv").await;
    let mut letter = officer.letter(to);
    change(&mut letter);
    let draft = officer.post("/v1/documents", &letter).await.ok()["document"].clone();
    officer.attaches(&draft, sample::LETTER.to_vec()).await;
    officer.reads(&draft).await
}

pub(super) fn decision(document: &mut Value) {
    document["kind"] = "DOCUMENT_KIND_DECISION".into();
    document["abstract"] = ABSTRACT.into();
}

/// Makes a document do something to an earlier one.
pub(super) fn relating(kind: &str, earlier: &Value) -> impl Fn(&mut Value) + use<> {
    let relation = json!({ "kind": format!("RELATION_KIND_{kind}"), "documentId": earlier["id"] });
    move |document| document["relations"] = json!([relation])
}

impl<'w> Story<'w> {
    /// The decision is issued to the first communes, and the letter that recalls it.
    pub(super) async fn new(world: &'w World, recipients: usize) -> Self {
        let communes = world.communes().await;
        let to = &communes[..recipients];
        let decision = issued(world, to, decision).await;
        let notice = issued(world, to, relating("RECALL_NOTICE", &decision)).await;
        let mut offices = Vec::new();
        for commune in to {
            let (_, handle) = commune["code"].as_str().unwrap().rsplit_once('.').unwrap();
            offices.push(world.actor(&format!("vanthu.{handle}")).await);
        }
        Self { clerk: world.actor("vanthu.snv").await, offices, decision, notice }
    }

    /// What the sender asks for.
    pub(super) fn order(&self) -> Value {
        json!({
            "revision": self.decision["revision"], "noticeDocumentId": self.notice["id"], "reason": REASON,
            "deadline": "2026-11-23T10:00:00Z",
        })
    }

    /// Asks for it.
    pub(super) async fn asks(&self, order: &Value) -> Answer {
        let path = format!("/v1/documents/{}:recall", self.decision["id"].as_str().unwrap());
        self.clerk.post(&path, order).await
    }

    /// The recall as the sender sees it now.
    pub(super) async fn sees(&self, recall: &Value) -> Value {
        read(&self.clerk, recall).await.ok()["recall"].clone()
    }

    /// The delivery of the decision at a recipient, as it is in the inbox.
    pub(super) async fn delivery(&self, office: usize) -> Value {
        let inbox = self.offices[office].inbox().await;
        let found = inbox.into_iter().find(|delivery| delivery["documentId"] == self.decision["id"]);
        found.expect("every recipient has the delivery in its inbox")
    }

    /// Gives the delivery a command: "agreeRecall", "refuseRecall", "accept".
    pub(super) async fn answers(&self, office: usize, command: &str) -> Answer {
        let delivery = self.delivery(office).await;
        let mut answer = json!({ "revision": delivery["revision"] });
        if command == "refuseRecall" {
            answer["reason"] = "Đã giải quyết xong".into();
        }
        let path = format!("/v1/deliveries/{}:{command}", delivery["id"].as_str().unwrap());
        self.offices[office].post(&path, &answer).await
    }

    /// Where every party stands, in the order of the recipients.
    pub(super) async fn stands(&self, recall: &Value) -> Vec<String> {
        let recall = self.sees(recall).await;
        let parties = recall["parties"].as_array().unwrap().iter();
        let state = |party: &Value| party["state"].as_str().unwrap().replace("RECALL_PARTY_STATE_", "");
        parties.map(state).collect()
    }

    /// What the sender's board counts, which a recall leaves alone.
    pub(super) async fn counts(&self) -> Value {
        self.clerk.board(&self.decision).await["counts"].clone()
    }
}

/// Reads a recall.
pub(super) async fn read(actor: &Actor<'_>, recall: &Value) -> Answer {
    actor.get(&format!("/v1/recalls/{}", recall["id"].as_str().unwrap())).await
}

/// Goes through all registers; what does not fit.
pub(super) async fn misfits(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut read = world.documents().read("test").await.unwrap();
    let tell = |verdict: &documents::Verdict| {
        wrong.extend(verdict.misfit.is_some().then(|| verdict.to_string()));
    };
    documents::verify(&mut read, documents::Selection::default(), tell).await.unwrap();
    wrong
}
