CREATE TABLE document_comment (
    document_id UUID NOT NULL REFERENCES document (id),
    number BIGINT NOT NULL, -- 1, 2, 3 … among those of the document
    revision BIGINT NOT NULL, -- of the document that it was written about
    attachment_id UUID REFERENCES attachment (id),
    page BIGINT,
    answers BIGINT,
    remark TEXT NOT NULL,
    author_id UUID NOT NULL,
    author_name TEXT NOT NULL,
    author_position TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    resolver_id UUID,
    resolver_name TEXT,
    resolver_position TEXT,
    resolved_at TIMESTAMPTZ,
    PRIMARY KEY (document_id, number)
);

ALTER TABLE document_history ADD COLUMN comment BIGINT; -- its number
