//! Staged files that are written: all or none, in batches, once, and only if the comparison still holds.

use std::sync::Arc;

use base::{Ids, SystemRandom};
use congvan_proto::directory::v1 as pb;
use directory::{Directory, Housekeeping, Importing};
use kit::{
    lifecycle::Lifecycle,
    worker::{Step, Worker},
};
use sql::{Queries, Statement, statement};

use crate::{
    files::{PEOPLE, UNITS},
    staging::{PROVINCE, STAFF},
    world::{Who, World, department, fact, fields, officer, reason, who},
};

const WRITTEN: Statement = statement(
    "WRITTEN",
    "SELECT (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM appointment) AS posts,
        (SELECT count(*) FROM event WHERE type = 'congvan.directory.user.changed') AS events,
        (SELECT count(*) FROM audit WHERE action = 'user.create') AS entries,
        (SELECT count(*) FROM password) AS passwords",
);

async fn written(world: &World) -> [i64; 5] {
    let row = world.db.read("test").await.unwrap().one(&WRITTEN, vec![]).await.unwrap();
    ["people", "posts", "events", "entries", "passwords"].map(|column| row.get(column).unwrap())
}

/// Officers in one office.
fn crowd(count: usize) -> String {
    let rows = (0..count).map(|n| format!("nguoi.{n},Người {n},H52.SNV.VP,Chuyên viên,OFFICER\n"));
    std::iter::once("sign-in name,full name,unit code,position,roles\n".to_owned()).chain(rows).collect()
}

/// The directory of the world as a process would find it that starts now.
async fn restarted(world: &World) -> Directory {
    let clock = Arc::new(world.clock.clone());
    let ids = Ids::new(clock.clone(), Arc::new(SystemRandom));
    Directory::open(world.db.clone(), clock, ids, &Lifecycle::default()).await.unwrap()
}

#[tokio::test]
async fn a_large_file_goes_on_where_it_stopped_whichever_statement_fails() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        let before = written(&world).await;
        let job = world.stage(&by, PEOPLE, crowd(5000)).await.unwrap();
        assert_eq!(job.create_count, 5000);
        let job = world.commit(&by, &job).await.unwrap();
        assert_eq!((job.state(), job.done_count), (pb::ImportState::Committing, 0));
        let (mut struck, mut done) = (0, 0);
        for passing in 0.. {
            // Each batch is begun by a process of its own, which the fault ends.
            let mut worker = Importing::new(&restarted(&world).await);
            world.db.faults().fail_in("import_batch", passing);
            let step = worker.step().await;
            if world.db.faults().clear() {
                assert!(step.is_err());
                struck += 1;
                assert_eq!(world.job(&by, &job).await.done_count, done, "statement {passing}");
                continue;
            }
            if step.unwrap() != Step::Busy {
                break;
            }
            done = world.job(&by, &job).await.done_count;
        }
        let job = world.job(&by, &job).await;
        assert_eq!((job.state(), job.done_count, job.left_out_count), (pb::ImportState::Committed, 5000, 0));
        assert!(struck >= 15, "{struck} statements were made to fail");
        let after = written(&world).await;
        let grown: Vec<_> = after.iter().zip(before).map(|(after, before)| after - before).collect();
        assert_eq!(grown, [5000, 5000, 5000, 5000, 0], "each once, and nobody has a password");
    }
}

#[tokio::test]
async fn a_small_file_is_written_whole_or_not_at_all() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        let before = written(&world).await;
        let job = world.stage(&by, PEOPLE, STAFF).await.unwrap();
        for passing in 0.. {
            world.db.faults().fail_in("commit_import", passing);
            let answer = world.commit(&by, &job).await;
            if !world.db.faults().clear() {
                assert_eq!(answer.unwrap().state(), pb::ImportState::Committed);
                break;
            }
            assert_eq!(reason(&answer.unwrap_err()), "UNAVAILABLE", "statement {passing}");
            assert_eq!(written(&world).await, before, "statement {passing}");
        }
        assert_eq!(written(&world).await[0], before[0] + 3);
    }
}

#[tokio::test]
async fn of_two_administrators_one_commits() {
    for world in World::all().await {
        let first = world.administrator().await;
        world.import(&first, UNITS, PROVINCE).await;
        let file = "sign-in name,full name,unit code,position,roles\n\
            thu.ql,Quàng Lệ Thu,H52.SNV.VP,Quản trị,ADMINISTRATOR\n";
        world.import(&first, PEOPLE, file).await;
        let second = administrator(&world, &first, "hai.ql").await;
        let job = world.stage(&first, PEOPLE, STAFF.replace("thu.ql", "le.ql")).await.unwrap();
        let (one, other) = tokio::join!(world.commit(&first, &job), world.commit(&second, &job));
        let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!(won.unwrap().state(), pb::ImportState::Committed);
        let lost = lost.unwrap_err();
        assert_eq!(
            (reason(&lost).as_str(), fact(&lost, "state").as_str()),
            ("IMPORT_NOT_STAGED", "COMMITTED")
        );
        let cancel = pb::CancelImportRequest { id: job.id.clone(), ..Default::default() };
        let refused = world.jobs().cancel_import(world.from(&second, cancel)).await.unwrap_err();
        assert_eq!(reason(&refused), "IMPORT_DONE");
    }
}

/// A further administrator, signed in.
async fn administrator(world: &World, by: &Who, name: &str) -> Who {
    let unit = world.unit(by, department("H52.CNTT")).await.unwrap();
    let mut user = officer(name, &unit);
    user.appointments[0].roles = vec![pb::Role::Administrator.into()];
    world.user(by, user).await.unwrap();
    who(&world.sign_in(name, crate::world::PASSWORD).await.unwrap().session.unwrap())
}

#[tokio::test]
async fn a_commit_after_the_directory_changed_is_refused_and_tells_the_rows() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        let staged = STAFF.replace("Lò Thị Mai", "Lò Thị Mai Hương").replace("0212 3852 001", "0212 1");
        let job = world.stage(&by, PEOPLE, &staged).await.unwrap();
        let stale = pb::ImportJob { revision: 1, ..job.clone() };
        assert_eq!(reason(&world.commit(&by, &stale).await.unwrap_err()), "STALE_REVISION");
        // What nobody touched may change beside it.
        world
            .import(
                &by,
                UNITS,
                "code,name,abbreviation,kind\nH53,Tỉnh khác,UBND,PROVINCIAL_PEOPLES_COMMITTEE\n",
            )
            .await;
        world.import(&by, PEOPLE, STAFF.replace("0212 3852 001", "0212 2")).await;
        let refused = world.commit(&by, &job).await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fields(&refused)),
            ("IMPORT_OVERTAKEN", vec!["rows[2]".to_owned()])
        );
        let job = world.stage(&by, PEOPLE, &staged).await.unwrap();
        world.commit(&by, &job).await.unwrap();
        let job = world.stage(&by, PEOPLE, &staged).await.unwrap();
        assert_eq!(job.unchanged_count, 3);
    }
}

#[tokio::test]
async fn what_is_overtaken_during_a_large_import_is_left_out_and_told() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        let job = world.stage(&by, PEOPLE, crowd(2500)).await.unwrap();
        let other = world.stage(&by, PEOPLE, crowd(2500)).await.unwrap();
        let job = world.commit(&by, &job).await.unwrap();
        let row = "sign-in name,full name\nnguoi.1700,Ai đó khác\n";
        world.import(&by, PEOPLE, row).await;
        let mut worker = Importing::new(&world.directory);
        while worker.step().await.unwrap() == Step::Busy {}
        let job = world.job(&by, &job).await;
        assert_eq!((job.state(), job.done_count, job.left_out_count), (pb::ImportState::Committed, 2499, 1));
        let left_out = world.rows(&by, &job, pb::ImportAction::LeftOut).await;
        assert_eq!((left_out.len(), left_out[0].key.as_str()), (1, "nguoi.1700"));
        let refused = world.commit(&by, &other).await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fact(&refused, "row_count").as_str()),
            ("IMPORT_OVERTAKEN", "2500")
        );
    }
}

#[tokio::test]
async fn a_cancelled_import_stops_between_batches_and_is_swept_after_a_month() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        let job = world.stage(&by, PEOPLE, crowd(2500)).await.unwrap();
        let job = world.commit(&by, &job).await.unwrap();
        let mut worker = Importing::new(&world.directory);
        assert_eq!(worker.step().await.unwrap(), Step::Busy);
        let cancel = pb::CancelImportRequest { id: job.id.clone(), ..Default::default() };
        let answer = world.jobs().cancel_import(world.from(&by, cancel)).await.unwrap().into_inner();
        assert_eq!(answer.job.unwrap().state(), pb::ImportState::Cancelled);
        assert!(matches!(worker.step().await.unwrap(), Step::Idle(_)));
        assert_eq!(world.job(&by, &job).await.done_count, 1000);
        let again = world.stage(&by, PEOPLE, crowd(2500)).await.unwrap();
        assert_eq!((again.create_count, again.unchanged_count), (1500, 1000));

        world.wait(30 * 24 * 3600 + 1);
        let mut housekeeping = Housekeeping::new(&world.directory);
        while housekeeping.step().await.unwrap() == Step::Busy {}
        let by = who(&world.sign_in("quantri", crate::world::PASSWORD).await.unwrap().session.unwrap());
        let gone = pb::GetImportJobRequest { id: job.id };
        let gone = world.jobs().get_import_job(world.from(&by, gone)).await.unwrap_err();
        assert_eq!(reason(&gone), "IMPORT_NOT_FOUND");
    }
}

#[tokio::test]
async fn leaders_may_change_places_within_a_file() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        let swapped = STAFF
            .replace("H52.SNV,Giám đốc,AGENCY_HEAD,,2025-03-01", "H52.SNV,Phó Giám đốc,DEPUTY_HEAD,,")
            .replace(
                "thu.ql,Quàng Lệ Thu,,,H52.SNV,Phó Giám đốc,deputy head",
                "thu.ql,Quàng Lệ Thu,,,H52.SNV,Giám đốc,AGENCY_HEAD",
            );
        world.import(&by, PEOPLE, &swapped).await;
        let again = world.stage(&by, PEOPLE, &swapped).await.unwrap();
        assert_eq!((again.unchanged_count, again.error_count), (3, 0));
        let taken = "sign-in name,full name,unit code,position,roles\n\
            moi.nv,Người Mới,H52.SNV,Giám đốc,AGENCY_HEAD\n";
        let job = world.stage(&by, PEOPLE, taken).await.unwrap();
        assert!(world.mistakes_of(&by, &job).await[0].contains("somebody else holds"));
    }
}

#[tokio::test]
async fn a_file_never_takes_the_keys_of_the_system_away() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        administrator(&world, &by, "hai.ql").await;
        let file = "sign-in name,full name,unit code,position,roles\n\
            hai.ql,Cầm Văn Chung,H52.SNV.VP,Chuyên viên,OFFICER\n";
        let job = world.stage(&by, PEOPLE, file).await.unwrap();
        let told = world.mistakes_of(&by, &job).await;
        assert!(told[0].contains("the administrator's post held: Chuyên viên · H52.CNTT"), "{told:?}");
    }
}
