-- A register is one of an agency, a direction, a number series (the common one has no code) and a year. A line has an ordinal of its
-- own and says what became of a number: given to a document or a copy (ENTERED), kept for somebody (RESERVED), never to be given any
-- more (VOIDED). The last line about a number tells how it stands. A line keeps what it said when it was written, its own hash and that
-- of the line before (in hexadecimal digits). Both are missing only between this step and the next start, which fills them in with the
-- salt. The hash covers a salted hash of what an entered line says of its document: notation, date, abstract and signer. Of a document that
-- was recalled these are destroyed with the salt; their hash is left, and the recall.
CREATE TABLE register_line (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    line BIGINT NOT NULL,
    act TEXT NOT NULL,
    number BIGINT NOT NULL,
    document_id UUID REFERENCES document (id),
    copy_id UUID,
    notation TEXT,
    issued_on DATE,
    summary TEXT,
    signer_name TEXT,
    salt TEXT,
    description_hash TEXT, -- only once the rest is destroyed
    recall_id UUID,
    counterpart_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    reserved_until DATE,
    officer_name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    previous_hash TEXT,
    hash TEXT,
    PRIMARY KEY (agency_id, direction, series, year, line)
);
INSERT INTO register_line (agency_id, direction, series, year, line, act, number, document_id, notation, issued_on, summary,
        signer_name, counterpart_name, reason, holder_name, officer_name, created_at)
    SELECT entry.agency_id, entry.direction, '', entry.year, entry.number, 'ENTERED', entry.number, entry.document_id,
        CASE WHEN document.number < 10 THEN '0' ELSE '' END || CAST(document.number AS TEXT) || '/' || document.symbol,
        document.issued_on, document.summary, document.signer_name, entry.counterpart_name, '', '', '', entry.created_at
    FROM register_entry AS entry JOIN document ON document.id = entry.document_id;
DROP TABLE register_entry;
ALTER TABLE register_line RENAME TO register_entry;
-- A number is given, reserved and voided at most once each; a document has one number for each side.
CREATE UNIQUE INDEX register_entry_act ON register_entry (agency_id, direction, series, year, number, act);
CREATE UNIQUE INDEX register_entry_once ON register_entry (agency_id, direction, document_id)
    WHERE act = 'ENTERED' AND copy_id IS NULL;
-- Number and symbol are unique in the agency and the year, whatever the series (Article 15.1).
CREATE UNIQUE INDEX register_entry_notation ON register_entry (agency_id, year, notation)
    WHERE act = 'ENTERED' AND direction = 'OUTGOING';

-- The end of each register: the last number given, the last line written, its date and hash. Numbers are taken by updating this row
-- inside the transaction that uses them. The hash is missing, as above, only until the next start.
CREATE TABLE register_end (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    last_line BIGINT NOT NULL,
    last_date DATE NOT NULL,
    last_hash TEXT,
    PRIMARY KEY (agency_id, direction, series, year)
);
INSERT INTO register_end (agency_id, direction, series, year, last_number, last_line, last_date)
    SELECT agency_id, direction, '', year, last_number, last_number, last_date FROM register;
DROP TABLE register;
ALTER TABLE register_end RENAME TO register;

-- That the lines up to one were written before the end of a day.
CREATE TABLE register_seal (
    agency_id UUID NOT NULL,
    direction TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    day DATE NOT NULL,
    last_line BIGINT NOT NULL,
    line_hash TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (agency_id, direction, series, year, last_line)
);
