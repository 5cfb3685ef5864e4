"""Runs the statements of an issue raw on SQLite: issue.py DATABASE FIRST COUNT

One writer in a tight loop: SQLite never has more. Parameters are made before the clock starts. Prints as JSON how many
microseconds it took in all and for each document.
"""

import datetime
import hashlib
import json
import sqlite3
import sys
import time
import uuid

CLAIM = """INSERT INTO answer (request_id, caller_id, method, fingerprint, created_at)
    VALUES (:document, :document, 'IssueDocument', :fingerprint, :now) ON CONFLICT (request_id) DO NOTHING"""
LOCK = "SELECT * FROM document WHERE id = :document"
RECIPIENTS = "SELECT unit_id, name, purpose FROM document_recipient WHERE document_id = :document ORDER BY place"
TAKE = """INSERT INTO register (agency_id, direction, series, year, last_number, last_line, last_date, last_hash)
    VALUES (:agency, 'OUTGOING', '', 2026, 1, 0, :today, :fingerprint)
    ON CONFLICT (agency_id, direction, series, year)
        DO UPDATE SET last_number = register.last_number + 1, last_date = :today WHERE register.last_date <= :today
    RETURNING last_number, last_line + 1, last_hash"""
SAVE_STAGE = """UPDATE document SET revision = 6, updated_at = :now, has_main_file = TRUE, stage = 'ISSUED',
        return_reason = NULL, approver_id = :person, approver_name = 'Cầm Văn Minh', approver_position = 'Giám đốc',
        approved_at = :now, signer_id = :person, signer_name = 'Cầm Văn Minh', signer_position = 'Giám đốc',
        signed_at = :now
    WHERE id = :document"""
SAVE_ISSUANCE = """UPDATE document SET number = :number, symbol = 'SNV-VP', issued_on = :today, issued_at = :now,
        issuer_id = :person, issuer_name = 'Cầm Văn Minh', issuer_position = 'Văn thư'
    WHERE id = :document"""
ENTER = """INSERT INTO register_entry (agency_id, direction, series, year, line, act, number, document_id, notation, issued_on,
        summary, signer_name, counterpart_name, reason, holder_name, officer_name, created_at, previous_hash, hash)
    VALUES (:agency, 'OUTGOING', '', 2026, :line, 'ENTERED', :number, :document, :notation, :today, :summary, 'Cầm Văn Minh', '',
        '', '', 'Cầm Văn Minh', :now, :previous, :hash)"""
SET_END = """UPDATE register SET last_line = :line, last_hash = :hash
    WHERE agency_id = :agency AND direction = 'OUTGOING' AND series = '' AND year = 2026"""
DELIVER = """INSERT INTO delivery (id, revision, document_id, sender_id, recipient_id, recipient_name, purpose, status,
        arrived_at, updated_at)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9
    FROM json_each(:deliveries)"""
STATUS = """INSERT INTO delivery_status (delivery_id, revision, status, occurred_at)
    SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(:statuses)"""
EVENT = """INSERT INTO event (id, type, subject, occurred_at, traceparent, data_type, data)
    VALUES (:event, 'congvan.documents.document.issued', :document, :now, :traceparent,
        'type.googleapis.com/congvan.documents.v1.DocumentIssued', :event_data)"""
ATTACHMENTS = "SELECT * FROM attachment WHERE document_id = :document ORDER BY role, id"
REMEMBER = "UPDATE answer SET body = :answer WHERE request_id = :document"


def identifier():
    """A UUID of version 7, as the service makes them."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | (7 << 76) | (uuid.uuid4().int & ((1 << 76) - 1))
    return str(uuid.UUID(int=value & ~(0xC << 60) | (0x8 << 60)))


def parameters(database, document, payload):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    known = "SELECT agency_id, signer_id, summary FROM document WHERE id = ?"
    agency, person, summary = database.execute(known, (document,)).fetchone()
    recipients = database.execute(RECIPIENTS, {"document": document}).fetchall()
    ids = sorted(identifier() for _ in recipients)
    deliveries = [
        [id, 1, document, agency, unit, name, purpose, "ARRIVED", now, now]
        for id, (unit, name, purpose) in zip(ids, recipients)
    ]
    return {
        "document": document,
        "agency": agency,
        "person": person,
        "now": now,
        "today": now[:10],
        "summary": summary,
        "fingerprint": "f" * 64,
        "deliveries": json.dumps(deliveries, ensure_ascii=False),
        "statuses": json.dumps([[id, 1, "ARRIVED", now] for id in ids]),
        "event": identifier(),
        "traceparent": "0" * 55,
        "event_data": payload[0],
        "answer": payload[1],
    }


def chain(values):
    """The notation and the hash of the register's line, as much work as the service has with it."""
    values["notation"] = f"{values['number']:02}/SNV-VP"
    facts = ["agency", "number", "document", "notation", "today", "summary", "now", "previous"]
    values["hash"] = hashlib.sha256("".join(str(values[fact]) for fact in facts).encode()).hexdigest()


def issue(database, values):
    database.execute("BEGIN IMMEDIATE")
    database.execute(CLAIM, values)
    database.execute(LOCK, values).fetchall()
    database.execute(RECIPIENTS, values).fetchall()
    values["number"], values["line"], values["previous"] = database.execute(TAKE, values).fetchall()[0]
    chain(values)
    for statement in [SAVE_STAGE, SAVE_ISSUANCE, ENTER, SET_END, DELIVER, STATUS, EVENT]:
        database.execute(statement, values)
    database.execute(ATTACHMENTS, values).fetchall()
    database.execute(REMEMBER, values)
    database.execute("COMMIT")


def main():
    file, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    database = sqlite3.connect(file, isolation_level=None)
    for setting in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"]:
        database.execute(f"PRAGMA {setting}").fetchall()
    payload = database.execute("SELECT event, answer FROM bench_payload").fetchone()
    stock = "SELECT document_id FROM bench_stock WHERE place >= ? ORDER BY place LIMIT ?"
    documents = [document for (document,) in database.execute(stock, (first, count)).fetchall()]
    everything = [parameters(database, document, payload) for document in documents]
    clock = [time.perf_counter_ns()]
    for values in everything:
        issue(database, values)
        clock.append(time.perf_counter_ns())
    each = [(after - before) // 1000 for before, after in zip(clock, clock[1:])]
    print(json.dumps({"whole": (clock[-1] - clock[0]) // 1000, "each": each}))
    database.close()


main()
