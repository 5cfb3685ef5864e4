//! A request that lacks what it must have: its service names all of it at once, for every method of the contracts.

use congvan_tests::{Actor, Answer, World};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::operations::{Operation, is_output_only, is_required, operations};

/// Names nothing.
const ID: &str = "019376ad-0000-7000-8000-00000000dead";

/// Most members of a choice.
const CHOICES: usize = 8;

/// A request in which every message is there and empty, and every list of messages has one that is.
struct Hollow {
    /// Which member of each choice is there.
    choice: usize,
    /// The required fields that are not there, as violations name them.
    missing: Vec<String>,
}

impl Hollow {
    /// The request for an operation, as JSON.
    fn request(operation: &Operation, choice: usize) -> (Value, Vec<String>) {
        let mut hollow = Self { choice, missing: Vec::new() };
        let input = operation.input();
        let mut request = Map::new();
        for field in chosen(&input, choice).filter(|field| !operation.binds(field.name())) {
            if operation.thing().as_ref() == Some(&field) {
                request.insert(field.json_name().to_owned(), json!({})); // it names only what changes
            } else if operation.takes_in_body(&field) {
                hollow.field(&mut request, &field, "", &[input.clone()]);
            } else if is_required(&field) {
                hollow.missing.push(field.json_name().to_owned());
            }
        }
        (request.into(), hollow.missing)
    }

    fn message(&mut self, message: &MessageDescriptor, place: &str, above: &[MessageDescriptor]) -> Value {
        let above = [above, std::slice::from_ref(message)].concat();
        let mut json = Map::new();
        for field in chosen(message, self.choice) {
            self.field(&mut json, &field, place, &above);
        }
        json.into()
    }

    fn field(
        &mut self,
        json: &mut Map<String, Value>,
        field: &FieldDescriptor,
        place: &str,
        above: &[MessageDescriptor],
    ) {
        let dot = if place.is_empty() { "" } else { "." };
        let mut place = format!("{place}{dot}{}", field.json_name());
        match own_message(field).filter(|inner| !above.contains(inner)) {
            Some(inner) if field.is_list() => {
                place.push_str("[0]");
                let one = self.message(&inner, &place, above);
                json.insert(field.json_name().to_owned(), json!([one]));
            }
            Some(inner) => {
                let one = self.message(&inner, &place, above);
                json.insert(field.json_name().to_owned(), one);
            }
            None if is_required(field) => self.missing.push(place),
            None => {}
        }
    }
}

/// The fields that a request may hold: of each choice one message, or none if it has none.
fn chosen(message: &MessageDescriptor, choice: usize) -> impl Iterator<Item = FieldDescriptor> + use<> {
    let fields: Vec<_> = message
        .fields()
        .filter(|field| {
            let Some(group) = field.containing_oneof() else { return true };
            let members: Vec<_> = group.fields().filter(|member| own_message(member).is_some()).collect();
            !members.is_empty() && members[choice % members.len()] == *field
        })
        .collect();
    fields.into_iter().filter(|field| !is_output_only(field))
}

/// The message of the contracts that a field holds.
fn own_message(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let Kind::Message(inner) = field.kind() else { return None };
    (!field.is_map() && inner.full_name().starts_with("congvan.")).then_some(inner)
}

async fn send(actor: &Actor<'_>, operation: &Operation, request: &Value) -> Answer {
    let address = operation.at(ID);
    if operation.is_upload() {
        return actor.sends_file(&address, b"%PDF-1.7\n".to_vec()).await;
    }
    let body = operation.body_of(request);
    actor.call(operation.verb.clone(), &address, (!body.is_null()).then_some(&body)).await
}

#[tokio::test]
async fn every_service_names_all_that_is_missing_at_once() {
    let world = World::new(World::engines()[0]).await;
    let mut actors = Vec::new();
    for name in ["quantri", "vanthu.snv", "lanhdao.snv", "canbo.snv"] {
        actors.push(world.actor(name).await);
    }
    let mut offenders = Vec::new();
    let mut asked = 0;
    for operation in operations(&congvan_proto::descriptor_pool()) {
        let mut seen = Vec::new();
        for choice in 0..CHOICES {
            let (request, missing) = Hollow::request(&operation, choice);
            if missing.is_empty() || seen.contains(&request) {
                continue;
            }
            asked += 1;
            offenders.extend(unnamed(&actors, &operation, &request, &missing).await);
            seen.push(request);
        }
    }
    assert!(offenders.is_empty(), "{} offender(s):\n  {}", offenders.len(), offenders.join("\n  "));
    assert!(asked > 60, "only {asked} requests lacked anything");
    world.end().await;
}

/// What whoever may make the call is not told of, in words.
async fn unnamed(
    actors: &[Actor<'_>],
    operation: &Operation,
    request: &Value,
    missing: &[String],
) -> Option<String> {
    let mut told = String::new();
    for actor in actors {
        let answer = send(actor, operation, request).await;
        let named = answer.violated_fields();
        if answer.status == 400 && missing.iter().all(|field| named.contains(field)) {
            return None;
        }
        told = format!("{told}\n    {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Some(format!("{}: {missing:?} of {request}{told}", operation.method.full_name()))
}

#[tokio::test]
async fn every_change_of_a_thing_asks_for_its_revision_and_gets_it() {
    let world = World::new(World::engines()[0]).await;
    let administrator = world.actor("quantri").await;
    let drafter = world.actor("canbo.snv").await;
    for operation in operations(&congvan_proto::descriptor_pool()) {
        // The revision of a stand-in rule may be zero: none was set.
        let Some(thing) = operation.thing().filter(|_| operation.method.name() != "SetStandInRule") else {
            continue;
        };
        let field = format!("{}.revision", thing.json_name());
        let actor = if thing.name() == "document" { &drafter } else { &administrator };
        for (given, is_named) in [(json!({}), true), (json!({ "revision": "1" }), false)] {
            let answer = send(actor, &operation, &json!({ thing.json_name(): given })).await;
            assert!(!answer.status.is_success(), "there is no such thing");
            let named = answer.violated_fields();
            assert_eq!(
                named.contains(&field),
                is_named,
                "{}: {}",
                operation.method.full_name(),
                answer.json()
            );
        }
    }
    world.end().await;
}
