use congvan_proto::{
    directory::v1 as pb,
    events::v1::{SubscribeRequest, event_service_client::EventServiceClient},
};
use tonic::{Response, Status};

use crate::world::{PASSWORD, Who, World, department, officer, random, reason, who};

/// Every method with who may call it.
const TABLE: &str = "\
method            nobody officer administrator gateway documents
CreateUnit        -      -       yes           -       -
GetUnit           -      yes     yes           yes     yes
BatchGetUnits     -      yes     yes           yes     yes
ListUnits         -      yes     yes           yes     yes
UpdateUnit        -      -       yes           -       -
CreateUser        -      -       yes           -       -
GetUser           -      yes     yes           yes     yes
ListUsers         -      yes     yes           yes     yes
SearchUsers       -      yes     yes           yes     yes
UpdateUser        -      -       yes           -       -
DeactivateUser    -      -       yes           -       -
ReactivateUser    -      -       yes           -       -
WithdrawUser      -      -       yes           -       -
ImportDirectory   -      -       yes           -       -
SignIn            -      yes     yes           yes     -
VerifySession     -      -       -             yes     -
GetSession        -      yes     yes           -       -
ListSessions      -      yes     yes           -       -
RevokeSession     -      yes     yes           -       -
RevokeAllSessions -      yes     yes           -       -
GetCredentials    -      yes     yes           -       -
BeginTotp         -      yes     yes           -       -
SignOut           -      yes     yes           -       -
Subscribe         -      -       -             yes     yes
";

/// Whether the call was let through; anything but a refusal for want of rights must succeed.
fn verdict<T>(answer: Result<Response<T>, Status>) -> bool {
    match answer {
        Ok(_) => true,
        Err(status) => {
            assert!(["NOT_SIGNED_IN", "NOT_ALLOWED"].contains(&reason(&status).as_str()), "{status}");
            false
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one line for each method")]
async fn verdicts(
    world: &World,
    by: &Who,
    unit: &pb::Unit,
    user: &pb::User,
    spare: &pb::User,
    token: &str,
) -> Vec<(&'static str, bool)> {
    let (mut units, mut users) = (world.units(), world.users());
    let (mut sessions, mut imports) = (world.sessions(), world.imports());
    let mut credentials = world.credentials();
    let mut events = EventServiceClient::new(world.transport.clone());
    let fresh = u64::from_be_bytes(random());
    macro_rules! ask {
        ($client:ident.$method:ident($message:expr)) => {
            verdict($client.$method(world.from(by, $message)).await)
        };
    }
    let new_unit =
        pb::CreateUnitRequest { unit: Some(department(&format!("T{fresh}"))), ..Default::default() };
    let new_user = pb::CreateUserRequest {
        user: Some(officer(&format!("t{fresh}"), unit)),
        password: PASSWORD.to_owned(),
        ..Default::default()
    };
    let sign_in = pb::SignInRequest {
        sign_in_name: "chung.cv".to_owned(),
        password: PASSWORD.to_owned(),
        ..Default::default()
    };
    let ids = vec![unit.id.clone()];
    let left_open = world.sign_in("chung.cv", PASSWORD).await.unwrap().session.unwrap().id;
    let all = pb::RevokeAllSessionsRequest { user_id: user.id.clone(), ..Default::default() };
    vec![
        ("CreateUnit", ask!(units.create_unit(new_unit))),
        (
            "GetUnit",
            ask!(units.get_unit(pb::GetUnitRequest { id: unit.id.clone(), ..pb::GetUnitRequest::default() })),
        ),
        (
            "BatchGetUnits",
            ask!(
                units
                    .batch_get_units(pb::BatchGetUnitsRequest { ids, ..pb::BatchGetUnitsRequest::default() })
            ),
        ),
        ("ListUnits", ask!(units.list_units(pb::ListUnitsRequest::default()))),
        (
            "UpdateUnit",
            ask!(units.update_unit(pb::UpdateUnitRequest { unit: Some(unit.clone()), ..Default::default() })),
        ),
        ("CreateUser", ask!(users.create_user(new_user))),
        (
            "GetUser",
            ask!(users.get_user(pb::GetUserRequest { id: user.id.clone(), ..pb::GetUserRequest::default() })),
        ),
        ("ListUsers", ask!(users.list_users(pb::ListUsersRequest::default()))),
        (
            "SearchUsers",
            ask!(
                users.search_users(pb::SearchUsersRequest { query: "mai".to_owned(), ..Default::default() })
            ),
        ),
        (
            "UpdateUser",
            ask!(users.update_user(pb::UpdateUserRequest { user: Some(user.clone()), ..Default::default() })),
        ),
        (
            "DeactivateUser",
            ask!(users.deactivate_user(pb::DeactivateUserRequest {
                id: spare.id.clone(),
                revision: 1,
                ..Default::default()
            })),
        ),
        (
            "ReactivateUser",
            ask!(users.reactivate_user(pb::ReactivateUserRequest {
                id: spare.id.clone(),
                revision: 2,
                ..Default::default()
            })),
        ),
        (
            "WithdrawUser",
            ask!(users.withdraw_user(pb::WithdrawUserRequest {
                id: spare.id.clone(),
                revision: 3,
                ..Default::default()
            })),
        ),
        ("ImportDirectory", ask!(imports.import_directory(pb::ImportDirectoryRequest::default()))),
        ("SignIn", ask!(sessions.sign_in(sign_in))),
        (
            "VerifySession",
            ask!(
                sessions.verify_session(pb::VerifySessionRequest {
                    token: token.to_owned(),
                    ..Default::default()
                })
            ),
        ),
        ("GetSession", ask!(sessions.get_session(pb::GetSessionRequest {}))),
        ("ListSessions", ask!(sessions.list_sessions(pb::ListSessionsRequest::default()))),
        (
            "RevokeSession",
            ask!(sessions.revoke_session(pb::RevokeSessionRequest { id: left_open, ..Default::default() })),
        ),
        ("RevokeAllSessions", ask!(sessions.revoke_all_sessions(all))),
        ("GetCredentials", ask!(credentials.get_credentials(pb::GetCredentialsRequest::default()))),
        (
            "BeginTotp",
            ask!(
                credentials
                    .begin_totp(pb::BeginTotpRequest { password: PASSWORD.to_owned(), ..Default::default() })
            ),
        ),
        ("SignOut", ask!(sessions.sign_out(pb::SignOutRequest {}))),
        ("Subscribe", ask!(events.subscribe(SubscribeRequest::default()))),
    ]
}

#[tokio::test]
async fn everyone_may_do_what_the_contract_says_and_nothing_else() {
    for world in World::all().await {
        let administrator = world.administrator().await;
        let unit = world.unit(&administrator, department("H52.01")).await.unwrap();
        let spare = world.user(&administrator, officer("spare", &unit)).await.unwrap(); // changed only by those who may
        let user = world.user(&administrator, officer("chung.cv", &unit)).await.unwrap();
        let answer = world.sign_in("chung.cv", PASSWORD).await.unwrap();
        let officer = who(answer.session.as_ref().unwrap());
        let keeper = world.sign_in("quantri", PASSWORD).await.unwrap(); // not signed out by the table
        let callers = [
            ("nobody", Who::Nobody),
            ("officer", officer),
            ("administrator", administrator),
            ("gateway", Who::Gateway),
            ("documents", Who::Documents),
        ];
        let mut table = vec![vec![format!("{:18}", "method")]];
        for (name, caller) in callers {
            let width = name.len() + 1;
            table[0].push(format!("{name:width$}"));
            let verdicts = verdicts(&world, &caller, &unit, &user, &spare, &keeper.token).await;
            table.resize(verdicts.len() + 1, Vec::new());
            for (row, (method, allowed)) in table.iter_mut().skip(1).zip(verdicts) {
                if row.is_empty() {
                    row.push(format!("{method:18}"));
                }
                row.push(format!("{:width$}", if allowed { "yes" } else { "-" }));
            }
        }
        let told: Vec<_> = table.iter().map(|row| row.concat().trim_end().to_owned()).collect();
        let told = told.join("\n") + "\n";
        assert_eq!(told, TABLE);
    }
}

#[tokio::test]
async fn an_administrators_post_counts_as_much_as_being_the_first() {
    for world in World::all().await {
        let first = world.administrator().await;
        let unit = world.unit(&first, department("H52.01")).await.unwrap();
        let mut second = officer("thu.ql", &unit);
        second.appointments[0].roles = vec![pb::Role::Administrator.into()];
        world.user(&first, second).await.unwrap();
        let second = who(&world.sign_in("thu.ql", PASSWORD).await.unwrap().session.unwrap());
        world.unit(&second, department("H52.02")).await.unwrap();
    }
}
