"""Checks an exported register with nothing but Python's standard library, knowing only what the contracts say of its hashes.

The file has a line of a register on each line, as JSON: the entries of GET /v1/agencies/{agency_id}/register. Lines of several registers may
stand in it, those of each in order. Says for each register how many lines fit, or names the first one that does not; then the exit code is 1.
"""

import argparse
import hashlib
import json
import re
import sys

DIRECTIONS = {"REGISTER_DIRECTION_OUTGOING": "OUTGOING", "REGISTER_DIRECTION_INCOMING": "INCOMING"}

DESCRIPTION = ("notation", "issuedDate", "abstract", "signerName")


def digest(*texts):
    """SHA-256 over texts, each behind its length in bytes."""
    encoded = [text.encode() for text in texts]
    return hashlib.sha256(b"".join(len(text).to_bytes(4, "big") + text for text in encoded)).hexdigest()


def time(text):
    """A time with the six digits after the second that are hashed."""
    whole, fraction = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", text).groups()
    return f"{whole}.{(fraction or '').ljust(6, '0')[:6]}Z"


def register(entry):
    """Which register an entry stands in."""
    return entry["agencyId"], DIRECTIONS[entry["direction"]], str(entry["year"])


def description_hash(entry):
    """The hash of what an entry says of its document; of what was destroyed, the one that is left."""
    if not entry.get("descriptionSalt"):
        return entry.get("descriptionHash", "")
    facts = [entry.get(name, "") for name in DESCRIPTION]
    return digest("congvan.register.description.v1", entry["descriptionSalt"], *facts)


def line_hash(entry, previous):
    """The hash of an entry that follows the one with the hash `previous`. What is empty may be left out of JSON."""
    facts = [entry.get("documentId", ""), description_hash(entry)]
    facts += [entry.get("counterpartName", ""), time(entry["createTime"])]
    return digest("congvan.register.line.v1", *register(entry), str(entry["number"]), *facts, previous)


def misfit(entry, number, previous):
    """What is wrong with an entry that should have this number and follow that hash; None if nothing is."""
    if entry["number"] > number:
        return number, "gap: there is no line with this number"
    if entry["number"] < number:
        return entry["number"], "twin: the number was there before"
    if entry.get("previousHash") != previous:
        return number, "previous hash: it is not that of the line before"
    if entry.get("hash") != line_hash(entry, previous):
        return number, "hash: it is not that of what the line says"
    if entry.get("descriptionHash") != description_hash(entry):
        return number, "hash: it is not that of what the line says of its document"
    if not entry.get("descriptionSalt"):
        if any(entry.get(name) for name in DESCRIPTION):
            return number, "destroyed: something is said that no hash covers"
        if not entry.get("recallId"):
            return number, "destroyed: what it said is gone, and no recall is named"
    return None


def verify(entries):
    """Goes through all registers; for each how many lines fit, and what is wrong with the next one, if anything."""
    found = {}
    for entry in entries:
        which = register(entry)
        count, previous, wrong = found.get(which, (0, digest("congvan.register.genesis.v1", *which), None))
        if wrong is None:
            wrong = misfit(entry, count + 1, previous)
            if wrong is None:
                count, previous = count + 1, entry["hash"]
        found[which] = count, previous, wrong
    return found


def main():
    """Prints a line for each register."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=argparse.FileType(encoding="utf-8"), help="the lines as JSON, or -")
    found = verify(json.loads(line) for line in arguments.parse_args().file if line.strip())
    for which, (count, last, wrong) in sorted(found.items()):
        name = " ".join(which)
        if wrong:
            print(f"{name}: LINE {wrong[0]} DOES NOT FIT: {wrong[1]}; {count} lines before it do")
        else:
            print(f"{name}: {count} lines, no gaps, the last has the hash {last}")
    if not found:
        sys.exit("there are no lines")
    if any(wrong for _, _, wrong in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
