use std::{collections::HashMap, sync::Arc};

use base::Uuid;
use congvan_proto::directory::v1::Unit;
use documents_domain::Issuer;
use kit::Fault;

use crate::Documents;

/// What the directory says now of the units asked for, and of those that others asked for at the same time.
#[derive(Clone)]
pub(crate) struct Units(Arc<HashMap<Uuid, Unit>>);

impl Documents {
    /// Asks the directory; never inside a transaction.
    pub(crate) async fn units(&self, ids: impl IntoIterator<Item = Uuid>) -> Result<Units, Fault> {
        self.asking.run(ids.into_iter().collect()).await
    }
}

impl Units {
    /// These units by their ids.
    pub(crate) fn new(units: HashMap<Uuid, Unit>) -> Self {
        Self(Arc::new(units))
    }

    /// A unit; none if it is not there today.
    pub(crate) fn get(&self, id: Uuid) -> Option<&Unit> {
        self.0.get(&id)
    }

    /// Whether a unit belongs to an agency today, or is it.
    pub(crate) fn is_of(&self, unit_id: Uuid, agency_id: Uuid) -> bool {
        self.get(unit_id).is_some_and(|unit| unit.agency_id == agency_id.to_string())
    }

    /// The official name of a unit.
    pub(crate) fn name(&self, id: Uuid) -> Result<String, Fault> {
        let unit = self.get(id).ok_or_else(|| Fault::internal(format!("the directory has no unit {id}")))?;
        Ok(unit.name.clone())
    }

    /// The official name of a unit that belongs to one of these agencies; none if it does not, or is not there today.
    pub(crate) fn name_within(&self, id: Uuid, agencies: &[Uuid]) -> Option<String> {
        let unit = self.get(id)?;
        agencies.iter().any(|agency| agency.to_string() == unit.agency_id).then(|| unit.name.clone())
    }

    /// The agency to which a unit belongs today; none if it is not there.
    pub(crate) fn agency(&self, id: Uuid) -> Option<Uuid> {
        self.get(id).and_then(|unit| unit.agency_id.parse().ok())
    }

    /// Whether it is a unit inside the agency today, not the agency itself.
    pub(crate) fn is_inner(&self, id: Uuid, agency_id: Uuid) -> bool {
        id != agency_id && self.get(id).is_some_and(|unit| unit.agency_id == agency_id.to_string())
    }

    /// The name of another unit that has the abbreviation of this one.
    pub(crate) fn same_abbreviation(&self, id: Uuid, others: &[Uuid]) -> Option<&str> {
        let own = &self.get(id)?.abbreviation;
        let others = others.iter().filter_map(|other| self.get(*other));
        others.filter(|other| other.abbreviation == *own).map(|other| &*other.name).next()
    }

    /// The abbreviations for the symbol of a document.
    pub(crate) fn issuer(&self, agency_id: Uuid, unit_id: Uuid) -> Result<Issuer, Fault> {
        let abbreviation = |id| {
            let unit =
                self.get(id).ok_or_else(|| Fault::internal(format!("the directory has no unit {id}")))?;
            Ok::<_, Fault>(unit.abbreviation.clone())
        };
        Ok(Issuer { agency: abbreviation(agency_id)?, unit: abbreviation(unit_id)? })
    }
}
