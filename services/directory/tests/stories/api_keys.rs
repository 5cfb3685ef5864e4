//! Keys of other software: made once, used within their scopes, ended at once.

use congvan_proto::{
    access::v1::Scope,
    directory::v1::{self as pb, api_key_service_client::ApiKeyServiceClient},
    time_to_proto,
};
use kit::{caller::Person, transport::Transport};
use sql::{Queries, Statement, statement};
use tonic::Status;

use crate::world::{Who, World, department, fields, officer, reason, who};

const DAY: i64 = 24 * 3600;

fn keys(world: &World) -> ApiKeyServiceClient<Transport> {
    ApiKeyServiceClient::new(world.transport.clone())
}

fn person(who: &Who) -> &Person {
    let Who::Person(person) = who else { panic!("{who:?} is no person") };
    person
}

/// A key for a day with these scopes.
fn key(world: &World, scopes: &[Scope]) -> pb::ApiKey {
    let end = base::Clock::now(&world.clock) + jiff::SignedDuration::from_secs(DAY);
    pb::ApiKey {
        name: "Phần mềm một cửa".to_owned(),
        scopes: scopes.iter().map(|scope| i32::from(*scope)).collect(),
        expire_time: Some(time_to_proto(end.as_microsecond())),
        ..pb::ApiKey::default()
    }
}

async fn create(world: &World, by: &Who, key: pb::ApiKey) -> Result<pb::CreateApiKeyResponse, Status> {
    let request = pb::CreateApiKeyRequest { api_key: Some(key), ..pb::CreateApiKeyRequest::default() };
    keys(world).create_api_key(world.from(by, request)).await.map(tonic::Response::into_inner)
}

async fn revoke(world: &World, by: &Who, id: &str) -> Result<pb::ApiKey, Status> {
    let request = pb::RevokeApiKeyRequest { id: id.to_owned(), ..pb::RevokeApiKeyRequest::default() };
    let answer = keys(world).revoke_api_key(world.from(by, request)).await?;
    Ok(answer.into_inner().api_key.unwrap())
}

async fn list(world: &World, by: &Who, request: pb::ListApiKeysRequest) -> Result<Vec<pb::ApiKey>, Status> {
    Ok(keys(world).list_api_keys(world.from(by, request)).await?.into_inner().api_keys)
}

/// Whom a key speaks for, as the gateway learns it.
async fn opened(world: &World, key: &str) -> Result<Who, Status> {
    let request = pb::VerifySessionRequest { token: key.to_owned(), ..pb::VerifySessionRequest::default() };
    let answer = world.sessions().verify_session(world.from(&Who::Gateway, request)).await?.into_inner();
    let Who::Person(mut person) = who(&answer.session.unwrap()) else { panic!("a key speaks for a person") };
    let scopes = answer.api_key.unwrap().scopes().map(|scope| scope.as_str_name().to_owned()).collect();
    person.scopes = Some(scopes);
    Ok(Who::Person(person))
}

/// An administrator, and an officer with a session.
async fn people(world: &World) -> (Who, Who) {
    let administrator = world.administrator().await;
    let unit = world.unit(&administrator, department("H52.1")).await.unwrap();
    world.user(&administrator, officer("canbo.snv", &unit)).await.unwrap();
    let session = world.sign_in("canbo.snv", crate::world::PASSWORD).await.unwrap().session.unwrap();
    (administrator, who(&session))
}

#[tokio::test]
async fn a_key_speaks_for_its_person_within_its_scopes() {
    for world in World::all().await {
        let (_, officer) = people(&world).await;
        let made = create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap();
        assert!(made.key.starts_with("cvk_") && made.key.len() == 68, "{}", made.key);
        let caller = opened(&world, &made.key).await.unwrap();
        assert_eq!(person(&caller).user_id, person(&officer).user_id);
        assert_eq!(person(&caller).appointments, person(&officer).appointments);

        let units = world.units().list_units(world.from(&caller, pb::ListUnitsRequest::default())).await;
        assert_eq!(units.unwrap().into_inner().units.len(), 1);
        let made = create(&world, &officer, key(&world, &[Scope::AuditRead])).await.unwrap();
        let wrong = opened(&world, &made.key).await.unwrap();
        let units = world.units().list_units(world.from(&wrong, pb::ListUnitsRequest::default())).await;
        assert_eq!(reason(&units.unwrap_err()), "SCOPE_MISSING");
        let session = world.sessions().get_session(world.from(&caller, pb::GetSessionRequest {})).await;
        assert_eq!(reason(&session.unwrap_err()), "NOT_ALLOWED", "a key has no session");
        let sessions = pb::ListSessionsRequest::default();
        let sessions =
            world.sessions().list_sessions(world.from(&officer, sessions)).await.unwrap().into_inner();
        assert_eq!(sessions.sessions.len(), 1, "keys are no sessions");
    }
}

#[tokio::test]
async fn no_key_manages_keys() {
    for world in World::all().await {
        let (administrator, _) = people(&world).await;
        let made =
            create(&world, &administrator, key(&world, &[Scope::DirectoryWrite, Scope::Scim])).await.unwrap();
        let caller = opened(&world, &made.key).await.unwrap();
        let id = made.api_key.unwrap().id;
        let refusals = [
            create(&world, &caller, key(&world, &[Scope::DirectoryRead])).await.unwrap_err(),
            list(&world, &caller, pb::ListApiKeysRequest::default()).await.unwrap_err(),
            revoke(&world, &caller, &id).await.unwrap_err(),
        ];
        assert_eq!(refusals.each_ref().map(reason), ["NOT_ALLOWED"; 3].map(str::to_owned));
    }
}

#[tokio::test]
async fn a_key_ends_with_its_time_and_when_it_is_revoked() {
    for world in World::all().await {
        let (administrator, officer) = people(&world).await;
        let long = create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap();
        world.wait(DAY - 1);
        assert!(opened(&world, &long.key).await.is_ok());
        world.wait(1);
        assert_eq!(reason(&opened(&world, &long.key).await.unwrap_err()), "NOT_SIGNED_IN");

        let ended = create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap();
        let id = ended.api_key.unwrap().id;
        let first = revoke(&world, &administrator, &id).await.unwrap();
        assert_eq!(
            reason(&opened(&world, &ended.key).await.unwrap_err()),
            "NOT_SIGNED_IN",
            "at the next call"
        );
        world.wait(5);
        assert_eq!(revoke(&world, &officer, &id).await.unwrap(), first, "it ended once");
        for forged in ["cvk_", "cvk_00", &ended.key[..67], &long.key.replace("cvk_", "")] {
            assert_eq!(reason(&opened(&world, forged).await.unwrap_err()), "NOT_SIGNED_IN", "{forged}");
        }
    }
}

#[tokio::test]
async fn neither_key_nor_session_outlives_the_right_to_sign_in() {
    const DEACTIVATE: Statement =
        statement("DEACTIVATE", "UPDATE person SET is_active = FALSE WHERE sign_in_name = 'canbo.snv'");
    for world in World::all().await {
        let (_, officer) = people(&world).await;
        let made = create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap();
        let session = world.sign_in("canbo.snv", crate::world::PASSWORD).await.unwrap();
        assert!(opened(&world, &made.key).await.is_ok() && world.verify(&session.token).await.is_ok());
        let mut tx = world.db.write("test").await.unwrap();
        tx.execute(&DEACTIVATE, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(reason(&opened(&world, &made.key).await.unwrap_err()), "NOT_SIGNED_IN");
        assert_eq!(reason(&world.verify(&session.token).await.unwrap_err()), "NOT_SIGNED_IN");
    }
}

#[tokio::test]
async fn others_keys_are_the_administrators_business_and_documents_are_not() {
    for world in World::all().await {
        let (administrator, officer) = people(&world).await;
        let own = person(&officer).user_id.to_string();
        let of_officer = |scopes: &[Scope]| pb::ApiKey { user_id: own.clone(), ..key(&world, scopes) };
        let made = create(&world, &administrator, of_officer(&[Scope::DirectoryRead])).await.unwrap();
        let made = made.api_key.unwrap();
        assert_eq!(
            (&made.user_id, made.creator_id.clone()),
            (&own, person(&administrator).user_id.to_string())
        );
        let business = [Scope::DocumentsRead, Scope::DirectoryRead, Scope::NotificationsRead];
        let status = create(&world, &administrator, of_officer(&business)).await.unwrap_err();
        assert_eq!(
            fields(&status),
            ["apiKey.scopes[0]", "apiKey.scopes[2]"],
            "nor by a key of somebody else"
        );

        let theirs = pb::ApiKey {
            user_id: person(&administrator).user_id.to_string(),
            ..key(&world, &[Scope::DirectoryRead])
        };
        assert_eq!(reason(&create(&world, &officer, theirs.clone()).await.unwrap_err()), "NOT_ALLOWED");
        world.wait(1);
        let hidden = create(&world, &administrator, theirs).await.unwrap().api_key.unwrap();
        let status = revoke(&world, &officer, &hidden.id).await.unwrap_err();
        assert_eq!(reason(&status), "API_KEY_NOT_FOUND");
        let nowhere = base::Uuid::nil().to_string();
        let missing = revoke(&world, &officer, &nowhere).await.unwrap_err();
        assert_eq!(status.message(), missing.message());
        let of_nobody = pb::ApiKey { user_id: nowhere, ..key(&world, &[Scope::DirectoryRead]) };
        assert_eq!(reason(&create(&world, &administrator, of_nobody).await.unwrap_err()), "USER_NOT_FOUND");

        let all = pb::ListApiKeysRequest { everybody: true, ..Default::default() };
        assert_eq!(list(&world, &administrator, all.clone()).await.unwrap(), [hidden, made.clone()]);
        assert_eq!(reason(&list(&world, &officer, all).await.unwrap_err()), "NOT_ALLOWED");
        assert_eq!(list(&world, &officer, pb::ListApiKeysRequest::default()).await.unwrap(), [made]);
    }
}

#[tokio::test]
async fn all_mistakes_of_a_key_are_told_at_once() {
    for world in World::all().await {
        let (_, officer) = people(&world).await;
        let late = base::Clock::now(&world.clock) + jiff::SignedDuration::from_secs(366 * DAY + 1);
        let wrong = pb::ApiKey {
            name: "a".repeat(101),
            scopes: vec![0, 99],
            expire_time: Some(time_to_proto(late.as_microsecond())),
            ..pb::ApiKey::default()
        };
        let status = create(&world, &officer, wrong).await.unwrap_err();
        let expected = ["apiKey.name", "apiKey.scopes[0]", "apiKey.scopes[1]", "apiKey.expireTime"];
        assert_eq!(fields(&status), expected);
        let status = create(&world, &officer, pb::ApiKey::default()).await.unwrap_err();
        assert_eq!(fields(&status), ["apiKey.name", "apiKey.scopes", "apiKey.expireTime"]);
        for _ in 0..20 {
            create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap();
        }
        let status = create(&world, &officer, key(&world, &[Scope::DirectoryRead])).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_API_KEYS");
    }
}

#[tokio::test]
async fn the_key_itself_is_kept_nowhere_and_its_use_to_the_hour() {
    const KEPT: Statement = statement("KEPT", "SELECT body FROM answer");
    for world in World::all().await {
        let (administrator, officer) = people(&world).await;
        let request = pb::CreateApiKeyRequest {
            api_key: Some(key(&world, &[Scope::DirectoryRead])),
            reason: "Kết nối một cửa".to_owned(),
            request_id: "019376ad-0000-7000-8000-000000000001".to_owned(),
        };
        let first =
            keys(&world).create_api_key(world.from(&officer, request.clone())).await.unwrap().into_inner();
        let again = keys(&world).create_api_key(world.from(&officer, request)).await.unwrap().into_inner();
        assert_eq!((again.key.as_str(), &again.api_key), ("", &first.api_key), "shown once");
        let rows = world.db.read("test").await.unwrap().all(&KEPT, vec![]).await.unwrap();
        for row in rows {
            let body: Vec<u8> = row.get("body").unwrap();
            assert!(!body.windows(first.key.len()).any(|part| part == first.key.as_bytes()));
        }
        let entries = world.audit(&administrator, &first.api_key.unwrap().id).await;
        let [entry] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("api_key.create", "Kết nối một cửa"));
        assert!(
            entry.after.contains("SCOPE_DIRECTORY_READ") && !entry.after.contains("cvk_"),
            "{}",
            entry.after
        );

        let used = async || {
            list(&world, &officer, pb::ListApiKeysRequest::default()).await.unwrap()[0].last_use_time
        };
        assert_eq!(used().await, None);
        opened(&world, &first.key).await.unwrap();
        let at = used().await;
        assert!(at.is_some());
        world.wait(3599);
        opened(&world, &first.key).await.unwrap();
        assert_eq!(used().await, at);
        world.wait(1);
        opened(&world, &first.key).await.unwrap();
        assert_ne!(used().await, at);
    }
}
