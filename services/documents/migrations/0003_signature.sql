-- What the right to sign may depend on, in the words of the agency.
ALTER TABLE document ADD COLUMN matter TEXT NOT NULL DEFAULT '';
-- The right by which a document was signed. Empty for what was signed before this was kept: a head signed it directly.
ALTER TABLE document ADD COLUMN signing_form BIGINT;
ALTER TABLE document ADD COLUMN signing_lines TEXT; -- one in each line
ALTER TABLE document ADD COLUMN signing_authority_ids TEXT; -- one in each line
