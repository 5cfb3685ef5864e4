"""Who may speak to whom: what the architecture says, what the policies allow, and what the settings need."""

import urllib.parse

from manifests import Arrow, ports

SERVICES = {"directory": (9001, 9081), "documents": (9002, 9082), "notifications": (9003, 9083), "gateway": (8080, 9080)}

CALLS = {
    Arrow("gateway", "directory", 9001),
    Arrow("gateway", "documents", 9002),
    Arrow("gateway", "notifications", 9003),
    Arrow("documents", "directory", 9001),
    Arrow("notifications", "directory", 9001),
    Arrow("notifications", "documents", 9002),
}
DATABASE = {Arrow(one, "postgres", 5432) for one in ("directory", "documents", "notifications")}
DNS = {Arrow(one, "DNS", 53) for one in SERVICES}
SCRAPE = {Arrow("Prometheus", one, admin) for one, (_, admin) in SERVICES.items()}
OUTSIDE = {
    Arrow("documents", "S3", 443),
    Arrow("notifications", "SMTP", 587),
    Arrow("ingress", "gateway", 8080),
}

# The arrows of each overlay: these, all of these, and no other.
EXPECTED = {
    "dev": CALLS | DATABASE | DNS | SCRAPE,
    "prod": CALLS | DATABASE | DNS | SCRAPE | OUTSIDE,
    "prod-gateway-api": CALLS | DATABASE | DNS | SCRAPE | OUTSIDE,
}

NAMESPACES = {
    "kube-system": "DNS",
    "monitoring": "Prometheus",
    "ingress-nginx": "ingress",
    "envoy-gateway-system": "ingress",
}
# What lies outside has addresses and no name; its port tells what it is.
ADDRESSES = {5432: "postgres", 443: "S3", 587: "SMTP"}


def rule(overlay):
    """Exactly the arrows of the architecture are allowed, at both ends, and every configured address is one of them."""
    leaving, arriving = allowed(overlay, "egress"), allowed(overlay, "ingress")
    pods = {one["metadata"]["name"] for one in overlay.controllers()}
    expected = EXPECTED[overlay.name]
    for arrow in sorted((leaving | arriving) - expected, key=str):
        yield f"{arrow} is allowed and no arrow of the architecture"
    for arrow in sorted(expected, key=str):
        if arrow.source in pods and arrow not in leaving:
            yield f"{arrow} may not leave"
        if arrow.target in pods and arrow not in arriving:
            yield f"{arrow} may not arrive"
    if not any(denies_all(one) for one in overlay.of("NetworkPolicy")):
        yield "no policy denies what is not allowed"
    yield from needed(overlay, leaving)


def denies_all(policy):
    spec = policy["spec"]
    return spec["podSelector"] == {} and set(spec["policyTypes"]) == {"Ingress", "Egress"} and not (
        spec.get("ingress") or spec.get("egress")
    )


def needed(overlay, leaving):
    """Every address in the settings is that of a Service, and may be reached."""
    for name, deployment in overlay.services_of_ours().items():
        config = overlay.config(deployment)
        for key, value in config.items():
            if not key.endswith("_url"):
                continue
            address = urllib.parse.urlsplit(value)
            service = overlay.find("Service", address.hostname)
            if service is None or address.port not in [port["port"] for port in service["spec"]["ports"]]:
                yield f"{name}: {key} = {value} is the address of no Service"
            elif Arrow(name, address.hostname, address.port) not in leaving:
                yield f"{name}: {key} = {value} may not be reached"
        if "s3" in config and Arrow(name, "S3", urllib.parse.urlsplit(config["s3"]["endpoint"]).port or 443) not in leaving:
            yield f"{name}: s3.endpoint may not be reached"
        if "smtp" in config and Arrow(name, "SMTP", config["smtp"].get("port", 587)) not in leaving:
            yield f"{name}: smtp.host may not be reached"


def allowed(overlay, direction):
    """The arrows that the policies of one direction allow."""
    found = set()
    for policy in overlay.of("NetworkPolicy"):
        spec = policy["spec"]
        for name in overlay.selected(spec["podSelector"]):
            for one in spec.get(direction, []):
                peers = one.get("from" if direction == "ingress" else "to")
                for port in one.get("ports") or [{"port": "any"}]:
                    for peer in peers or [{}]:
                        found |= arrows(overlay, direction, name, peer, port["port"])
    return found


def arrows(overlay, direction, name, peer, port):
    """The arrows between a pod and a peer of a policy."""
    found = set()
    for other in named(overlay, peer, port):
        source, target = (other, name) if direction == "ingress" else (name, other)
        found.add(Arrow(source, target, number(overlay, target, port)))
    return found


def named(overlay, peer, port):
    if "ipBlock" in peer:
        # A whole network is no arrow.
        narrow = int(peer["ipBlock"]["cidr"].partition("/")[2]) >= 24
        return [ADDRESSES.get(port, "somewhere") if narrow else "everywhere"]
    if "namespaceSelector" in peer:
        namespace = peer["namespaceSelector"].get("matchLabels", {}).get("kubernetes.io/metadata.name", "everywhere")
        return [NAMESPACES.get(namespace, namespace)]
    if "podSelector" in peer:
        return overlay.selected(peer["podSelector"]) or ["nobody"]
    return ["everywhere"]


def number(overlay, target, port):
    """A port of a pod, by number where it was named."""
    controller = next((one for one in overlay.controllers() if one["metadata"]["name"] == target), None)
    return ports(controller).get(port, port) if controller else port
