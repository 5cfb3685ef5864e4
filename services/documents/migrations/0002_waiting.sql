-- What waits in agencies is counted every minute: only over what does wait.
CREATE INDEX delivery_undecided ON delivery (recipient_id) WHERE status = 'ARRIVED';
CREATE INDEX document_unissued ON document (agency_id) WHERE stage <> 'ISSUED';
