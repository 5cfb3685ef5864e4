use base::SeededRandom;
use congvan_proto::directory::v1::{ImportAppointment, ImportUser, Role, UnitKind};

use super::units::{FIRST_DAY, SampleUnit};

/// Domain of the sample's mailboxes; reserved, so that no mail can reach anybody.
const MAIL_DOMAIN: &str = "sonla.example";

/// Invents the people: a leader, a deputy, an officer and a clerk in every agency, and the head of every inner unit.
pub(super) fn people(units: &[SampleUnit], password_hash: &str) -> Vec<ImportUser> {
    let names = Names::new();
    let person = |sign_in_name: String, unit_code: &str, position: &str, role: Role| ImportUser {
        full_name: names.next(),
        email: format!("{sign_in_name}@{MAIL_DOMAIN}"),
        sign_in_name,
        password_hash: password_hash.to_owned(),
        appointments: vec![ImportAppointment {
            unit_code: unit_code.to_owned(),
            position: position.to_owned(),
            roles: vec![role.into()],
            start_date: FIRST_DAY.to_owned(),
        }],
    };
    let mut people = Vec::new();
    let mut handle = "";
    for unit in units {
        let code = unit.import.code.as_str();
        match &unit.handle {
            Some(own) => {
                handle = own;
                let (head, deputy) = titles(unit.import.kind());
                let office = format!("{code}.VP");
                people.push(person(format!("lanhdao.{handle}"), code, head, Role::AgencyHead));
                people.push(person(format!("pho.{handle}"), code, deputy, Role::DeputyHead));
                people.push(person(format!("canbo.{handle}"), &office, "Chuyên viên", Role::Officer));
                people.push(person(format!("vanthu.{handle}"), &office, "Văn thư", Role::DocumentOffice));
            }
            None => {
                let tail = code.rsplit('.').next().expect("a code is not empty").to_lowercase();
                let title = head_of(&unit.import.name);
                people.push(person(format!("truong.{tail}.{handle}"), code, title, Role::UnitHead));
            }
        }
    }
    people
}

/// Titles of head and deputy.
fn titles(kind: UnitKind) -> (&'static str, &'static str) {
    match kind {
        UnitKind::ProvincialOffice => ("Chánh Văn phòng", "Phó Chánh Văn phòng"),
        UnitKind::ProvincialDepartment => ("Giám đốc", "Phó Giám đốc"),
        UnitKind::ProvincialInspectorate => ("Chánh Thanh tra", "Phó Chánh Thanh tra"),
        _ => ("Chủ tịch", "Phó Chủ tịch"),
    }
}

fn head_of(name: &str) -> &'static str {
    if name.starts_with("Văn phòng") {
        "Chánh Văn phòng"
    } else if name.starts_with("Trung tâm") {
        "Giám đốc Trung tâm"
    } else {
        "Trưởng phòng"
    }
}

/// Draws names; the same ones in every run.
struct Names {
    random: SeededRandom,
    parts: [Vec<&'static str>; 3],
}

impl Names {
    fn new() -> Self {
        let lines =
            |text: &'static str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let parts = [
            lines(include_str!("../../sample/family-names.txt")),
            lines(include_str!("../../sample/middle-names.txt")),
            lines(include_str!("../../sample/given-names.txt")),
        ];
        Self { random: SeededRandom::new(14), parts }
    }

    fn next(&self) -> String {
        self.parts.each_ref().map(|part| part[self.random.below(part.len())]).join(" ")
    }
}
