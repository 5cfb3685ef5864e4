"""What must hold of every overlay. A rule yields a sentence for each thing that offends it."""

import pathlib
import re

import arrows
from manifests import called, containers, labels, matches, pod, ports

ROOT = pathlib.Path(__file__).parents[2]
NAMESPACE = "congvan"
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
NOT_NAMESPACED = ("Namespace",)


def drain_seconds():
    """How long a process may drain, from where it is said."""
    text = (ROOT / "services/kit/src/lifecycle.rs").read_text()
    return int(re.search(r"PATIENCE: Duration = Duration::from_secs\((\d+)\)", text)[1])


def images_are_pinned(overlay):
    for one in overlay.controllers():
        for container in containers(one):
            name, _, tag = container["image"].rpartition(":")
            if not name or "/" in tag or tag == "latest":
                yield f"{called(one['kind'], one)}: image {container['image']} names no version"


def containers_are_watched_and_bounded(overlay):
    for one in overlay.controllers():
        for container in containers(one):
            who = f"{called(one['kind'], one)}, container {container['name']}"
            for probe in PROBES:
                if probe not in container:
                    yield f"{who}: no {probe}"
            for bound in ("requests", "limits"):
                for resource in ("cpu", "memory"):
                    if resource not in container.get("resources", {}).get(bound, {}):
                        yield f"{who}: no {bound} of {resource}"


def containers_have_no_privileges(overlay):
    for one in overlay.controllers():
        spec, who = pod(one), called(one["kind"], one)
        context = spec.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
            yield f"{who}: may run as root"
        if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{who}: no seccomp profile"
        if any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{who}: lives in a namespace of its node"
        for container in containers(one):
            context = container.get("securityContext", {})
            wanted = {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "runAsNonRoot": True,
                "capabilities": {"drop": ["ALL"]},
            }
            for key, value in wanted.items():
                if context.get(key) != value:
                    yield f"{who}, container {container['name']}: {key} is {context.get(key)}"
            if context.get("privileged") or any("hostPort" in port for port in container.get("ports", [])):
                yield f"{who}, container {container['name']}: privileged"


def pods_get_no_token_and_no_strange_variables(overlay):
    for one in overlay.controllers():
        spec, who = pod(one), called(one["kind"], one)
        account = overlay.find("ServiceAccount", spec.get("serviceAccountName", "default"))
        if account is None or account.get("automountServiceAccountToken") is not False:
            yield f"{who}: no account of its own without a token"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{who}: mounts a token"
        if spec.get("enableServiceLinks") is not False:
            yield f"{who}: gets variables for Services, of which one that begins with CONGVAN_ would keep it from starting"


def rollouts_take_nobody_away(overlay):
    for one in overlay.of("Deployment"):
        who, spec = called("Deployment", one), pod(one)
        update = one["spec"].get("strategy", {}).get("rollingUpdate", {})
        if update.get("maxUnavailable") != 0:
            yield f"{who}: a rollout may take replicas away"
        pause = max(
            container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0) for container in containers(one)
        )
        if pause < 5:
            yield f"{who}: stops before those who route to it have heard of it"
        if spec.get("terminationGracePeriodSeconds", 30) < pause + drain_seconds() + 10:
            yield f"{who}: is killed before it has drained"
        budgets = [two for two in overlay.of("PodDisruptionBudget") if matches(two["spec"]["selector"], labels(one))]
        if [two["metadata"]["name"] for two in budgets] != [one["metadata"]["name"]]:
            yield f"{who}: has no PodDisruptionBudget of its own"
        keys = [two["topologyKey"] for two in spec.get("topologySpreadConstraints", [])]
        if keys != ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]:
            yield f"{who}: is not spread over nodes and zones"
        startup = containers(one)[0].get("startupProbe", {})
        patience = startup.get("periodSeconds", 10) * startup.get("failureThreshold", 3)
        if one["spec"].get("progressDeadlineSeconds", 600) <= patience:
            yield f"{who}: its rollout fails before its start-up probe does"


def ports_lead_somewhere(overlay):
    for service in overlay.of("Service"):
        who, selector = called("Service", service), {"matchLabels": service["spec"]["selector"]}
        behind = [one for one in overlay.controllers() if matches(selector, labels(one))]
        if [one["metadata"]["name"] for one in behind] != [service["metadata"]["name"]]:
            yield f"{who}: leads to {[one['metadata']['name'] for one in behind]}"
        for one in behind:
            for port in service["spec"]["ports"]:
                if ports(one).get(port["targetPort"]) != port["port"]:
                    yield f"{who}: port {port['port']} is not that of the pod, which the policies name"
    for one in overlay.controllers():
        known = ports(one)
        for container in containers(one):
            for probe in PROBES:
                for way in ("httpGet", "grpc"):
                    port = container.get(probe, {}).get(way, {}).get("port")
                    if port is not None and port not in known and port not in known.values():
                        yield f"{called(one['kind'], one)}: {probe} asks port {port}, which it has not"


def settings_fit_the_ports(overlay):
    for name, one in overlay.services_of_ours().items():
        config, known = overlay.config(one), ports(one)
        listen, admin = arrows.SERVICES[name]
        if config["listen"] != f"0.0.0.0:{listen}" or listen not in known.values():
            yield f"{name}: listens on {config['listen']}"
        if config["admin"] != f"0.0.0.0:{admin}" or known.get("admin") != admin:
            yield f"{name}: its admin port is {config['admin']}"
        if one["spec"]["template"]["metadata"]["annotations"].get("prometheus.io/port") != str(admin):
            yield f"{name}: is scraped elsewhere"
        mounts = [mount["mountPath"] for mount in containers(one)[0]["volumeMounts"]]
        for key in ("trust", "signing_key", "seal_key", "blobs"):
            if key in config and not any(config[key] == path or config[key].startswith(path + "/") for path in mounts):
                yield f"{name}: {key} = {config[key]} is not mounted"


def secrets_are_named_and_never_told(overlay):
    for one in overlay.of("Secret"):
        yield f"{called('Secret', one)}: secrets do not belong into the repository"
    documented = (ROOT / "deploy/README.md").read_text()
    for one in overlay.controllers():
        for kind, name in references(pod(one)):
            if overlay.find(kind, name) is None and f"`{name}`" not in documented:
                yield f"{called(one['kind'], one)}: {kind} {name} is neither made here nor in deploy/README.md"
        for container in containers(one):
            for variable in container.get("env", []):
                if re.search("PASSWORD$|SECRET|KEY$|DATABASE$", variable["name"]) and "value" in variable:
                    yield f"{called(one['kind'], one)}: {variable['name']} is written out"
            for mount in container.get("volumeMounts", []):
                if "subPath" in mount:
                    yield f"{called(one['kind'], one)}: {mount['mountPath']} would never change while the process runs"
    for config in overlay.of("ConfigMap"):
        for file, text in config["data"].items():
            if re.search(r"(?im)^\s*\S*(password|secret|access_key)\S*\s*=|://[^/\s]*:[^/\s]*@|PRIVATE KEY", text):
                yield f"{called('ConfigMap', config)}: {file} holds a secret"


def references(spec):
    """What a pod mounts or reads variables from: kind and name."""
    for volume in spec.get("volumes", []):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"]
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
    for container in spec["containers"]:
        for variable in container.get("env", []):
            source = variable.get("valueFrom", {})
            for key, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if key in source:
                    yield kind, source[key]["name"]


def everything_is_in_the_restricted_namespace(overlay):
    namespace = overlay.find("Namespace", NAMESPACE)
    marks = (namespace or {"metadata": {}})["metadata"].get("labels", {})
    for mode in ("enforce", "audit", "warn"):
        if marks.get(f"pod-security.kubernetes.io/{mode}") != "restricted":
            yield f"the namespace does not {mode} the restricted profile"
    for one in overlay.objects:
        if one["kind"] not in NOT_NAMESPACED and one["metadata"].get("namespace") != NAMESPACE:
            yield f"{called(one['kind'], one)}: lies outside the namespace"


def there_is_one_way_in_and_it_has_tls(overlay):
    ways = [one["kind"] for one in overlay.of("Ingress", "Gateway", "HTTPRoute")]
    expected = {"dev": [], "prod": ["Ingress"], "prod-gateway-api": ["Gateway", "HTTPRoute"]}[overlay.name]
    if sorted(ways) != expected:
        yield f"ways in: {ways}"
    known = {("gateway", port["port"]) for port in overlay.find("Service", "gateway")["spec"]["ports"]}
    names = {port["name"]: port["port"] for port in overlay.find("Service", "gateway")["spec"]["ports"]}
    for one in overlay.of("Ingress"):
        hosts = {host for tls in one["spec"].get("tls", []) for host in tls["hosts"]}
        for rule in one["spec"]["rules"]:
            if rule["host"] not in hosts:
                yield f"{called('Ingress', one)}: {rule['host']} has no TLS"
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                if (service["name"], names.get(service["port"]["name"])) not in known:
                    yield f"{called('Ingress', one)}: leads nowhere"
        if one["metadata"]["annotations"].get("nginx.ingress.kubernetes.io/backend-protocol") != "GRPC":
            yield f"{called('Ingress', one)}: gRPC does not get through"
    for one in overlay.of("Gateway"):
        if any(listener["protocol"] != "HTTPS" or not listener["tls"]["certificateRefs"] for listener in one["spec"]["listeners"]):
            yield f"{called('Gateway', one)}: has no TLS"
    for one in overlay.of("HTTPRoute"):
        listeners = {
            (gateway["metadata"]["name"], listener["name"], listener["hostname"])
            for gateway in overlay.of("Gateway")
            for listener in gateway["spec"]["listeners"]
        }
        parents = {
            (parent["name"], parent["sectionName"], host) for parent in one["spec"]["parentRefs"] for host in one["spec"]["hostnames"]
        }
        backends = {(backend["name"], backend["port"]) for rule in one["spec"]["rules"] for backend in rule["backendRefs"]}
        if not parents <= listeners or not backends <= known:
            yield f"{called('HTTPRoute', one)}: leads nowhere"


def replicas_are_counted_once(overlay):
    wanted = 1 if overlay.name == "dev" else 3
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in overlay.of("HorizontalPodAutoscaler")}
    for name, one in overlay.services_of_ours().items():
        if name in scaled:
            if "replicas" in one["spec"]:
                yield f"Deployment {name}: each apply would undo what the autoscaler did"
            if scaled[name]["minReplicas"] < wanted:
                yield f"Deployment {name}: may shrink below {wanted}"
        elif one["spec"].get("replicas", 1) != wanted:
            yield f"Deployment {name}: has not {wanted} replicas"


RULES = [
    images_are_pinned,
    containers_are_watched_and_bounded,
    containers_have_no_privileges,
    pods_get_no_token_and_no_strange_variables,
    rollouts_take_nobody_away,
    ports_lead_somewhere,
    settings_fit_the_ports,
    arrows.rule,
    secrets_are_named_and_never_told,
    everything_is_in_the_restricted_namespace,
    there_is_one_way_in_and_it_has_tls,
    replicas_are_counted_once,
]


def offences(overlay):
    """What is wrong, each said once."""
    return list(dict.fromkeys(sentence for rule in RULES for sentence in rule(overlay)))
