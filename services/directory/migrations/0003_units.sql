-- A unit is what it was called, where it stood and which identifiers it bore, each from a day to a day. A period holds from
-- its first day up to, not including, valid_to; 9999-12-31 stands for no end, 0001-01-01 for "since before the records".
ALTER TABLE unit RENAME TO unit_start;
DROP INDEX unit_by_parent;
DROP INDEX unit_by_agency;

CREATE TABLE unit (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- The versions of a unit follow each other without a gap, from its first day to its last.
CREATE TABLE unit_version (
    unit_id UUID NOT NULL REFERENCES unit (id),
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    name TEXT NOT NULL,
    abbreviation TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent_id UUID REFERENCES unit (id),
    agency_id UUID NOT NULL REFERENCES unit (id), -- the unit itself, or the nearest agency above
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    PRIMARY KEY (unit_id, valid_from)
);
CREATE INDEX unit_version_by_parent ON unit_version (parent_id, valid_to);
CREATE INDEX unit_version_by_agency ON unit_version (agency_id, valid_to);
CREATE INDEX unit_version_by_kind ON unit_version (kind, valid_to);

-- Identifiers are used again with another meaning: one is unique in its scheme on any one day, not for ever.
CREATE TABLE unit_identifier (
    unit_id UUID NOT NULL REFERENCES unit (id),
    scheme TEXT NOT NULL, -- DECISION_20 (the code), DECISION_28 (13 characters), STATISTICAL
    value TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL, -- made up for sample data
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    PRIMARY KEY (scheme, value, valid_from)
);
CREATE INDEX unit_identifier_by_unit ON unit_identifier (unit_id, scheme);

-- A unit on a day: valid_from <= day < valid_to and code_from <= day < code_to.
CREATE VIEW unit_state AS
    SELECT unit.id, unit.revision, code.value AS code, code.synthetic AS synthetic_code, version.name,
        version.abbreviation, version.kind, version.parent_id, version.agency_id, version.email, version.address,
        version.phone, unit.created_at, unit.updated_at, version.valid_from, version.valid_to,
        code.valid_from AS code_from, code.valid_to AS code_to,
        (SELECT min(first.valid_from) FROM unit_version AS first WHERE first.unit_id = unit.id) AS begins_on,
        (SELECT max(last.valid_to) FROM unit_version AS last WHERE last.unit_id = unit.id) AS ends_on
    FROM unit_version AS version
    JOIN unit ON unit.id = version.unit_id
    JOIN unit_identifier AS code ON code.unit_id = version.unit_id AND code.scheme = 'DECISION_20';

-- Who took over from a unit that ended, and since when.
CREATE TABLE unit_succession (
    predecessor_id UUID NOT NULL REFERENCES unit (id),
    successor_id UUID NOT NULL REFERENCES unit (id),
    valid_from DATE NOT NULL,
    takes_over BOOLEAN NOT NULL, -- inbox, registers and open work go here; one for each predecessor
    PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX unit_succession_by_successor ON unit_succession (successor_id);

INSERT INTO unit (id, revision, created_at, updated_at)
    SELECT id, revision, created_at, updated_at FROM unit_start;
INSERT INTO unit_version (unit_id, valid_from, valid_to, name, abbreviation, kind, parent_id, agency_id, email, address, phone)
    SELECT id, '0001-01-01', '9999-12-31', name, abbreviation, kind, parent_id, agency_id, email, '', ''
    FROM unit_start;
INSERT INTO unit_identifier (unit_id, scheme, value, synthetic, valid_from, valid_to)
    SELECT id, 'DECISION_20', code, synthetic_code, '0001-01-01', '9999-12-31' FROM unit_start;

-- What waits in agencies, as the documents service last told: a closing or a merger must not lose it.
CREATE TABLE unit_work (
    unit_id UUID PRIMARY KEY,
    undecided_deliveries BIGINT NOT NULL,
    unissued_documents BIGINT NOT NULL,
    registers BIGINT NOT NULL
);
CREATE TABLE unit_work_report (
    one BIGINT PRIMARY KEY,
    reported_at TIMESTAMPTZ NOT NULL
);
