use std::collections::HashMap;

use base::Uuid;
use congvan::sample;
use congvan_tests::World;
use kit::caller::{Person, Role};
use serde_json::{Value as Json, json};

use super::{
    cast::{HEIRS, NO_POST, STAND_IN, sign_in_name},
    records::{Records, reorganisation},
    scene::{EVERYTHING, Paper, SECRET, Scene, Thing},
};

/// Who owns what is somebody else's.
pub(crate) const OTHER: &str = "soan.vp.mt";

/// What a person has that a request can address.
pub(crate) struct Belongings {
    /// A draft of the own hand; none for an administrator.
    pub(crate) draft: Option<Paper>,
    pub(crate) key: String,
    /// A session that the person does not call in.
    pub(crate) session: String,
    /// A message to the person, if there was one.
    pub(crate) message: Option<String>,
    /// A reorganisation that the person prepared; only of an administrator.
    pub(crate) reorganisation: Option<String>,
}

/// What everybody of the cast has, and somebody else.
pub(crate) struct Property {
    of: HashMap<Uuid, Belongings>,
    other: Belongings,
    /// Sessions of somebody else for those who may end them.
    spare: HashMap<Uuid, String>,
    pub(crate) other_id: Uuid,
    /// What the directory keeps.
    pub(crate) records: Records,
}

impl Property {
    pub(crate) async fn new(world: &World, scene: &Scene<'_>) -> Self {
        world.settle().await; // the messages about what was issued
        let mut names: Vec<_> = Role::ALL.map(sign_in_name).into();
        names.extend([EVERYTHING, STAND_IN, NO_POST].map(str::to_owned));
        names.extend(HEIRS.map(|(_, name)| name.to_owned()));
        let mut of = HashMap::new();
        let mut spare = HashMap::new();
        for name in names {
            let person = scene.person(&name);
            if is_administrator(&person) {
                spare.insert(person.user_id, session(world, OTHER).await);
            }
            of.insert(person.user_id, belongings(world, scene, &name).await);
        }
        let mut other = belongings(world, scene, OTHER).await;
        let clerk = scene.actor("van.mn").get("/v1/messages").await.ok();
        other.message = Some(text(&clerk["messages"][0]["id"]));
        let records = Records::new(world, scene).await;
        Self { of, other, spare, other_id: scene.person(OTHER).user_id, records }
    }

    /// What the person has.
    pub(crate) fn of(&self, person: &Person) -> &Belongings {
        &self.of[&person.user_id]
    }

    /// What somebody else has.
    pub(crate) fn other(&self) -> &Belongings {
        &self.other
    }

    /// A session of somebody else, which stays unless this very person ends it.
    pub(crate) fn session_of_other(&self, person: &Person) -> &str {
        self.spare.get(&person.user_id).unwrap_or(&self.other.session)
    }
}

fn is_administrator(person: &Person) -> bool {
    person.appointments.iter().any(|post| post.roles.contains(&Role::Administrator))
}

async fn session(world: &World, name: &str) -> String {
    text(&world.actor(name).await.session["id"])
}

async fn belongings(world: &World, scene: &Scene<'_>, name: &str) -> Belongings {
    let actor = scene.actor(name);
    let wanted = json!({ "apiKey": {
        "name": "Khóa của riêng", "scopes": ["SCOPE_DIRECTORY_READ"], "expireTime": "2027-01-01T00:00:00Z",
    }});
    let key = actor.post("/v1/apiKeys", &wanted).await.ok();
    let messages = actor.get("/v1/messages").await.ok();
    let own = |message: &&Json| text(&message["userId"]) == text(&actor.session["user"]["id"]);
    let message = messages["messages"].as_array().unwrap().iter().find(own);
    let prepares = name == sign_in_name(Role::Administrator);
    let agency = scene.person(name).appointments[0].agency_id;
    let prepared = if prepares { Some(reorganisation(actor, agency).await) } else { None };
    Belongings {
        reorganisation: prepared,
        draft: draft(scene, name).await,
        key: text(&key["apiKey"]["id"]),
        session: session(world, name).await,
        message: message.map(|message| text(&message["id"])),
    }
}

/// A draft of the person's own hand, with a file.
async fn draft(scene: &Scene<'_>, name: &str) -> Option<Paper> {
    let (actor, person) = (scene.actor(name), scene.person(name));
    let post = person.appointments[0].clone();
    if post.roles == [Role::Administrator] {
        return None;
    }
    let mut letter = actor.letter(&[json!({ "id": scene.actor("dau.mn").agency_id() })]);
    letter["abstract"] = SECRET.into();
    let document = actor.post("/v1/documents", &letter).await.ok()["document"].clone();
    let attached = actor.attaches(&document, sample::LETTER.to_vec()).await;
    let thing = Thing {
        drafter: Some(person.user_id),
        unit: Some(post.unit_id),
        agency: Some(post.agency_id),
        signers: scene.signers(post.agency_id),
        ..Thing::default()
    };
    let attachment = text(&attached["attachment"]["id"]);
    Some(Paper { id: text(&document["id"]), attachment, delivery: String::new(), thing })
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}
