use base::{Clock, Uuid};
use congvan_proto::access::v1::Scope;
use congvan_tests::{Actor, World};
use jiff::SignedDuration;
use kit::caller::{Appointment, GATEWAY, Person, Role, StandsInFor};
use serde_json::Value as Json;

use super::scene::{EVERYTHING, Scene};

/// Somebody who calls.
pub(crate) struct Caller {
    /// As the table names it.
    pub(crate) name: String,
    /// What the call carries.
    pub(crate) claim: Option<String>,
    /// Whom the claim truly speaks for.
    pub(crate) sort: Sort,
}

/// What sort of caller it is, as the services must find.
#[derive(Clone)]
pub(crate) enum Sort {
    /// No claim, or one that must not be believed.
    Nobody,
    /// A process of its own accord.
    Process(&'static str),
    /// A person in a session or, with scopes, behind an API key.
    Person(Box<Person>),
}

impl Caller {
    /// A person, as the contracts look at one.
    pub(crate) fn in_person(person: &Person) -> Self {
        Self { name: String::new(), claim: None, sort: Sort::Person(Box::new(person.clone())) }
    }

    /// The person calling; none for the others.
    pub(crate) fn person(&self) -> Option<&Person> {
        if let Sort::Person(person) = &self.sort { Some(person) } else { None }
    }

    /// Whether it is a person in a session of its own.
    pub(crate) fn in_session(&self) -> bool {
        self.person().is_some_and(|person| person.scopes.is_none())
    }
}

/// An officer whose claims say that another's post is stood in for as well, with every role that business knows.
pub(crate) const STAND_IN: &str = "lam-thay.mt";

/// Somebody whose claims name no post any more.
pub(crate) const NO_POST: &str = "thoi-viec.mt";

/// Officers whose claims say that they hold these roles in an agency that took over from another.
pub(crate) const HEIRS: [(Role, &str); 3] = [
    (Role::AgencyHead, "ke-thua-mot.mt"),
    (Role::DocumentOffice, "ke-thua-hai.mt"),
    (Role::Officer, "ke-thua-ba.mt"),
];

/// The sign-in name of the person who holds this role in the own agency.
pub(crate) fn sign_in_name(role: Role) -> String {
    format!("{}.mt", role.name().to_lowercase().replace('_', "-"))
}

/// The person of a session.
pub(crate) fn person(actor: &Actor<'_>) -> Person {
    let id = |value: &Json| -> Uuid { value.as_str().unwrap().parse().unwrap() };
    let user = &actor.session["user"];
    // Nobody of the scene stands in or inherits yet: the cast adds it.
    let post = |post: &Json| Appointment {
        agency_id: id(&post["agencyId"]),
        unit_id: id(&post["unitId"]),
        position: post["position"].as_str().unwrap().to_owned(),
        inherited_agency_ids: Vec::new(),
        stands_in_for: None,
        roles: post["roles"].as_array().unwrap().iter().filter_map(role).collect(),
    };
    Person {
        user_id: id(&user["id"]),
        full_name: user["fullName"].as_str().unwrap().to_owned(),
        session_id: id(&actor.session["id"]),
        appointments: user["appointments"].as_array().unwrap().iter().map(post).collect(),
        scopes: None,
    }
}

fn role(name: &Json) -> Option<Role> {
    Role::named(name.as_str()?.strip_prefix("ROLE_")?)
}

/// Everybody who calls, with claims of this moment.
pub(crate) fn cast(world: &World, scene: &Scene<'_>) -> Vec<Caller> {
    let (now, everything) = (world.clock.now(), scene.person(EVERYTHING));
    let gateway = world.signer(GATEWAY);
    let signed = |name: &str, person: Person| Caller {
        name: name.to_owned(),
        claim: Some(gateway.sign(Some(person.clone()), now)),
        sort: Sort::Person(Box::new(person)),
    };
    let mut all = strangers(world, scene);
    for process in ["gateway", "documents", "notifications"] {
        let claim = Some(world.signer(process).sign(None, now));
        all.push(Caller { name: format!("{process} itself"), claim, sort: Sort::Process(process) });
    }
    let holder = |role| scene.person(&sign_in_name(role));
    all.extend(Role::ALL.map(|role| signed(role.name(), holder(role))));
    all.push(signed("every role", everything.clone()));
    all.extend(
        HEIRS.map(|(role, name)| signed(&format!("{} of an heir", role.name()), heir(role, name, scene))),
    );
    all.push(signed("an officer who stands in", standing_in(scene)));
    all.push(signed("a person without a post", Person { appointments: Vec::new(), ..scene.person(NO_POST) }));
    let every_scope = keyed(&scopes());
    for role in [Role::Officer, Role::Administrator] {
        let name = format!("{}'s key with every scope", role.name());
        all.push(signed(&name, Person { scopes: Some(every_scope.clone()), ..holder(role) }));
    }
    let mut key = |name: String, scopes: &[Scope]| {
        all.push(signed(&name, Person { scopes: Some(keyed(scopes)), ..everything.clone() }));
    };
    key("a key without scopes".to_owned(), &[]);
    for scope in scopes() {
        key(format!("a key for {}", scope.as_str_name()), &[scope]);
    }
    key("a key with every scope".to_owned(), &scopes());
    all
}

/// Every scope of the contracts.
fn scopes() -> Vec<Scope> {
    (1..).map_while(|number| Scope::try_from(number).ok()).collect()
}

/// Scopes as a claim holds them.
fn keyed(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(|scope| scope.as_str_name().to_owned()).collect()
}

/// Who shows no claim, or one that must not be believed.
fn strangers(world: &World, scene: &Scene<'_>) -> Vec<Caller> {
    let (now, everything) = (world.clock.now(), scene.person(EVERYTHING));
    let claim = |person: &Person, at| world.signer(GATEWAY).sign(Some(person.clone()), at);
    let officer = claim(&scene.person(&sign_in_name(Role::Officer)), now);
    [
        ("nobody", None),
        ("an expired claim", Some(claim(&everything, now - SignedDuration::from_secs(66)))),
        ("a claim from the future", Some(claim(&everything, now + SignedDuration::from_secs(60)))),
        ("a tampered claim", Some(tampered(&officer, &claim(&everything, now)))),
        (
            "a person vouched for by documents",
            Some(world.signer("documents").sign(Some(everything.clone()), now)),
        ),
    ]
    .map(|(name, claim)| Caller { name: name.to_owned(), claim, sort: Sort::Nobody })
    .into()
}

/// An officer whose claims say that the post gives this role, in an agency that took over from MN.
fn heir(role: Role, name: &str, scene: &Scene<'_>) -> Person {
    let mut person = scene.person(name);
    person.appointments[0].roles = vec![role];
    person.appointments[0].inherited_agency_ids = scene.drafts["vp.mn"].thing.agency.into_iter().collect();
    person
}

/// An officer with a second post that is the head's, who is away. Of the duties that another's post brings, administration is
/// left out: it would open everything, and whoever is to have it stands in for an administrator alone.
fn standing_in(scene: &Scene<'_>) -> Person {
    let mut person = scene.person(STAND_IN);
    let head = scene.person(&sign_in_name(Role::AgencyHead));
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Administrator).collect();
    let of = StandsInFor { position_id: Uuid::nil(), user_id: head.user_id };
    person.appointments.push(Appointment { roles, stands_in_for: Some(of), ..head.appointments[0].clone() });
    person
}

/// The one's signature under the other's words.
fn tampered(signed: &str, wanted: &str) -> String {
    let (_, signature) = signed.rsplit_once('.').unwrap();
    let (words, _) = wanted.rsplit_once('.').unwrap();
    format!("{words}.{signature}")
}
