-- As much of a unit as a recipient shows, on a day: valid_from <= day < valid_to and code_from <= day < code_to. The versions
-- come first, whatever they are looked for by: SQLite keeps to the order of a CROSS JOIN.
CREATE VIEW unit_address AS
    SELECT version.unit_id, version.name, version.kind, version.parent_id, version.agency_id, version.email,
        version.valid_from, version.valid_to, code.value AS code, code.valid_from AS code_from, code.valid_to AS code_to
    FROM unit_version AS version
    CROSS JOIN unit_identifier AS code
    WHERE code.unit_id = version.unit_id AND code.scheme = 'DECISION_20';
