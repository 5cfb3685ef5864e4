//! Two departments become a new one, and one becomes two.

use congvan_proto::directory::v1 as pb;

use crate::{
    positions::{appoint, appointing, person, position},
    reorganising::{carry_out, second_administrator},
    structure::{created, office, on},
    world::{Who, World, department, reason},
};

const FROM: &str = "2026-12-01";

#[tokio::test]
async fn divisions_go_on_below_a_department_that_begins() {
    for world in World::all().await {
        let by = world.administrator().await;
        let finance = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let planning = created(&world, &by, department("H52.02"), "2020-01-01").await;
        let division = created(&world, &by, office("H52.01.01", &finance), "2020-01-01").await;
        let chief = position(&world, &by, &division, "Trưởng phòng", pb::Role::UnitHead).await;
        let head = position(&world, &by, &finance, "Giám đốc", pb::Role::AgencyHead).await;
        let (an, binh) = (person(&world, &by, "an.tp").await, person(&world, &by, "binh.gd").await);
        appoint(&world, &by, appointing(&an, &chief, "2021-01-01", "")).await.unwrap();
        appoint(&world, &by, appointing(&binh, &head, "2021-01-01", "")).await.unwrap();
        let later = person(&world, &by, "chung.gd").await;
        let request = pb::ChangeAppointmentRequest {
            id: held(&world, &by, &binh).await[0].id.clone(),
            end_date: "2027-01-01".to_owned(),
            revision: binh.revision + 1,
            ..pb::ChangeAppointmentRequest::default()
        };
        world.positions().change_appointment(world.from(&by, request)).await.unwrap();
        appoint(&world, &by, appointing(&later, &head, "2027-01-01", "")).await.unwrap();

        world.wait(1);
        let second = second_administrator(&world, &by, &planning).await;
        let new = pb::Unit { name: "Sở Tài chính".to_owned(), ..department("H52.03") };
        let change = pb::UnitChange {
            predecessor_ids: vec![finance.id.clone(), planning.id.clone()],
            successors: vec![pb::Successor { unit: Some(pb::successor::Unit::NewUnit(new)) }],
            keeps_inner_units: true,
            ..pb::UnitChange::default()
        };
        let new = carry_out(&world, [&by, &second], change, FROM).await.remove(0);

        let before = on(&world, &by, &division, "2026-11-30").await.unwrap();
        assert_eq!((&before.parent_id, &before.agency_id), (&finance.id, &finance.id));
        let after = on(&world, &by, &division, FROM).await.unwrap();
        assert_eq!((&after.parent_id, &after.agency_id), (&new, &new));
        assert_eq!(held(&world, &by, &an).await[0].end_date, "", "who works in a division goes on with it");

        // Who led the department leads until it ends; who was to follow never does. Both find it in their history.
        assert_eq!(held(&world, &by, &binh).await[0].end_date, FROM);
        assert_eq!(held(&world, &by, &later).await, []);
        for (user, action) in [(&binh, "user.change_appointment"), (&later, "user.withdraw_appointment")] {
            let history = history(&world, &by, user).await;
            let last = &history.changes[0];
            assert_eq!((last.action.as_str(), last.reason.as_str()), (action, "Nghị quyết 1681/NQ-UBTVQH15"));
            assert!(last.before.contains("Giám đốc"), "{}", last.before);
        }
        let request = pb::GetUnitHistoryRequest { id: finance.id.clone() };
        let told = world.units().get_unit_history(world.from(&by, request)).await.unwrap().into_inner();
        let mut actions: Vec<_> = told.changes.iter().map(|change| change.action.as_str()).collect();
        actions.sort_unstable(); // those of one moment come in no order
        assert_eq!(actions, ["position.close", "position.create", "unit.create", "unit.reorganise"]);
        let closed = told.changes.iter().find(|change| change.action == "position.close").unwrap();
        assert!(closed.before.contains("AGENCY_HEAD"), "in words: {}", closed.before);
    }
}

async fn history(world: &World, by: &Who, user: &pb::User) -> pb::GetUserHistoryResponse {
    let request = pb::GetUserHistoryRequest { id: user.id.clone() };
    world.users().get_user_history(world.from(by, request)).await.unwrap().into_inner()
}

async fn held(world: &World, by: &Who, user: &pb::User) -> Vec<pb::Appointment> {
    history(world, by, user).await.appointments
}

#[tokio::test]
async fn a_department_is_split_in_two_and_one_of_them_takes_the_inbox() {
    for world in World::all().await {
        let by = world.administrator().await;
        let old = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let other = created(&world, &by, department("H52.02"), "2020-01-01").await;
        let second = second_administrator(&world, &by, &other).await;
        let begins = |code: &str, name: &str| pb::Successor {
            unit: Some(pb::successor::Unit::NewUnit(pb::Unit { name: name.to_owned(), ..department(code) })),
        };
        let change = pb::UnitChange {
            predecessor_ids: vec![old.id.clone()],
            successors: vec![begins("H52.03", "Sở Lao động"), begins("H52.01", "Sở Nội vụ mới")],
            heir: 1, // which also goes on under the code
            ..pb::UnitChange::default()
        };
        let new = carry_out(&world, [&by, &second], change, FROM).await;

        let gone = on(&world, &by, &old, FROM).await.unwrap_err();
        assert_eq!(reason(&gone), "UNIT_ABSENT");
        assert_eq!(on(&world, &by, &old, "2026-11-30").await.unwrap().code, "H52.01");
        let request = pb::GetUnitHistoryRequest { id: old.id.clone() };
        let told = world.units().get_unit_history(world.from(&by, request)).await.unwrap().into_inner();
        let mut takers = Vec::new();
        for one in &told.successors {
            assert!(new.contains(&one.successor_id) && one.start_date == FROM, "{one:?}");
            let request = pb::GetUnitRequest { id: one.successor_id.clone(), as_of_date: FROM.to_owned() };
            let unit =
                world.units().get_unit(world.from(&by, request)).await.unwrap().into_inner().unit.unwrap();
            takers.push((unit.code, unit.name, one.takes_over));
        }
        takers.sort();
        let expected = [("H52.01", "Sở Nội vụ mới", true), ("H52.03", "Sở Lao động", false)];
        assert_eq!(takers, expected.map(|(code, name, takes)| (code.to_owned(), name.to_owned(), takes)));
    }
}
