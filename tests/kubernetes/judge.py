"""Judges what the overlays build: judge.py FOLDER [FOLDER], with OVERLAY.yaml in each. What another kustomize built in the second must be
the same.

Run by tests/tools/kubernetes.
"""

import pathlib
import re
import sys

import arrows
import bites
import kubernetes_validate
import rules
from manifests import Overlay

# The oldest that knows all we use (a preStop that sleeps), and the newest that the checker knows.
VERSIONS = ("1.30", kubernetes_validate.latest_version())
# Definitions of their own, of which the checker knows nothing; the rules look at what we write there.
FOREIGN = ("Gateway", "HTTPRoute")


def malformed(overlay):
    """What Kubernetes would not take."""
    for one in overlay.objects:
        for version in VERSIONS:
            if one["kind"] in FOREIGN:
                continue
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                yield f"{one['kind']} {one['metadata']['name']}, Kubernetes {version}: {error.message}"


def sorted_text(file):
    """The lines of a built overlay in no order; each kustomize has a way of its own to make the hash in a name."""
    return sorted(re.sub(r"-(config|databases)-[a-z0-9]{10}$", r"-\1", line) for line in file.read_text().splitlines())


def main(folder, *others):
    folder, failed = pathlib.Path(folder), []
    overlays = [Overlay(name, (folder / f"{name}.yaml").read_text()) for name in arrows.EXPECTED]
    for overlay in overlays:
        wrong = [*malformed(overlay), *rules.offences(overlay)]
        for other in others:
            if sorted_text(folder / f"{overlay.name}.yaml") != sorted_text(pathlib.Path(other) / f"{overlay.name}.yaml"):
                wrong.append("another kustomize builds something else")
        failed += [f"{overlay.name}: {sentence}" for sentence in wrong]
        print(f"{overlay.name}: {len(overlay.objects)} objects for Kubernetes {' and '.join(VERSIONS)}, {len(rules.RULES)} rules")
    production = next(overlay for overlay in overlays if overlay.name == "prod")
    failed += [f"went unnoticed: {name}" for name in bites.unnoticed(production)]
    if not any("readynessProbe" in sentence for sentence in malformed(bites.misspelt(production))):
        failed.append("went unnoticed: a word that Kubernetes does not know")
    print(f"{len(bites.SPOILT) + 1} ways to spoil an overlay tried")
    for sentence in failed:
        print(sentence, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
