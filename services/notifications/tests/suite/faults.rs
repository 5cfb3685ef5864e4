use kit::worker::{Step, Worker};
use sql::Engine;

use crate::world::{run, worlds};

#[tokio::test]
async fn every_statement_is_understood() {
    for world in worlds(0).await {
        let all = notifications::statements();
        assert_eq!(world.db.prepare_all(all).await.unwrap(), Vec::<String>::new(), "{:?}", world.db.engine());
    }
}

#[tokio::test]
async fn whatever_statement_fails_the_event_is_acted_on_whole_and_once() {
    for world in worlds(75).await {
        let mut expected = 0;
        let mut event = 0;
        loop {
            event += 1;
            world.documents.issue(event, 75);
            world.directory.changed("user"); // so that what the directory answers is kept anew
            world.hear().await;
            let mut intake = world.intake();
            world.db.faults().fail_after(u32::try_from(event - 1).unwrap());
            let done = intake.step().await;
            if !world.db.faults().clear() {
                assert_eq!(done.unwrap(), Step::Busy, "no statement is left to fail");
                break;
            }
            assert_eq!(done.unwrap_err().reason(), "UNAVAILABLE");
            assert_eq!(world.counts().await.0, expected, "statement {event}");
            run(&mut intake).await;
            expected += 75;
            assert_eq!(world.counts().await.0, expected, "statement {event}");
        }
        let statements = match world.db.engine() {
            Engine::Postgres => 14,
            Engine::Sqlite => 20, // 75 rows go in four statements, twice
        };
        assert_eq!(event, statements, "subscribing takes 3 statements, looking up 2, acting 8");
    }
}
