//! A closing that was a mistake is taken back.

use congvan_proto::directory::v1 as pb;
use tonic::Status;

use crate::{
    structure::{close, created, office, on},
    world::{Who, World, department, reason},
};

async fn reopen(world: &World, by: &Who, unit: &pb::Unit) -> Result<pb::Unit, Status> {
    let request = pb::ReopenUnitRequest {
        id: unit.id.clone(),
        revision: unit.revision,
        reason: "Chưa giải thể".to_owned(),
        request_id: String::new(),
    };
    Ok(world.units().reopen_unit(world.from(by, request)).await?.into_inner().unit.unwrap())
}

#[tokio::test]
async fn a_unit_goes_on_and_may_be_closed_on_a_later_day() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let division = created(&world, &by, office("H52.01.01", &agency), "2020-01-01").await;
        assert_eq!(reason(&reopen(&world, &by, &division).await.unwrap_err()), "UNIT_NOT_ENDING");
        world.wait(1);
        let closed = close(&world, &by, &division, "2027-01-01").await.unwrap();
        assert_eq!(reason(&on(&world, &by, &division, "2027-06-01").await.unwrap_err()), "UNIT_ABSENT");
        assert_eq!(reason(&reopen(&world, &by, &division).await.unwrap_err()), "STALE_REVISION");

        world.wait(1);
        let open = reopen(&world, &by, &closed).await.unwrap();
        assert_eq!((open.code.as_str(), open.end_date.as_str()), ("H52.01.01", ""));
        assert_eq!(on(&world, &by, &division, "2027-06-01").await.unwrap().agency_id, agency.id);
        world.wait(1);
        let closed = close(&world, &by, &open, "2027-07-01").await.unwrap();
        assert_eq!(closed.end_date, "2027-07-01");
        let audit = world.audit(&by, &division.id).await;
        let done: Vec<_> = audit.iter().map(|entry| (entry.action.as_str(), entry.reason.as_str())).collect();
        let expected =
            [("unit.close", "Giải thể"), ("unit.reopen", "Chưa giải thể"), ("unit.close", "Giải thể")];
        assert_eq!(done[..3], expected);
    }
}

#[tokio::test]
async fn neither_its_code_nor_its_place_may_be_gone() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let division = created(&world, &by, office("H52.01.01", &agency), "2020-01-01").await;
        let closed = close(&world, &by, &division, "2026-12-01").await.unwrap();
        created(&world, &by, office("H52.01.01", &agency), "2027-01-01").await;
        assert_eq!(reason(&reopen(&world, &by, &closed).await.unwrap_err()), "UNIT_CODE_TAKEN");

        let below = created(&world, &by, office("H52.01.02", &agency), "2020-01-01").await;
        let lower = created(&world, &by, office("H52.01.03", &below), "2020-01-01").await;
        let lower = close(&world, &by, &lower, "2026-12-01").await.unwrap();
        close(&world, &by, &below, "2026-12-01").await.unwrap();
        assert_eq!(reason(&reopen(&world, &by, &lower).await.unwrap_err()), "MISPLACED");
    }
}
