//! How each method is asked about something that the caller has to do with, or has not.
//!
//! A method whose right depends on the caller alone, or that is always about the caller, needs no probe: an empty request
//! shows whether it gets through. Every other one has a line in one of the tables below; a test names those that have none.

mod directory;
mod documents;

use congvan_proto::access::v1::{Access, Relation};
use kit::caller::Person;
use serde_json::{Value as Json, json};

use super::{
    belongings::Property,
    by::By,
    scene::{Scene, Thing},
};

/// One thing asked about.
pub(crate) struct Case {
    /// How the caller stands to it.
    pub(crate) name: &'static str,
    /// Its id, as the request names it; empty where the request names none.
    pub(crate) id: String,
    pub(crate) thing: Thing,
    /// The request about the thing with this id.
    pub(crate) request: Box<dyn Fn(&str) -> Json>,
}

impl Case {
    pub(crate) fn new(
        name: &'static str,
        id: &str,
        thing: Thing,
        request: impl Fn(&str) -> Json + 'static,
    ) -> Self {
        Self { name, id: id.to_owned(), thing, request: Box::new(request) }
    }
}

/// What a method is asked about by this person; none if it needs a probe and has none.
pub(crate) fn cases(
    method: &str,
    scene: &Scene<'_>,
    property: &Property,
    person: &Person,
) -> Option<Vec<Case>> {
    let by = By::new(scene, property, person);
    let (_, service) = method.split_once('.')?;
    documents::cases(service, &by).or_else(|| directory::cases(service, &by))
}

/// The one case of a method that addresses nothing, or nothing but the caller; none if it addresses more.
pub(crate) fn plain(access: &Access, person: &Person) -> Option<Vec<Case>> {
    let about_the_caller = access.grants.iter().all(|grant| grant.relation() == Relation::Own);
    let thing = Thing { owner: Some(person.user_id), ..Thing::default() };
    (about_the_caller && access.bars.is_empty()).then(|| vec![Case::new("", "", thing, |_| json!({}))])
}

/// A request that names a thing by its id.
fn id(id: &str) -> Json {
    json!({ "id": id })
}

/// A request to change a thing, from a revision that it never had: whoever may is told that it changed since.
fn step(id: &str) -> Json {
    json!({ "id": id, "revision": 999 })
}
