"""Checks an exported register with nothing but Python's standard library, knowing only what the contracts say of its hashes.

The file has a line of a register on each line, as JSON: the entries of GET /v1/agencies/{agency_id}/register. Lines of several registers may
stand in it, those of each in order. Says for each register how many lines fit, or names the first one that does not; then the exit code is 1.
"""

import argparse
import datetime
import hashlib
import json
import re
import sys

DIRECTIONS = {"REGISTER_DIRECTION_OUTGOING": "OUTGOING", "REGISTER_DIRECTION_INCOMING": "INCOMING"}
ACTS = {f"REGISTER_ACT_{act}": act for act in ("ENTERED", "VOIDED", "RESERVED")}
DESCRIPTION = ("notation", "issuedDate", "abstract", "signerName")
OTHERS = ("counterpartName", "reason", "holderName", "reservedUntilDate", "officerName")


def digest(*texts):
    """SHA-256 over texts, each behind its length in bytes."""
    encoded = [text.encode() for text in texts]
    return hashlib.sha256(b"".join(len(text).to_bytes(4, "big") + text for text in encoded)).hexdigest()


def time(text):
    """A time with the six digits after the second that are hashed."""
    whole, fraction = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", text).groups()
    return f"{whole}.{(fraction or '').ljust(6, '0')[:6]}Z"


def day(text):
    """The day in Vietnam of a time in UTC."""
    at = datetime.datetime.strptime(time(text), "%Y-%m-%dT%H:%M:%S.%fZ")
    return str((at + datetime.timedelta(hours=7)).date())


def register(entry):
    """Which register an entry stands in. What is empty may be left out of JSON."""
    return entry["agencyId"], DIRECTIONS[entry["direction"]], entry.get("series", ""), str(entry["year"])


def description_hash(entry):
    """The hash of what an entry says of its document, if anything; of what was destroyed, the one that is left."""
    if not entry.get("descriptionSalt"):
        return entry.get("descriptionHash", "")
    facts = [entry.get(name, "") for name in DESCRIPTION]
    return digest("congvan.register.description.v1", entry["descriptionSalt"], *facts)


def line_hash(entry, previous):
    """The hash of an entry that follows the one with the hash `previous`."""
    facts = [str(entry["line"]), ACTS[entry["act"]], str(entry["number"]), entry.get("documentId", ""), entry.get("copyId", "")]
    facts += [description_hash(entry), *(entry.get(name, "") for name in OTHERS)]
    return digest("congvan.register.line.v1", *register(entry), *facts, time(entry["createTime"]), previous)


def number_misfit(entry, numbers):
    """What is wrong with what an entry does to its number, given the last act about each number so far; None if nothing is."""
    number, act = entry["number"], ACTS[entry["act"]]
    before = numbers[number - 1] if 0 < number <= len(numbers) else None
    if act == "VOIDED":
        return None if before in ("ENTERED", "RESERVED") else "void: the number is not given to anything"
    if number == len(numbers) + 1 or (act, before) == ("ENTERED", "RESERVED"):
        return None
    if number > len(numbers):
        return f"gap of numbers: number {len(numbers) + 1} was not given before"
    return "twin number: it was given before"


def description_misfit(entry):
    """What is wrong with what an entry says of its document; None if nothing is."""
    if entry.get("descriptionHash", "") != description_hash(entry):
        return "hash: it is not that of what the line says of its document"
    if not entry.get("descriptionSalt"):
        if any(entry.get(name) for name in DESCRIPTION):
            return "destroyed: something is said that no hash covers"
        if ACTS[entry["act"]] == "ENTERED" and not entry.get("recallId"):
            return "destroyed: what it said is gone, and no recall is named"
    return None


class Register:
    """A register that was gone through up to some line."""

    def __init__(self, which):
        self.direction = which[1]
        self.lines = 0
        self.last = digest("congvan.register.genesis.v1", *which)
        self.numbers = []
        self.written = ""
        self.dated = ""
        self.wrong = None

    def follow(self, entry):
        """Goes on to the next line, or notes what is wrong with it."""
        self.wrong = self.misfit(entry)
        if self.wrong:
            return
        number, act = entry["number"], ACTS[entry["act"]]
        if number > len(self.numbers):
            self.numbers.append(act)
            if entry.get("issuedDate"):
                self.dated = entry["issuedDate"]
        else:
            self.numbers[number - 1] = act
        self.lines, self.last, self.written = entry["line"], entry["hash"], day(entry["createTime"])

    def misfit(self, entry):
        """The line that does not fit, and why; None if the entry fits."""
        line = self.lines + 1
        if entry["line"] > line:
            return line, "gap: there is no such line"
        if entry["line"] < line:
            return entry["line"], "twin: the line was there before"
        if entry.get("previousHash") != self.last:
            return line, "previous hash: it is not that of the line before"
        if entry.get("hash") != line_hash(entry, self.last):
            return line, "hash: it is not that of what the line says"
        if day(entry["createTime"]) < self.written:
            return line, "order of dates: written on an earlier day than the line before"
        wrong = number_misfit(entry, self.numbers) or description_misfit(entry) or self.document_misfit(entry)
        return (line, wrong) if wrong else None

    def document_misfit(self, entry):
        """What is wrong with the date and the notation of what an agency issued; None if nothing is."""
        if self.direction != "OUTGOING" or not entry.get("descriptionSalt"):
            return None
        fresh = entry["number"] > len(self.numbers)
        if fresh and entry["issuedDate"] < self.dated:
            return "order of issue: dated before the number before"
        if not entry["notation"].startswith(f"{entry['number']:02}/"):
            return "notation: it does not begin with the number"
        return None


def verify(entries):
    """Goes through all registers, each up to the first line that does not fit."""
    found = {}
    for entry in entries:
        which = register(entry)
        kept = found.setdefault(which, Register(which))
        if kept.wrong is None:
            kept.follow(entry)
    return found


def main():
    """Prints a line for each register."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=argparse.FileType(encoding="utf-8"), help="the lines as JSON, or -")
    found = verify(json.loads(line) for line in arguments.parse_args().file if line.strip())
    for which, kept in sorted(found.items()):
        name = " ".join(part for part in which if part)
        if kept.wrong:
            line, why = kept.wrong
            print(f"{name}: LINE {line} DOES NOT FIT: {why}; {kept.lines} lines before it do")
            continue
        voided = kept.numbers.count("VOIDED")
        print(f"{name}: {kept.lines} lines, last number {len(kept.numbers)}, {voided} void, no gaps, the last has the hash {kept.last}")
    if not found:
        sys.exit("there are no lines")
    if any(kept.wrong for kept in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
