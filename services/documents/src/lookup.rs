//! What calls have to know before their transactions, looked up once for all that come at the same time.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
};

use base::Uuid;
use congvan_proto::directory::v1::{BatchGetUnitsRequest, unit_service_client::UnitServiceClient};
use documents_domain::Document;
use kit::{Fault, lane::Batch, transport::Transport};
use sql::Db;

use crate::{store, units::Units};

/// Lookups of a sort that are made at the same time: one goes on while another waits.
pub(crate) const LANES: usize = 2;

/// Most units that the directory tells of at once.
const UNITS: usize = 5_000;

/// Finds documents.
pub(crate) struct Finding(pub(crate) Db);

impl Batch for Finding {
    type Command = Uuid;
    type Answer = Option<Arc<Document>>;

    fn name(&self) -> &'static str {
        "find_documents"
    }

    fn lane(&self, id: &Uuid) -> impl Hash {
        *id
    }

    fn subject(&self, _: &Uuid) -> Option<Uuid> {
        None
    }

    async fn run(&self, ids: &[Uuid]) -> Result<Vec<Result<Self::Answer, Fault>>, Fault> {
        let mut read = self.0.read("find_documents").await?;
        let found = store::document::find_all(&mut read, ids.to_vec()).await?;
        let found: HashMap<_, _> = found.into_iter().map(|(id, document)| (id, Arc::new(document))).collect();
        Ok(ids.iter().map(|id| Ok(found.get(id).cloned())).collect())
    }
}

/// Asks the directory about units.
pub(crate) struct Asking(pub(crate) UnitServiceClient<Transport>);

impl Batch for Asking {
    type Command = Vec<Uuid>;
    type Answer = Units;

    fn name(&self) -> &'static str {
        "ask_for_units"
    }

    fn lane(&self, ids: &Vec<Uuid>) -> impl Hash {
        ids.first().copied()
    }

    fn subject(&self, _: &Vec<Uuid>) -> Option<Uuid> {
        None
    }

    async fn run(&self, asked: &[Vec<Uuid>]) -> Result<Vec<Result<Units, Fault>>, Fault> {
        let ids: BTreeSet<Uuid> = asked.iter().flatten().copied().collect();
        let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(UNITS) {
            let request = BatchGetUnitsRequest { ids: ids.to_vec(), ..BatchGetUnitsRequest::default() };
            let answer = self.0.clone().batch_get_units(request).await.map_err(Fault::upstream)?;
            for unit in answer.into_inner().units {
                found.insert(unit.id.parse().map_err(Fault::internal)?, unit);
            }
        }
        let units = Units::new(found);
        Ok(asked.iter().map(|_| Ok(units.clone())).collect())
    }
}
