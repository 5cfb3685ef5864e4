use congvan_proto::directory::v1::{self as pb, StandInOrigin};
use tonic::Code;

use crate::{
    office::{Office, position},
    world::{Who, World, department, fields, officer, reason, who},
};

/// `by` stands in for `of` from today up to 1 December.
fn stand_in(of: &pb::User, by: &pb::User) -> pb::StandIn {
    pb::StandIn {
        position_id: position(of),
        user_id: by.id.clone(),
        end_date: "2026-12-01".to_owned(),
        reason: "Đi công tác".to_owned(),
        ..pb::StandIn::default()
    }
}

fn absence(of: &pb::User) -> pb::Absence {
    pb::Absence { user_id: of.id.clone(), reason: "Nghỉ phép".to_owned(), ..pb::Absence::default() }
}

/// The posts that a session shows as stood in for: the position and its roles.
fn stood_in_for(session: &pb::Session) -> Vec<(String, Vec<i32>)> {
    let posts = session.user.as_ref().unwrap().appointments.iter();
    let stood_in = posts.filter_map(|post| Some((post.stands_in_for.as_ref()?, post)));
    stood_in.map(|(of, post)| (of.position_id.clone(), post.roles.clone())).collect()
}

/// The document offices that the directory names for the commune.
async fn clerks(world: &World, office: &Office) -> Vec<String> {
    let request = pb::ListUsersRequest {
        agency_ids: vec![office.commune.id.clone()],
        role: pb::Role::DocumentOffice.into(),
        ..pb::ListUsersRequest::default()
    };
    let users =
        world.users().list_users(world.from(&Who::Documents, request)).await.unwrap().into_inner().users;
    users.into_iter().map(|user| user.sign_in_name).collect()
}

#[tokio::test]
async fn a_stand_in_gets_the_work_of_the_post_and_not_the_signature() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let clerk = office.sign_in(&world, &office.clerk).await;
        let named = world.name_stand_in(&clerk, stand_in(&office.clerk, &office.officer)).await.unwrap();
        assert_eq!((named.origin(), named.start_date.as_str()), (StandInOrigin::Self_, "2026-11-23"));
        let session = office.session(&world, &office.officer).await;
        assert_eq!(
            stood_in_for(&session),
            [(position(&office.clerk), vec![pb::Role::DocumentOffice.into()])]
        );
        assert_eq!(
            clerks(&world, &office).await,
            ["can.bo", "van.thu", "van.thu.2"],
            "and nobody is dropped"
        );
        let request = || pb::ListSigningAuthoritiesRequest {
            agency_id: office.commune.id.clone(),
            ..pb::ListSigningAuthoritiesRequest::default()
        };
        let mut signing = world.signing();
        signing.list_signing_authorities(world.from(&who(&session), request())).await.unwrap();
        let status = signing
            .list_signing_authorities(world.from(&office.sign_in(&world, &office.chief).await, request()));
        assert_eq!(reason(&status.await.unwrap_err()), "NOT_ALLOWED", "only the document office needs them");

        let secretary = office.sign_in(&world, &office.secretary).await;
        let named = world.name_stand_in(&secretary, stand_in(&office.head, &office.deputy)).await.unwrap();
        assert_eq!(named.origin(), StandInOrigin::Secretary);
        let session = office.session(&world, &office.deputy).await;
        let deputy = vec![pb::Role::DeputyHead.into()];
        assert_eq!(stood_in_for(&session), [(position(&office.head), deputy)], "not the head's role");
        let request = pb::CheckSignerRequest {
            agency_id: office.commune.id.clone(),
            user_id: office.deputy.id.clone(),
            document_kind: "DECISION".to_owned(),
            ..pb::CheckSignerRequest::default()
        };
        let checked = world.signing().check_signer(world.from(&Who::Documents, request)).await.unwrap();
        assert_eq!(checked.into_inner().signers, []);
        let deputy = office.sign_in(&world, &office.deputy).await;
        let order = office.authority(pb::GrantForm::ByOrder, &office.head, &office.chief);
        assert_eq!(
            reason(&world.grant(&deputy, order).await.unwrap_err()),
            "NOT_ALLOWED",
            "nor what comes with it"
        );
        let status = world.name_stand_in(&deputy, stand_in(&office.head, &office.chief)).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_ALLOWED", "nobody hands on that he stands in");
    }
}

#[tokio::test]
async fn it_holds_from_the_first_day_to_the_last_or_until_ended() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let later =
            pb::StandIn { start_date: "2026-11-25".to_owned(), ..stand_in(&office.clerk, &office.officer) };
        let named = world.name_stand_in(by, later).await.unwrap();
        assert_eq!(named.origin(), StandInOrigin::Administrator);
        for (date, acts) in [("2026-11-24", 0), ("2026-11-25", 1), ("2026-11-30", 1), ("2026-12-01", 0)] {
            let acting = world.acting(by, &office.commune.id, date).await;
            assert_eq!(acting.len(), acts, "{date}");
            assert!(
                acting
                    .iter()
                    .all(|acting| acting.stand_in_id == named.id && acting.full_name == "Tòng Thị Cán")
            );
        }
        assert_eq!(stood_in_for(&office.session(&world, &office.officer).await), [], "not today");
        world.wait(2 * 24 * 3600);
        assert_eq!(stood_in_for(&office.session(&world, &office.officer).await).len(), 1, "on the 25th");

        let end = |revision| pb::EndStandInRequest { id: named.id.clone(), revision, ..Default::default() };
        let clerk = office.sign_in(&world, &office.clerk).await;
        let ended = world.stand_ins().end_stand_in(world.from(&clerk, end(1))).await.unwrap().into_inner();
        assert_eq!(ended.stand_in.unwrap().end_date, "2026-11-25");
        assert_eq!(stood_in_for(&office.session(&world, &office.officer).await), [], "from today on");
        let status = world.stand_ins().end_stand_in(world.from(by, end(1))).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "STALE_REVISION"));
        let status = world.stand_ins().end_stand_in(world.from(by, end(2))).await.unwrap_err();
        assert_eq!(reason(&status), "STAND_IN_ENDED");
        let unknown = pb::EndStandInRequest { id: office.commune.id.clone(), ..end(1) };
        let status = world.stand_ins().end_stand_in(world.from(by, unknown)).await.unwrap_err();
        assert_eq!(reason(&status), "STAND_IN_NOT_FOUND");
    }
}

#[tokio::test]
async fn the_rule_follows_absences_down_the_list() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let clerk = office.sign_in(&world, &office.clerk).await;
        let set = |revision, substitutes: &[&pb::User]| pb::SetStandInRuleRequest {
            stand_in_rule: Some(pb::StandInRule {
                position_id: position(&office.clerk),
                substitute_position_ids: substitutes.iter().map(|user| position(user)).collect(),
                revision,
            }),
            ..pb::SetStandInRuleRequest::default()
        };
        let wanted = set(0, &[&office.second_clerk, &office.officer]);
        let rule = world.stand_ins().set_stand_in_rule(world.from(&clerk, wanted.clone())).await.unwrap();
        assert_eq!(rule.into_inner().stand_in_rule.unwrap().revision, 1);
        let status = world.stand_ins().set_stand_in_rule(world.from(&clerk, wanted)).await.unwrap_err();
        assert_eq!(reason(&status), "STALE_REVISION");
        let get = pb::GetStandInRuleRequest { position_id: position(&office.clerk) };
        let got = world.stand_ins().get_stand_in_rule(world.from(&clerk, get)).await.unwrap().into_inner();
        let wanted = [position(&office.second_clerk), position(&office.officer)];
        assert_eq!(got.stand_in_rule.unwrap().substitute_position_ids, wanted);
        let wrong = set(1, &[&office.clerk, &office.head, &office.officer, &office.officer]);
        let status = world.stand_ins().set_stand_in_rule(world.from(&clerk, wrong)).await.unwrap_err();
        assert_eq!(fields(&status).len(), 3, "itself, a signer with the seal, and one twice: {status}");

        assert_eq!(world.acting(&clerk, &office.commune.id, "").await, [], "nobody is absent");
        let away = world.absent(&clerk, absence(&office.clerk)).await.unwrap();
        assert_eq!(away.end_date, "", "nobody knows until when");
        let acting = world.acting(&clerk, &office.commune.id, "").await.remove(0);
        assert_eq!((acting.full_name.as_str(), acting.origin()), ("Hà Văn Hai", StandInOrigin::Rule));
        assert_eq!(acting.reason, "Nghỉ phép");
        let chief = office.sign_in(&world, &office.chief).await;
        world.absent(&chief, absence(&office.second_clerk)).await.unwrap();
        let acting = world.acting(&clerk, &office.commune.id, "").await.remove(0);
        assert_eq!(acting.full_name, "Tòng Thị Cán", "the first is absent too");
        assert_eq!(stood_in_for(&office.session(&world, &office.officer).await).len(), 1);
        assert_eq!(clerks(&world, &office).await, ["can.bo", "van.thu", "van.thu.2"]);

        let end = pb::EndAbsenceRequest { id: away.id, revision: 1, ..Default::default() };
        let back = world.stand_ins().end_absence(world.from(&clerk, end.clone())).await.unwrap().into_inner();
        assert_eq!(back.absence.unwrap().end_date, "2026-11-23");
        assert_eq!(world.acting(&clerk, &office.commune.id, "").await, []);
        let status = world.stand_ins().end_absence(world.from(&clerk, end)).await.unwrap_err();
        assert_eq!(reason(&status), "STALE_REVISION");
    }
}

#[tokio::test]
async fn what_cannot_be_arranged_is_refused_whole() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let other = world.unit(by, department("H52.71")).await.unwrap();
        let stranger = world.user(by, officer("nguoi.la", &other)).await.unwrap();
        let empty = world.name_stand_in(by, pb::StandIn::default()).await.unwrap_err();
        assert_eq!(fields(&empty), ["standIn.positionId", "standIn.userId", "standIn.endDate"]);
        let wrong = pb::StandIn {
            start_date: "2026-11-22".to_owned(),
            absent_user_id: office.officer.id.clone(),
            ..stand_in(&office.clerk, &stranger)
        };
        let status = world.name_stand_in(by, wrong).await.unwrap_err();
        assert_eq!(
            fields(&status),
            ["standIn.positionId"],
            "the position begins today: nothing can be said of the day before"
        );
        let wrong =
            pb::StandIn { absent_user_id: office.officer.id.clone(), ..stand_in(&office.clerk, &stranger) };
        let status = world.name_stand_in(by, wrong).await.unwrap_err();
        assert_eq!(fields(&status), ["standIn.absentUserId", "standIn.userId"]);
        for (of, to) in [
            (&office.head, &office.secretary),
            (&office.head, &office.clerk),
            (&office.clerk, &office.deputy),
            (&office.clerk, &office.clerk),
        ] {
            let status = world.name_stand_in(by, stand_in(of, to)).await.unwrap_err();
            assert_eq!(fields(&status), ["standIn.userId"], "{} for {}", to.full_name, of.full_name);
        }
        world.name_stand_in(by, stand_in(&office.clerk, &office.officer)).await.unwrap();
        let twice = world.name_stand_in(by, stand_in(&office.clerk, &office.second_clerk)).await.unwrap_err();
        assert_eq!(fields(&twice), ["standIn.startDate"]);
        let circle = world.name_stand_in(by, stand_in(&office.officer, &office.clerk)).await.unwrap_err();
        assert_eq!(fields(&circle), ["standIn.userId"]);
        let next = pb::StandIn {
            start_date: "2026-12-01".to_owned(),
            end_date: "2026-12-02".to_owned(),
            ..stand_in(&office.clerk, &office.second_clerk)
        };
        world.name_stand_in(by, next).await.unwrap();
    }
}

#[tokio::test]
async fn a_chain_ends_at_its_first_link() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        world.name_stand_in(by, stand_in(&office.clerk, &office.officer)).await.unwrap();
        world.name_stand_in(by, stand_in(&office.officer, &office.chief)).await.unwrap();
        let acting = world.acting(by, &office.commune.id, "").await;
        let told: Vec<_> =
            acting.iter().map(|acting| (&acting.absent_full_name[..], &acting.full_name[..])).collect();
        assert_eq!(told, [("Tòng Thị Cán", "Quàng Văn Chánh")]);
        assert_eq!(stood_in_for(&office.session(&world, &office.chief).await).len(), 1);
        assert_eq!(stood_in_for(&office.session(&world, &office.officer).await), []);
        assert_eq!(
            clerks(&world, &office).await,
            ["van.thu", "van.thu.2"],
            "the mail of the office still arrives"
        );
    }
}

#[tokio::test]
async fn only_who_is_concerned_arranges_and_reads() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let officer = office.sign_in(&world, &office.officer).await;
        let secretary = office.sign_in(&world, &office.secretary).await;
        for by in [&officer, &secretary] {
            let named = world.name_stand_in(by, stand_in(&office.clerk, &office.second_clerk)).await;
            assert_eq!(reason(&named.unwrap_err()), "NOT_ALLOWED", "a clerk is no leader");
            let away = world.absent(by, absence(&office.clerk)).await;
            assert_eq!(reason(&away.unwrap_err()), "NOT_ALLOWED");
        }
        world.absent(&secretary, absence(&office.head)).await.unwrap();
        let again = world.absent(&secretary, absence(&office.head)).await.unwrap_err();
        assert_eq!(fields(&again), ["absence.startDate"]);
        let by = &office.administrator;
        let other = world.unit(by, department("H52.71")).await.unwrap();
        let stranger = world.user(by, self::officer("nguoi.la", &other)).await.unwrap();
        let stranger = office.sign_in(&world, &stranger).await;
        let agency_id = office.commune.id.clone();
        let list = pb::ListAbsencesRequest { agency_id: agency_id.clone(), ..Default::default() };
        let listed = world.stand_ins().list_absences(world.from(&officer, list.clone())).await.unwrap();
        assert_eq!(listed.into_inner().absences.len(), 1);
        let status = world.stand_ins().list_absences(world.from(&stranger, list)).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_ALLOWED");
        let list = pb::ListStandInsRequest { agency_id, ..Default::default() };
        let listed = world.stand_ins().list_stand_ins(world.from(&officer, list)).await.unwrap();
        assert_eq!(listed.into_inner().stand_ins, []);
    }
}
