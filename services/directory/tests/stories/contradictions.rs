//! Reorganisations that contradict each other, or an end that is recorded: none may leave an inbox to nobody.

use congvan_proto::directory::v1 as pb;

use crate::{
    reorganising::{carry_out, prepare, preview, second_administrator},
    structure::{close, created, on, report},
    world::{Who, World, appointment, department, fact, reason},
};

const DAY: &str = "2026-12-01";

/// Five departments since 2020, and two administrators.
async fn departments(world: &World) -> (Vec<pb::Unit>, Who, Who) {
    let by = world.administrator().await;
    let mut units = Vec::new();
    for number in 1..=5 {
        units.push(created(world, &by, department(&format!("H52.0{number}")), "2020-01-01").await);
    }
    let second = second_administrator(world, &by, &units[4]).await;
    report(world, Vec::new()).await;
    (units, by, second)
}

fn into(ends: &pb::Unit, heir: &pb::Unit) -> pb::UnitChange {
    pb::UnitChange {
        predecessor_ids: vec![ends.id.clone()],
        successors: vec![pb::Successor { unit: Some(pb::successor::Unit::UnitId(heir.id.clone())) }],
        ..pb::UnitChange::default()
    }
}

/// What stands against a plan: the unit and the beginning of the sentence.
async fn against(world: &World, by: &Who, change: pb::UnitChange, from: &str) -> Vec<(String, String)> {
    let wanted = pb::Reorganisation {
        title: "Sắp xếp".to_owned(),
        basis: "Nghị quyết".to_owned(),
        effective_date: from.to_owned(),
        changes: vec![change],
        ..pb::Reorganisation::default()
    };
    let prepared = prepare(world, by, wanted).await;
    let problems = preview(world, by, &prepared.id).await.problems.into_iter();
    problems
        .map(|one| (one.unit_id, one.description.split_inclusive(' ').take(4).collect::<String>()))
        .collect()
}

#[tokio::test]
async fn a_unit_has_one_heir_and_the_heir_is_there() {
    for world in World::all().await {
        let (units, by, second) = departments(&world).await;
        let [a, b, c, d, _] = &units[..] else { unreachable!("five departments") };
        carry_out(&world, [&by, &second], into(a, b), DAY).await;

        let succeeded = vec![(a.id.clone(), "Another reorganisation names who ".to_owned())];
        for (heir, from) in [(c, DAY), (b, DAY), (c, "2026-11-30")] {
            assert_eq!(against(&world, &by, into(a, heir), from).await, succeeded, "{} on {from}", heir.code);
        }
        let absent = vec![(a.id.clone(), "The unit does not ".to_owned())];
        assert_eq!(against(&world, &by, into(b, a), DAY).await, absent, "whoever ended takes nothing over");

        let closed = close(&world, &by, c, "2026-12-05").await.unwrap();
        let closes = vec![(d.id.clone(), "The unit that would ".to_owned())];
        assert_eq!(against(&world, &by, into(d, c), DAY).await, closes);
        assert_eq!(on(&world, &by, &closed, "2026-12-04").await.unwrap().code, "H52.03");

        // A chain is no contradiction: who takes over from the heir takes over from both.
        carry_out(&world, [&by, &second], into(b, d), "2026-12-10").await;
        let clerk = pb::User {
            sign_in_name: "bon.vt".to_owned(),
            full_name: "Lường Thị Văn".to_owned(),
            appointments: vec![appointment(d, "Văn thư", pb::Role::DocumentOffice)],
            ..pb::User::default()
        };
        world.user(&by, clerk).await.unwrap();
        let request = pb::ListUsersRequest {
            agency_ids: vec![a.id.clone()],
            with_heirs: true,
            as_of_date: "2026-12-10".to_owned(),
            ..pb::ListUsersRequest::default()
        };
        let found = world.users().list_users(world.from(&Who::Documents, request)).await.unwrap();
        let found = found.into_inner().users;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].appointments[0].inherited_agency_ids.join(" "), a.id);
        assert_eq!(against(&world, &by, into(c, b), "2026-12-03").await, [], "its heir is known");
    }
}

#[tokio::test]
async fn an_heir_does_not_end_before_it_takes_over_nor_with_what_it_took_over() {
    for world in World::all().await {
        let (units, by, second) = departments(&world).await;
        let [a, b, ..] = &units[..] else { unreachable!("five departments") };
        carry_out(&world, [&by, &second], into(a, b), DAY).await;
        for day in ["2026-11-30", DAY] {
            let refused = close(&world, &by, b, day).await.unwrap_err();
            assert_eq!((reason(&refused).as_str(), fact(&refused, "date")), ("UNIT_IS_HEIR", DAY.to_owned()));
        }
        let waiting =
            pb::UnitWork { unit_id: a.id.clone(), undecided_deliveries: 1, ..pb::UnitWork::default() };
        report(&world, vec![waiting]).await;
        let refused = close(&world, &by, b, "2027-01-01").await.unwrap_err();
        assert_eq!(
            (reason(&refused), fact(&refused, "undecided_deliveries")),
            ("UNIT_IN_USE".to_owned(), "1".to_owned())
        );
        report(&world, Vec::new()).await;
        close(&world, &by, b, "2027-01-01").await.unwrap();
    }
}

#[tokio::test]
async fn a_part_may_be_given_to_the_same_unit_twice() {
    for world in World::all().await {
        let (units, by, second) = departments(&world).await;
        let [a, b, ..] = &units[..] else { unreachable!("five departments") };
        let part = || {
            let goes_on = pb::Successor { unit: Some(pb::successor::Unit::UnitId(a.id.clone())) };
            let mut change = into(a, b);
            change.successors.push(goes_on);
            change
        };
        carry_out(&world, [&by, &second], part(), "2026-11-25").await;
        carry_out(&world, [&by, &second], part(), DAY).await;
        assert_eq!(against(&world, &by, part(), DAY).await.len(), 1, "but once on a day");
        let request = pb::GetUnitHistoryRequest { id: a.id.clone() };
        let history = world.units().get_unit_history(world.from(&by, request)).await.unwrap().into_inner();
        let given: Vec<_> =
            history.successors.iter().map(|one| (one.start_date.as_str(), one.takes_over)).collect();
        assert_eq!(given, [("2026-11-25", false), (DAY, false)]);
    }
}
