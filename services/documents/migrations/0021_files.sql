-- Files of drafts are replaced and taken off; they stay for the versions that had them.
ALTER TABLE attachment ADD COLUMN place BIGINT NOT NULL DEFAULT 0; -- order among the appendices
ALTER TABLE attachment ADD COLUMN removed_at TIMESTAMPTZ;
DROP INDEX attachment_one_main;
CREATE UNIQUE INDEX attachment_one_main ON attachment (document_id) WHERE role = 1 AND removed_at IS NULL;
