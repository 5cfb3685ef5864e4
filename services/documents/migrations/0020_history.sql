-- Everything that was done to a document. A change has the revision that it made and place 0; what changes no document stands
-- behind the change before it, in places 1, 2, 3 … of the same revision.
CREATE TABLE document_history (
    document_id UUID NOT NULL REFERENCES document (id),
    revision BIGINT NOT NULL,
    place BIGINT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    officer_id UUID NOT NULL,
    officer_name TEXT NOT NULL,
    officer_position TEXT NOT NULL,
    deed TEXT NOT NULL,
    stage TEXT NOT NULL, -- after it
    reason TEXT,
    fields TEXT, -- one in each line
    attachment_id UUID REFERENCES attachment (id),
    replaced_id UUID REFERENCES attachment (id),
    signing_form BIGINT,
    notation TEXT,
    PRIMARY KEY (document_id, revision, place)
);

-- What is known of documents that were written before there was a history. From approval to issue each step was one revision.
INSERT INTO document_history (document_id, revision, place, occurred_at, officer_id, officer_name, officer_position, deed, stage)
SELECT id, 1, 0, created_at, drafter_id, drafter_name, drafter_position, 'CREATED', 'DRAFT' FROM document;
INSERT INTO document_history (document_id, revision, place, occurred_at, officer_id, officer_name, officer_position, deed, stage)
SELECT id, revision - CASE stage WHEN 'ISSUED' THEN 2 WHEN 'SIGNED' THEN 1 ELSE 0 END, 0, approved_at, approver_id,
    approver_name, approver_position, 'APPROVED', 'APPROVED'
FROM document WHERE approver_id IS NOT NULL AND stage IN ('APPROVED', 'SIGNED', 'ISSUED');
INSERT INTO document_history (document_id, revision, place, occurred_at, officer_id, officer_name, officer_position, deed, stage,
    signing_form)
SELECT id, revision - CASE stage WHEN 'ISSUED' THEN 1 ELSE 0 END, 0, signed_at, signer_id, signer_name, signer_position,
    'SIGNED', 'SIGNED', signing_form
FROM document WHERE signer_id IS NOT NULL AND stage IN ('SIGNED', 'ISSUED');
INSERT INTO document_history (document_id, revision, place, occurred_at, officer_id, officer_name, officer_position, deed, stage)
SELECT id, revision, 0, issued_at, issuer_id, issuer_name, issuer_position, 'ISSUED', 'ISSUED'
FROM document WHERE issuer_id IS NOT NULL AND stage = 'ISSUED';

-- Drafts as they were submitted.
CREATE TABLE document_version (
    document_id UUID NOT NULL REFERENCES document (id),
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL, -- of the document
    submitted_at TIMESTAMPTZ NOT NULL,
    officer_id UUID NOT NULL,
    officer_name TEXT NOT NULL,
    officer_position TEXT NOT NULL,
    summary TEXT NOT NULL,
    attachments BIGINT NOT NULL, -- how many
    record BYTEA NOT NULL, -- the document, as congvan.documents.v1.Document
    PRIMARY KEY (document_id, version)
);
