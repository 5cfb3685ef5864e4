-- From the signature to the recipients in steps of their own: number, seal, release.
ALTER TABLE document ADD COLUMN numberer_id UUID;
ALTER TABLE document ADD COLUMN numberer_name TEXT;
ALTER TABLE document ADD COLUMN numberer_position TEXT;
ALTER TABLE document ADD COLUMN numbered_at TIMESTAMPTZ;
ALTER TABLE document ADD COLUMN sealer_id UUID;
ALTER TABLE document ADD COLUMN sealer_name TEXT;
ALTER TABLE document ADD COLUMN sealer_position TEXT;
ALTER TABLE document ADD COLUMN sealed_at TIMESTAMPTZ;
ALTER TABLE document ADD COLUMN release_ordered_at TIMESTAMPTZ; -- by the issuer
ALTER TABLE document ADD COLUMN release_due_at TIMESTAMPTZ;
ALTER TABLE document ADD COLUMN voider_id UUID;
ALTER TABLE document ADD COLUMN voider_name TEXT;
ALTER TABLE document ADD COLUMN voider_position TEXT;
ALTER TABLE document ADD COLUMN voided_at TIMESTAMPTZ;
ALTER TABLE document ADD COLUMN void_reason TEXT;

-- Until now issuing was one act of the document office, which numbered, sealed and released.
UPDATE document SET numberer_id = issuer_id, numberer_name = issuer_name, numberer_position = issuer_position,
        numbered_at = issued_at, sealer_id = issuer_id, sealer_name = issuer_name, sealer_position = issuer_position,
        sealed_at = issued_at
    WHERE stage = 'ISSUED';

-- Releases are looked for all the time: only over those that wait.
CREATE INDEX document_releasing ON document (release_due_at) WHERE stage = 'RELEASING';
-- What was voided does not wait in its agency.
DROP INDEX document_unissued;
CREATE INDEX document_unissued ON document (agency_id) WHERE stage <> 'ISSUED' AND stage <> 'VOIDED';
