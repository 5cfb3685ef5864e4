"""Overlays spoilt one thing at a time: a rule that lets one pass does not bite."""

import copy

import rules
from manifests import containers, pod


def deployment(overlay, name="documents"):
    return overlay.find("Deployment", name)


def container(overlay, name="documents"):
    return containers(deployment(overlay, name))[0]


def policy(overlay, name):
    return overlay.find("NetworkPolicy", name)["spec"]


def forget(kind, name):
    def spoil(overlay):
        overlay.objects.remove(overlay.find(kind, name))

    return spoil


def settings(overlay, find, put):
    for config in overlay.of("ConfigMap"):
        for file, text in config["data"].items():
            config["data"][file] = text.replace(find, put)


def secret(overlay):
    metadata = {"name": "documents-s3", "namespace": rules.NAMESPACE}
    overlay.objects.append({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"access_key": "x"}})


# Each with words of the sentence that has to be found.
SPOILT = {
    "an image without a version": (lambda it: container(it).update(image="congvan:latest"), "names no version"),
    "no liveness probe": (lambda it: container(it).pop("livenessProbe"), "no livenessProbe"),
    "no limit of memory": (lambda it: container(it)["resources"]["limits"].pop("memory"), "no limits of memory"),
    "a writable root": (lambda it: container(it)["securityContext"].pop("readOnlyRootFilesystem"), "readOnlyRootFilesystem is"),
    "a capability": (lambda it: container(it)["securityContext"].update(capabilities={"add": ["KILL"]}), "capabilities is"),
    "root": (lambda it: pod(deployment(it))["securityContext"].update(runAsUser=0), "may run as root"),
    "a token": (lambda it: pod(deployment(it)).pop("automountServiceAccountToken"), "mounts a token"),
    "variables for Services": (lambda it: pod(deployment(it)).pop("enableServiceLinks"), "gets variables for Services"),
    "a rollout that takes away": (
        lambda it: deployment(it)["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1),
        "a rollout may take replicas away",
    ),
    "killed while it drains": (lambda it: pod(deployment(it)).update(terminationGracePeriodSeconds=30), "before it has drained"),
    "stopped while it is called": (lambda it: container(it).pop("lifecycle"), "before those who route to it"),
    "no budget": (forget("PodDisruptionBudget", "documents"), "no PodDisruptionBudget"),
    "not spread": (lambda it: pod(deployment(it)).pop("topologySpreadConstraints"), "is not spread"),
    "a Service to another port": (
        lambda it: it.find("Service", "documents")["spec"]["ports"][0].update(port=9000),
        "port 9000 is not that of the pod",
    ),
    "a probe of another port": (lambda it: container(it)["readinessProbe"]["grpc"].update(port=9000), "asks port 9000"),
    "another port in the settings": (lambda it: settings(it, "0.0.0.0:9002", "0.0.0.0:9012"), "listens on 0.0.0.0:9012"),
    "a key that is not mounted": (lambda it: settings(it, "congvan/keys/documents", "documents"), "is not mounted"),
    "nothing denied": (forget("NetworkPolicy", "deny-all"), "no policy denies"),
    "an arrow too many": (
        lambda it: policy(it, "directory").update(egress=[{"to": [{"podSelector": {}}]}]),
        "directory -> documents:any is allowed",
    ),
    "an arrow from everywhere": (lambda it: policy(it, "documents")["ingress"][0].pop("from"), "everywhere -> documents:9002"),
    "an arrow that cannot leave": (
        lambda it: policy(it, "notifications")["egress"].pop(),
        "notifications -> documents:9002 may not leave",
    ),
    "an arrow that cannot arrive": (
        lambda it: policy(it, "directory")["ingress"][0]["from"].pop(),
        "notifications -> directory:9001 may not arrive",
    ),
    "a database at any address": (
        lambda it: policy(it, "to-database")["egress"][0].update(to=[{"ipBlock": {"cidr": "0.0.0.0/0"}}]),
        "directory -> everywhere:5432",
    ),
    "an address of no Service": (lambda it: settings(it, "directory:9001", "directory:9009"), "is the address of no Service"),
    "an address out of reach": (
        lambda it: settings(it, "[s3]", 'notifications_url = "http://notifications:9003"\n[s3]'),
        "documents: notifications_url = http://notifications:9003 may not be reached",
    ),
    "a secret": (secret, "do not belong into the repository"),
    "a password in the settings": (lambda it: settings(it, "[smtp]", '[smtp]\npassword = "x"'), "holds a secret"),
    "a Secret that nobody makes": (
        lambda it: pod(deployment(it))["volumes"].append({"name": "x", "secret": {"secretName": "unheard-of"}}),
        "Secret unheard-of is neither",
    ),
    "a password written out": (
        lambda it: container(it)["env"].append({"name": "CONGVAN_SMTP__PASSWORD", "value": "x"}),
        "is written out",
    ),
    "a privileged namespace": (lambda it: it.find("Namespace", "congvan")["metadata"].pop("labels"), "does not enforce"),
    "no TLS": (lambda it: it.find("Ingress", "gateway")["spec"].pop("tls"), "has no TLS"),
    "a way in that leads nowhere": (
        lambda it: it.find("Service", "gateway")["spec"]["ports"][0].update(name="web"),
        "Ingress gateway: leads nowhere",
    ),
    "replicas beside an autoscaler": (lambda it: deployment(it, "gateway")["spec"].update(replicas=3), "each apply would undo"),
    "a single replica": (lambda it: deployment(it)["spec"].update(replicas=1), "has not 3 replicas"),
}


def unnoticed(overlay):
    """The ways to spoil a sound overlay that no rule notices for what they are."""
    found = []
    for name, (spoil, words) in SPOILT.items():
        spoilt = copy.deepcopy(overlay)
        spoil(spoilt)
        if not any(words in sentence for sentence in rules.offences(spoilt)):
            found.append(name)
    return found


def misspelt(overlay):
    """The overlay with a word that Kubernetes does not know, which it would drop without a sound."""
    spoilt = copy.deepcopy(overlay)
    container(spoilt)["readynessProbe"] = {}
    return spoilt
