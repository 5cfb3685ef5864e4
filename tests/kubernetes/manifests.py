"""What an overlay builds, with the questions that the rules ask of it."""

import dataclasses
import tomllib

import yaml

CONTROLLERS = ("Deployment", "StatefulSet")


@dataclasses.dataclass(frozen=True)
class Arrow:
    """Somebody may open a connection to somebody, on a port."""

    source: str
    target: str
    port: int | str

    def __str__(self):
        return f"{self.source} -> {self.target}:{self.port}"


class Overlay:
    """The objects of one overlay."""

    def __init__(self, name, text):
        self.name = name
        self.objects = [one for one in yaml.safe_load_all(text) if one]

    def of(self, *kinds):
        return [one for one in self.objects if one["kind"] in kinds]

    def find(self, kind, name):
        return next((one for one in self.of(kind) if one["metadata"]["name"] == name), None)

    def controllers(self):
        return self.of(*CONTROLLERS)

    def services_of_ours(self):
        """The Deployments that run the executable, by the name of the service."""
        return {one["metadata"]["name"]: one for one in self.of("Deployment")}

    def settings(self, deployment):
        """The settings that the container of a Deployment is started with, as text, by the path on its command line."""
        container = containers(deployment)[0]
        path = container["args"][container["args"].index("--config") + 1]
        folder, _, file = path.rpartition("/")
        mount = next(one for one in container["volumeMounts"] if one["mountPath"] == folder)
        volume = next(one for one in pod(deployment)["volumes"] if one["name"] == mount["name"])
        return self.find("ConfigMap", volume["configMap"]["name"])["data"][file]

    def config(self, deployment):
        return tomllib.loads(self.settings(deployment))

    def selected(self, selector):
        """The pods that a selector finds, by name."""
        return [pod_name(one) for one in self.controllers() if matches(selector, labels(one))]


def pod(controller):
    return controller["spec"]["template"]["spec"]


def containers(controller):
    return pod(controller).get("initContainers", []) + pod(controller)["containers"]


def labels(controller):
    return controller["spec"]["template"]["metadata"]["labels"]


def pod_name(controller):
    return controller["metadata"]["name"]


def ports(controller):
    """The ports of a pod, number by name."""
    return {port["name"]: port["containerPort"] for one in containers(controller) for port in one.get("ports", [])}


def matches(selector, of):
    """Whether a label selector finds these labels."""
    wanted = selector.get("matchLabels", {})
    if any(of.get(key) != value for key, value in wanted.items()):
        return False
    for one in selector.get("matchExpressions", []):
        if one["operator"] != "In":
            raise ValueError(f"an operator that nobody taught this check: {one['operator']}")
        if of.get(one["key"]) not in one["values"]:
            return False
    return True


def called(kind, one):
    return f"{kind} {one['metadata']['name']}"
