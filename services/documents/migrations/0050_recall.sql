-- A recall of a document. The notice is a document, too.
CREATE TABLE recall (
    id UUID PRIMARY KEY, -- version 7: newer ones sort after older ones
    revision BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES document (id),
    agency_id UUID NOT NULL,
    notice_document_id UUID NOT NULL REFERENCES document (id),
    reason TEXT NOT NULL,
    deadline TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    requester_id UUID NOT NULL,
    requester_name TEXT NOT NULL,
    requester_position TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    canceller_id UUID,
    canceller_name TEXT,
    canceller_position TEXT,
    cancelled_at TIMESTAMPTZ,
    cancel_reason TEXT,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX recall_by_document ON recall (document_id, id);
CREATE UNIQUE INDEX recall_one_under_way ON recall (document_id) WHERE state = 'UNDER_WAY';
CREATE INDEX recall_sent ON recall (agency_id, id);
CREATE INDEX recall_by_notice ON recall (notice_document_id);
CREATE INDEX recall_due ON recall (deadline) WHERE state = 'UNDER_WAY';

-- A delivery that a recall asks for. Once it was destroyed at the recipient, this is its tombstone, with the delivery and the register line.
CREATE TABLE recall_party (
    recall_id UUID NOT NULL REFERENCES recall (id),
    delivery_id UUID NOT NULL REFERENCES delivery (id),
    recipient_id UUID NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    officer_id UUID,
    officer_name TEXT,
    officer_position TEXT,
    answered_at TIMESTAMPTZ,
    PRIMARY KEY (recall_id, delivery_id)
);
CREATE INDEX recall_party_received ON recall_party (recipient_id, recall_id);
CREATE INDEX recall_party_by_delivery ON recall_party (delivery_id, recall_id);

-- Where a delivery stands in the last recall that was not taken back, beside its status.
ALTER TABLE delivery ADD COLUMN recall_id UUID;
ALTER TABLE delivery ADD COLUMN recall_state TEXT;
CREATE INDEX delivery_recalled ON delivery (recall_id) WHERE recall_id IS NOT NULL;
ALTER TABLE delivery_status ADD COLUMN recall_state TEXT;

-- What a document does to earlier ones: kind and id in each line. What an issued one does stands in the table, too.
ALTER TABLE document ADD COLUMN relations TEXT NOT NULL DEFAULT '';
CREATE TABLE document_relation (
    document_id UUID NOT NULL REFERENCES document (id),
    target_id UUID NOT NULL REFERENCES document (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (document_id, target_id)
);
CREATE INDEX document_relation_by_target ON document_relation (target_id);
CREATE UNIQUE INDEX document_relation_one_replacement ON document_relation (target_id) WHERE kind = 'REPLACES';
