-- Whether a kind of the catalogue was numbered in a year.
CREATE INDEX document_by_other_kind ON document (other_kind_id, agency_id, issued_on) WHERE other_kind_id IS NOT NULL;

-- Numbers that are kept for documents, in series that allow it. What became of them stands in the register.
CREATE TABLE number_reservation (
    agency_id UUID NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES document (id),
    holder_id UUID NOT NULL,
    holder_name TEXT NOT NULL,
    holder_position TEXT NOT NULL,
    until DATE NOT NULL,
    reason TEXT NOT NULL,
    open BOOLEAN NOT NULL,
    reserved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (agency_id, series, year, number)
);
CREATE UNIQUE INDEX number_reservation_once ON number_reservation (document_id) WHERE open;
CREATE INDEX number_reservation_due ON number_reservation (until) WHERE open;

-- Copies with the legal value of a document.
CREATE TABLE certified_copy (
    id UUID PRIMARY KEY,
    document_id UUID NOT NULL REFERENCES document (id),
    agency_id UUID NOT NULL,
    form BIGINT NOT NULL,
    source_medium BIGINT NOT NULL,
    medium BIGINT NOT NULL,
    source_copy_id UUID REFERENCES certified_copy (id),
    extract TEXT NOT NULL,
    number BIGINT, -- none in electronic form
    symbol TEXT,
    copied_on DATE NOT NULL,
    summary TEXT NOT NULL,
    signer_id UUID NOT NULL,
    signer_name TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signing_form BIGINT NOT NULL,
    signing_lines TEXT NOT NULL,
    signing_authority_ids TEXT NOT NULL,
    certified_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX certified_copy_by_document ON certified_copy (document_id);
