-- Kinds beside the 29 of the decree.
CREATE TABLE document_kind (
    id UUID PRIMARY KEY,
    agency_id UUID, -- none: of all agencies
    name TEXT NOT NULL,
    abbreviation TEXT NOT NULL,
    nature BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX document_kind_by_agency ON document_kind (agency_id);
CREATE UNIQUE INDEX document_kind_once ON document_kind (abbreviation, nature, coalesce(CAST(agency_id AS TEXT), ''));

-- The kind of the catalogue as it was when the drafter wrote it down; an advisory body that is shown as issuer; the series of the number.
ALTER TABLE document ADD COLUMN other_kind_id UUID;
ALTER TABLE document ADD COLUMN other_kind_agency_id UUID;
ALTER TABLE document ADD COLUMN other_kind_name TEXT;
ALTER TABLE document ADD COLUMN other_kind_abbreviation TEXT;
ALTER TABLE document ADD COLUMN other_kind_nature BIGINT;
ALTER TABLE document ADD COLUMN issuing_body_id UUID;
ALTER TABLE document ADD COLUMN issuing_body_name TEXT;

-- How an agency numbers, from some year on. The common series and that of copies stand in no table.
CREATE TABLE number_series (
    id UUID NOT NULL,
    since_year BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    sort BIGINT NOT NULL,
    kinds TEXT NOT NULL, -- one in each line: the number of one of the 29, or an id of the catalogue
    body_id UUID,
    basis TEXT NOT NULL,
    reservable BOOLEAN NOT NULL,
    ended BOOLEAN NOT NULL,
    officer_id UUID NOT NULL,
    officer_name TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, since_year)
);
CREATE UNIQUE INDEX number_series_code ON number_series (agency_id, code, since_year);
