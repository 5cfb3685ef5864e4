//! An agency has one head at a time, and so has a unit, whatever the posts are called.

use congvan_proto::directory::v1 as pb;

use crate::{
    files::PEOPLE,
    positions::{agency, appoint, appointing, person, position},
    structure::{created, office, put_below},
    world::{Who, World, appointment, department, fact, fields, reason},
};

/// A unit in another agency, without the rules being asked.
const TOGETHER: sql::Statement =
    sql::statement("TOGETHER", "UPDATE unit_version SET agency_id = $2, parent_id = $2 WHERE unit_id = $1");

#[tokio::test]
async fn a_second_title_makes_no_second_head() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let division = created(&world, &by, office("H52.01.01", &agency), "2020-01-01").await;
        let head = position(&world, &by, &agency, "Giám đốc", pb::Role::AgencyHead).await;
        let other = position(&world, &by, &division, "Giám đốc phụ trách", pb::Role::AgencyHead).await;
        let chief = position(&world, &by, &division, "Trưởng phòng", pb::Role::UnitHead).await;
        let an = person(&world, &by, "anh").await;
        let binh = person(&world, &by, "binh").await;
        appoint(&world, &by, appointing(&an, &head, "2021-01-01", "2027-01-01")).await.unwrap();

        let refused = appoint(&world, &by, appointing(&binh, &other, "2026-06-01", "")).await.unwrap_err();
        assert_eq!(reason(&refused), "HEAD_IN_OFFICE");
        let facts = ["holders", "start_date", "end_date"].map(|key| fact(&refused, key));
        assert_eq!(facts, ["Quàng Văn anh", "2021-01-01", "2027-01-01"]);
        let binh = appoint(&world, &by, appointing(&binh, &other, "2027-01-01", "")).await.unwrap();
        appoint(&world, &by, appointing(&binh, &chief, "2021-01-01", "")).await.unwrap(); // heads a unit, and later all

        let longer = pb::ChangeAppointmentRequest {
            id: held(&world, &by, &an).await,
            end_date: "2027-06-01".to_owned(),
            revision: an.revision + 1,
            ..pb::ChangeAppointmentRequest::default()
        };
        let refused = world.positions().change_appointment(world.from(&by, longer)).await.unwrap_err();
        assert_eq!(reason(&refused), "HEAD_IN_OFFICE");
    }
}

async fn held(world: &World, by: &Who, user: &pb::User) -> String {
    let request = pb::ListAppointmentsRequest { user_id: user.id.clone() };
    let held = world.positions().list_appointments(world.from(by, request)).await.unwrap().into_inner();
    held.appointments[0].id.clone()
}

#[tokio::test]
async fn neither_new_people_nor_new_duties_bring_a_second_head() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let head = position(&world, &by, &agency, "Giám đốc", pb::Role::AgencyHead).await;
        let an = person(&world, &by, "anh").await;
        appoint(&world, &by, appointing(&an, &head, "2021-01-01", "")).await.unwrap();

        let second = pb::User {
            sign_in_name: "binh".to_owned(),
            full_name: "Vì Văn Bình".to_owned(),
            appointments: vec![appointment(&agency, "Quyền Giám đốc", pb::Role::AgencyHead)],
            ..pb::User::default()
        };
        let refused = world.user(&by, second).await.unwrap_err();
        assert_eq!(fields(&refused), ["user.appointments[0]"]);

        let deputy = position(&world, &by, &agency, "Phó Giám đốc", pb::Role::DeputyHead).await;
        let binh = person(&world, &by, "binh").await;
        appoint(&world, &by, appointing(&binh, &deputy, "2021-01-01", "")).await.unwrap();
        let promoted = pb::UpdatePositionRequest {
            position: Some(pb::Position { roles: vec![pb::Role::AgencyHead.into()], ..deputy }),
            ..pb::UpdatePositionRequest::default()
        };
        let refused = world.positions().update_position(world.from(&by, promoted)).await.unwrap_err();
        assert_eq!(reason(&refused), "HEAD_IN_OFFICE");
    }
}

#[tokio::test]
async fn an_import_replaces_a_head_by_one_with_another_title() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let head = position(&world, &by, &agency, "Giám đốc", pb::Role::AgencyHead).await;
        let an = person(&world, &by, "anh").await;
        appoint(&world, &by, appointing(&an, &head, "2021-01-01", "")).await.unwrap();
        let row = |name: &str, title: &str, role: pb::Role| pb::ImportUser {
            sign_in_name: name.to_owned(),
            full_name: format!("Quàng Văn {name}"),
            appointments: vec![pb::ImportAppointment {
                unit_code: agency.code.clone(),
                position: title.to_owned(),
                roles: vec![role.into()],
                ..pb::ImportAppointment::default()
            }],
            ..pb::ImportUser::default()
        };
        let acting = row("binh", "Quyền Giám đốc", pb::Role::AgencyHead);
        let import = |users| pb::ImportDirectoryRequest { units: Vec::new(), users };
        let refused = world.imports().import_directory(world.from(&by, import(vec![acting.clone()]))).await;
        assert_eq!(fields(&refused.unwrap_err()), ["users[0].appointments[0]"]);
        let both = vec![acting, row("anh", "Chuyên viên", pb::Role::Officer)];
        world.imports().import_directory(world.from(&by, import(both))).await.unwrap();
        let audit = world.audit(&by, &an.id).await;
        let told = |action: &str| audit.iter().filter(|entry| entry.action == action).count();
        let actions = ["user.create", "user.appoint", "user.change_appointment", "user.update"];
        assert_eq!(actions.map(told), [1, 2, 1, 1]);
    }
}

#[tokio::test]
async fn a_file_that_brings_a_second_head_into_an_agency_is_told_so_before_it_is_written() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let division = created(&world, &by, office("H52.01.01", &agency), "2020-01-01").await;
        let file = format!(
            "Tên đăng nhập,Họ và tên,Mã đơn vị,Chức vụ,Vai trò\n\
             anh.gd,Quàng Văn Anh,{},Giám đốc,AGENCY_HEAD\n\
             binh.gd,Vì Văn Bình,{},Quyền Giám đốc,AGENCY_HEAD\n\
             chung.tp,Lò Văn Chung,{},Trưởng phòng,UNIT_HEAD\n",
            agency.code, division.code, division.code
        );
        let job = world.stage(&by, PEOPLE, file).await.unwrap();
        let told = world.mistakes_of(&by, &job).await;
        assert!(told.len() == 1 && told[0].starts_with("3 "), "{told:?}");
    }
}

#[tokio::test]
async fn a_unit_brings_no_second_head_along_and_a_head_may_always_go() {
    for world in World::all().await {
        let by = world.administrator().await;
        let first = agency(&world, &by).await;
        let second = created(&world, &by, department("H52.02"), "2020-01-01").await;
        let division = created(&world, &by, office("H52.02.01", &second), "2020-01-01").await;
        let (an, binh) = (person(&world, &by, "anh").await, person(&world, &by, "binh").await);
        let head = position(&world, &by, &first, "Giám đốc", pb::Role::AgencyHead).await;
        let other = position(&world, &by, &division, "Giám đốc", pb::Role::AgencyHead).await;
        appoint(&world, &by, appointing(&an, &head, "2021-01-01", "")).await.unwrap();
        appoint(&world, &by, appointing(&binh, &other, "2021-01-01", "")).await.unwrap();
        let refused = put_below(&world, &by, &division, &first.id, "2026-12-01").await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fact(&refused, "holders").as_str()),
            ("HEAD_IN_OFFICE", "Quàng Văn anh")
        );

        // Two heads of an earlier time: one of them is ended, whatever overlaps until then.
        let ids = [&division, &first].map(|unit| unit.id.parse::<base::Uuid>().unwrap());
        let mut tx = world.db.write("test").await.unwrap();
        tx.execute(&TOGETHER, sql::params![ids[0], ids[1]]).await.unwrap();
        tx.commit().await.unwrap();
        let end = pb::ChangeAppointmentRequest {
            id: held(&world, &by, &binh).await,
            end_date: "2027-01-01".to_owned(),
            revision: binh.revision + 1,
            ..pb::ChangeAppointmentRequest::default()
        };
        world.positions().change_appointment(world.from(&by, end)).await.unwrap();
        let titled = pb::Position { title: "Nguyên Giám đốc".to_owned(), ..other };
        let request = pb::UpdatePositionRequest { position: Some(titled), ..Default::default() };
        world.positions().update_position(world.from(&by, request)).await.unwrap();
    }
}
