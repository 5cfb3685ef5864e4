use tonic::Code;

use congvan_proto::directory::v1 as pb;
use directory::SignInConfig;
use jiff::SignedDuration;

use crate::world::{PASSWORD, World, department, fact, fields, officer, reason, who};

#[tokio::test]
async fn a_person_signs_in_and_out() {
    for world in World::all().await {
        world.administrator().await;
        let answer = world.sign_in("quantri", PASSWORD).await.unwrap();
        assert_eq!(answer.token.len(), 64);
        let session = world.verify(&answer.token).await.unwrap();
        assert_eq!(Some(&session), answer.session.as_ref());
        assert_eq!(session.user.as_ref().unwrap().full_name, "Lò Thị Mai");

        let me = who(&session);
        let read = world.sessions().get_session(world.from(&me, pb::GetSessionRequest {})).await.unwrap();
        assert_eq!(read.into_inner().session, Some(session));

        for _ in 0..2 {
            world.sessions().sign_out(world.from(&me, pb::SignOutRequest {})).await.unwrap();
            let status = world.verify(&answer.token).await.unwrap_err();
            assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "NOT_SIGNED_IN"));
        }
        let status =
            world.sessions().get_session(world.from(&me, pb::GetSessionRequest {})).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_SIGNED_IN");
    }
}

#[tokio::test]
async fn signing_out_ends_one_session_and_no_others() {
    for world in World::all().await {
        world.administrator().await;
        let desk = world.sign_in("quantri", PASSWORD).await.unwrap();
        let telephone = world.sign_in("quantri", PASSWORD).await.unwrap();
        assert_ne!(desk.token, telephone.token);
        let me = who(desk.session.as_ref().unwrap());
        world.sessions().sign_out(world.from(&me, pb::SignOutRequest {})).await.unwrap();
        assert!(world.verify(&desk.token).await.is_err());
        assert!(world.verify(&telephone.token).await.is_ok());
    }
}

#[tokio::test]
async fn a_session_ends_by_itself_after_twelve_hours() {
    for world in World::all().await {
        world.administrator().await;
        let answer = world.sign_in("quantri", PASSWORD).await.unwrap();
        world.wait(12 * 3600 - 1);
        assert!(world.verify(&answer.token).await.is_ok(), "used or not, to the last second");
        world.wait(1);
        assert_eq!(reason(&world.verify(&answer.token).await.unwrap_err()), "NOT_SIGNED_IN");
        assert_eq!(reason(&world.verify("").await.unwrap_err()), "INVALID_FIELDS");
        assert_eq!(reason(&world.verify("nonsense").await.unwrap_err()), "NOT_SIGNED_IN");
    }
}

#[tokio::test]
async fn how_long_sessions_last_can_be_set() {
    use congvan_proto::directory::v1::session_service_server::SessionService;
    for world in World::all().await {
        world.administrator().await;
        let short = world
            .directory
            .clone()
            .with_sign_in(SignInConfig { session_life: SignedDuration::from_mins(10), ..Default::default() });
        let request = pb::SignInRequest {
            sign_in_name: "quantri".to_owned(),
            password: PASSWORD.to_owned(),
            ..Default::default()
        };
        let mut request = tonic::Request::new(request);
        request.extensions_mut().insert(kit::caller::Caller::service("gateway"));
        let token = short.sign_in(request).await.unwrap().into_inner().token;
        world.wait(599);
        assert!(world.verify(&token).await.is_ok());
        world.wait(1);
        assert!(world.verify(&token).await.is_err());
    }
}

#[tokio::test]
async fn wrong_passwords_make_the_next_attempt_wait() {
    for world in World::all().await {
        world.administrator().await;
        for name in ["quantri", "khong.co.ai"] {
            for attempt in 1..=5 {
                let status = world.sign_in(name, "sai mật khẩu").await.unwrap_err();
                assert_eq!(reason(&status), "WRONG_CREDENTIALS", "{name}, attempt {attempt}");
                assert_eq!(status.code(), Code::Unauthenticated);
            }
            let status = world.sign_in(name, PASSWORD).await.unwrap_err();
            assert_eq!(
                (status.code(), reason(&status).as_str()),
                (Code::ResourceExhausted, "TOO_MANY_ATTEMPTS")
            );
            assert_eq!(fact(&status, "retry_after_seconds"), "2");
            assert_eq!(status.message(), "Too many wrong passwords in a row. Try again in 2 second(s).");
            world.wait(1);
            let status = world.sign_in(name, "sai mật khẩu").await.unwrap_err();
            assert_eq!(fact(&status, "retry_after_seconds"), "1", "attempts while waiting do not count");
            world.wait(1);
            assert_eq!(reason(&world.sign_in(name, "sai mật khẩu").await.unwrap_err()), "WRONG_CREDENTIALS");
            let status = world.sign_in(name, PASSWORD).await.unwrap_err();
            assert_eq!(fact(&status, "retry_after_seconds"), "4", "twice as long");
        }
        world.wait(4);
        world.sign_in("quantri", PASSWORD).await.unwrap();
        for _ in 1..=4 {
            assert_eq!(reason(&world.sign_in("quantri", "sai").await.unwrap_err()), "WRONG_CREDENTIALS");
        }
        world.sign_in("quantri", PASSWORD).await.expect("a right password started the count anew");
    }
}

#[tokio::test]
async fn nobody_is_shut_out_for_longer_than_five_minutes() {
    for world in World::all().await {
        world.administrator().await;
        for _ in 0..15 {
            assert_eq!(reason(&world.sign_in("quantri", "sai").await.unwrap_err()), "WRONG_CREDENTIALS");
            world.wait(300);
        }
        world.sign_in("quantri", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_telephone_does_to_the_keys_is_forgiven() {
    for world in World::all().await {
        world.administrator().await;
        let decomposed = "ma\u{323}\u{302}t kha\u{302}\u{309}u ra\u{302}\u{301}t da\u{300}i";
        world.sign_in(" Quantri ", decomposed).await.unwrap();
        let status = world.sign_in(" ", "").await.unwrap_err();
        assert_eq!(fields(&status), ["signInName", "password"]);
        for name in ["lò.mai", "q", &"q".repeat(10_000)] {
            assert_eq!(reason(&world.sign_in(name, PASSWORD).await.unwrap_err()), "WRONG_CREDENTIALS");
        }
    }
}

#[tokio::test]
async fn many_may_sign_in_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let (first, wrong, second, other, third) = tokio::join!(
            world.sign_in("chung.cv", PASSWORD),
            world.sign_in("chung.cv", "sai"),
            world.sign_in("chung.cv", PASSWORD),
            world.sign_in("quantri", PASSWORD),
            world.sign_in("chung.cv", PASSWORD),
        );
        let through = [first, wrong, second, other, third].map(|answer| answer.is_ok());
        assert_eq!(through, [true, false, true, true, true]);
    }
}

#[tokio::test]
async fn the_posts_of_a_session_are_those_of_now() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let answer = world.sign_in("chung.cv", PASSWORD).await.unwrap();
        let request = pb::ImportDirectoryRequest {
            users: vec![pb::ImportUser {
                sign_in_name: "chung.cv".to_owned(),
                full_name: "Cầm Văn Chung".to_owned(),
                ..pb::ImportUser::default()
            }],
            ..pb::ImportDirectoryRequest::default()
        };
        world.imports().import_directory(world.from(&by, request)).await.unwrap();
        let user = world.verify(&answer.token).await.unwrap().user.unwrap();
        assert_eq!((user.appointments.len(), user.revision), (0, 2), "the post was taken away");
    }
}

#[tokio::test]
async fn passwords_and_tokens_are_kept_nowhere() {
    const KEPT: sql::Statement = sql::statement("KEPT", "SELECT hash, token_hash FROM password, session");
    for world in World::all().await {
        world.directory.ensure_administrator("quantri", "Lò Thị Mai", PASSWORD).await.unwrap();
        let token = world.sign_in("quantri", PASSWORD).await.unwrap().token;
        let row = sql::Queries::one(&mut world.db.read("test").await.unwrap(), &KEPT, vec![]).await.unwrap();
        assert!(row.get::<String>("hash").unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let kept: Vec<u8> = row.get("token_hash").unwrap();
        assert_eq!(kept.len(), 32);
        let kept = kept.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_ne!(kept, token);
        assert!(world.verify(&kept).await.is_err(), "who reads the database cannot sign in with it");
    }
}
