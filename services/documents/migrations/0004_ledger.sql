-- A line of a register keeps what it said when it was written, its own hash and that of the line before (in hexadecimal digits).
-- Both are missing only between this step and the next start, which fills them in with the salt. Its hash covers a salted hash of what it
-- says of its document: notation, date, abstract and signer. Of a document that was recalled these are destroyed with the salt; their hash
-- is left, and the recall.
CREATE TABLE register_line (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES document (id),
    notation TEXT,
    issued_on DATE,
    summary TEXT,
    signer_name TEXT,
    salt TEXT,
    description_hash TEXT, -- only once the rest is destroyed
    recall_id UUID,
    counterpart_name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    previous_hash TEXT,
    hash TEXT,
    PRIMARY KEY (agency_id, direction, year, number)
);
INSERT INTO register_line (agency_id, direction, year, number, document_id, notation, issued_on, summary, signer_name,
        counterpart_name, created_at)
    SELECT entry.agency_id, entry.direction, entry.year, entry.number, entry.document_id,
        CASE WHEN document.number < 10 THEN '0' ELSE '' END || CAST(document.number AS TEXT) || '/' || document.symbol,
        document.issued_on, document.summary, document.signer_name, entry.counterpart_name, entry.created_at
    FROM register_entry AS entry JOIN document ON document.id = entry.document_id;
DROP TABLE register_entry;
ALTER TABLE register_line RENAME TO register_entry;
CREATE UNIQUE INDEX register_entry_once ON register_entry (agency_id, direction, document_id);

-- The hash of the last line: what the next one follows. Missing, as above, only until the next start.
ALTER TABLE register ADD COLUMN last_hash TEXT;

-- That the lines up to a number were written before the end of a day.
CREATE TABLE register_seal (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    year BIGINT NOT NULL,
    day DATE NOT NULL,
    last_number BIGINT NOT NULL,
    line_hash TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (agency_id, direction, year, last_number)
);
