//! The doors of the gateway let in whom the contracts let in: by gRPC and by REST, nobody without a session or a key, no
//! person to what is for administrators, no key beyond its scopes, and nobody at all to what services tell each other.

use std::collections::BTreeSet;

use congvan_proto::access::v1::{Access, Audience};
use congvan_tests::World;
use http::Method;
use kit::{caller::Person, transport::Transport};
use serde_json::json;
use tonic::Code;

use super::{
    call::{Callable, LAST},
    cast::{Caller, Sort, person},
    scene::Scene,
    verdict::admits,
};

/// Stands where an address names a thing: there is none.
const NOTHING: &str = "019376ad-0000-7000-8000-000000000007";

/// Somebody in front of the gateway.
struct Visitor {
    /// Whom the gateway must find.
    caller: Caller,
    token: Option<String>,
}

/// Nobody, an officer, an administrator, and a key of each that may read messages.
async fn visitors(world: &World) -> Vec<Visitor> {
    let nobody = Caller { name: "nobody".to_owned(), claim: None, sort: Sort::Nobody };
    let mut all = vec![Visitor { caller: nobody, token: None }];
    let of = |name: String, person: &Person| Caller {
        name,
        claim: None,
        sort: Sort::Person(Box::new(person.clone())),
    };
    for name in ["soan.vp.mt", "administrator.mt"] {
        let actor = world.actor(name).await;
        let wanted = json!({ "apiKey": {
            "name": "Cửa", "scopes": ["SCOPE_NOTIFICATIONS_READ"], "expireTime": "2027-01-01T00:00:00Z",
        }});
        let key = actor.post("/v1/apiKeys", &wanted).await.ok()["key"].as_str().unwrap().to_owned();
        let mut person = person(&actor);
        all.push(Visitor { caller: of(name.to_owned(), &person), token: Some(actor.token.clone()) });
        person.scopes = Some(vec!["SCOPE_NOTIFICATIONS_READ".to_owned()]);
        all.push(Visitor { caller: of(format!("a key of {name}"), &person), token: Some(key) });
    }
    all
}

/// Whether the door must open. Where the gateway calls of its own accord, it opens for whoever comes.
fn opens(access: &Access, visitor: &Visitor) -> bool {
    access.audiences().any(|audience| audience == Audience::Open) || admits(access, &visitor.caller)
}

#[tokio::test]
async fn grpc_opens_to_whom_the_contracts_admit() {
    let world = World::new(World::engines()[0]).await;
    let _scene = Scene::new(&world).await;
    let gateway = Transport::local(world.router());
    let methods = Callable::all(&world);
    for visitor in visitors(&world).await {
        for callable in &methods {
            let place = format!("{} by {}", callable.name(), visitor.caller.name);
            let access = callable.stated().access.as_ref().unwrap();
            let answer = callable.at(&gateway, visitor.token.as_deref(), &json!({})).await;
            let code = answer.err().map(|status| status.code());
            if !callable.stated().public {
                assert_eq!(code, Some(Code::Unimplemented), "{place}");
            } else if !opens(access, &visitor) {
                assert!(
                    matches!(code, Some(Code::Unauthenticated | Code::PermissionDenied)),
                    "{place}: {code:?}"
                );
            } else if access.grants.is_empty() && access.bars.is_empty() {
                assert!(
                    !matches!(code, Some(Code::Unauthenticated | Code::PermissionDenied)),
                    "{place}: {code:?}"
                );
            }
        }
    }
    world.end().await;
}

/// Every operation that the gateway describes: verb, address with [`NOTHING`] in it, method of the contracts, type of its body.
async fn operations(world: &World) -> Vec<(Method, String, String, String)> {
    let described = world.call(Method::GET, "/openapi.json", None, None).await.json();
    let mut all = Vec::new();
    for (path, verbs) in described["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object();
            let body = content.and_then(|content| content.keys().next().cloned()).unwrap_or_default();
            let method = format!("/{}", operation["x-grpc-method"].as_str().unwrap());
            all.push((verb.to_uppercase().parse().unwrap(), filled(path), method, body));
        }
    }
    let ends = |method: &str| LAST.iter().position(|name| method.ends_with(name));
    all.sort_by_key(|(_, path, method, _)| (ends(method), path.clone()));
    all
}

/// An address whose parts in braces name nothing that there is.
fn filled(path: &str) -> String {
    let mut parts = path.split('{');
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        filled += NOTHING;
        filled += part.split_once('}').unwrap().1;
    }
    filled
}

#[tokio::test]
async fn rest_opens_to_whom_the_contracts_admit() {
    let world = World::new(World::engines()[0]).await;
    let _scene = Scene::new(&world).await;
    let operations = operations(&world).await;
    let described: BTreeSet<_> = operations.iter().map(|(_, _, method, _)| &**method).collect();
    let public = congvan_proto::methods().filter(|method| method.public).map(|method| &*method.path);
    assert_eq!(described, public.collect(), "every public method has an address, and no other");
    for visitor in visitors(&world).await {
        for (verb, path, method, body) in &operations {
            let place = format!("{verb} {path} by {}", visitor.caller.name);
            let access = congvan_proto::method(method).unwrap().access.as_ref().unwrap();
            let bytes = if body.is_empty() { "" } else { "{}" };
            let answer = world.send(verb.clone(), path, visitor.token.as_deref(), bytes, body).await;
            let status = answer.status.as_u16();
            if !opens(access, &visitor) {
                // What is missing in the form of a request is told before rights are asked, but only within a session.
                let expected: &[u16] = if visitor.token.is_some() { &[400, 403] } else { &[401] };
                assert!(expected.contains(&status), "{place}: {status}");
            } else if access.grants.is_empty() && access.bars.is_empty() {
                assert!(![401, 403].contains(&status), "{place}: {status}");
            }
        }
    }
    world.end().await;
}
