use base::Uuid;
use congvan_proto::directory::v1::{
    self as pb, GroupKind, MemberKind,
    unit_expression::{self as sets, Set},
};
use sql::Queries;
use tonic::Code;

use crate::{
    address_book::{
        add, below, delete, difference, external, group, groups, holding, kinds, member, ministry, read,
        recipients, set, units, update,
    },
    world::{
        PASSWORD, Who, World, appointment, department, fact, fields, mistakes, officer, random, reason, who,
    },
};

async fn list(world: &World, by: &Who, request: pb::ListGroupsRequest) -> Vec<String> {
    let answer = groups(world).list_groups(world.from(by, request)).await.unwrap().into_inner();
    answer.groups.into_iter().map(|group| group.name).collect()
}

/// A document clerk of a department, signed in.
async fn clerk(world: &World, by: &Who, unit: &pb::Unit, name: &str) -> Who {
    let user = pb::User {
        appointments: vec![appointment(unit, "Văn thư", pb::Role::DocumentOffice)],
        ..officer(name, unit)
    };
    world.user(by, user).await.unwrap();
    who(&world.sign_in(name, PASSWORD).await.unwrap().session.unwrap())
}

#[tokio::test]
async fn a_group_holds_units_partners_people_and_groups() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let user = world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let ministry = external(&world, &by, ministry()).await.unwrap();
        let people = pb::Group {
            kind: GroupKind::People.into(),
            name: "Tổ công tác".to_owned(),
            members: vec![member(MemberKind::User, &user.id)],
            external_id: "okta-7".to_owned(),
            ..Default::default()
        };
        let people = group(&world, &by, people).await.unwrap();
        let position_id = user.appointments[0].position_id.clone();
        let members = vec![
            member(MemberKind::Unit, &unit.id),
            member(MemberKind::ExternalAgency, &ministry.id),
            member(MemberKind::Position, &position_id),
            member(MemberKind::User, &user.id),
            member(MemberKind::Group, &people.id),
            member(MemberKind::Unit, &unit.id),
        ];
        let written = pb::Group {
            description: "Nhận báo cáo tháng".to_owned(),
            expression: Some(difference(kinds(&[pb::UnitKind::Commune]), units(&[&unit]))),
            ..recipients("Nơi nhận báo cáo", members)
        };
        let made = group(&world, &by, written.clone()).await.unwrap();
        assert_eq!((made.revision, made.member_count, made.members.len()), (1, 5, 0), "each once");
        let found = read(&world, &Who::Documents, &made.id).await.unwrap();
        let names: Vec<_> = found.members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["Sở Nội vụ", "Bộ Nội vụ", "Chuyên viên", "Cầm Văn Chung", "Tổ công tác"]);
        assert_eq!((found.expression, found.description), (written.expression, written.description));

        let all = pb::ListGroupsRequest::default;
        assert_eq!(list(&world, &by, all()).await, ["Nơi nhận báo cáo", "Tổ công tác"]);
        for (request, expected) in [
            (pb::ListGroupsRequest { kind: GroupKind::People.into(), ..all() }, "Tổ công tác"),
            (pb::ListGroupsRequest { query: "BAO CAO".to_owned(), ..all() }, "Nơi nhận báo cáo"),
            (pb::ListGroupsRequest { name: "Tổ công tác".to_owned(), ..all() }, "Tổ công tác"),
            (pb::ListGroupsRequest { external_id: "okta-7".to_owned(), ..all() }, "Tổ công tác"),
            (pb::ListGroupsRequest { member_id: unit.id.clone(), ..all() }, "Nơi nhận báo cáo"),
            (pb::ListGroupsRequest { member_id: people.id.clone(), ..all() }, "Nơi nhận báo cáo"),
        ] {
            assert_eq!(list(&world, &by, request.clone()).await, [expected], "{request:?}");
        }
        let first = pb::ListGroupsRequest { page_size: 1, ..all() };
        let page = groups(&world).list_groups(world.from(&by, first.clone())).await.unwrap().into_inner();
        let next = pb::ListGroupsRequest { page_token: page.next_page_token, ..first };
        assert_eq!(list(&world, &by, next).await, ["Tổ công tác"]);
    }
}

/// A group in which nothing is as it must be.
fn wrong(unit: &pb::Unit, user: &pb::User, nobody: &str) -> pb::Group {
    let union = vec![
        pb::UnitExpression::default(),
        set(Set::GroupId(nobody.to_owned())),
        set(Set::Below(sets::Below { unit_id: nobody.to_owned(), direct_only: true })),
        set(Set::Units(sets::Units::default())),
        set(Set::Kinds(sets::Kinds { kinds: vec![6, 77] })),
        set(Set::Difference(Box::default())),
    ];
    pb::Group {
        name: "a\nb".to_owned(),
        description: "x".repeat(1001),
        owner_agency_id: nobody.to_owned(),
        external_id: "x".repeat(256),
        expression: Some(set(Set::Union(sets::Union { sets: union }))),
        members: vec![
            member(MemberKind::Unit, &unit.id),
            member(MemberKind::Unit, &user.id),
            member(MemberKind::Unspecified, &user.id),
            member(MemberKind::Group, "7"),
            member(MemberKind::Group, nobody),
        ],
        ..Default::default()
    }
}

#[tokio::test]
async fn all_mistakes_of_a_group_are_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let user = world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let nobody = Uuid::from_u128(7).to_string();
        let wrong = wrong(&unit, &user, &nobody);
        let status = group(&world, &by, wrong).await.unwrap_err();
        assert_eq!(
            fields(&status),
            [
                "group.kind",
                "group.name",
                "group.description",
                "group.externalId",
                "group.expression.union.sets[0]",
                "group.expression.union.sets[3].units.unitIds",
                "group.expression.union.sets[4].kinds.kinds[1]",
                "group.expression.union.sets[5].difference.of",
                "group.expression.union.sets[5].difference.except",
                "group.members[2].kind",
                "group.members[3].id",
                "group.ownerAgencyId",
                "group.members[1].id",
                "group.members[4].id",
                "group.expression",
                "group.expression",
            ]
        );
        let told = mistakes(&status);
        assert_eq!(told[13].1, "is not in the directory");
        assert!(told[14].1.contains("is no unit of the directory") && told[15].1.contains("names group"));
    }
}

#[tokio::test]
async fn groups_of_people_deep_rules_and_names_twice_are_refused() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let people = pb::Group {
            kind: GroupKind::People.into(),
            expression: Some(below(&unit)),
            ..recipients("Người", vec![member(MemberKind::Unit, &unit.id)])
        };
        let status = group(&world, &by, people).await.unwrap_err();
        assert_eq!(fields(&status), ["group.members[0].id", "group.expression"]);

        let mut deep = kinds(&[pb::UnitKind::Commune]);
        for _ in 0..16 {
            deep = set(Set::Union(sets::Union { sets: vec![deep] }));
        }
        let deep = pb::Group { expression: Some(deep), ..recipients("Sâu", vec![]) };
        let status = group(&world, &by, deep).await.unwrap_err();
        assert_eq!(
            mistakes(&status),
            [("group.expression".to_owned(), "has 17 levels, at most 16 are allowed".to_owned())]
        );
        let made = group(&world, &by, recipients("Nhóm", vec![])).await.unwrap();
        let status = update(&world, &by, pb::Group { id: made.id.clone(), ..Default::default() }, &["kind"])
            .await
            .unwrap_err();
        assert_eq!(fields(&status), ["group.revision", "updateMask"]);
        let status = group(&world, &by, recipients("Nhóm", vec![])).await.unwrap_err();
        assert_eq!((reason(&status), fact(&status, "group_id")), ("GROUP_NAME_TAKEN".to_owned(), made.id));
        let wrong = pb::ListGroupsRequest {
            kind: 9,
            query: "x".repeat(201),
            member_id: "7".to_owned(),
            page_size: -1,
            ..Default::default()
        };
        let status = groups(&world).list_groups(world.from(&by, wrong)).await.unwrap_err();
        assert_eq!(fields(&status), ["kind", "query", "memberId", "pageSize"]);
    }
}

#[tokio::test]
async fn an_agency_keeps_its_groups_for_itself() {
    for world in World::all().await {
        let by = world.administrator().await;
        let ours = world.unit(&by, department("H52.01")).await.unwrap();
        let theirs = world.unit(&by, department("H52.02")).await.unwrap();
        let clerk_of_ours = clerk(&world, &by, &ours, "thu.vt").await;
        let clerk_of_theirs = clerk(&world, &by, &theirs, "hai.vt").await;
        world.user(&by, officer("chung.cv", &ours)).await.unwrap();
        let officer = who(&world.sign_in("chung.cv", PASSWORD).await.unwrap().session.unwrap());
        let of_ours = pb::Group { owner_agency_id: ours.id.clone(), ..recipients("Phòng ban", vec![]) };

        for stranger in [&officer, &clerk_of_theirs] {
            assert_eq!(reason(&group(&world, stranger, of_ours.clone()).await.unwrap_err()), "NOT_ALLOWED");
        }
        let of_all = recipients("Toàn tỉnh", vec![]);
        assert_eq!(reason(&group(&world, &clerk_of_ours, of_all.clone()).await.unwrap_err()), "NOT_ALLOWED");
        let kept = group(&world, &clerk_of_ours, of_ours).await.unwrap();
        let shared = group(&world, &by, of_all).await.unwrap();

        for (reader, sees) in
            [(&officer, true), (&by, true), (&Who::Documents, true), (&clerk_of_theirs, false)]
        {
            let found = read(&world, reader, &kept.id).await;
            let listed = list(&world, reader, pb::ListGroupsRequest::default()).await;
            assert_eq!((found.is_ok(), listed.len()), (sees, 1 + usize::from(sees)));
            if let Err(status) = found {
                assert_eq!(reason(&status), "GROUP_NOT_FOUND");
            }
        }
        let shared_member = vec![member(MemberKind::Group, &shared.id)];
        let grown = add(&world, &clerk_of_ours, &kept, shared_member.clone()).await.unwrap();
        assert_eq!((grown.revision, grown.member_count), (2, 1));
        assert_eq!(
            reason(&add(&world, &officer, &kept, shared_member.clone()).await.unwrap_err()),
            "NOT_ALLOWED"
        );
        assert_eq!(
            reason(&add(&world, &clerk_of_theirs, &kept, shared_member).await.unwrap_err()),
            "GROUP_NOT_FOUND"
        );
        assert_eq!(reason(&delete(&world, &clerk_of_theirs, &grown).await.unwrap_err()), "GROUP_NOT_FOUND");
        let status = group(&world, &by, holding("Lộ", &[&kept])).await.unwrap_err();
        assert!(mistakes(&status)[0].1.contains("only groups of the same agency"), "{status}");
        delete(&world, &clerk_of_ours, &grown).await.unwrap();
    }
}

#[tokio::test]
async fn two_administrators_edit_one_group() {
    for world in World::all().await {
        let by = world.administrator().await;
        let first = world.unit(&by, department("H52.01")).await.unwrap();
        let second = world.unit(&by, department("H52.02")).await.unwrap();
        let made =
            group(&world, &by, recipients("Nhóm", vec![member(MemberKind::Unit, &first.id)])).await.unwrap();
        let renamed =
            update(&world, &by, pb::Group { name: "Nhóm mới".to_owned(), ..made.clone() }, &["name"])
                .await
                .unwrap();
        assert_eq!((renamed.revision, renamed.member_count), (2, 1), "members are not named and stay");
        let status =
            update(&world, &by, pb::Group { description: "x".to_owned(), ..made.clone() }, &["description"])
                .await
                .unwrap_err();
        assert_eq!((status.code(), fact(&status, "current_revision").as_str()), (Code::Aborted, "2"));
        assert_eq!(reason(&delete(&world, &by, &made).await.unwrap_err()), "STALE_REVISION");

        world.wait(1);
        // Who adds a member need not know what the other one did, and may insist on it.
        let two = vec![member(MemberKind::Unit, &first.id), member(MemberKind::Unit, &second.id)];
        let grown = add(&world, &by, &made, two.clone()).await.unwrap();
        assert_eq!((grown.revision, grown.member_count), (3, 2));
        assert_eq!(add(&world, &by, &made, two.clone()).await.unwrap(), grown, "they belong to it already");
        world.wait(1);
        let remove = |revision| pb::RemoveGroupMembersRequest {
            group_id: made.id.clone(),
            members: two.clone(),
            revision,
            ..Default::default()
        };
        let status = groups(&world).remove_group_members(world.from(&by, remove(2))).await.unwrap_err();
        assert_eq!(reason(&status), "STALE_REVISION");
        let emptied = groups(&world)
            .remove_group_members(world.from(&by, remove(3)))
            .await
            .unwrap()
            .into_inner()
            .group
            .unwrap();
        assert_eq!((emptied.revision, emptied.member_count), (4, 0));
        let entries = world.audit(&by, &made.id).await;
        assert_eq!(entries.len(), 4);
        assert!(
            entries[1].after.contains(&second.id) && !entries[1].after.contains(&first.id),
            "only what came: {}",
            entries[1].after
        );
        let whole = update(&world, &by, pb::Group { members: two, ..emptied }, &[]).await.unwrap();
        assert_eq!((whole.member_count, whole.expression), (2, None));

        let request_id = Uuid::from_bytes(random()).to_string();
        let again = || pb::CreateGroupRequest {
            group: Some(recipients("Lần nữa", vec![])),
            request_id: request_id.clone(),
            ..Default::default()
        };
        let once = groups(&world).create_group(world.from(&by, again())).await.unwrap().into_inner();
        assert_eq!(groups(&world).create_group(world.from(&by, again())).await.unwrap().into_inner(), once);
    }
}

#[tokio::test]
async fn five_thousand_members_come_in_one_call() {
    for world in World::all().await {
        let by = world.administrator().await;
        let units = (0..5000).map(|number| pb::ImportUnit {
            code: format!("H52.{number}"),
            name: format!("Xã {number}"),
            abbreviation: "UBND".to_owned(),
            kind: pb::UnitKind::Commune.into(),
            ..Default::default()
        });
        let request = pb::ImportDirectoryRequest { units: units.collect(), users: vec![] };
        world.imports().import_directory(world.from(&by, request)).await.unwrap();
        let mut ids = Vec::new();
        let mut request = pb::ListUnitsRequest { page_size: 1000, ..Default::default() };
        while ids.len() < 5000 {
            let page = world.units().list_units(world.from(&by, request.clone())).await.unwrap().into_inner();
            ids.extend(page.units.into_iter().map(|unit| unit.id));
            request.page_token = page.next_page_token;
        }
        let members: Vec<_> = ids.iter().map(|id| member(MemberKind::Unit, id)).collect();
        let made = group(&world, &by, recipients("Tất cả", vec![])).await.unwrap();
        let grown = add(&world, &by, &made, members.clone()).await.unwrap();
        assert_eq!((grown.member_count, grown.revision), (5000, 2));
        assert_eq!(add(&world, &by, &made, members.clone()).await.unwrap(), grown);
        assert_eq!(read(&world, &by, &made.id).await.unwrap().members.len(), 5000);
        let mut more = members.clone();
        more.push(members[0].clone());
        assert_eq!(fields(&add(&world, &by, &made, more).await.unwrap_err()), ["members"]);
        let gone = pb::RemoveGroupMembersRequest {
            group_id: made.id.clone(),
            members: members[1..].to_vec(),
            ..Default::default()
        };
        let left =
            groups(&world).remove_group_members(world.from(&by, gone)).await.unwrap().into_inner().group;
        assert_eq!(left.unwrap().member_count, 1);
    }
}

#[tokio::test]
async fn every_change_of_groups_and_partners_is_told() {
    const TOLD: sql::Statement = sql::statement("TOLD", "SELECT type, subject FROM event ORDER BY id");
    for world in World::all().await {
        let by = world.administrator().await;
        world.wait(1);
        let ministry = external(&world, &by, ministry()).await.unwrap();
        world.wait(1);
        let made = group(&world, &by, recipients("Nhóm", vec![])).await.unwrap();
        world.wait(1);
        delete(&world, &by, &made).await.unwrap();
        let rows = world.db.read("test").await.unwrap().all(&TOLD, vec![]).await.unwrap();
        let told: Vec<(String, Uuid)> =
            rows.iter().map(|row| (row.get("type").unwrap(), row.get("subject").unwrap())).collect();
        let changed =
            |what: &str, id: &str| (format!("congvan.directory.{what}.changed"), id.parse().unwrap());
        let expected = [
            changed("external_agency", &ministry.id),
            changed("group", &made.id),
            changed("group", &made.id),
        ];
        assert_eq!(told[1..], expected, "after the first administrator");
    }
}
