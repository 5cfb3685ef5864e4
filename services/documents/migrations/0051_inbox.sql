-- What a recipient has decided, by status. What waits has indexes of its own, so that nothing is added to this one when a document arrives.
CREATE INDEX delivery_decided ON delivery (recipient_id, status, id) WHERE status <> 'ARRIVED';
