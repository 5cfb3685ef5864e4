"""What watches must fit what is watched: rules, tests, runbooks and dashboards against each other and the sources. Standard library only.

Debian's Python reads no YAML; the few lines that matter in ours have one form, which is asked for below.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WATCH = ROOT / "deploy" / "observability"
RUNBOOKS = ROOT / "deploy" / "runbooks"

# How a source names a metric, whatever kind it is, and how a query does.
RECORDED = re.compile(r"metrics::(?P<kind>counter|gauge|histogram)!\(\s*\"(?P<name>\w+)\"")
QUERIED = re.compile(r"\bcongvan_\w+")

# What each page says, in this order.
SECTIONS = ["What it means", "Look", "Do", "Over when"]

mistakes = []


def mistake(text):
    mistakes.append(text)


def recorded():
    """The series that the sources record: a histogram is told as a summary, which has a sum and a count, too."""
    series = set()
    for source in sorted((ROOT / "services").rglob("*.rs")):
        for found in RECORDED.finditer(source.read_text("utf-8")):
            endings = ["", "_sum", "_count"] if found["kind"] == "histogram" else [""]
            series.update(found["name"] + ending for ending in endings)
    return series


def check_names(file, text, series):
    for name in sorted(set(QUERIED.findall(text)) - series):
        mistake(f"{file.name}: no source records {name}")


def rules():
    """The text of each alert by its name."""
    parts = re.split(r"^ +- alert: (\w+)$", (WATCH / "alerts.yml").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def check_rule(name, text):
    if not re.search(r"^ +labels: \{severity: (critical|warning)\}$", text, re.MULTILINE):
        mistake(f"{name}: no severity")
    if not re.search(r"^ +summary: \".+ / .+\"$", text, re.MULTILINE):
        mistake(f"{name}: no summary in two languages")
    description = re.search(r"^( +)description: \|-\n((?:\1  .+\n)+)", text, re.MULTILINE)
    if not description or description[2].count("\n") != 2:
        mistake(f"{name}: the description is not a line in Vietnamese and one in English")
    if f"runbook: deploy/runbooks/{name}.md\n" not in text:
        mistake(f"{name}: does not name its runbook")


def check_tests(names):
    tests = (WATCH / "alerts_test.yml").read_text("utf-8")
    for name in names:
        asked = rf'alertname="{name}", alertstate="firing"\}}\)\n +eval_time: \w+\n +exp_samples: '
        for outcome, form in [("fires", r"\[\{"), ("does not fire", r"\[\]")]:
            if not re.search(asked + form, tests):
                mistake(f"{name}: no test in which it {outcome}")


def check_runbooks(names):
    pages = {page.stem: page for page in RUNBOOKS.glob("Congvan*.md")}
    for name in sorted(names - pages.keys()):
        mistake(f"{name}: there is no runbook")
    for name in sorted(pages.keys() - names):
        mistake(f"{pages[name].name}: there is no such alert")
    for name, page in pages.items():
        text = page.read_text("utf-8")
        if not text.startswith(f"# {name}\n"):
            mistake(f"{page.name}: does not begin with its name")
        if re.findall(r"^## (.+)$", text, re.MULTILINE) != SECTIONS:
            mistake(f"{page.name}: the sections are not {', '.join(SECTIONS)}")


def panels(board):
    for panel in board["panels"]:
        yield panel
        yield from panel.get("panels", [])


def check_dashboard(file, series):
    try:
        board = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        mistake(f"{file.name}: {error}")
        return None
    shown = list(panels(board))
    if len({panel["id"] for panel in shown}) != len(shown):
        mistake(f"{file.name}: two panels have one id")
    if "datasource" not in {variable["name"] for variable in board["templating"]["list"] if variable["type"] == "datasource"}:
        mistake(f"{file.name}: no variable for the datasource")
    for panel in shown:
        if panel["type"] != "row" and panel.get("datasource", {}).get("uid") != "${datasource}":
            mistake(f"{file.name}: {panel['title']} does not follow the datasource")
        for target in panel.get("targets", []):
            check_names(file, target["expr"], series)
    check_names(file, json.dumps(board["templating"]), series)
    return board["uid"]


def main():
    series = recorded()
    alerts = rules()
    if not series or not alerts:
        mistake("no metric or no alert is found: this program no longer understands the files")
    for file in sorted(WATCH.glob("*.yml")):
        check_names(file, file.read_text("utf-8"), series)
    for name, text in alerts.items():
        check_rule(name, text)
    check_tests(alerts)
    check_runbooks(alerts.keys())
    boards = sorted((WATCH / "dashboards").glob("*.json"))
    uids = [check_dashboard(board, series) for board in boards]
    if len(set(uids)) != len(uids):
        mistake("two dashboards have one uid")
    for text in mistakes:
        print(text, file=sys.stderr)
    if mistakes:
        return 1
    print(f"{len(alerts)} alerts, each tested and with its runbook; {len(boards)} dashboards; every metric is recorded")
    return 0


sys.exit(main())
