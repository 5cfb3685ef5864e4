"""SCIM as software that keeps people sees it: every check of scim2-tester, on people and on groups.

Run by tests/tools/python, which starts the system without sample data and makes an API key.
"""

import argparse
import datetime
import os
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--at", required=True, help="HOST:PORT of the gateway")
arguments.add_argument("--user", required=True, help="sign-in name of an administrator; CONGVAN_PASSWORD has the password")
arguments = arguments.parse_args()

FAILED = (Status.ERROR, Status.CRITICAL)
KINDS = {"User", "Group"}
SCOPE = "SCOPE_SCIM"


def key():
    """A new API key that opens SCIM and nothing else."""
    with Client(base_url=f"http://{arguments.at}/v1") as desk:
        session = {"signInName": arguments.user, "password": os.environ["CONGVAN_PASSWORD"]}
        opened = desk.post("/sessions", json=session).raise_for_status().json()
        expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
        bearer = {"Authorization": f"Bearer {opened['token']}"}
        wanted = {"name": "scim2-tester", "scopes": [SCOPE], "expireTime": expires.isoformat()}
        made = desk.post("/apiKeys", json={"apiKey": wanted}, headers=bearer).raise_for_status().json()
        return made["key"]


def story():
    """Runs the checks and tells each that failed."""
    headers = {"Authorization": f"Bearer {key()}"}
    with Client(base_url=f"http://{arguments.at}/scim/v2", headers=headers) as web:
        results = check_server(SyncSCIMClient(web))
    for result in results:
        if result.status in FAILED:
            print(f"{result.status.name}: {result.title} ({result.resource_type}): {result.reason}\n{result.data}")
    failed = sum(result.status in FAILED for result in results)
    skipped = [result.title for result in results if result.status == Status.SKIPPED]
    kinds = {result.resource_type for result in results} - {None}
    print(f"{len(results)} checks of scim2-tester on {', '.join(sorted(kinds))}: {failed} failed, skipped: {skipped}")
    if failed or kinds != KINDS:
        sys.exit(1)


story()
