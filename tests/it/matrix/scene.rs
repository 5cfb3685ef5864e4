use std::collections::HashMap;

use base::Uuid;
use congvan::sample;
use congvan_tests::{Actor, World};
use kit::caller::{Person, Role};
use serde_json::{Value as Json, json};

use super::{
    cast::{HEIRS, NO_POST, STAND_IN, person, sign_in_name},
    records::{FORGETFUL, SECOND_ADMINISTRATOR},
};

/// Stands in every abstract: what no refusal may tell.
pub(crate) const SECRET: &str = "điều không ai được biết";

/// An officer whose claims say that the post gives every role. No real post may: the duties exclude each other.
pub(crate) const EVERYTHING: &str = "tat-ca.mt";

/// Something that a request can address, and what makes people relate to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thing {
    /// Whose it is.
    pub(crate) owner: Option<Uuid>,
    /// Who drafted it.
    pub(crate) drafter: Option<Uuid>,
    /// The unit that drafts it.
    pub(crate) unit: Option<Uuid>,
    /// The agency that it belongs to.
    pub(crate) agency: Option<Uuid>,
    /// Who may sign it, as the directory knows.
    pub(crate) signers: Vec<Uuid>,
    /// The agencies that received it.
    pub(crate) recipients: Vec<Uuid>,
    /// The units to which it is assigned.
    pub(crate) handlers: Vec<Uuid>,
    /// The inner units and persons that received it.
    pub(crate) addressees: Vec<Uuid>,
    /// The units of the person whom it concerns.
    pub(crate) units: Vec<Uuid>,
    /// Whether that person is a leader.
    pub(crate) leads: bool,
    /// Whether it belongs to the whole directory.
    pub(crate) shared: bool,
}

/// A document with what hangs on it.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) id: String,
    pub(crate) attachment: String,
    /// Its one delivery; empty for a draft.
    pub(crate) delivery: String,
    pub(crate) thing: Thing,
}

/// Two agencies beside the sample province, MT (the own) and MN (another), their people and what they wrote.
pub(crate) struct Scene<'w> {
    people: HashMap<String, Actor<'w>>,
    /// Drafts by the unit that drafts them: "mt", "vp.mt", "th.mt", "vp.mn".
    pub(crate) drafts: HashMap<&'static str, Paper>,
    /// Issued by MT's office to MN, by MN to MT, by MN to a commune.
    pub(crate) issued: [Paper; 3],
    /// Issued by MN to MT, which accepted it and assigned it to its office.
    pub(crate) handled: Paper,
    /// Recalls of three more between the same, nobody having answered yet.
    pub(crate) recalls: [Paper; 3],
}

/// The units: code, name, abbreviation, kind, code of the one above.
const UNITS: [(&str, &str, &str, &str, &str); 5] = [
    ("H52.MT", "Sở Một", "MT", "UNIT_KIND_PROVINCIAL_DEPARTMENT", "H52.UBND"),
    ("H52.MT.VP", "Văn phòng", "VP", "UNIT_KIND_INNER_OFFICE", "H52.MT"),
    ("H52.MT.TH", "Phòng Tổng hợp", "TH", "UNIT_KIND_INNER_DIVISION", "H52.MT"),
    ("H52.MN", "Sở Hai", "MN", "UNIT_KIND_PROVINCIAL_DEPARTMENT", "H52.UBND"),
    ("H52.MN.VP", "Văn phòng", "VP", "UNIT_KIND_INNER_OFFICE", "H52.MN"),
];

/// Who drafts in each unit, beside the cast.
const DRAFTERS: [(&str, &str); 4] =
    [("mt", "H52.MT"), ("vp.mt", "H52.MT.VP"), ("th.mt", "H52.MT.TH"), ("vp.mn", "H52.MN.VP")];

fn user(name: &str, unit: &str, roles: &[Role]) -> Json {
    let roles: Vec<_> = roles.iter().map(|role| format!("ROLE_{}", role.name())).collect();
    json!({
        "signInName": name,
        "fullName": format!("Người {name}"),
        "email": format!("{name}@sonla.example"),
        "passwordHash": sample::password_hash(),
        "appointments": [{ "unitCode": unit, "position": format!("Chức danh {name}"), "roles": roles }],
    })
}

/// Where a person with this role sits.
fn seat(role: Role) -> &'static str {
    if matches!(role, Role::AgencyHead | Role::DeputyHead) { "H52.MT" } else { "H52.MT.VP" }
}

fn directory() -> Json {
    let units: Vec<_> = UNITS
        .map(|(code, name, abbreviation, kind, parent)| {
            json!({
                "code": code, "name": name, "abbreviation": abbreviation, "kind": kind, "parentCode": parent,
                "syntheticCode": true,
            })
        })
        .into();
    let mut users: Vec<_> = Role::ALL.map(|role| user(&sign_in_name(role), seat(role), &[role])).into();
    users.extend(DRAFTERS.map(|(place, unit)| user(&format!("soan.{place}"), unit, &[Role::Officer])));
    let officers = [EVERYTHING, STAND_IN, NO_POST, FORGETFUL, "thay.mt"];
    users.extend(officers.map(|name| user(name, "H52.MT.VP", &[Role::Officer])));
    users.extend(HEIRS.map(|(_, name)| user(name, "H52.MT.VP", &[Role::Officer])));
    users.push(user(SECOND_ADMINISTRATOR, "H52.MT.VP", &[Role::Administrator]));
    users.push(user("pho.mt", "H52.MT", &[Role::DeputyHead]));
    users.push(user("thay.mn", "H52.MN.VP", &[Role::Officer]));
    users.push(user("pho.mn", "H52.MN", &[Role::DeputyHead]));
    users.push(user("dau.mn", "H52.MN", &[Role::AgencyHead]));
    users.push(user("van.mn", "H52.MN.VP", &[Role::DocumentOffice]));
    users.push(user("truong.mn", "H52.MN.VP", &[Role::UnitHead]));
    json!({ "units": units, "users": users })
}

impl<'w> Scene<'w> {
    /// Loads the people and writes the papers.
    pub(crate) async fn new(world: &'w World) -> Self {
        let administrator = world.actor(sample::ADMINISTRATOR).await;
        let wanted = directory();
        administrator.post("/v1/directory:import", &wanted).await.ok();
        let mut people = HashMap::new();
        for user in wanted["users"].as_array().unwrap() {
            let name = user["signInName"].as_str().unwrap();
            people.insert(name.to_owned(), world.actor(name).await);
        }
        let mut drafts = HashMap::new();
        for (place, _) in DRAFTERS {
            let drafter = &people[&format!("soan.{place}")];
            drafts.insert(place, paper(&people, &draft(drafter, &people["dau.mn"]).await, drafter));
        }
        let (head, clerk) = (sign_in_name(Role::AgencyHead), sign_in_name(Role::DocumentOffice));
        let chief = sign_in_name(Role::UnitHead);
        let own = [&*chief, &*head, &*clerk];
        let commune = world.actor("vanthu.03646").await;
        let issued = [
            issue(&people, "soan.vp.mt", own, &people["dau.mn"]).await,
            issue(&people, "soan.vp.mn", ["truong.mn", "dau.mn", "van.mn"], &people[&head]).await,
            issue(&people, "soan.vp.mn", ["truong.mn", "dau.mn", "van.mn"], &commune).await,
        ];
        let handled = assign(
            &people,
            &clerk,
            issue(&people, "soan.vp.mn", ["truong.mn", "dau.mn", "van.mn"], &people[&head]).await,
        );
        let handled = handled.await;
        let recalls = [
            recall(&people, "soan.vp.mt", own, &people["dau.mn"]).await,
            recall(&people, "soan.vp.mn", ["truong.mn", "dau.mn", "van.mn"], &people[&head]).await,
            recall(&people, "soan.vp.mn", ["truong.mn", "dau.mn", "van.mn"], &commune).await,
        ];
        Self { people, drafts, issued, handled, recalls }
    }

    /// A person of the scene, in the first session.
    pub(crate) fn person(&self, name: &str) -> Person {
        let mut person = person(&self.people[name]);
        if name == EVERYTHING {
            person.appointments[0].roles = Role::ALL.into();
        }
        person
    }

    /// The sign-in names of everybody, in a fixed order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<_> = self.people.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// A person of the scene who speaks REST.
    pub(crate) fn actor(&self, name: &str) -> &Actor<'w> {
        &self.people[name]
    }

    /// Who may sign what this agency issues.
    pub(crate) fn signers(&self, agency: Uuid) -> Vec<Uuid> {
        signers(&self.people, agency)
    }

    /// Every paper.
    pub(crate) fn papers(&self) -> impl Iterator<Item = &Paper> {
        self.drafts.values().chain(&self.issued).chain([&self.handled])
    }
}

/// The heads of MT and MN, and the deputies to whom [`super::records`] hands the right on.
fn signers(people: &HashMap<String, Actor<'_>>, agency: Uuid) -> Vec<Uuid> {
    let (head, deputy) = (sign_in_name(Role::AgencyHead), sign_in_name(Role::DeputyHead));
    let all = [&*head, &*deputy, "dau.mn", "pho.mn"].map(|name| person(&people[name]));
    all.iter().filter(|one| one.appointments[0].agency_id == agency).map(|one| one.user_id).collect()
}

/// A draft with a main file, to one agency.
async fn draft(drafter: &Actor<'_>, recipient: &Actor<'_>) -> Json {
    notice(drafter, recipient, &json!([])).await
}

/// The same, doing something to earlier documents.
async fn notice(drafter: &Actor<'_>, recipient: &Actor<'_>, relations: &Json) -> Json {
    let mut letter = drafter.letter(&[json!({ "id": recipient.agency_id() })]);
    letter["abstract"] = SECRET.into();
    letter["relations"] = relations.clone();
    let document = drafter.post("/v1/documents", &letter).await.ok()["document"].clone();
    drafter.attaches(&document, sample::LETTER.to_vec()).await;
    drafter.reads(&document).await
}

async fn issue(
    people: &HashMap<String, Actor<'_>>,
    drafter: &str,
    [chief, head, clerk]: [&str; 3],
    recipient: &Actor<'_>,
) -> Paper {
    let document = draft(&people[drafter], recipient).await;
    issue_draft(people, drafter, [chief, head, clerk], (document, recipient)).await
}

async fn issue_draft(
    people: &HashMap<String, Actor<'_>>,
    drafter: &str,
    [chief, head, clerk]: [&str; 3],
    (document, recipient): (Json, &Actor<'_>),
) -> Paper {
    let drafter = &people[drafter];
    let mut document = drafter.does(&document, "submit").await;
    for (check, who) in (1..).zip([chief, clerk]) {
        let answer = people[who].asks(&document, "check", json!({ "check": check })).await.ok();
        document = answer["document"].clone();
    }
    let document = people[head].does(&document, "approve").await;
    let document = people[head].does(&document, "sign").await;
    let document = people[clerk].does(&document, "issue").await;
    let path = format!("/v1/documents/{}/deliveries", document["id"].as_str().unwrap());
    let deliveries = people[clerk].get(&path).await.ok();
    let mut paper = paper(people, &document, drafter);
    deliveries["deliveries"][0]["id"].as_str().unwrap().clone_into(&mut paper.delivery);
    paper.thing.recipients = vec![recipient.agency_id().parse().unwrap()];
    paper
}

/// The clerk accepts what came and assigns it to the own unit.
async fn assign(people: &HashMap<String, Actor<'_>>, clerk: &str, mut paper: Paper) -> Paper {
    let clerk = &people[clerk];
    let path = format!("/v1/deliveries/{}", paper.delivery);
    let arrived = clerk.get(&path).await.ok()["delivery"].clone();
    let accepted = clerk.accepts(&arrived).await;
    let command = json!({ "revision": accepted["revision"], "unitId": clerk.unit_id() });
    clerk.post(&format!("{path}:assign"), &command).await.ok();
    paper.thing.handlers = vec![clerk.unit_id().parse().unwrap()];
    paper
}

/// A document that is being recalled, by the id of the recall.
async fn recall(
    people: &HashMap<String, Actor<'_>>,
    drafter: &str,
    [chief, head, clerk]: [&str; 3],
    recipient: &Actor<'_>,
) -> Paper {
    let paper = issue(people, drafter, [chief, head, clerk], recipient).await;
    let relations = json!([{ "kind": "RELATION_KIND_RECALL_NOTICE", "documentId": paper.id }]);
    let letter = notice(&people[drafter], recipient, &relations).await;
    let letter = issue_draft(people, drafter, [chief, head, clerk], (letter, recipient)).await;
    let document = people[clerk].reads(&json!({ "id": paper.id })).await;
    let order = json!({
        "revision": document["revision"], "noticeDocumentId": letter.id, "reason": "Ban hành nhầm",
        "deadline": "2026-12-01T00:00:00Z",
    });
    let asked = people[clerk].post(&format!("/v1/documents/{}:recall", paper.id), &order).await.ok();
    Paper { id: asked["recall"]["id"].as_str().unwrap().to_owned(), ..paper }
}

fn paper(people: &HashMap<String, Actor<'_>>, document: &Json, drafter: &Actor<'_>) -> Paper {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let drafter = person(drafter);
    let thing = Thing {
        drafter: Some(drafter.user_id),
        unit: Some(drafter.appointments[0].unit_id),
        agency: Some(drafter.appointments[0].agency_id),
        signers: signers(people, drafter.appointments[0].agency_id),
        ..Thing::default()
    };
    Paper {
        id: text(&document["id"]),
        attachment: text(&document["attachments"][0]["id"]),
        delivery: String::new(),
        thing,
    }
}
