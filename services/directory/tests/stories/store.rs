use congvan_proto::directory::v1 as pb;
use directory::Housekeeping;
use kit::{
    lifecycle::Lifecycle,
    worker::{Step, Worker},
};
use sql::{Queries, Statement, statement};

use crate::world::{PASSWORD, World, reason};

#[tokio::test]
async fn every_statement_is_understood() {
    for world in World::all().await {
        let wrong = world.db.prepare_all(directory::statements()).await.unwrap();
        assert_eq!(wrong, Vec::<String>::new(), "{:?}", world.db.engine());
    }
}

#[tokio::test]
async fn the_schema_is_made_once_and_kept() {
    for world in World::all().await {
        let by = world.administrator().await;
        let ids =
            base::Ids::new(std::sync::Arc::new(world.clock.clone()), std::sync::Arc::new(base::SystemRandom));
        let clock = std::sync::Arc::new(world.clock.clone());
        let again =
            directory::Directory::open(world.db.clone(), clock, ids, &Lifecycle::default()).await.unwrap();
        assert!(!again.ensure_administrator("khac", "Người khác", PASSWORD).await.unwrap());
        let request = pb::ListUsersRequest::default();
        let users = world.users().list_users(world.from(&by, request)).await.unwrap().into_inner().users;
        assert_eq!(users.len(), 1);
    }
}

#[tokio::test]
async fn what_nobody_will_ask_for_again_is_dropped() {
    const LEFT: Statement = statement(
        "LEFT",
        "SELECT (SELECT count(*) FROM session) AS sessions, (SELECT count(*) FROM sign_in_failure) AS failures",
    );
    for world in World::all().await {
        world.administrator().await;
        world.wait(3600);
        let late = world.sign_in("quantri", PASSWORD).await.unwrap();
        assert_eq!(reason(&world.sign_in("khong.co.ai", PASSWORD).await.unwrap_err()), "WRONG_CREDENTIALS");
        let mut housekeeping = Housekeeping::new(&world.directory);
        for (hours, left) in [(0, (2, 1)), (11, (1, 1)), (1, (0, 1)), (13, (0, 0))] {
            world.wait(hours * 3600);
            assert!(matches!(housekeeping.step().await.unwrap(), Step::Idle(_)));
            let row = world.db.read("test").await.unwrap().one(&LEFT, vec![]).await.unwrap();
            let found: (i64, i64) = (row.get("sessions").unwrap(), row.get("failures").unwrap());
            assert_eq!(found, left, "{hours} hours later");
        }
        assert!(world.verify(&late.token).await.is_err());
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_told_as_such() {
    use congvan_proto::directory::v1::session_service_server::SessionService;
    for world in World::all().await {
        world.administrator().await;
        let mut struck = 0;
        for passing in 0.. {
            world.db.faults().fail_after(passing);
            let message = pb::SignInRequest {
                sign_in_name: "quantri".to_owned(),
                password: PASSWORD.to_owned(),
                ..Default::default()
            };
            let mut request = tonic::Request::new(message);
            request.extensions_mut().insert(kit::caller::Caller::service("gateway"));
            let answer = world.directory.sign_in(request).await;
            if !world.db.faults().clear() {
                answer.expect("no statement failed");
                break;
            }
            assert_eq!(reason(&answer.unwrap_err()), "UNAVAILABLE", "statement {passing}");
            struck += 1;
        }
        assert!(struck >= 6, "{struck} statements were made to fail");
    }
}
