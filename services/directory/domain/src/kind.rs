/// What a unit is; see `congvan.directory.v1.UnitKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// People's Committee of a province.
    ProvincialPeoplesCommittee,
    /// Office of the provincial People's Committee.
    ProvincialOffice,
    /// Provincial department.
    ProvincialDepartment,
    /// Provincial inspectorate.
    ProvincialInspectorate,
    /// People's Committee of a ward.
    Ward,
    /// People's Committee of a rural commune.
    Commune,
    /// Office inside an agency.
    InnerOffice,
    /// Division inside an agency.
    InnerDivision,
    /// Public administration service centre inside a commune.
    ServiceCentre,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::ProvincialPeoplesCommittee,
        Self::ProvincialOffice,
        Self::ProvincialDepartment,
        Self::ProvincialInspectorate,
        Self::Ward,
        Self::Commune,
        Self::InnerOffice,
        Self::InnerDivision,
        Self::ServiceCentre,
    ];

    /// Whether such a unit is an agency, which issues and receives documents in its own name; otherwise it is an inner unit
    /// of one.
    pub fn is_agency(self) -> bool {
        !matches!(self, Self::InnerOffice | Self::InnerDivision | Self::ServiceCentre)
    }

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProvincialPeoplesCommittee => "PROVINCIAL_PEOPLES_COMMITTEE",
            Self::ProvincialOffice => "PROVINCIAL_OFFICE",
            Self::ProvincialDepartment => "PROVINCIAL_DEPARTMENT",
            Self::ProvincialInspectorate => "PROVINCIAL_INSPECTORATE",
            Self::Ward => "WARD",
            Self::Commune => "COMMUNE",
            Self::InnerOffice => "INNER_OFFICE",
            Self::InnerDivision => "INNER_DIVISION",
            Self::ServiceCentre => "SERVICE_CENTRE",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back_to_the_kind() {
        for (index, kind) in UnitKind::ALL.into_iter().enumerate() {
            assert_eq!(UnitKind::named(kind.name()), Some(kind));
            assert_eq!(UnitKind::numbered(kind.number()), Some(kind));
            assert_eq!(usize::try_from(kind.number()).unwrap(), index + 1);
            assert_eq!(kind.is_agency(), index < 6, "{kind:?}");
        }
        assert_eq!((UnitKind::numbered(0), UnitKind::numbered(10), UnitKind::named("")), (None, None, None));
    }
}
