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
    /// People's Committee of a special zone (đặc khu).
    SpecialZone,
    /// People's Committee of a district; none since July 2025.
    DistrictPeoplesCommittee,
    /// People's Committee of a township (thị trấn); none since July 2025.
    Township,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::ProvincialPeoplesCommittee,
        Self::ProvincialOffice,
        Self::ProvincialDepartment,
        Self::ProvincialInspectorate,
        Self::Ward,
        Self::Commune,
        Self::InnerOffice,
        Self::InnerDivision,
        Self::ServiceCentre,
        Self::SpecialZone,
        Self::DistrictPeoplesCommittee,
        Self::Township,
    ];

    /// Whether such a unit is an agency, which issues and receives documents in its own name; otherwise it is an inner unit
    /// of one.
    pub fn is_agency(self) -> bool {
        !matches!(self, Self::InnerOffice | Self::InnerDivision | Self::ServiceCentre)
    }

    /// Whether the agency works by the collective regime, in which the head signs on behalf of the whole (TM.; Decree
    /// 30/2020/NĐ-CP, Article 13).
    pub fn is_collective(self) -> bool {
        matches!(
            self,
            Self::ProvincialPeoplesCommittee
                | Self::Ward
                | Self::Commune
                | Self::SpecialZone
                | Self::DistrictPeoplesCommittee
                | Self::Township
        )
    }

    /// Whether it is an agency of the lowest level of local government: ward, commune or special zone, and before July 2025
    /// township.
    pub fn is_commune_level(self) -> bool {
        matches!(self, Self::Ward | Self::Commune | Self::SpecialZone | Self::Township)
    }

    /// Whether such a unit can stand directly below one of the other kind: a People's Committee only below one of a higher
    /// level, any other agency below an agency of the province, an inner unit below anything. Every agency may be a root.
    pub fn may_stand_below(self, above: Self) -> bool {
        match (self.committee_level(), above.committee_level()) {
            _ if !self.is_agency() => true,
            (Some(level), Some(higher)) => level > higher,
            (Some(_), None) => false,
            (None, Some(higher)) => higher == 1,
            (None, None) => above.is_agency(),
        }
    }

    /// At which level such a People's Committee stands: 1 province, 2 district, 3 commune. None for anything else.
    fn committee_level(self) -> Option<u8> {
        match self {
            Self::ProvincialPeoplesCommittee => Some(1),
            Self::DistrictPeoplesCommittee => Some(2),
            _ if self.is_commune_level() => Some(3),
            _ => None,
        }
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
            Self::SpecialZone => "SPECIAL_ZONE",
            Self::DistrictPeoplesCommittee => "DISTRICT_PEOPLES_COMMITTEE",
            Self::Township => "TOWNSHIP",
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
            assert_eq!(kind.is_agency(), !(6..9).contains(&index), "{kind:?}");
        }
        assert_eq!((UnitKind::numbered(0), UnitKind::numbered(13), UnitKind::named("")), (None, None, None));
    }

    #[test]
    fn committees_stand_below_higher_committees_and_agencies_below_agencies() {
        use UnitKind::{
            Commune, DistrictPeoplesCommittee, InnerDivision, ProvincialDepartment, ProvincialOffice,
            ProvincialPeoplesCommittee, Ward,
        };
        for (below, above) in [
            (DistrictPeoplesCommittee, ProvincialPeoplesCommittee),
            (Commune, DistrictPeoplesCommittee),
            (Commune, ProvincialPeoplesCommittee),
            (ProvincialOffice, ProvincialPeoplesCommittee),
            (ProvincialDepartment, ProvincialDepartment),
            (InnerDivision, Commune),
            (InnerDivision, InnerDivision),
        ] {
            assert!(below.may_stand_below(above), "{below:?} below {above:?}");
        }
        for (below, above) in [
            (ProvincialPeoplesCommittee, Ward),
            (ProvincialPeoplesCommittee, ProvincialPeoplesCommittee),
            (DistrictPeoplesCommittee, Commune),
            (Commune, Ward),
            (Commune, ProvincialDepartment),
            (ProvincialDepartment, Ward),
            (ProvincialDepartment, InnerDivision),
            (Ward, InnerDivision),
        ] {
            assert!(!below.may_stand_below(above), "{below:?} below {above:?}");
        }
    }
}
