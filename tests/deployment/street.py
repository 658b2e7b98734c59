"""Shows a deployed stack as journeys know the local run: the functions' own routes, and the `/local` pages that they read.

What the local run takes from its own memory, this takes from AWS: mails from the inbox, items from the table, messages
from the queues. Nothing of it has an influence on what the stack does. Listens twice: plainly for programs, and with TLS
under the stack's public name for a browser, so that the links in the mails can be followed as they are.
"""

import base64
import datetime
import hashlib
import hmac
import http.client
import http.server
import json
import pathlib
import ssl
import threading
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PORTAL = 62_515
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "accept-encoding"}
# The inbox keeps no tags, so a mail's kind is read from its subject.
KINDS = (
    ("two minutes to hand it over", "handoff_invitation"),
    ("Your new link", "handoff_link_renewed"),
    ("Handed over:", "handoff_receipt"),
    ("Your new customer:", "handoff_received"),
)


class Street:
    """A deployed stack and what stands around it."""

    def __init__(self, emulator, crm: "Crm", outputs: dict, queues: dict, secret: str):
        self.emulator, self.crm, self.secret = emulator, crm, secret
        self.base_url, self.table = outputs["BaseUrl"], outputs["TableName"]
        self.host = urllib.parse.urlsplit(self.base_url).hostname
        # The emulator knows an API by its id at its own address.
        self.api_host = f"{self.host.split('.')[0]}.execute-api.localhost"
        self.queues = queues
        self.dynamodb, self.sqs = emulator.client("dynamodb"), emulator.client("sqs")
        self.mails_before = 0
        self.first_items = self.items()
        self.plain = self._listen(None)
        self.secured = self._listen(certificate(self.host, emulator.home))
        self.url = f"http://127.0.0.1:{self.plain}"

    def _listen(self, tls) -> int:
        street = self

        class Handler(StreetHandler):
            pass

        Handler.street = street
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    # ------------------------------------------------------------ what journeys read
    def items(self) -> list:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
        items = [item for page in pages for item in page["Items"]]
        return json.loads(json.dumps(items, default=lambda value: base64.b64encode(bytes(value)).decode()))

    def mails(self) -> list:
        boxes = self.emulator.get("/_ministack/ses/messages")["messages"]
        taken = [mail for box in boxes.values() for mail in box]
        return [mail_json(number, mail) for number, mail in enumerate(taken)][self.mails_before:]

    def pending(self) -> dict:
        """Messages in the queues, hidden ones too, and owed mails; and what was given up."""
        waiting = dead = 0
        for name, url in self.queues.items():
            attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            count = sum(int(attributes.get(f"ApproximateNumberOfMessages{what}", 0)) for what in ("", "NotVisible", "Delayed"))
            waiting, dead = (waiting, dead + count) if "DeadLetters" in name else (waiting + count, dead)
        owed = sum("#OUTBOX#" in item["PK"]["S"] for item in self.items())
        return {"pending": waiting + owed, "dead": dead, "owed": owed}

    # ------------------------------------------------------------ what journeys do
    def close(self, deal: str) -> int:
        """Closes a sample deal and tells the stack as HubSpot does; the webhook's status."""
        self.crm.close(deal)
        event = {"eventId": 1, "subscriptionId": 2, "portalId": PORTAL, "appId": 3, "occurredAt": int(time.time() * 1000),
                 "subscriptionType": "deal.propertyChange", "attemptNumber": 0, "objectId": int(deal),
                 "propertyName": "dealstage", "propertyValue": "closedwon", "changeSource": "CRM"}
        return self.deliver(json.dumps([event]))

    def deliver(self, body: str, secret: str | None = None) -> int:
        path, moment = "/webhooks/hubspot", str(int(time.time() * 1000))
        signed = f"POST{self.base_url}{path}{body}{moment}".encode()
        signature = base64.b64encode(hmac.new((secret or self.secret).encode(), signed, hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json", "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": moment}
        return self.request("POST", path, headers, body.encode())[0]

    def request(self, method: str, path: str, headers: dict, body: bytes | None = None):
        """One request to the stack's HTTP API: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        connection.request(method, path, body=body, headers={**headers, "Host": self.api_host})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def settle(self, seconds: float = 60):
        """Waits until nothing is left that moves by itself, and stays so for a moment."""
        deadline, calm = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            calm = calm + 1 if self.pending()["pending"] == 0 else 0
            if calm == 2:
                return
            time.sleep(0.2)
        raise AssertionError(f"still busy after {seconds:.0f} s: {self.pending()}")

    def forget(self):
        """Back to a new organization: no accounts, nothing in the queues, an empty mailbox, open deals."""
        for url in self.queues.values():
            self.sqs.purge_queue(QueueUrl=url)
        first = {(item["PK"]["S"], item["SK"]["S"]): item for item in self.first_items}
        for item in self.items():
            key = (item["PK"]["S"], item["SK"]["S"])
            if key not in first:
                self.dynamodb.delete_item(TableName=self.table, Key={"PK": item["PK"], "SK": item["SK"]})
            elif item != first[key]:
                self.dynamodb.put_item(TableName=self.table, Item=sendable(first[key]))
        self.mails_before += len(self.mails())
        self.crm.restart()


def sendable(item: dict) -> dict:
    """An item read as JSON, with its bytes as bytes again."""
    return {name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in item.items()}


def mail_json(number: int, mail: dict) -> dict:
    sent_at = datetime.datetime.fromtimestamp(mail["Timestamp"], datetime.timezone.utc).isoformat()
    kind = next((kind for words, kind in KINDS if words in mail["Subject"]), "handoff_escalated")
    return {"id": str(number), "kind": kind, "to": mail["To"], "from": mail["Source"], "subject": mail["Subject"],
            "text": mail["BodyText"], "html": mail["BodyHtml"], "headers": {}, "sent_at": sent_at}


class StreetHandler(http.server.BaseHTTPRequestHandler):
    """`/local` from here, all else from the stack."""

    protocol_version = "HTTP/1.1"
    street: Street

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = urllib.parse.urlsplit(self.path).path
        try:
            if path.startswith("/local"):
                self.answer_json(*self.local(path))
            else:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                self.answer(*self.street.request(self.command, self.path, headers, body))
        except (OSError, AssertionError, LookupError) as error:
            self.answer_json(500, {"error": str(error)})

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = handle_any

    def local(self, path: str):
        street, command = self.street, self.command
        if command == "GET":
            pages = {
                "/local/mail.json": street.mails, "/local/table.json": street.items, "/local/queues": street.pending,
                "/local/deals": street.crm.deals,
                "/local/clock": lambda: {"now": datetime.datetime.now(datetime.timezone.utc).isoformat()},
                "/local/base": lambda: {"base_url": street.base_url},
            }
            return (200, pages[path]()) if path in pages else (404, {})
        if path == "/local/forget":
            street.forget()
            return 200, {}
        parts = path.split("/")
        if parts[2:3] == ["deals"] and parts[4:] == ["close"]:
            status = street.close(parts[3])
            return (200 if status < 300 else 502), {"deal": parts[3], "webhook_status": status}
        return 404, {"error": "a deployed stack has no such lever"}

    def answer_json(self, status: int, value):
        self.answer(status, [("content-type", "application/json")], json.dumps(value).encode())

    def answer(self, status: int, headers: list, body: bytes):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Crm:
    """HubSpot's stand-in with its sample deals, in a process of its own."""

    def __init__(self, start):
        self.start, self.port = start, None
        self.restart()

    def restart(self):
        """All deals open again, at the same address."""
        if self.port:
            self.process.kill()
            self.process.wait()
        self.process = self.start(self.port or 0)
        self.url = self.process.stdout.readline().strip()
        self.port = urllib.parse.urlsplit(self.url).port

    def deals(self) -> list:
        return json.loads(self._request("GET", "/deals"))

    def close(self, deal: str):
        self._request("POST", f"/deals/{deal}/close")

    def _request(self, method: str, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise AssertionError(f"the CRM answers {answer.status} to {path}")
        return body


def certificate(host: str, folder: pathlib.Path) -> ssl.SSLContext:
    """TLS under the stack's public name, with a certificate that only this test believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deployment test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False).sign(key, hashes.SHA256())
    )
    file = folder / "tls.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
