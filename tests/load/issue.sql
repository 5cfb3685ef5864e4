-- The statements of one issue as the document service runs them, for pgbench. What the directory is asked before, and the
-- reading of the document before the transaction, are left out. The values come from the stock instead of over the wire.
SELECT document_id AS document FROM bench_stock WHERE place = (SELECT nextval('bench_place')) \gset
BEGIN;
INSERT INTO answer (request_id, caller_id, method, fingerprint, created_at)
    VALUES (:document::uuid, :document::uuid, 'IssueDocument', repeat('f', 64), now()) ON CONFLICT (request_id) DO NOTHING;
SELECT * FROM document WHERE id = :document::uuid FOR UPDATE;
SELECT unit_id, name, purpose FROM document_recipient WHERE document_id = :document::uuid ORDER BY place;
INSERT INTO register (agency_id, direction, series, year, last_number, last_line, last_date, last_hash)
    SELECT agency_id, 'OUTGOING', '', 2026, 1, 0, current_date, repeat('0', 64) FROM document WHERE id = :document::uuid
    ON CONFLICT (agency_id, direction, series, year)
        DO UPDATE SET last_number = register.last_number + 1, last_date = current_date
            WHERE register.last_date <= current_date
    RETURNING agency_id AS agency, last_number AS number, last_line + 1 AS line, last_hash AS hash \gset
UPDATE document SET revision = revision + 1, updated_at = now(), has_main_file = TRUE, stage = 'ISSUED',
        return_reason = NULL, approver_id = approver_id, approver_name = approver_name,
        approver_position = approver_position, approved_at = approved_at, signer_id = signer_id,
        signer_name = signer_name, signer_position = signer_position, signed_at = signed_at
    WHERE id = :document::uuid;
UPDATE document SET number = :number::bigint, symbol = 'SNV-VP', issued_on = current_date, issued_at = now(),
        issuer_id = signer_id, issuer_name = signer_name, issuer_position = 'Văn thư'
    WHERE id = :document::uuid;
INSERT INTO register_entry (agency_id, direction, series, year, line, act, number, document_id, notation, issued_on, summary,
        signer_name, counterpart_name, reason, holder_name, officer_name, created_at, previous_hash, hash)
    SELECT agency_id, 'OUTGOING', '', 2026, :line::bigint, 'ENTERED', number, id, concat(number, '/', symbol), issued_on, summary,
        signer_name, '', '', '', issuer_name, now(), :hash::text, encode(sha256(convert_to(concat(agency_id, 'OUTGOING', 2026, number, id, symbol, issued_on, summary,
            signer_name, now(), :hash::text), 'UTF8')), 'hex')
    FROM document WHERE id = :document::uuid
    RETURNING hash \gset
UPDATE register SET last_line = :line::bigint, last_hash = :hash::text
    WHERE agency_id = :agency::uuid AND direction = 'OUTGOING' AND series = '' AND year = 2026;
INSERT INTO delivery (id, revision, document_id, sender_id, recipient_id, recipient_name, purpose, status, arrived_at,
        updated_at)
    SELECT gen_random_uuid(), 1, document.id, document.agency_id, recipient.unit_id, recipient.name, recipient.purpose,
        'ARRIVED', now(), now()
    FROM document JOIN document_recipient AS recipient ON recipient.document_id = document.id
    WHERE document.id = :document::uuid;
INSERT INTO delivery_status (delivery_id, revision, status, occurred_at)
    SELECT id, 1, 'ARRIVED', now() FROM delivery WHERE document_id = :document::uuid;
INSERT INTO event (id, type, subject, occurred_at, traceparent, data_type, data)
    SELECT gen_random_uuid(), 'congvan.documents.document.issued', :document::uuid, now(), repeat('0', 55),
        'type.googleapis.com/congvan.documents.v1.DocumentIssued', event
    FROM bench_payload;
SELECT * FROM attachment WHERE document_id = :document::uuid ORDER BY role, id;
UPDATE answer SET body = bench_payload.answer FROM bench_payload WHERE request_id = :document::uuid;
COMMIT;
