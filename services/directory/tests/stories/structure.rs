//! Units through time: renamed, moved, identified and closed from a day on.

use congvan_proto::{
    access::v1::Scope,
    directory::v1::{
        self as pb,
        IdentifierScheme::{Decision20, Decision28, Statistical},
    },
};
use kit::caller::Person;
use tonic::{Code, Status};

use crate::world::{PASSWORD, Who, World, appointment, department, fact, fields, officer, reason, who};

pub(crate) fn office(code: &str, parent: &pb::Unit) -> pb::Unit {
    pb::Unit {
        kind: pb::UnitKind::InnerOffice.into(),
        parent_id: parent.id.clone(),
        email: String::new(),
        ..department(code)
    }
}

pub(crate) async fn on(world: &World, by: &Who, unit: &pb::Unit, day: &str) -> Result<pb::Unit, Status> {
    let request = pb::GetUnitRequest { id: unit.id.clone(), as_of_date: day.to_owned() };
    Ok(world.units().get_unit(world.from(by, request)).await?.into_inner().unit.unwrap())
}

async fn rename(
    world: &World,
    by: &Who,
    unit: &pb::Unit,
    name: &str,
    from: &str,
) -> Result<pb::Unit, Status> {
    let request = pb::UpdateUnitRequest {
        unit: Some(pb::Unit { name: name.to_owned(), ..unit.clone() }),
        effective_date: from.to_owned(),
        reason: "Quyết định 12/QĐ-UBND".to_owned(),
        ..pb::UpdateUnitRequest::default()
    };
    Ok(world.units().update_unit(world.from(by, request)).await?.into_inner().unit.unwrap())
}

pub(crate) async fn close(world: &World, by: &Who, unit: &pb::Unit, day: &str) -> Result<pb::Unit, Status> {
    let request = pb::CloseUnitRequest {
        id: unit.id.clone(),
        revision: unit.revision,
        end_date: day.to_owned(),
        reason: "Giải thể".to_owned(),
        request_id: String::new(),
    };
    Ok(world.units().close_unit(world.from(by, request)).await?.into_inner().unit.unwrap())
}

pub(crate) async fn put_below(
    world: &World,
    by: &Who,
    unit: &pb::Unit,
    parent: &str,
    from: &str,
) -> Result<pb::Unit, Status> {
    let request = pb::MoveUnitRequest {
        id: unit.id.clone(),
        revision: unit.revision,
        parent_id: parent.to_owned(),
        effective_date: from.to_owned(),
        ..pb::MoveUnitRequest::default()
    };
    Ok(world.units().move_unit(world.from(by, request)).await?.into_inner().unit.unwrap())
}

pub(crate) async fn report(world: &World, work: Vec<pb::UnitWork>) {
    let request = pb::ReportUnitWorkRequest { work, request_id: String::new() };
    world.units().report_unit_work(world.from(&Who::Documents, request)).await.unwrap();
}

pub(crate) async fn created(world: &World, by: &Who, unit: pb::Unit, start: &str) -> pb::Unit {
    let request = pb::CreateUnitRequest {
        unit: Some(unit),
        start_date: start.to_owned(),
        ..pb::CreateUnitRequest::default()
    };
    world.units().create_unit(world.from(by, request)).await.unwrap().into_inner().unit.unwrap()
}

#[tokio::test]
async fn a_name_holds_from_a_day_and_what_is_planned_stays() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let planned = rename(&world, &by, &unit, "Sở Nội vụ và Lao động", "2027-01-01").await.unwrap();
        let stale = rename(&world, &by, &unit, "Sở Nội vụ tỉnh Sơn La", "2026-12-01").await.unwrap_err();
        assert_eq!(reason(&stale), "STALE_REVISION");
        let unit = pb::Unit { revision: planned.revision, ..unit };
        rename(&world, &by, &unit, "Sở Nội vụ tỉnh Sơn La", "2026-12-01").await.unwrap();
        for (day, name) in [
            ("2020-01-01", "Sở Nội vụ"),
            ("2026-11-30", "Sở Nội vụ"),
            ("", "Sở Nội vụ"),
            ("2026-12-01", "Sở Nội vụ tỉnh Sơn La"),
            ("2026-12-31", "Sở Nội vụ tỉnh Sơn La"),
            ("2027-01-01", "Sở Nội vụ và Lao động"),
        ] {
            assert_eq!(on(&world, &by, &unit, day).await.unwrap().name, name, "on {day}");
        }
        let before = on(&world, &by, &unit, "2019-12-31").await.unwrap_err();
        assert_eq!((before.code(), reason(&before).as_str()), (Code::NotFound, "UNIT_ABSENT"));

        let request = pb::GetUnitHistoryRequest { id: unit.id.clone() };
        let history = world.units().get_unit_history(world.from(&by, request)).await.unwrap().into_inner();
        let periods: Vec<_> =
            history.versions.iter().map(|one| (one.start_date.as_str(), one.end_date.as_str())).collect();
        assert_eq!(periods, [("2020-01-01", "2026-12-01"), ("2026-12-01", "2027-01-01"), ("2027-01-01", "")]);
        assert_eq!(history.changes.len(), 3);
        let rename = history.changes.iter().find(|change| change.after.contains("2026-12-01")).unwrap();
        assert_eq!(
            (rename.actor_name.as_str(), rename.reason.as_str()),
            ("Lò Thị Mai", "Quyết định 12/QĐ-UBND")
        );
        assert!(rename.before.contains("Sở Nội vụ") && rename.after.contains("2026-12-01"));
    }
}

#[tokio::test]
async fn days_that_are_none_are_told_with_everything_else() {
    for world in World::all().await {
        let by = world.administrator().await;
        let request = pb::CloseUnitRequest {
            id: "7".to_owned(),
            end_date: "31/12/2026".to_owned(),
            reason: "r".repeat(501),
            ..pb::CloseUnitRequest::default()
        };
        let status = world.units().close_unit(world.from(&by, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["id", "revision", "endDate", "reason"]);
        let request = pb::ListUnitsRequest { as_of_date: "2026-02-30".to_owned(), ..Default::default() };
        let status = world.units().list_units(world.from(&by, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["asOfDate"]);
    }
}

#[tokio::test]
async fn whoever_moves_takes_everything_below_along_from_that_day() {
    for world in World::all().await {
        let by = world.administrator().await;
        let one = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let other = created(&world, &by, department("H52.02"), "2022-01-01").await;
        let office = created(&world, &by, office("H52.01.VP", &one), "2020-01-01").await;
        let desk = created(&world, &by, self::office("H52.01.VP.1", &office), "2020-01-01").await;

        let itself = put_below(&world, &by, &office, &desk.id, "2026-12-01").await.unwrap_err();
        assert_eq!((itself.code(), reason(&itself).as_str()), (Code::FailedPrecondition, "MISPLACED"));
        assert!(fact(&itself, "unit_ids").contains(&office.id));
        let alone = put_below(&world, &by, &office, "", "2026-12-01").await.unwrap_err();
        assert_eq!(reason(&alone), "MISPLACED", "an inner unit needs an agency");
        let early = put_below(&world, &by, &office, &other.id, "2021-06-01").await.unwrap_err();
        assert_eq!(reason(&early), "MISPLACED", "the new place does not exist yet");

        put_below(&world, &by, &office, &other.id, "2026-12-01").await.unwrap();
        let desk_then = on(&world, &by, &desk, "2026-11-30").await.unwrap();
        let desk_now = on(&world, &by, &desk, "2026-12-01").await.unwrap();
        assert_eq!((&desk_then.agency_id, &desk_now.agency_id), (&one.id, &other.id));
        assert_eq!(desk_now.parent_id, office.id);
        let both = [&one.id, &other.id].map(|id| pb::ListUnitsRequest {
            parent_id: id.clone(),
            as_of_date: "2026-12-01".to_owned(),
            ..pb::ListUnitsRequest::default()
        });
        for (request, count) in both.into_iter().zip([0, 1]) {
            let list = world.units().list_units(world.from(&by, request)).await.unwrap().into_inner();
            assert_eq!(list.units.len(), count);
        }
    }
}

#[tokio::test]
async fn a_unit_ends_only_when_nothing_would_be_lost() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let office = created(&world, &by, office("H52.01.VP", &agency), "2020-01-01").await;
        let mut mai = officer("mai.vt", &office);
        mai.appointments[0].start_date = "2021-01-01".to_owned();
        let mai = world.user(&by, mai).await.unwrap();

        let unknown = close(&world, &by, &agency, "2027-01-01").await.unwrap_err();
        assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::Unavailable, "WORK_UNKNOWN"));
        let waiting =
            pb::UnitWork { unit_id: agency.id.clone(), undecided_deliveries: 3, ..Default::default() };
        report(&world, vec![waiting]).await;
        let used = close(&world, &by, &agency, "2027-01-01").await.unwrap_err();
        assert_eq!((used.code(), reason(&used).as_str()), (Code::FailedPrecondition, "UNIT_IN_USE"));
        assert_eq!(
            (fact(&used, "children"), fact(&used, "undecided_deliveries")),
            ("1".to_owned(), "3".to_owned())
        );
        let staffed = close(&world, &by, &office, "2027-01-01").await.unwrap_err();
        assert_eq!(fact(&staffed, "appointments"), "1");

        // Everything is settled first: the person leaves, the documents are decided, then the office, then the agency.
        let request = pb::ChangeAppointmentRequest {
            id: mai.appointments[0].id.clone(),
            end_date: "2027-01-01".to_owned(),
            revision: mai.revision,
            ..pb::ChangeAppointmentRequest::default()
        };
        world.positions().change_appointment(world.from(&by, request)).await.unwrap();
        let closed = close(&world, &by, &office, "2027-01-01").await.unwrap();
        assert_eq!((closed.end_date.as_str(), closed.revision), ("2027-01-01", 2));
        report(&world, Vec::new()).await;
        close(&world, &by, &agency, "2027-01-01").await.unwrap();
        assert!(on(&world, &by, &agency, "2026-12-31").await.is_ok());
        assert_eq!(reason(&on(&world, &by, &agency, "2027-01-01").await.unwrap_err()), "UNIT_ABSENT");
        let after = pb::Unit { revision: 2, ..agency.clone() };
        let twice = close(&world, &by, &after, "2028-01-01").await.unwrap_err();
        assert_eq!(reason(&twice), "UNIT_ABSENT");

        // Its code is free from that day on, and only from then.
        let request = |start: &str| pb::CreateUnitRequest {
            unit: Some(department("H52.01")),
            start_date: start.to_owned(),
            ..pb::CreateUnitRequest::default()
        };
        let taken = world.units().create_unit(world.from(&by, request("2026-12-31"))).await.unwrap_err();
        assert_eq!(reason(&taken), "UNIT_CODE_TAKEN");
        world.units().create_unit(world.from(&by, request("2027-01-01"))).await.unwrap();

        // A report of what waits counts for five minutes.
        world.wait(301);
        let other = created(&world, &by, department("H52.03"), "2020-01-01").await;
        assert_eq!(reason(&close(&world, &by, &other, "2027-01-01").await.unwrap_err()), "WORK_UNKNOWN");
    }
}

#[tokio::test]
async fn identifiers_of_both_generations_are_borne_from_a_day() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = created(&world, &by, department("H52.01"), "2020-01-01").await;
        let identify = |revision, scheme: pb::IdentifierScheme, value: &str, from: &str| {
            let identifier = pb::UnitIdentifier {
                scheme: scheme.into(),
                value: value.to_owned(),
                start_date: from.to_owned(),
                ..pb::UnitIdentifier::default()
            };
            let request = pb::IdentifyUnitRequest {
                id: unit.id.clone(),
                revision,
                identifier: Some(identifier),
                ..pb::IdentifyUnitRequest::default()
            };
            let (world, by) = (&world, &by);
            async move { world.units().identify_unit(world.from(by, request)).await }
        };
        let wrong = identify(1, Decision28, "000.00.05", "2020-01-01").await.unwrap_err();
        assert_eq!(fields(&wrong), ["identifier.value"]);
        let wrong = identify(1, Statistical, "3646", "").await.unwrap_err();
        assert_eq!(fields(&wrong), ["identifier.value"]);
        identify(1, Decision28, "000.00.05.H52", "2020-01-01").await.unwrap();
        let new = identify(2, Decision20, "H52.77", "2026-07-01").await.unwrap().into_inner().unit.unwrap();
        assert_eq!((new.code.as_str(), new.identifiers[0].value.as_str()), ("H52.77", "000.00.05.H52"));
        assert_eq!(on(&world, &by, &unit, "2026-06-30").await.unwrap().code, "H52.01");
        // The old code is free for another unit, under which lists find it from then on.
        created(&world, &by, department("H52.01"), "2026-07-01").await;
        let list = pb::ListUnitsRequest { as_of_date: "2026-07-01".to_owned(), ..Default::default() };
        let list = world.units().list_units(world.from(&by, list)).await.unwrap().into_inner().units;
        let codes: Vec<_> = list.iter().map(|unit| unit.code.as_str()).collect();
        assert_eq!(codes, ["H52.01", "H52.77"]);
    }
}

#[tokio::test]
async fn the_history_shows_changes_to_administrators_only() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let user = pb::User {
            appointments: vec![appointment(&unit, "Chuyên viên", pb::Role::Officer)],
            ..officer("mai.vt", &unit)
        };
        world.user(&by, user).await.unwrap();
        let mai = who(&world.sign_in("mai.vt", PASSWORD).await.unwrap().session.unwrap());
        let request = || pb::GetUnitHistoryRequest { id: unit.id.clone() };
        let history = world.units().get_unit_history(world.from(&mai, request())).await.unwrap().into_inner();
        assert_eq!((history.versions.len(), history.changes.len()), (1, 0));
        let history = world.units().get_unit_history(world.from(&by, request())).await.unwrap().into_inner();
        assert_eq!(history.changes.len(), 1);

        let Who::Person(administrator) = &by else { unreachable!("an administrator is a person") };
        for (scopes, told) in
            [(vec![Scope::DirectoryRead], 0), (vec![Scope::DirectoryRead, Scope::AuditRead], 1)]
        {
            let scopes = scopes.iter().map(|scope| scope.as_str_name().to_owned()).collect();
            let key = Who::Person(Box::new(Person { scopes: Some(scopes), ..(**administrator).clone() }));
            let history = world.units().get_unit_history(world.from(&key, request())).await.unwrap();
            assert_eq!(
                history.into_inner().changes.len(),
                told,
                "a key tells the audit only if it may read it"
            );
        }
    }
}
