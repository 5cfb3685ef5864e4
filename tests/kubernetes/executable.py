"""Asks the executable whether it knows what the overlays say: executable.py FOLDER CONGVAN.

Every Deployment's command line, variables and settings are given to it twice. Once with one mistake added: it tells all mistakes before it
opens anything, and has to tell this one only. Once on SQLite and free ports: it has to answer every probe, and to stop when asked.

Run by tests/tools/kubernetes.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

import arrows
from manifests import Overlay, containers, pod

ROOT = pathlib.Path(__file__).parents[2]
PATIENCE_SECONDS = 60
# No address, so that no process gets further than its settings.
MISTAKE = ("CONGVAN_LISTEN", "nowhere")
TOLD = "1 mistake(s) in the configuration:\n  - listen (CONGVAN_LISTEN): "


class Failure(Exception):
    """Something that the executable did not know."""


class Mounted:
    """A folder with what a Deployment's pod would find mounted, and the settings with their paths led there."""

    def __init__(self, folder, overlay, deployment, keys):
        self.folder, self.container = folder, containers(deployment)[0]
        folder.mkdir(parents=True)
        self.arguments = list(self.container["args"])
        at = self.arguments.index("--config") + 1
        file = folder / pathlib.Path(self.arguments[at]).name
        self.text = overlay.settings(deployment)
        for mount in self.container["volumeMounts"]:
            self.mount(mount, next(one for one in pod(deployment)["volumes"] if one["name"] == mount["name"]), keys)
        file.write_text(self.text)
        self.arguments[at] = str(file)

    def mount(self, mount, volume, keys):
        place = self.folder / mount["name"]
        place.mkdir()
        if volume.get("configMap", {}).get("name") == "congvan-trust":
            shutil.copytree(keys / "trust", place, dirs_exist_ok=True)
        for item in volume.get("secret", {}).get("items", []):
            shutil.copy(keys / item["key"], place / item["path"])
        self.text = self.text.replace(f'"{mount["mountPath"]}', f'"{place}')

    def variables(self, **more):
        """The environment: what Secrets would give, as text of the right shape."""
        given = {"PATH": os.environ["PATH"]}
        for variable in self.container.get("env", []):
            given[variable["name"]] = variable["valueFrom"]["secretKeyRef"]["key"] + "-from.a.secret"
        if "CONGVAN_DATABASE" in given:
            given["CONGVAN_DATABASE"] = f"sqlite:{self.folder}/database"
        return {**given, **more}


def make_keys(congvan, folder):
    for issuer in arrows.SERVICES:
        subprocess.run([congvan, "keys", "--issuer", issuer, "--to", folder], check=True, stdout=subprocess.DEVNULL)


def settings_are_known(congvan, arguments, variables):
    answer = subprocess.run(
        [congvan, *arguments], env={**variables, MISTAKE[0]: MISTAKE[1]}, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    if answer.returncode == 0 or TOLD not in answer.stderr:
        raise Failure(answer.stderr.strip() or "it started on no address")


def samples_are_known(congvan, keys):
    """The samples of deploy/config, as they are shipped."""
    for name in arrows.SERVICES:
        file = ROOT / f"deploy/config/{name}.toml"
        variables = {"PATH": os.environ["PATH"]}
        if "seal_key" in tomllib.loads(file.read_text()):  # read with the settings, so it has to be there
            variables["CONGVAN_SEAL_KEY"] = str(keys / "directory.seal.key")
        settings_are_known(congvan, ["serve", name, "--config", str(file)], variables)


def the_unknown_is_told(congvan, mounted):
    """A flag, a variable or a setting that the executable does not know must not get through."""
    strange = mounted.folder / "strange.toml"
    strange.write_text(f"unheard_of = 1\n{mounted.text}")
    for arguments, more in (
        ([*mounted.arguments, "--unheard-of"], {}),
        (mounted.arguments, {"CONGVAN_UNHEARD_OF": "1"}),
        ([*mounted.arguments[:-1], str(strange)], {}),
    ):
        try:
            settings_are_known(congvan, arguments, mounted.variables(**more))
        except Failure as failure:
            if "unheard" in str(failure):
                continue
        raise Failure("the unheard-of went unnoticed")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def await_status(url, process):
    """Waits until an address answers 200."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.1)
    raise Failure(f"{url} does not answer 200")


def health(port, service):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(service=service), timeout=5, wait_for_ready=True
            )
        except grpc.RpcError as error:
            raise Failure(f"no health of {service!r}: {error.code()}") from error
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise Failure(f"{service!r} is not serving")


def probes_are_answered(congvan, mounted, listen_port):
    """Starts the service and does what the kubelet and Prometheus would do."""
    listen, admin = free_port(), free_port()
    variables = mounted.variables(CONGVAN_LISTEN=f"127.0.0.1:{listen}", CONGVAN_ADMIN=f"127.0.0.1:{admin}")
    log = mounted.folder / "log"
    with log.open("w") as to:
        process = subprocess.Popen([congvan, *mounted.arguments], env=variables, stdout=to, stderr=to)
    try:
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = mounted.container[probe]
            if "grpc" in asked:
                if asked["grpc"]["port"] != listen_port:
                    raise Failure(f"{probe}: gRPC is spoken on port {listen_port}")
                health(listen, asked["grpc"].get("service", ""))
            else:
                if asked["httpGet"]["port"] != "admin":
                    raise Failure(f"{probe}: {asked['httpGet']['path']} is on the admin port")
                await_status(f"http://127.0.0.1:{admin}{asked['httpGet']['path']}", process)
        await_status(f"http://127.0.0.1:{admin}/metrics", process)
        process.terminate()
        if process.wait(PATIENCE_SECONDS) != 0:
            raise Failure(f"it ended with {process.returncode}")
    except Failure as failure:
        raise Failure(f"{failure}; its log ends: {log.read_text()[-1000:]}") from failure
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def main(folder, congvan):
    failed = []
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        keys = temporary / "keys"
        make_keys(congvan, keys)
        samples_are_known(congvan, keys)
        print("deploy/config: every key is known")
        for overlay_name in arrows.EXPECTED:
            overlay = Overlay(overlay_name, (pathlib.Path(folder) / f"{overlay_name}.yaml").read_text())
            for name, deployment in overlay.services_of_ours().items():
                try:
                    mounted = Mounted(temporary / overlay_name / name, overlay, deployment, keys)
                    settings_are_known(congvan, mounted.arguments, mounted.variables())
                    the_unknown_is_told(congvan, mounted)
                    probes_are_answered(congvan, mounted, arrows.SERVICES[name][0])
                except Failure as failure:
                    failed.append(f"{overlay_name}: {name}: {failure}")
            print(f"{overlay_name}: command lines, variables, settings and probes tried")
    for sentence in failed:
        print(sentence, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
