//! Requests that lack what they must have or say what only answers hold, for every method of the contracts: a service names
//! all that is missing at once, and reads nothing that REST drops.

use congvan_tests::{Actor, Answer, World};
use kit::transport::Transport;
use serde_json::{Value, json};

use crate::{
    hollow::{CHOICES, Hollow},
    matrix::call::Callable,
    operations::{Operation, operations},
};

/// Names nothing.
const ID: &str = "019376ad-0000-7000-8000-00000000dead";

async fn send(actor: &Actor<'_>, operation: &Operation, request: &Value) -> Answer {
    // What belongs to an agency is asked of the actor's own: of another one nothing would be told.
    let of_agency = operation.address.starts_with("/v1/agencies/");
    let own = actor.session["user"]["appointments"][0]["agencyId"].as_str().unwrap_or(ID);
    let address = operation.at(if of_agency { own } else { ID });
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
            let Hollow { request, missing, .. } = Hollow::lacking(&operation, choice);
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
    let (drafter, clerk) = (world.actor("canbo.snv").await, world.actor("vanthu.snv").await);
    for operation in operations(&congvan_proto::descriptor_pool()) {
        // What is created belongs to what the address names; and the revision of a stand-in rule may be zero: none was set.
        let method = operation.method.name();
        if method.starts_with("Create") || method == "SetStandInRule" {
            continue;
        }
        let Some(thing) = operation.thing() else { continue };
        let field = format!("{}.revision", thing.json_name());
        let actor = match thing.name() {
            "document" => &drafter,
            "series" => &clerk,
            _ => &administrator,
        };
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

#[tokio::test]
async fn no_service_reads_what_only_answers_hold() {
    let world = World::new(World::engines()[0]).await;
    let gateway = Transport::local(world.router());
    let callables = Callable::all(&world);
    let mut actors = Vec::new();
    for name in ["quantri", "vanthu.snv", "lanhdao.snv", "canbo.snv"] {
        actors.push(world.actor(name).await);
    }
    let mut offenders = Vec::new();
    let mut asked = 0;
    for operation in operations(&congvan_proto::descriptor_pool()).iter().filter(|one| !one.is_upload()) {
        let callable = callables.iter().find(|callable| callable.method == operation.method).unwrap();
        for choice in 0..CHOICES {
            let [without, with] = Hollow::with_answers(operation, choice, ID);
            if without == with {
                continue; // nothing of it is only for answers
            }
            asked += 1;
            for actor in &actors {
                let [left, right] = [&without, &with];
                let left = callable.at(&gateway, Some(&actor.token), left).await.unwrap_err();
                let right = callable.at(&gateway, Some(&actor.token), right).await.unwrap_err();
                if left.details() != right.details() {
                    let details =
                        [left, right].map(|told| String::from_utf8_lossy(told.details()).into_owned());
                    offenders.push(format!("{}: {with}\n    {}", callable.name(), details.join("\n    ")));
                    break;
                }
            }
        }
    }
    assert!(offenders.is_empty(), "{} offender(s):\n  {}", offenders.len(), offenders.join("\n  "));
    assert!(asked > 15, "only {asked} requests could say more than is read");
    world.end().await;
}
