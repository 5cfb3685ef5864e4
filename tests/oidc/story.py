"""People sign in at a real OpenID Connect provider, which goes away, comes back with another key, and is asked to lie.

Run by tests/tools/oidc, which starts the system with the sample province. Needs nothing but Python itself.
"""

import argparse
import html.parser
import http.cookiejar
import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--at", required=True, help="address of the gateway")
arguments.add_argument("--provider", required=True, help="port for the provider")
arguments.add_argument("--modules", required=True, help="folder with its node_modules")
arguments.add_argument("--secret", required=True, help="the client's secret")
arguments.add_argument("--redirect-uri", required=True, help="where it sends browsers back to")
arguments.add_argument("--log", required=True, type=pathlib.Path, help="the log of the system")
arguments = arguments.parse_args()

PASSWORD = "congvan-demo"
DEADLINE_SECONDS = 30
REREAD_SECONDS = 3.5  # so long an unknown key does not make the system read the provider's keys again


class Provider:
    """The provider's process. Each start makes a new signing key."""

    def __init__(self):
        self.process, self.key = None, None
        self.start()

    def start(self):
        script = pathlib.Path(__file__).with_name("provider.mjs")
        command = ["node", script, arguments.modules, arguments.provider, "congvan", arguments.secret]
        command += [arguments.redirect_uri]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.key = self.process.stdout.readline().strip()
        check(self.key.startswith("key-"), "the provider serves")

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE_SECONDS)


class Form(html.parser.HTMLParser):
    """The first form of a page: its address and its hidden fields."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.names = None, {}, set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = attrs["action"]
        if tag == "input" and "name" in attrs:
            self.names.add(attrs["name"])
            if attrs.get("type") == "hidden":
                self.fields[attrs["name"]] = attrs.get("value", "")


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect by itself: the story does, and sees each."""

    def redirect_request(self, *_):
        return None


class Browser:
    """A browser with cookies of its own, in which a person signs in."""

    def __init__(self, name):
        self.name, self.forms = name, []
        cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(cookies))

    def open(self, address, fields=None):
        """Opens a page; where it leads, or what it shows."""
        body = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self.opener.open(address, body, DEADLINE_SECONDS) as answer:
                return None, answer.read().decode()
        except urllib.error.HTTPError as error:
            check(error.code in (302, 303), f"{address} shows a page or leads on: {error.code} {error.read()[:200]}")
            return urllib.parse.urljoin(address, error.headers["location"]), None

    def go(self, address, agrees=True):
        """Goes where it is sent and fills in the forms, until it is sent back; what it brings."""
        for _ in range(12):
            if address.startswith(arguments.redirect_uri):
                query = urllib.parse.urlsplit(address).query
                return dict(urllib.parse.parse_qsl(query))
            address, page = self.open(address)
            if page is None:
                continue
            if not agrees:
                address = address_of_abort(page)
                continue
            form = Form(page)
            self.forms.append(form.fields.get("prompt"))
            fields = form.fields
            if "login" in form.names:
                fields |= {"login": self.name, "password": "bất kỳ"}
            address, _ = self.open(form.action, fields)
        sys.exit("does not hold: the provider sends the browser back")


def address_of_abort(page):
    """The link by which a person gives up."""
    start = page.index("/abort")
    return page[page.rindex('"', 0, start) + 1 : start + len("/abort")]


def check(holds, what):
    """Stops the story when something does not hold."""
    if not holds:
        sys.exit(f"does not hold: {what}")


def equal(found, expected, what):
    """Stops the story when two things differ."""
    check(found == expected, f"{what}: {found!r} instead of {expected!r}")


def call(method, path, body=None, token=None):
    """Calls the system; status and JSON of its answer."""
    request = urllib.request.Request(arguments.at + path, method=method)
    request.add_header("content-type", "application/json")
    request.add_header("accept-language", "en")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    data = json.dumps(body).encode() if body is not None else None
    try:
        with urllib.request.urlopen(request, data, DEADLINE_SECONDS) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def password_token(name):
    """The token of a session opened with a password."""
    status, answer = call("POST", "/v1/sessions", {"signInName": name, "password": PASSWORD})
    equal(status, 200, f"{name} signs in with a password")
    return answer["token"]


SECRETS = [arguments.secret]


def begin():
    """Begins a sign-in."""
    status, begun = call("POST", "/v1/oidc:begin", {"redirectUri": arguments.redirect_uri})
    equal(status, 200, "a sign-in begins")
    SECRETS.append(begun["state"])
    return begun


def complete(back):
    """Completes a sign-in with what the browser brought back."""
    status, answer = call("POST", "/v1/oidc:complete", {name: back.get(name, "") for name in ("state", "code", "iss")})
    SECRETS.extend(value for value in (back.get("code"), answer.get("token")) if value)
    return status, answer


def sign_in(browser):
    """Signs in at the provider; the answer of the system."""
    begun = begin()
    back = browser.go(begun["authorizationUrl"])
    equal(back["state"], begun["state"], "the state that comes back")
    return (*complete(back), back)


def refused(answer, what):
    """Checks that a sign-in was refused, without saying why."""
    status, problem = answer[:2]
    equal((status, problem.get("reason")), (401, "OIDC_REFUSED"), what)


def round_trip():
    """An officer signs in, by forms at first, then without any."""
    browser = Browser("canbo.snv")
    status, answer, back = sign_in(browser)
    equal((status, browser.forms), (200, ["login", "consent"]), f"the officer signs in: {answer}")
    status, session = call("GET", "/v1/sessions/current", token=answer["token"])
    session = session["session"]
    equal((status, session["user"]["signInName"]), (200, "canbo.snv"), "whose session it is")
    equal(session["opening"], "SESSION_OPENING_OIDC", "how the session was opened")
    check("roles" in json.dumps(session["user"]), "the session has the posts of the officer")
    print("an officer signs in by the provider's forms for login and consent")

    refused(complete(back), "what was used once")
    status, second, _ = sign_in(browser)
    equal((status, len(browser.forms)), (200, 2), "the provider knows the browser")
    check(second["token"] != answer["token"], "each sign-in opens a session of its own")
    print("a second time without forms; what was used once is refused")
    return session["user"]["id"], browser


def strangers(administrator):
    """Whoever the directory does not know is refused, and not made; who gives up brings no code."""
    refused(sign_in(Browser("khong.co.ai")), "an account of nobody")
    _, users = call("GET", "/v1/users?pageSize=1000", token=administrator)
    check("khong.co.ai" not in json.dumps(users), "the provider made no user")
    back = Browser("canbo.snv").go(begin()["authorizationUrl"], agrees=False)
    equal((back.get("error"), "code" in back), ("access_denied", False), "what a person who gives up brings")
    print("an account of nobody is refused and nobody is made of it")


def mixed_up():
    """A code goes only with the state and the verifier that it was asked with."""
    one, two = Browser("canbo.snv"), Browser("lanhdao.snv")
    first, second = one.go(begin()["authorizationUrl"]), two.go(begin()["authorizationUrl"])
    refused(complete(first | {"code": second["code"]}), "the code of another browser")
    refused(complete(second | {"iss": "https://sso.example"}), "another issuer")
    third = one.go(begin()["authorizationUrl"])
    third.pop("iss")
    refused(complete(third), "no issuer, from a provider that always says it")
    fourth = one.go(begin()["authorizationUrl"])
    refused(complete(fourth | {"state": fourth["state"][::-1]}), "a state that was not given out")
    refused(complete(fourth | {"code": fourth["code"] + "x"}), "a code that was not given out")
    print("codes, states and issuers that do not belong together are refused")


def trouble(provider, browser):
    """The provider goes away: passwords go on; it comes back with another key: so does signing in there."""
    begun = begin()
    back = browser.go(begun["authorizationUrl"])
    before = provider.key
    provider.stop()
    status, problem = complete(back)
    equal((status, problem["reason"]), (503, "OIDC_UNAVAILABLE"), "the provider is away")
    check("password" in problem["detail"], f"the answer says what to do: {problem}")
    password_token("canbo.snv")
    print("while the provider is away, passwords open sessions")

    time.sleep(REREAD_SECONDS)
    provider.start()
    check(provider.key != before, "the provider has another key")
    status, answer, _ = sign_in(Browser("canbo.snv"))
    equal(status, 200, f"signing in after the key rolled over: {answer}")
    print("the provider's key rolled over: its new one is found without a restart")


def links(administrator, user_id):
    """An administrator sees the link and the audit of it, unlinks it and links it by hand."""
    path = f"/v1/users/{user_id}/linkedIdentities"
    _, listed = call("GET", path, token=administrator)
    (identity,) = listed["identities"]
    equal(identity["subject"], "canbo.snv", "the account that is linked")
    status, _ = call("GET", path, token=password_token("lanhdao.snv"))
    equal(status, 403, "another's links are not shown")
    status, answer = call("DELETE", f"/v1/linkedIdentities/{identity['id']}?reason={urllib.parse.quote('Thử')}", token=administrator)
    equal(status, 200, f"unlinking: {answer}")
    body = {"subject": identity["subject"], "reason": "Liên kết lại"}
    status, answer = call("POST", path, body, token=administrator)
    equal(status, 200, f"linking by hand: {answer}")
    _, audit = call("GET", f"/v1/auditEntries?subjectId={user_id}", token=administrator)
    told = [(entry["action"], entry.get("reason")) for entry in audit["entries"]]
    expected = [
        ("user.link_identity", "Liên kết lại"),
        ("user.unlink_identity", "Thử"),
        ("user.link_identity", "sign_in_name"),
    ]
    equal([entry for entry in told if "identity" in entry[0]], expected, "the audit")
    status, answer, _ = sign_in(Browser("canbo.snv"))
    equal((status, answer["session"]["user"]["id"]), (200, user_id), "signing in by the new link")
    print("administrators list, unlink and link accounts, and the audit tells of it")


def silence():
    """The log, however much is asked of it, holds none of the secrets."""
    log = arguments.log.read_text()
    check("a sign-in at the provider was refused" in log, "the log says why something was refused")
    told = [secret for secret in SECRETS if secret in log or urllib.parse.quote_plus(secret) in log]
    equal(told, [], "the secrets in the log")
    print(f"none of {len(SECRETS)} states, codes and tokens is in the log")


def story(provider):
    """A day of signing in."""
    user_id, browser = round_trip()
    administrator = password_token("quantri")
    strangers(administrator)
    mixed_up()
    trouble(provider, browser)
    links(administrator, user_id)
    silence()


running = Provider()
try:
    story(running)
finally:
    running.stop()
