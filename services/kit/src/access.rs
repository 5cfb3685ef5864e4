//! Who may call a method at all, as the contracts state it (`congvan.access.v1`): by the sort of caller and, for an API key,
//! by its scopes. What a caller has to do with the thing addressed is for the service to judge.

use congvan_proto::{
    Method,
    access::v1::{Audience, Scope},
};

use crate::{
    Fault, Text,
    caller::{Caller, GATEWAY},
};

/// Who signs for the documents service.
const DOCUMENTS: &str = "documents";

/// Lets the caller through to the method, or says who may call it or which scope the key lacks. A method that states no
/// access is refused: nothing is open by having been forgotten.
pub fn admit(caller: &Caller, method: &Method) -> Result<(), Fault> {
    let access = method.access.as_ref();
    let access = access.ok_or_else(|| Fault::internal(format!("{} states no access", method.path)))?;
    if !access.audiences().any(|audience| belongs(caller, audience)) {
        let audiences = access.audiences().collect::<Vec<_>>();
        return Err(Fault::not_allowed(&all_of(&audiences)));
    }
    match caller.person.as_ref().and_then(|person| person.scopes.as_deref()) {
        Some(scopes) => within(scopes, access.scope()),
        None => Ok(()),
    }
}

/// Whether an API key with these scopes opens a method that needs this one.
fn within(scopes: &[String], needed: Scope) -> Result<(), Fault> {
    let name = needed.as_str_name();
    if needed == Scope::Unspecified {
        return Err(Fault::no_key_may());
    }
    if scopes.iter().any(|scope| scope == name) { Ok(()) } else { Err(Fault::scope_missing(name)) }
}

fn belongs(caller: &Caller, audience: Audience) -> bool {
    match audience {
        Audience::Unspecified => false,
        Audience::Open => caller.issuer == GATEWAY,
        Audience::Person => caller.person.is_some(),
        Audience::Administrator => caller.is_administrator(),
        Audience::Service => caller.is_service(),
        Audience::Gateway => caller.is_service() && caller.issuer == GATEWAY,
        Audience::Documents => caller.is_service() && caller.issuer == DOCUMENTS,
    }
}

/// The audiences in words.
fn all_of(audiences: &[Audience]) -> Text {
    let words: Vec<_> = audiences.iter().map(|audience| name(*audience)).collect();
    let join = |word: fn(&Text) -> &str| words.iter().map(word).collect::<Vec<_>>().join(", ");
    Text::new(join(|text| &text.vi), join(|text| &text.en))
}

/// An audience in words, as a refusal names it.
pub fn name(audience: Audience) -> Text {
    match audience {
        Audience::Unspecified => Text::new("không ai", "nobody"),
        Audience::Open => Text::new(
            "mọi người, qua cổng kết nối của hệ thống",
            "anybody, through the gateway of the system",
        ),
        Audience::Person => Text::new("người dùng đã đăng nhập", "a signed-in person"),
        Audience::Administrator => Text::new("quản trị hệ thống", "the administrators"),
        Audience::Service => Text::new("các dịch vụ của hệ thống", "the services of the system"),
        Audience::Gateway => Text::new("cổng kết nối của hệ thống", "the gateway of the system"),
        Audience::Documents => {
            Text::new("dịch vụ văn bản của hệ thống", "the documents service of the system")
        }
    }
}

#[cfg(test)]
mod tests {
    use base::Uuid;
    use congvan_proto::{access::v1::Access, method};

    use super::*;
    use crate::caller::{Appointment, Person, Role};

    fn person(roles: Vec<Role>, scopes: Option<&[&str]>) -> Caller {
        let (agency_id, unit_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let person = Person {
            user_id: Uuid::from_u128(3),
            full_name: "Lò Thị Mai".to_owned(),
            session_id: Uuid::from_u128(4),
            appointments: vec![Appointment {
                agency_id,
                unit_id,
                position: String::new(),
                roles,
                inherited_agency_ids: Vec::new(),
                stands_in_for: None,
            }],
            scopes: scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect()),
        };
        Caller { issuer: GATEWAY.to_owned(), person: Some(person) }
    }

    fn reason(caller: &Caller, path: &str) -> Option<&'static str> {
        admit(caller, method(path).unwrap()).err().map(|fault| fault.reason())
    }

    #[test]
    fn each_method_has_its_audience() {
        let (officer, administrator) =
            (person(vec![Role::Officer], None), person(vec![Role::Administrator], None));
        let (gateway, documents) = (Caller::service(GATEWAY), Caller::service("documents"));
        let expected = [
            ("/congvan.directory.v1.SessionService/SignIn", [true, true, true, false]),
            ("/congvan.directory.v1.SessionService/VerifySession", [false, false, true, false]),
            ("/congvan.directory.v1.UnitService/GetUnit", [true, true, true, true]),
            ("/congvan.directory.v1.UnitService/CreateUnit", [false, true, false, false]),
            ("/congvan.events.v1.EventService/Subscribe", [false, false, true, true]),
            ("/congvan.directory.v1.UnitService/ReportUnitWork", [false, false, false, true]),
            ("/congvan.documents.v1.DocumentService/GetDocument", [true, true, false, false]),
        ];
        for (path, admitted) in expected {
            let callers = [&officer, &administrator, &gateway, &documents];
            assert_eq!(callers.map(|caller| reason(caller, path).is_none()), admitted, "{path}");
        }
    }

    #[test]
    fn a_key_does_what_its_scopes_say_and_never_what_has_none() {
        let (read, sign) = (
            "/congvan.documents.v1.DocumentService/GetDocument",
            "/congvan.documents.v1.DocumentService/SignDocument",
        );
        let key = person(vec![Role::AgencyHead], Some(&["SCOPE_DOCUMENTS_READ"]));
        assert_eq!((reason(&key, read), reason(&key, sign)), (None, Some("NOT_ALLOWED")));
        let key = person(vec![Role::AgencyHead], Some(&["SCOPE_DIRECTORY_READ", "SCOPE_UNSPECIFIED"]));
        assert_eq!((reason(&key, read), reason(&key, sign)), (Some("SCOPE_MISSING"), Some("NOT_ALLOWED")));
        let fault = admit(&key, method(read).unwrap()).unwrap_err();
        assert!(fault.text().en.contains("SCOPE_DOCUMENTS_READ"), "{}", fault.text().en);
    }

    #[test]
    fn what_states_nothing_is_open_to_nobody() {
        let get = method("/congvan.directory.v1.UnitService/GetUnit").unwrap();
        for access in [None, Some(Access::default())] {
            let silent = Method { access, ..get.clone() };
            assert!(admit(&person(vec![Role::Administrator], None), &silent).is_err());
        }
    }
}
