use congvan_proto::directory::v1 as pb;
use directory::SignInConfig;
use jiff::SignedDuration;
use kit::{Call, Language};
use sql::{Statement, statement};
use tonic::Code;

use crate::world::{PASSWORD, Who, World, department, fact, fields, officer, reason, who};

async fn list(world: &World, by: &Who, user_id: &str) -> Vec<pb::Session> {
    let request = pb::ListSessionsRequest { user_id: user_id.to_owned(), ..Default::default() };
    world.sessions().list_sessions(world.from(by, request)).await.unwrap().into_inner().sessions
}

async fn revoke(world: &World, by: &Who, id: &str) -> Result<(), tonic::Status> {
    let request =
        pb::RevokeSessionRequest {
            id: id.to_owned(), reason: "máy bị mất".to_owned(), ..Default::default()
        };
    world.sessions().revoke_session(world.from(by, request)).await.map(drop)
}

/// An administrator and an officer, both signed in, and the officer's id.
async fn two(world: &World) -> (Who, Who, String) {
    let administrator = world.administrator().await;
    let unit = world.unit(&administrator, department("H52.01")).await.unwrap();
    let user = world.user(&administrator, officer("chung.cv", &unit)).await.unwrap();
    let officer = who(&world.sign_in("chung.cv", PASSWORD).await.unwrap().session.unwrap());
    world.wait(1); // what follows is later in the audit
    (administrator, officer, user.id)
}

#[tokio::test]
async fn a_person_sees_the_own_sessions_and_ends_one_that_was_left_open() {
    for world in World::all().await {
        let (_, me, _) = two(&world).await;
        world.wait(59);
        let request = pb::SignInRequest {
            sign_in_name: "chung.cv".to_owned(),
            password: PASSWORD.to_owned(),
            ..Default::default()
        };
        let request = world.from(&Who::Gateway, request);
        let browser = "Mozilla/5.0 (X11; Linux x86_64)".to_owned() + &" Gecko".repeat(100);
        let call = Call { language: Language::En, id: String::new(), client: browser.clone() };
        let mut sessions = world.sessions();
        let left_open = call.scope(sessions.sign_in(request)).await.unwrap().into_inner();

        let sessions = list(&world, &me, "").await;
        assert_eq!(sessions.len(), 2);
        let [newest, own] = &sessions[..] else { panic!("two") };
        assert_eq!(newest.id, left_open.session.unwrap().id, "the newest first");
        assert_eq!(newest.client, browser.chars().take(200).collect::<String>());
        assert_eq!(
            (newest.opening(), own.opening()),
            (pb::SessionOpening::Password, pb::SessionOpening::Password)
        );
        assert!(newest.create_time.unwrap().seconds - own.create_time.unwrap().seconds == 60);

        revoke(&world, &me, &newest.id).await.unwrap();
        assert_eq!(reason(&world.verify(&left_open.token).await.unwrap_err()), "NOT_SIGNED_IN");
        assert_eq!(list(&world, &me, "").await.len(), 1);
        let status = revoke(&world, &me, &newest.id).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "SESSION_NOT_FOUND"));
    }
}

#[tokio::test]
async fn the_sessions_of_others_are_for_administrators_only() {
    for world in World::all().await {
        let (administrator, me, my_id) = two(&world).await;
        let Who::Person(keeper) = &administrator else { panic!("a person") };
        let status = revoke(&world, &me, &keeper.session_id.to_string()).await.unwrap_err();
        assert_eq!(reason(&status), "SESSION_NOT_FOUND", "nor is it said that there is one");
        assert_eq!(fact(&status, "session_id"), keeper.session_id.to_string());
        let request = pb::ListSessionsRequest { user_id: keeper.user_id.to_string(), ..Default::default() };
        let status = world.sessions().list_sessions(world.from(&me, request)).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_ALLOWED");
        let request =
            pb::RevokeAllSessionsRequest { user_id: keeper.user_id.to_string(), ..Default::default() };
        let status = world.sessions().revoke_all_sessions(world.from(&me, request)).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_ALLOWED");
        assert_eq!(list(&world, &administrator, "").await.len(), 1, "nothing was ended");

        world.wait(1);
        let theirs = list(&world, &administrator, &my_id).await;
        revoke(&world, &administrator, &theirs[0].id).await.unwrap();
        assert!(list(&world, &administrator, &my_id).await.is_empty());
        let entry = world.audit(&administrator, &my_id).await.remove(0);
        assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("user.revoke_session", "máy bị mất"));
        assert!(
            entry.before.contains(&theirs[0].id) && entry.before.contains("PASSWORD"),
            "{}",
            entry.before
        );
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    for world in World::all().await {
        let (administrator, ..) = two(&world).await;
        let request = pb::RevokeSessionRequest {
            id: "7".to_owned(),
            reason: "á".repeat(501),
            request_id: "8".to_owned(),
        };
        let status = world.sessions().revoke_session(world.from(&administrator, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["requestId", "id", "reason"]);
        let request =
            pb::ListSessionsRequest { user_id: "7".to_owned(), page_size: 1001, ..Default::default() };
        let status = world.sessions().list_sessions(world.from(&administrator, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["userId", "pageSize"]);
        let request = pb::ListSessionsRequest {
            user_id: "00000000-0000-7000-8000-000000000000".to_owned(),
            ..Default::default()
        };
        let status = world.sessions().list_sessions(world.from(&administrator, request)).await.unwrap_err();
        assert_eq!(reason(&status), "USER_NOT_FOUND");
    }
}

#[tokio::test]
async fn all_sessions_but_the_own_end_at_once_and_only_once() {
    for world in World::all().await {
        let (_, me, my_id) = two(&world).await;
        let others = [
            world.sign_in("chung.cv", PASSWORD).await.unwrap(),
            world.sign_in("chung.cv", PASSWORD).await.unwrap(),
        ];
        let request = pb::RevokeAllSessionsRequest {
            request_id: "01900000-0000-7000-8000-000000000001".to_owned(),
            ..Default::default()
        };
        for _ in 0..2 {
            let answer =
                world.sessions().revoke_all_sessions(world.from(&me, request.clone())).await.unwrap();
            assert_eq!(answer.into_inner().revoked, 2);
        }
        for other in others {
            assert!(world.verify(&other.token).await.is_err());
        }
        assert_eq!(list(&world, &me, &my_id).await.len(), 1);
    }
}

#[tokio::test]
async fn many_sessions_come_in_pages() {
    for world in World::all().await {
        let (_, me, _) = two(&world).await;
        for _ in 0..4 {
            world.wait(1);
            world.sign_in("chung.cv", PASSWORD).await.unwrap();
        }
        let (mut seen, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListSessionsRequest { page_size: 2, page_token, ..Default::default() };
            let answer = world.sessions().list_sessions(world.from(&me, request)).await.unwrap().into_inner();
            seen.extend(answer.sessions.into_iter().map(|session| session.id));
            page_token = answer.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|newer, older| newer > older));
    }
}

#[tokio::test]
async fn when_a_session_was_used_is_known_to_within_five_minutes() {
    for world in World::all().await {
        world.administrator().await;
        let answer = world.sign_in("quantri", PASSWORD).await.unwrap();
        let opened = answer.session.unwrap().create_time.unwrap().seconds;
        for (seconds, noted) in [(299, 0), (1, 300), (299, 300), (1, 600)] {
            world.wait(seconds);
            let session = world.verify(&answer.token).await.unwrap();
            assert_eq!(session.last_use_time.unwrap().seconds - opened, noted);
        }
    }
}

#[tokio::test]
async fn a_session_left_lying_ends_when_the_operator_wants_so() {
    use congvan_proto::directory::v1::session_service_server::SessionService;
    for world in World::all().await {
        world.administrator().await;
        let token = world.sign_in("quantri", PASSWORD).await.unwrap().token;
        let config = SignInConfig { idle_limit: Some(SignedDuration::from_mins(30)), ..Default::default() };
        let strict = world.directory.clone().with_sign_in(config);
        let verify = async || {
            let mut request =
                tonic::Request::new(pb::VerifySessionRequest { token: token.clone(), ..Default::default() });
            request.extensions_mut().insert(kit::caller::Caller::service("gateway"));
            strict.verify_session(request).await.is_ok()
        };
        for _ in 0..4 {
            world.wait(29 * 60);
            assert!(verify().await, "in use");
        }
        world.wait(30 * 60);
        assert!(!verify().await);
        assert!(world.verify(&token).await.is_ok(), "without the limit it still lasts");
    }
}

#[tokio::test]
async fn who_was_deactivated_has_no_session_and_gets_none() {
    const DEACTIVATE: Statement =
        statement("DEACTIVATE", "UPDATE person SET is_active = FALSE WHERE sign_in_name = 'chung.cv'");
    for world in World::all().await {
        two(&world).await;
        let token = world.sign_in("chung.cv", PASSWORD).await.unwrap().token;
        let mut tx = world.db.write("test").await.unwrap();
        tx.execute(&DEACTIVATE, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(reason(&world.verify(&token).await.unwrap_err()), "NOT_SIGNED_IN");
        let status = world.sign_in("chung.cv", PASSWORD).await.unwrap_err();
        assert_eq!(reason(&status), "WRONG_CREDENTIALS", "nor is it said that there is such a person");
    }
}
