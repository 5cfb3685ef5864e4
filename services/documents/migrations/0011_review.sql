-- How agencies have their drafts checked. A version never changes.
CREATE TABLE review_process (
    agency_id UUID NOT NULL,
    version BIGINT NOT NULL,
    approval_first BOOLEAN NOT NULL,
    creator_id UUID NOT NULL,
    creator_name TEXT NOT NULL,
    creator_position TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (agency_id, version)
);
CREATE TABLE review_process_check (
    agency_id UUID NOT NULL,
    version BIGINT NOT NULL,
    level BIGINT NOT NULL,
    place BIGINT NOT NULL, -- on the level
    sort BIGINT NOT NULL,
    name TEXT NOT NULL,
    found BIGINT NOT NULL, -- where whoever makes it is: 1 in the drafting unit, 2 in the agency, 3 in the unit
    duty BIGINT NOT NULL,
    unit_id UUID,
    PRIMARY KEY (agency_id, version, level, place),
    FOREIGN KEY (agency_id, version) REFERENCES review_process (agency_id, version)
);

-- The process that a document goes through: a copy of the version in force when it was submitted. Empty for what was submitted before
-- there were checks, which needs none.
ALTER TABLE document ADD COLUMN review_version BIGINT;
ALTER TABLE document ADD COLUMN review_approval_first BOOLEAN;
CREATE TABLE document_check (
    document_id UUID NOT NULL REFERENCES document (id),
    place BIGINT NOT NULL, -- in the process: 1, 2, 3 …
    level BIGINT NOT NULL,
    sort BIGINT NOT NULL,
    name TEXT NOT NULL,
    unit_id UUID NOT NULL,
    anywhere BOOLEAN NOT NULL,
    duty BIGINT NOT NULL,
    asked TEXT NOT NULL, -- unit, anywhere and duty as one word, by which people find what asks them
    checker_id UUID,
    checker_name TEXT,
    checker_position TEXT,
    made_at TIMESTAMPTZ,
    opinion TEXT,
    PRIMARY KEY (document_id, place)
);
CREATE INDEX document_check_asked ON document_check (asked, document_id);
