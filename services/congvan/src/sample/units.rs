use congvan_proto::directory::v1::{ImportUnit, UnitKind};

/// Identifier of the province; the only attested one, all below it are made up.
const PROVINCE: &str = "H52";

/// The People's Committee of the province, above all other agencies.
const ROOT: &str = "H52.UBND";

/// The day on which the 75 communes and the agencies as they are now began; everything of the sample begins on it.
pub(super) const FIRST_DAY: &str = "2025-07-01";

/// A unit of the sample and what its people are called after.
pub(super) struct SampleUnit {
    pub(super) import: ImportUnit,
    /// Last part of the sign-in names of its people: "snv", "03646"; none for inner units, whose people bear the agency's.
    pub(super) handle: Option<String>,
}

/// Agencies first, each followed by its inner units.
pub(super) fn units() -> Vec<SampleUnit> {
    let mut units = Vec::new();
    for row in rows(include_str!("../../sample/agencies.csv")) {
        let [code, name, abbreviation, kind] = [0, 1, 2, 3].map(|column| row[column].to_owned());
        let handle = code.rsplit('.').next().expect("a code is not empty").to_lowercase();
        let kind = match kind.as_str() {
            "people_committee" => UnitKind::ProvincialPeoplesCommittee,
            "office" => UnitKind::ProvincialOffice,
            "inspectorate" => UnitKind::ProvincialInspectorate,
            _ => UnitKind::ProvincialDepartment,
        };
        let parent = if code == ROOT { "" } else { ROOT };
        let agency = import((&code, parent), &name, &abbreviation, kind);
        units.push(SampleUnit { import: agency, handle: Some(handle) });
        units.push(inner(&code, "Văn phòng", "VP", UnitKind::InnerOffice));
        units.push(inner(&code, "Phòng Tổng hợp", "TH", UnitKind::InnerDivision));
    }
    for row in rows(include_str!("../../sample/communes.csv")) {
        let ward = &row[2] == "ward";
        let (digits, name) = (&row[0], format!("Ủy ban nhân dân {}", lower_first(&row[1])));
        let code = format!("{PROVINCE}.{digits}");
        let kind = if ward { UnitKind::Ward } else { UnitKind::Commune };
        let agency = import((&code, ROOT), &name, "UBND", kind);
        units.push(SampleUnit { import: agency, handle: Some(digits.to_owned()) });
        units.extend(commune_units(&code, ward));
    }
    units
}

/// What every commune has since July 2025.
fn commune_units(code: &str, ward: bool) -> [SampleUnit; 4] {
    let economy = if ward {
        inner(code, "Phòng Kinh tế, Hạ tầng và Đô thị", "KTHTĐT", UnitKind::InnerDivision)
    } else {
        inner(code, "Phòng Kinh tế", "KT", UnitKind::InnerDivision)
    };
    [
        inner(code, "Văn phòng HĐND và UBND", "VP", UnitKind::InnerOffice),
        economy,
        inner(code, "Phòng Văn hóa – Xã hội", "VHXH", UnitKind::InnerDivision),
        inner(code, "Trung tâm Phục vụ hành chính công", "TTPVHCC", UnitKind::ServiceCentre),
    ]
}

fn inner(agency: &str, name: &str, abbreviation: &str, kind: UnitKind) -> SampleUnit {
    let tail: String = base::fold(abbreviation).to_uppercase();
    SampleUnit {
        import: import((&format!("{agency}.{tail}"), agency), name, abbreviation, kind),
        handle: None,
    }
}

fn import((code, parent): (&str, &str), name: &str, abbreviation: &str, kind: UnitKind) -> ImportUnit {
    ImportUnit {
        code: code.to_owned(),
        synthetic_code: true,
        name: name.to_owned(),
        abbreviation: abbreviation.to_owned(),
        kind: kind.into(),
        parent_code: parent.to_owned(),
        start_date: FIRST_DAY.to_owned(),
        ..ImportUnit::default()
    }
}

/// "Phường Tô Hiệu" stands as "phường Tô Hiệu" behind "Ủy ban nhân dân".
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn rows(csv: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
    rows.map(|row| row.expect("the sample is well-formed"))
}
