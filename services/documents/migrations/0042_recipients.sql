-- Recipients may be inner units, persons, positions, groups and rules: what they stand for is found when the document is issued.
ALTER TABLE document_recipient ADD COLUMN address TEXT NOT NULL DEFAULT 'AGENCY';
-- postgres {
ALTER TABLE document_recipient ADD COLUMN rule BYTEA;
-- }
-- sqlite {
ALTER TABLE document_recipient ADD COLUMN rule BLOB;
-- }
