use argon2::{Argon2, Params, PasswordHasher};
use congvan_proto::directory::v1::{self as pb, import_service_server::ImportService};
use kit::caller::{Appointment, Caller, GATEWAY, Person, Role};
use sql::{Queries, Statement, statement};
use tonic::Code;

use crate::world::{PASSWORD, Who, World, fields, mistakes, reason};

/// What an import may change, in numbers.
const STATE: Statement = statement(
    "STATE",
    "SELECT (SELECT count(*) FROM unit) AS units, (SELECT count(*) FROM person) AS users,
        (SELECT count(*) FROM appointment) AS posts, (SELECT count(*) FROM password) AS passwords,
        (SELECT count(*) FROM event) AS events, (SELECT cast(coalesce(sum(revision), 0) AS BIGINT) FROM unit) AS unit_changes,
        (SELECT cast(coalesce(sum(revision), 0) AS BIGINT) FROM person) AS user_changes",
);

async fn state(world: &World) -> Vec<i64> {
    let row = world.db.read("test").await.unwrap().one(&STATE, vec![]).await.unwrap();
    ["units", "users", "posts", "passwords", "events", "unit_changes", "user_changes"]
        .map(|column| row.get(column).unwrap())
        .to_vec()
}

fn unit(code: &str, kind: pb::UnitKind, parent_code: &str) -> pb::ImportUnit {
    pb::ImportUnit {
        code: code.to_owned(),
        synthetic_code: true,
        name: format!("Đơn vị {code}"),
        abbreviation: "ĐV".to_owned(),
        kind: kind.into(),
        parent_code: parent_code.to_owned(),
        email: String::new(),
        ..pb::ImportUnit::default()
    }
}

fn user(name: &str, posts: &[(&str, &str, pb::Role)]) -> pb::ImportUser {
    let post = |(unit_code, position, role): &(&str, &str, pb::Role)| pb::ImportAppointment {
        unit_code: (*unit_code).to_owned(),
        position: (*position).to_owned(),
        roles: vec![(*role).into()],
        ..pb::ImportAppointment::default()
    };
    pb::ImportUser {
        sign_in_name: name.to_owned(),
        full_name: format!("Người {name}"),
        email: format!("{name}@sonla.gov.vn"),
        password_hash: hash(PASSWORD),
        appointments: posts.iter().map(post).collect(),
    }
}

/// A hash as another system made it, cheaper than ours.
fn hash(password: &str) -> String {
    let argon2 = Argon2::from(Params::new(64, 1, 1, None).unwrap());
    argon2.hash_password_with_salt(password.as_bytes(), b"salt of elsewhere").unwrap().to_string()
}

/// A committee, departments with an office each, communes, and people.
fn province(departments: usize, communes: usize, people: usize) -> pb::ImportDirectoryRequest {
    let mut units = vec![unit("H52", pb::UnitKind::ProvincialPeoplesCommittee, "")];
    let mut posts = Vec::new();
    for (prefix, kind, count) in
        [("S", pb::UnitKind::ProvincialDepartment, departments), ("X", pb::UnitKind::Commune, communes)]
    {
        for n in 0..count {
            let code = format!("H52.{prefix}{n}");
            units.push(unit(&code, kind, "H52"));
            for (inner, kind) in [("VP", pb::UnitKind::InnerOffice), ("P1", pb::UnitKind::InnerDivision)] {
                units.push(unit(&format!("{code}.{inner}"), kind, &code));
            }
            posts.push(code);
        }
    }
    let same_hash = hash(PASSWORD);
    let users = (0..people).map(|n| {
        let code = &posts[n % posts.len()];
        let desk = format!("{code}.VP");
        let posts =
            [(&*desk, "Văn thư", pb::Role::DocumentOffice), (&**code, "Chuyên viên", pb::Role::Officer)];
        pb::ImportUser { password_hash: same_hash.clone(), ..user(&format!("nguoi{n}"), &posts) }
    });
    pb::ImportDirectoryRequest { users: users.collect(), units }
}

async fn import(
    world: &World,
    by: &Who,
    request: &pb::ImportDirectoryRequest,
) -> Result<[i32; 4], tonic::Status> {
    let answer = world.imports().import_directory(world.from(by, request.clone())).await?.into_inner();
    Ok([answer.units_created, answer.units_updated, answer.users_created, answer.users_updated])
}

#[tokio::test]
async fn a_province_comes_in_once_and_a_repeat_changes_nothing() {
    for world in World::all().await {
        let by = world.administrator().await;
        let request = province(15, 120, 700);
        let units = 1 + 3 * 135;
        assert_eq!(import(&world, &by, &request).await.unwrap(), [units, 0, 700, 0]);
        let once = state(&world).await;
        assert_eq!(once[..5], [406, 701, 1400, 701, 406 + 701]);
        assert_eq!(import(&world, &by, &request).await.unwrap(), [0; 4]);
        assert_eq!(state(&world).await, once);

        let session = world.sign_in("nguoi7", PASSWORD).await.unwrap().session.unwrap();
        let user = session.user.unwrap();
        assert_eq!(user.appointments.len(), 2);
        let desk =
            pb::GetUnitRequest { id: user.appointments[0].unit_id.clone(), ..pb::GetUnitRequest::default() };
        let desk = world.units().get_unit(world.from(&Who::Documents, desk)).await.unwrap().into_inner();
        let desk = desk.unit.unwrap();
        assert_eq!((desk.code.as_str(), desk.synthetic_code), ("H52.S7.VP", true));
        assert_eq!(desk.agency_id, user.appointments[1].unit_id);
        assert_eq!(desk.agency_id, user.appointments[0].agency_id);
    }
}

#[tokio::test]
async fn only_what_differs_is_changed() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mut request = province(2, 3, 10);
        import(&world, &by, &request).await.unwrap();
        let before = state(&world).await;

        request.units[1].name = "Sở Nội vụ".to_owned();
        request.users[3].appointments[0].position = "Văn thư trưởng".to_owned();
        request.users[4].appointments.pop();
        request.users[5].full_name = "Lường Văn Hặc".to_owned();
        request.users[6].password_hash = hash("mật khẩu hoàn toàn khác");
        request.users.push(user("moi", &[("H52.S0", "Giám đốc", pb::Role::AgencyHead)]));
        world.wait(60);
        assert_eq!(import(&world, &by, &request).await.unwrap(), [0, 1, 1, 3]);
        let after = state(&world).await;
        let grown: Vec<_> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
        assert_eq!(grown, [0, 1, 0, 1, 5, 1, 4], "one post went, one came");
        world.sign_in("nguoi6", PASSWORD).await.expect("a password already set is kept");
    }
}

#[tokio::test]
async fn a_unit_that_moves_takes_those_below_to_the_new_agency() {
    for world in World::all().await {
        let by = world.administrator().await;
        import(&world, &by, &province(2, 0, 0)).await.unwrap();
        let desk = unit("H52.S0.VP.1", pb::UnitKind::InnerDivision, "H52.S0.VP");
        let add = pb::ImportDirectoryRequest { units: vec![desk], users: vec![] };
        assert_eq!(import(&world, &by, &add).await.unwrap(), [1, 0, 0, 0]);

        let moved = unit("H52.S0.VP", pb::UnitKind::InnerOffice, "H52.S1");
        let moved = pb::ImportDirectoryRequest { units: vec![moved], users: vec![] };
        assert_eq!(import(&world, &by, &moved).await.unwrap(), [0, 2, 0, 0], "the desk below goes along");
        let units = world.units().list_units(world.from(&by, pb::ListUnitsRequest::default())).await.unwrap();
        let units = units.into_inner().units;
        let find = |code: &str| units.iter().find(|unit| unit.code == code).unwrap();
        assert_eq!(find("H52.S0.VP").parent_id, find("H52.S1").id);
        assert_eq!(find("H52.S0.VP.1").agency_id, find("H52.S1").id);
        assert_eq!(find("H52.S0.VP.1").revision, 2);

        let round = unit("H52.S1", pb::UnitKind::ProvincialDepartment, "H52.S0.VP.1");
        let round = pb::ImportDirectoryRequest { units: vec![round], users: vec![] };
        let status = import(&world, &by, &round).await.unwrap_err();
        assert_eq!(
            mistakes(&status),
            [("units[0].parentCode".to_owned(), "puts the unit below itself".to_owned())]
        );
    }
}

#[tokio::test]
async fn ten_mistakes_are_ten_messages_and_nothing_comes_in() {
    for world in World::all().await {
        let by = world.administrator().await;
        let before = state(&world).await;
        let mut request = province(1, 1, 3);
        request.units[1].abbreviation = "S/NV".to_owned();
        request.units[2].kind = 0;
        request.units[3].parent_code = "H99".to_owned();
        request.units.push(unit("H52", pb::UnitKind::Ward, ""));
        request.units.push(unit("H52.Z", pb::UnitKind::ServiceCentre, ""));
        request.users[0].sign_in_name = "Người".to_owned();
        request.users[1].password_hash = "matkhau".to_owned();
        request.users[1].appointments[0].unit_code = "H99".to_owned();
        request.users[2].sign_in_name = "nguoi1".to_owned();
        request.users[2].appointments[1].roles.clear();
        let status = import(&world, &by, &request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let mut told = fields(&status);
        told.sort();
        assert_eq!(
            told,
            [
                "units[1].abbreviation",
                "units[2].kind",
                "units[3].parentCode",
                "units[7].code",
                "units[8].parentCode",
                "users[0].signInName",
                "users[1].appointments[0].unitCode",
                "users[1].passwordHash",
                "users[2].appointments[1].roles",
                "users[2].signInName",
            ]
        );
        assert_eq!(state(&world).await, before);
    }
}

#[tokio::test]
async fn parents_come_before_children_and_not_too_many_come_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mut request = province(1, 0, 0);
        request.units.reverse();
        let status = import(&world, &by, &request).await.unwrap_err();
        assert_eq!(fields(&status), ["units[0].parentCode", "units[1].parentCode", "units[2].parentCode"]);
        request.units = vec![unit("H52", pb::UnitKind::ProvincialPeoplesCommittee, ""); 10_001];
        request.users = vec![pb::ImportUser::default(); 10_001];
        let status = import(&world, &by, &request).await.unwrap_err();
        assert_eq!(fields(&status), ["units", "users"]);
        let all = pb::ImportDirectoryRequest::default();
        assert_eq!(import(&world, &by, &all).await.unwrap(), [0; 4]);
    }
}

#[tokio::test]
async fn the_first_administrator_survives_every_import() {
    for world in World::all().await {
        let by = world.administrator().await;
        let request = pb::ImportDirectoryRequest { units: vec![], users: vec![user("quantri", &[])] };
        assert_eq!(import(&world, &by, &request).await.unwrap(), [0, 0, 0, 1]);
        let again = world.administrator().await;
        assert_eq!(import(&world, &again, &request).await.unwrap(), [0; 4]);
    }
}

#[tokio::test]
async fn a_database_that_goes_away_at_any_statement_leaves_nothing_half_done() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mut request = province(2, 2, 6);
        import(&world, &by, &request).await.unwrap();
        request.units[1].name = "Sở Nội vụ".to_owned();
        request.units.push(unit("H52.M", pb::UnitKind::Ward, "H52"));
        request.users[2].appointments.pop();
        request.users.push(user("moi", &[("H52.M", "Chủ tịch", pb::Role::AgencyHead)]));
        let before = state(&world).await;
        let mut statements = 0;
        loop {
            world.db.faults().fail_after(statements);
            // Called directly: the way that callers take would try again by itself.
            let mut asked = tonic::Request::new(request.clone());
            asked.extensions_mut().insert(administrator());
            let done = world.directory.import_directory(asked).await;
            if !world.db.faults().clear() {
                done.expect("no statement failed");
                break;
            }
            let status = done.expect_err("a statement failed");
            assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "UNAVAILABLE"));
            assert_eq!(state(&world).await, before, "statement {statements} failed");
            statements += 1;
        }
        assert!(statements >= 12, "{statements} statements were made to fail");
        assert_ne!(state(&world).await, before);
    }
}

fn administrator() -> Caller {
    let id = base::Uuid::from_u128(1);
    let post = Appointment {
        agency_id: id,
        unit_id: id,
        position: "Quản trị".to_owned(),
        roles: vec![Role::Administrator],
        inherited_agency_ids: Vec::new(),
        stands_in_for: None,
    };
    let person = Person {
        user_id: id,
        full_name: "Lò Thị Mai".to_owned(),
        session_id: id,
        appointments: vec![post],
        scopes: None,
    };
    Caller { issuer: GATEWAY.to_owned(), person: Some(person) }
}
