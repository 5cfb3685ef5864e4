use std::collections::HashMap;

use base::Uuid;
use congvan::sample;
use congvan_tests::{Actor, World};
use kit::caller::Role;
use serde_json::{Value as Json, json};

use super::{
    cast::sign_in_name,
    scene::{SECRET, Scene, Thing},
};

/// Who prepares what another administrator reviews, and stands in for one.
pub(crate) const SECOND_ADMINISTRATOR: &str = "quan-tri-hai.mt";

/// Who never signs in: whose password others reset.
pub(crate) const FORGETFUL: &str = "quen.mt";

/// Something that the directory keeps.
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) thing: Thing,
}

/// A person, with what there is to decide about being away.
pub(crate) struct Concern {
    pub(crate) user: String,
    pub(crate) position: String,
    pub(crate) stand_in: String,
    pub(crate) absence: String,
    /// The day on which somebody stands in.
    pub(crate) day: String,
    pub(crate) thing: Thing,
}

/// What the directory keeps and people relate to.
pub(crate) struct Records {
    /// Groups that MT, MN and the whole directory keep.
    pub(crate) groups: [Record; 3],
    /// Rights to sign that MT and MN handed on.
    pub(crate) authorities: [Record; 2],
    /// Assigned drafting by the unit that is to draft: "mt", "vp.mt", "th.mt", "vp.mn".
    pub(crate) draftings: HashMap<&'static str, Record>,
    /// People by sign-in name.
    pub(crate) concerns: HashMap<String, Concern>,
    /// A reorganisation that an administrator outside the cast prepared.
    pub(crate) reorganisation: String,
    /// Who stands in for the people of MT.
    pub(crate) substitute: String,
    /// Who is not asked about otherwise.
    pub(crate) forgetful: String,
}

impl Records {
    pub(crate) async fn new(world: &World, scene: &Scene<'_>) -> Self {
        let administrator = &world.actor(sample::ADMINISTRATOR).await;
        let [own, other] = ["mt", "vp.mn"].map(|place| scene.drafts[place].thing.agency.unwrap());
        let head = sign_in_name(Role::AgencyHead);
        let deputy = sign_in_name(Role::DeputyHead);
        Self {
            groups: [
                group(administrator, "Nhóm của Sở Một", Some(own), own).await,
                group(administrator, "Nhóm của Sở Hai", Some(other), own).await,
                group(administrator, "Nhóm của toàn danh bạ", None, own).await,
            ],
            authorities: [
                authority(administrator, [scene.actor(&head), scene.actor(&deputy)]).await,
                authority(administrator, [scene.actor("dau.mn"), scene.actor("pho.mn")]).await,
            ],
            draftings: draftings(scene).await,
            concerns: concerns(administrator, scene).await,
            reorganisation: reorganisation(scene.actor(SECOND_ADMINISTRATOR), own).await,
            substitute: id(&scene.actor("thay.mt").session["user"]),
            forgetful: id(&scene.actor(FORGETFUL).session["user"]),
        }
    }
}

/// The heads of MT and MN have something drafted by each unit.
async fn draftings(scene: &Scene<'_>) -> HashMap<&'static str, Record> {
    let mut found = HashMap::new();
    let own = sign_in_name(Role::AgencyHead);
    for (place, paper) in &scene.drafts {
        let head = if place.ends_with("mn") { "dau.mn" } else { &own };
        let wanted = json!({ "unitId": paper.thing.unit.unwrap().to_string(), "directive": SECRET });
        let made = scene.actor(head).post("/v1/draftingAssignments", &wanted).await.ok();
        let (unit, agency) = (paper.thing.unit, paper.thing.agency);
        let owner = Some(scene.person(head).user_id);
        let thing = Thing { owner, unit, agency, ..Thing::default() };
        found.insert(*place, Record { id: id(&made["draftingAssignment"]), thing });
    }
    found
}

/// A group with one unit that an agency keeps, or nobody but the administrators.
async fn group(by: &Actor<'_>, name: &str, owner: Option<Uuid>, member: Uuid) -> Record {
    let wanted = json!({
        "name": name, "kind": "GROUP_KIND_RECIPIENTS",
        "ownerAgencyId": owner.map(|owner| owner.to_string()).unwrap_or_default(),
        "members": [{ "kind": "MEMBER_KIND_UNIT", "id": member.to_string() }],
    });
    let made = by.post("/v1/groups", &wanted).await.ok();
    Record {
        id: id(&made["group"]),
        thing: Thing { agency: owner, shared: owner.is_none(), ..Thing::default() },
    }
}

/// A deputy's right to sign for the head.
async fn authority(by: &Actor<'_>, [head, deputy]: [&Actor<'_>; 2]) -> Record {
    let wanted = json!({ "signingAuthority": {
        "agencyId": head.agency_id(), "form": "GRANT_FORM_FOR_HEAD",
        "grantorPositionId": position(head), "granteePositionId": position(deputy),
    }});
    let made = by.post("/v1/signingAuthorities", &wanted).await.ok();
    let agency = Some(head.agency_id().parse().unwrap());
    Record { id: id(&made["signingAuthority"]), thing: Thing { agency, ..Thing::default() } }
}

/// A reorganisation that nothing comes of.
pub(crate) async fn reorganisation(by: &Actor<'_>, agency: Uuid) -> String {
    let wanted = json!({ "reorganisation": {
        "title": "Giải thể", "basis": "Nghị quyết 1", "effectiveDate": "2027-07-01",
        "changes": [{ "predecessorIds": [agency.to_string()], "successors": [{ "unitId": agency.to_string() }] }],
    }});
    id(&by.post("/v1/reorganisations", &wanted).await.ok()["reorganisation"])
}

/// Everybody of the scene with a stand-in and an absence, each on a day of its own next year.
async fn concerns(by: &Actor<'_>, scene: &Scene<'_>) -> HashMap<String, Concern> {
    let mut concerns = HashMap::new();
    for (day, name) in (1_u8..).zip(scene.names().filter(|name| !name.starts_with("thay."))) {
        let actor = scene.actor(name);
        let (first, last) = (format!("2027-03-{day:02}"), format!("2027-04-{day:02}"));
        let days = json!({ "userId": id(&actor.session["user"]), "startDate": first, "endDate": last });
        let absence = by.post("/v1/absences", &json!({ "absence": days })).await.ok();
        concerns.insert(
            name.to_owned(),
            Concern {
                user: id(&actor.session["user"]),
                position: position(actor),
                stand_in: stand_in(by, scene, name, day).await,
                day: format!("2027-02-{day:02}"),
                absence: id(&absence["absence"]),
                thing: concerned(actor),
            },
        );
    }
    concerns
}

/// Somebody of the same agency and fitting duties stands in on a day of February.
async fn stand_in(by: &Actor<'_>, scene: &Scene<'_>, name: &str, day: u8) -> String {
    let actor = scene.actor(name);
    let elsewhere = actor.agency_id() == scene.actor("dau.mn").agency_id();
    let substitute = match name {
        SECOND_ADMINISTRATOR => &*sign_in_name(Role::Administrator),
        name if name == sign_in_name(Role::Administrator) => SECOND_ADMINISTRATOR,
        _ if elsewhere => "thay.mn",
        _ => "thay.mt",
    };
    let wanted = json!({ "standIn": {
        "positionId": position(actor), "userId": id(&scene.actor(substitute).session["user"]),
        "startDate": format!("2027-02-{day:02}"), "endDate": format!("2027-02-{:02}", day + 1),
    }});
    id(&by.post("/v1/standIns", &wanted).await.ok()["standIn"])
}

/// What makes others relate to what concerns a person.
fn concerned(actor: &Actor<'_>) -> Thing {
    let roles = actor.session["user"]["appointments"][0]["roles"].as_array().unwrap();
    let leading = ["ROLE_AGENCY_HEAD", "ROLE_DEPUTY_HEAD", "ROLE_UNIT_HEAD"];
    Thing {
        owner: Some(id(&actor.session["user"]).parse().unwrap()),
        agency: Some(actor.agency_id().parse().unwrap()),
        units: vec![actor.unit_id().parse().unwrap()],
        leads: roles.iter().any(|role| leading.contains(&role.as_str().unwrap())),
        ..Thing::default()
    }
}

fn position(actor: &Actor<'_>) -> String {
    actor.session["user"]["appointments"][0]["positionId"].as_str().unwrap().to_owned()
}

fn id(thing: &Json) -> String {
    thing["id"].as_str().unwrap().to_owned()
}
