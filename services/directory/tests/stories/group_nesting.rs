use congvan_proto::directory::v1::{self as pb, MemberKind, unit_expression::Set};
use tonic::Code;

use crate::{
    address_book::{add, delete, difference, group, holding, kinds, member, read, recipients, set, update},
    world::{World, fact, reason},
};

#[tokio::test]
async fn a_circle_over_three_groups_is_refused_and_named() {
    for world in World::all().await {
        let by = world.administrator().await;
        let one = group(&world, &by, recipients("Một", vec![])).await.unwrap();
        let two = group(&world, &by, holding("Hai", &[&one])).await.unwrap();
        // The third holds the second by rule.
        let rule = Some(difference(set(Set::GroupId(two.id.clone())), kinds(&[pb::UnitKind::Ward])));
        let three =
            group(&world, &by, pb::Group { expression: rule, ..recipients("Ba", vec![]) }).await.unwrap();
        let status = add(&world, &by, &one, vec![member(MemberKind::Group, &three.id)]).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "GROUP_CIRCLE"));
        assert!(status.message().contains("Một → Ba → Hai → Một"), "{}", status.message());
        assert_eq!(
            fact(&status, "group_ids"),
            [&one.id, &three.id, &two.id, &one.id].map(String::as_str).join(",")
        );
        let itself = pb::Group { expression: Some(set(Set::GroupId(one.id.clone()))), ..one.clone() };
        assert_eq!(reason(&update(&world, &by, itself, &["expression"]).await.unwrap_err()), "GROUP_CIRCLE");

        for (held, users) in [(&one, "“Hai”"), (&two, "“Ba”")] {
            let status = delete(&world, &by, held).await.unwrap_err();
            assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "GROUP_IN_USE"));
            assert!(status.message().contains(users), "{}", status.message());
        }
        world.wait(1);
        delete(&world, &by, &three).await.unwrap();
        assert_eq!(reason(&read(&world, &by, &three.id).await.unwrap_err()), "GROUP_NOT_FOUND");
        delete(&world, &by, &two).await.unwrap();
        let actions: Vec<_> = world.audit(&by, &two.id).await.into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["group.delete", "group.create"]);
    }
}

#[tokio::test]
async fn groups_nest_eight_deep_and_no_deeper() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mut last = group(&world, &by, recipients("Nhóm 1", vec![])).await.unwrap();
        let first = last.clone();
        for number in 2..=8 {
            last = group(&world, &by, holding(&format!("Nhóm {number}"), &[&last])).await.unwrap();
        }
        let status = group(&world, &by, holding("Nhóm 9", &[&last])).await.unwrap_err();
        assert_eq!((reason(&status), fact(&status, "depth")), ("GROUP_TOO_DEEP".to_owned(), "9".to_owned()));
        let leaf = group(&world, &by, recipients("Lá", vec![])).await.unwrap();
        let status = add(&world, &by, &first, vec![member(MemberKind::Group, &leaf.id)]).await.unwrap_err();
        assert_eq!(reason(&status), "GROUP_TOO_DEEP", "also when it grows at its foot");
    }
}
