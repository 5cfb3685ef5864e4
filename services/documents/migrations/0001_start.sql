CREATE TABLE document (
    id UUID PRIMARY KEY, -- version 7: newer ones sort after older ones
    revision BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    agency_name TEXT NOT NULL,
    drafting_unit_id UUID NOT NULL,
    drafter_id UUID NOT NULL,
    drafter_name TEXT NOT NULL,
    drafter_position TEXT NOT NULL,
    kind BIGINT NOT NULL,
    summary TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    language TEXT NOT NULL,
    pages BIGINT NOT NULL,
    note TEXT NOT NULL,
    reply_due DATE,
    has_main_file BOOLEAN NOT NULL,
    stage TEXT NOT NULL,
    return_reason TEXT,
    approver_id UUID,
    approver_name TEXT,
    approver_position TEXT,
    approved_at TIMESTAMPTZ,
    signer_id UUID,
    signer_name TEXT,
    signer_position TEXT,
    signed_at TIMESTAMPTZ,
    number BIGINT,
    symbol TEXT,
    issued_on DATE,
    issued_at TIMESTAMPTZ,
    issuer_id UUID,
    issuer_name TEXT,
    issuer_position TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX document_by_agency ON document (agency_id, id);
CREATE INDEX document_by_unit ON document (drafting_unit_id, id);

CREATE TABLE document_recipient (
    document_id UUID NOT NULL REFERENCES document (id),
    place BIGINT NOT NULL,
    unit_id UUID NOT NULL,
    name TEXT NOT NULL,
    purpose BIGINT NOT NULL,
    PRIMARY KEY (document_id, unit_id)
);

CREATE TABLE attachment (
    id UUID PRIMARY KEY,
    document_id UUID NOT NULL REFERENCES document (id),
    role BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX attachment_by_document ON attachment (document_id, id);
CREATE UNIQUE INDEX attachment_one_main ON attachment (document_id) WHERE role = 1;

-- The last number given in each register. Taken by updating this row inside the transaction that uses the number.
CREATE TABLE register (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    year BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    last_date DATE NOT NULL,
    PRIMARY KEY (agency_id, direction, year)
);

CREATE TABLE register_entry (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES document (id),
    counterpart_name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (agency_id, direction, year, number)
);
CREATE UNIQUE INDEX register_entry_once ON register_entry (agency_id, direction, document_id);

CREATE TABLE delivery (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES document (id),
    sender_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    recipient_name TEXT NOT NULL,
    purpose BIGINT NOT NULL,
    status TEXT NOT NULL,
    arrival_number BIGINT,
    refusal_reason TEXT,
    arrived_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX delivery_once ON delivery (document_id, recipient_id);
CREATE INDEX delivery_inbox ON delivery (recipient_id, id);

CREATE TABLE delivery_status (
    delivery_id UUID NOT NULL REFERENCES delivery (id),
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    officer_id UUID,
    officer_name TEXT,
    officer_position TEXT,
    reason TEXT,
    PRIMARY KEY (delivery_id, revision)
);

-- That somebody tried to enter a state secret, and nothing of what it was.
CREATE TABLE secret_refusal (
    id UUID PRIMARY KEY,
    occurred_at TIMESTAMPTZ NOT NULL,
    user_id UUID NOT NULL,
    agency_id UUID
);
