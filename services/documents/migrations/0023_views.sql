-- Who saw what of a document. Repeated views within one span are one row with their number; no row is ever deleted.
CREATE TABLE document_view (
    id UUID NOT NULL, -- version 7: newer ones sort after older ones
    document_id UUID NOT NULL REFERENCES document (id),
    span_start TIMESTAMPTZ NOT NULL,
    sight TEXT NOT NULL, -- RECORD, VERSION or FILE
    version BIGINT NOT NULL, -- which version; 0 otherwise
    attachment_id UUID NOT NULL, -- which file; zeros otherwise
    viewer_id UUID NOT NULL,
    viewer_name TEXT NOT NULL,
    viewer_position TEXT NOT NULL,
    agency_id UUID NOT NULL, -- of the post
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (document_id, span_start, sight, version, attachment_id, viewer_id, agency_id, viewer_position)
);
CREATE UNIQUE INDEX document_view_latest ON document_view (document_id, id);
