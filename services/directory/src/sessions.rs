//! Where sessions begin, which still last, and what they open.

use std::collections::BTreeSet;

use base::{Date, Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Opening, Roles, User};
use jiff::SignedDuration;
use kit::Fault;
use sql::{Queries, Result, Write};

use crate::{
    Directory, faults, shape,
    store::{
        self,
        session::{Lasting, Session},
    },
    token,
};

/// How exactly it is known when a session was last used: [`note_use`] writes no more often, so that verifying a session
/// remains a read.
const USE_KNOWN_TO: SignedDuration = SignedDuration::from_mins(5);

/// What a session opened with a temporary password opens.
const UNTIL_CHANGED: [&str; 3] = [
    "/congvan.directory.v1.CredentialService/ChangePassword",
    "/congvan.directory.v1.SessionService/GetSession",
    "/congvan.directory.v1.SessionService/SignOut",
];

/// What the session of an administrator without an authenticator app opens, where the operator demands one.
const UNTIL_SET_UP: [&str; 6] = [
    "/congvan.directory.v1.CredentialService/BeginTotp",
    "/congvan.directory.v1.CredentialService/ChangePassword",
    "/congvan.directory.v1.CredentialService/ConfirmTotp",
    "/congvan.directory.v1.CredentialService/GetCredentials",
    "/congvan.directory.v1.SessionService/GetSession",
    "/congvan.directory.v1.SessionService/SignOut",
];

/// Opens a session for a person who has proved who it is; `client` is the program, as it names itself. The one place where
/// sessions begin. Gives the token, which is told only here, and the session.
pub(crate) async fn open_session(
    service: &Directory,
    tx: &mut Write,
    user: User,
    opening: Opening,
    client: &str,
) -> Result<(String, Session)> {
    let now = service.clock.now();
    let session = Session {
        id: service.ids.next(),
        user,
        created_at: now,
        expires_at: now + service.sign_in.session_life,
        opening,
        client: client.to_owned(),
        must_change_password: false,
        last_used_at: now,
    };
    let token = service.ids.secret();
    store::session::open(tx, &session, token::hash(&token)).await?;
    Ok((token, session))
}

/// Which sessions still last now.
pub(crate) fn lasting(service: &Directory) -> Lasting {
    let now = service.clock.now();
    let idle_since = service.sign_in.idle_limit.map_or(Timestamp::UNIX_EPOCH, |limit| now - limit);
    Lasting { now, idle_since }
}

/// Whether the session opens this method.
pub(crate) fn opens(service: &Directory, session: &Session, method: &str) -> std::result::Result<(), Fault> {
    if session.must_change_password && !UNTIL_CHANGED.contains(&method) {
        return Err(faults::sign_in::password_change_required());
    }
    let lacks_app = service.sign_in.administrators_need_totp
        && session.opening == Opening::Password
        && keeps_directory(&session.user);
    if lacks_app && !UNTIL_SET_UP.contains(&method) {
        return Err(faults::sign_in::totp_enrolment_required());
    }
    Ok(())
}

/// Whether the person is an administrator.
fn keeps_directory(user: &User) -> bool {
    user.is_administrator
        || user.appointments.iter().any(|post| post.roles.bits() & Roles::ADMINISTRATOR.bits() != 0)
}

/// Notes that the session is in use, if that was not noted within the last five minutes.
pub(crate) async fn note_use(service: &Directory, session: &mut Session) -> Result<()> {
    let now = service.clock.now();
    if now.duration_since(session.last_used_at) < USE_KNOWN_TO {
        return Ok(());
    }
    let mut tx = service.db.write("note_use_of_session").await?;
    store::session::used(&mut tx, session.id, now).await?;
    tx.commit().await?;
    session.last_used_at = now;
    Ok(())
}

/// A user with all that they act for today, as sessions and keys show it: the own posts, those of others for which they stand
/// in, and with each the agencies that ended and whose inbox, registers and open work its agency took over.
pub(crate) async fn standing(
    service: &Directory,
    db: &mut impl Queries,
    user: &User,
) -> std::result::Result<pb::User, Fault> {
    let mut told = standing_of(db, &[user], service.today()).await?;
    Ok(told.pop().expect("one for each"))
}

/// The same for several users, each of whom is another person: with as many statements as for one.
pub(crate) async fn standing_of(
    db: &mut impl Queries,
    users: &[&User],
    today: Date,
) -> Result<Vec<pb::User>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let ids = users.iter().map(|user| user.id).collect();
    let acting = store::situation::of_people(db, ids, today).await?;
    let mut told: Vec<_> = users.iter().map(|user| shape::user_standing_in(user, &acting)).collect();
    let posts = told.iter().flat_map(|user| &user.appointments);
    let agencies: BTreeSet<Uuid> = posts.filter_map(|post| post.agency_id.parse().ok()).collect();
    if !agencies.is_empty() {
        let inherited = store::succession::inherited(db, agencies.into_iter().collect(), today).await?;
        for user in &mut told {
            tell_inherited(user, &inherited);
        }
    }
    Ok(told)
}

/// Adds to the posts what their agencies took over, given each heir with whom it took over from.
pub(crate) fn tell_inherited(user: &mut pb::User, heirs: &[(Uuid, Uuid)]) {
    for (heir_id, inherited_id) in heirs {
        let heir_id = heir_id.to_string();
        for post in user.appointments.iter_mut().filter(|post| post.agency_id == heir_id) {
            post.inherited_agency_ids.push(inherited_id.to_string());
        }
    }
}

/// The session with this id, if the person may end it: an own one, or anybody's for an administrator. To others it is not
/// there.
pub(crate) fn reachable(
    session: Option<Session>,
    id: Uuid,
    own: Uuid,
    is_administrator: bool,
) -> std::result::Result<Session, Fault> {
    session
        .filter(|session| is_administrator || session.user.id == own)
        .ok_or_else(|| faults::sign_in::no_session(id))
}
