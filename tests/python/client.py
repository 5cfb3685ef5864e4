"""A client that shares nothing with the services but the protos: one official letter from draft to receipt.

Run by tests/tools/python, which makes the stubs and starts the system with the sample province.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import uuid

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--stubs", required=True, type=pathlib.Path, help="folder with the stubs made from the protos")
arguments.add_argument("--at", required=True, help="HOST:PORT of the gateway")
arguments.add_argument("--file", required=True, type=pathlib.Path, help="the PDF to send")
arguments = arguments.parse_args()
sys.path.insert(0, str(arguments.stubs))

from congvan.directory.v1 import session_service_pb2 as sessions  # noqa: E402  the stubs are found only now
from congvan.directory.v1 import session_service_pb2_grpc as session_service  # noqa: E402
from congvan.directory.v1 import unit_pb2 as unit  # noqa: E402
from congvan.directory.v1 import unit_service_pb2 as units  # noqa: E402
from congvan.directory.v1 import unit_service_pb2_grpc as unit_service  # noqa: E402
from congvan.documents.v1 import attachment_pb2 as attachment  # noqa: E402
from congvan.documents.v1 import attachment_service_pb2 as attachments  # noqa: E402
from congvan.documents.v1 import attachment_service_pb2_grpc as attachment_service  # noqa: E402
from congvan.documents.v1 import delivery_status_pb2 as delivery  # noqa: E402
from congvan.documents.v1 import delivery_service_pb2 as deliveries  # noqa: E402
from congvan.documents.v1 import delivery_service_pb2_grpc as delivery_service  # noqa: E402
from congvan.documents.v1 import document_pb2 as document  # noqa: E402
from congvan.documents.v1 import document_service_pb2 as documents  # noqa: E402
from congvan.documents.v1 import document_service_pb2_grpc as document_service  # noqa: E402
from congvan.documents.v1 import recall_pb2 as recall  # noqa: E402
from congvan.documents.v1 import recall_service_pb2 as recalls  # noqa: E402
from congvan.documents.v1 import recall_service_pb2_grpc as recall_service  # noqa: E402
from congvan.documents.v1 import register_pb2 as registry  # noqa: E402
from congvan.documents.v1 import register_service_pb2 as registers  # noqa: E402
from congvan.documents.v1 import register_service_pb2_grpc as register_service  # noqa: E402
from congvan.documents.v1 import relation_pb2 as relation  # noqa: E402
from congvan.documents.v1 import review_service_pb2 as reviews  # noqa: E402
from congvan.documents.v1 import review_service_pb2_grpc as review_service  # noqa: E402

PASSWORD = "congvan-demo"
DEADLINE_SECONDS = 60
CHUNK_BYTES = 64 * 1024
REFUSAL = "Văn bản gửi nhầm: nội dung không thuộc địa bàn của phường"


class Actor:
    """A signed-in person with a stub for every service."""

    def __init__(self, channel, name):
        answer = session_service.SessionServiceStub(channel).SignIn(
            sessions.SignInRequest(sign_in_name=name, password=PASSWORD), timeout=DEADLINE_SECONDS
        )
        self.user = answer.session.user
        self.bearer = {"metadata": (("authorization", f"Bearer {answer.token}"),), "timeout": DEADLINE_SECONDS}
        self.units = unit_service.UnitServiceStub(channel)
        self.documents = document_service.DocumentServiceStub(channel)
        self.attachments = attachment_service.AttachmentServiceStub(channel)
        self.deliveries = delivery_service.DeliveryServiceStub(channel)
        self.registers = register_service.RegisterServiceStub(channel)
        self.recalls = recall_service.RecallServiceStub(channel)
        self.reviews = review_service.ReviewServiceStub(channel)

    def communes(self):
        """All wards and communes, read in small pages."""
        kinds = [unit.UNIT_KIND_WARD, unit.UNIT_KIND_COMMUNE]
        found, token = [], ""
        while True:
            request = units.ListUnitsRequest(kinds=kinds, page_size=20, page_token=token)
            page = self.units.ListUnits(request, **self.bearer)
            check(len(page.units) <= 20, "no page is longer than asked for")
            found.extend(page.units)
            token = page.next_page_token
            if not token:
                return found

    def upload(self, header, content):
        """Attaches a file by client streaming."""

        def parts():
            yield attachments.UploadAttachmentRequest(header=header)
            for start in range(0, len(content), CHUNK_BYTES):
                yield attachments.UploadAttachmentRequest(chunk=content[start : start + CHUNK_BYTES])

        return self.attachments.UploadAttachment(parts(), **self.bearer)

    def download(self, attachment_id):
        """The attachment and its bytes, by server streaming."""
        request = attachments.DownloadAttachmentRequest(id=attachment_id)
        parts = list(self.attachments.DownloadAttachment(request, **self.bearer))
        check(parts[0].WhichOneof("part") == "attachment", "a download begins with the attachment")
        return parts[0].attachment, b"".join(part.chunk for part in parts[1:])

    def register(self, direction=registry.REGISTER_DIRECTION_OUTGOING):
        """A register of the agency, read in small pages, as JSON line by line."""
        lines, token = [], ""
        while True:
            request = registers.ListRegisterEntriesRequest(
                agency_id=self.user.appointments[0].agency_id, direction=direction, page_size=1, page_token=token
            )
            page = self.registers.ListRegisterEntries(request, **self.bearer)
            lines.extend(json_format.MessageToDict(entry) for entry in page.entries)
            token = page.next_page_token
            if not token:
                return lines

    def arrived(self, document_id):
        """The delivery of a document in the inbox."""
        token = ""
        while True:
            page = self.deliveries.ListDeliveries(deliveries.ListDeliveriesRequest(page_token=token), **self.bearer)
            for found in page.deliveries:
                if found.document_id == document_id:
                    return found
            token = page.next_page_token
            check(token, f"the document is in the inbox of {self.user.sign_in_name}")


def check(holds, what):
    """Stops the story when something does not hold."""
    if not holds:
        sys.exit(f"does not hold: {what}")


def equal(found, expected, what):
    """Stops the story when two things differ."""
    check(found == expected, f"{what}: {found!r} instead of {expected!r}")


def request_id():
    """A new request id."""
    return str(uuid.uuid4())


def refused(call, code, reason):
    """Makes a call that must be refused; the ErrorInfo of the refusal."""
    try:
        call()
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        check(status is not None, f"the refusal has details: {error}")
        info = error_details_pb2.ErrorInfo()
        check(any(detail.Unpack(info) for detail in status.details), f"the refusal has an ErrorInfo: {status}")
        equal((error.code(), info.reason), (code, reason), "the refusal")
        return info
    sys.exit(f"does not hold: the call is refused with {reason}")


def draft(officer, communes, content, relations=()):
    """The officer drafts an official letter to all communes, attaches the file and submits it."""
    fields = document.Document(
        drafting_unit_id=officer.user.appointments[0].unit_id,
        kind=document.DOCUMENT_KIND_OFFICIAL_LETTER,
        abstract="V/v báo cáo tình hình tiếp nhận văn bản điện tử",
        page_amount=1,
        recipients=[document.Recipient(unit_id=commune.id) for commune in communes],
        relations=relations,
    )
    create = documents.CreateDocumentRequest(document=fields, request_id=request_id())
    created = officer.documents.CreateDocument(create, **officer.bearer).document
    equal(created.stage, document.STAGE_DRAFT, "the stage of a new draft")
    header = attachments.UploadAttachmentHeader(
        document_id=created.id,
        file_name="cong-van.pdf",
        role=attachment.ATTACHMENT_ROLE_MAIN,
        revision=created.revision,
        request_id=request_id(),
    )
    attached = officer.upload(header, content)
    equal(attached.attachment.size_bytes, len(content), "the size of the file stored")
    submit = documents.SubmitDocumentRequest(
        id=created.id, revision=attached.document_revision, request_id=request_id()
    )
    return officer.documents.SubmitDocument(submit, **officer.bearer).document


def review(submitted, checkers):
    """The head of the unit checks the content, the document office the format."""
    document = submitted
    for place, checker in enumerate(checkers, start=1):
        equal([step.check for step in document.pending], [place], "the check that is waited for")
        request = reviews.CheckDocumentRequest(
            id=document.id, revision=document.revision, check=place, request_id=request_id()
        )
        document = checker.reviews.CheckDocument(request, **checker.bearer).document
    return document


def sign(head, submitted):
    """The head of the agency approves and signs."""
    approve = documents.ApproveDocumentRequest(
        id=submitted.id, revision=submitted.revision, request_id=request_id()
    )
    approved = head.documents.ApproveDocument(approve, **head.bearer).document
    request = documents.SignDocumentRequest(id=approved.id, revision=approved.revision, request_id=request_id())
    return head.documents.SignDocument(request, **head.bearer).document


def issue(clerk, signed, recipients):
    """The document office issues, once, however often it is asked."""
    request = documents.IssueDocumentRequest(id=signed.id, revision=signed.revision, request_id=request_id())
    first = clerk.documents.IssueDocument(request, **clerk.bearer)
    equal(first.document.stage, document.STAGE_ISSUED, "the stage after issuing")
    equal(first.delivery_count, recipients, "the number of deliveries")
    repeated = clerk.documents.IssueDocument(request, **clerk.bearer)
    equal(repeated, first, "the answer to the same request_id")

    issued = first.document
    again = documents.IssueDocumentRequest(id=issued.id, revision=issued.revision, request_id=request_id())
    info = refused(
        lambda: clerk.documents.IssueDocument(again, **clerk.bearer),
        grpc.StatusCode.FAILED_PRECONDITION,
        "ALREADY_ISSUED",
    )
    equal(info.domain, "documents.congvan", "the domain of the refusal")
    equal(int(info.metadata["number"]), issued.issuance.number, "the number that the refusal names")
    return issued


def receive(accepting, refusing, issued):
    """One commune accepts, another refuses with a reason."""
    arrived = accepting.arrived(issued.id)
    equal(arrived.notation, issued.issuance.notation, "the notation in the inbox")
    accept = deliveries.AcceptDeliveryRequest(id=arrived.id, revision=arrived.revision, request_id=request_id())
    accepted = accepting.deliveries.AcceptDelivery(accept, **accepting.bearer).delivery
    check(accepted.arrival_number > 0, "an accepted document has an arrival number")

    arrived = refusing.arrived(issued.id)
    refuse = deliveries.RefuseDeliveryRequest(
        id=arrived.id, revision=arrived.revision, reason=REFUSAL, request_id=request_id()
    )
    declined = refusing.deliveries.RefuseDelivery(refuse, **refusing.bearer).delivery
    equal(declined.status, delivery.DELIVERY_STATUS_REFUSED, "the status of the refused delivery")


def follow(officer, refusing, issued, recipients):
    """The sender sees on the board what became of it."""
    request = deliveries.GetDeliveryBoardRequest(document_id=issued.id)
    board = officer.deliveries.GetDeliveryBoard(request, **officer.bearer).board
    counts = {entry.status: entry.count for entry in board.counts}
    expected = {
        delivery.DELIVERY_STATUS_ARRIVED: recipients - 2,
        delivery.DELIVERY_STATUS_ACCEPTED: 1,
        delivery.DELIVERY_STATUS_REFUSED: 1,
    }
    equal((board.total, counts), (recipients, expected), "the board")
    exceptions = [(entry.recipient_id, entry.refusal_reason) for entry in board.exceptions]
    equal(exceptions, [(refusing.user.appointments[0].agency_id, REFUSAL)], "the exceptions on the board")


def verify(lines):
    """What verify_register.py says of an exported register: its exit code and its words."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.flush()
        script = pathlib.Path(__file__).with_name("verify_register.py")
        ended = subprocess.run([sys.executable, script, file.name], capture_output=True, text=True)
    check(not ended.stderr, f"the script runs: {ended.stderr}")
    return ended.returncode, ended.stdout


def ledger(clerk, issued):
    """The exported register fits; whatever is changed in it is found, and where."""
    lines = clerk.register()
    check(len(lines) >= 2, "the register has several lines")
    equal(lines[-1]["documentId"], issued.id, "the document of the last line")
    code, told = verify(lines)
    equal(code, 0, f"the register fits: {told}")
    check(f"{len(lines)} lines, last number {len(lines)}, 0 void, no gaps" in told, f"all lines were checked: {told}")

    last = lines[-1]
    changed = {
        "notation": "99/SNV-VP",
        "issuedDate": "2020-01-01",
        "abstract": last["abstract"] + ".",
        "documentId": str(uuid.uuid4()),
        "signerName": "Người khác",
        "counterpartName": "Cơ quan khác",
        "descriptionSalt": "0" * 64,
        "descriptionHash": "0" * 64,
        "createTime": "2020-01-01T00:00:00Z",
        "number": last["number"] + 1,
        "act": "REGISTER_ACT_VOIDED",
        "series": "GCN",
        "reason": "Hủy",
        "officerName": "Người khác",
        "previousHash": "0" * 64,
        "hash": "0" * 64,
    }
    for name, value in changed.items():
        code, told = verify([*lines[:-1], last | {name: value}])
        check(code == 1 and f"LINE {last['line'] if name != 'series' else 1} DOES NOT FIT" in told, f"a changed {name} is found: {told}")
    for tampered in [lines[1:], [lines[1], lines[0], *lines[2:]]]:
        code, told = verify(tampered)
        check(code == 1 and "LINE 1 DOES NOT FIT: gap" in told, f"a line that is not in its place is found: {told}")
    return len(lines)


def take_back(clerk, accepting, issued, notice):
    """The letter is recalled; a commune agrees, and its register fits though it says nothing of the letter any more."""
    order = recalls.RequestRecallRequest(
        document_id=issued.id,
        revision=issued.revision,
        notice_document_id=notice.id,
        reason="Ban hành nhầm",
        request_id=request_id(),
    )
    order.deadline.FromDatetime(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=5))
    requested = clerk.recalls.RequestRecall(order, **clerk.bearer).recall
    equal(requested.state, recall.RECALL_STATE_UNDER_WAY, "the state of the recall")
    asked = accepting.arrived(issued.id)
    agree = recalls.AgreeRecallRequest(id=asked.id, revision=asked.revision, request_id=request_id())
    left = accepting.recalls.AgreeRecall(agree, **accepting.bearer).delivery
    equal((left.abstract, left.notation), ("", ""), "what is left of the letter")
    lines = accepting.register(registry.REGISTER_DIRECTION_INCOMING)
    line = next(line for line in lines if line["documentId"] == issued.id)
    check("abstract" not in line and line["recallId"] == requested.id, f"the line is a tombstone: {line}")
    code, told = verify(lines)
    equal(code, 0, f"the register fits: {told}")
    code, told = verify([entry | {"recallId": ""} if entry is line else entry for entry in lines])
    check(code == 1 and "destroyed" in told, f"a line that is empty without a recall is found: {told}")


def story(channel):
    """One official letter from draft to receipt."""
    unsigned = session_service.SessionServiceStub(channel)
    refused(
        lambda: unsigned.GetSession(sessions.GetSessionRequest(), timeout=DEADLINE_SECONDS),
        grpc.StatusCode.UNAUTHENTICATED,
        "NOT_SIGNED_IN",
    )
    print("without a session: UNAUTHENTICATED, NOT_SIGNED_IN")

    officer = Actor(channel, "canbo.snv")
    communes = officer.communes()
    equal(len({commune.id for commune in communes}), 75, "the number of communes")
    content = arguments.file.read_bytes()
    submitted = draft(officer, communes, content)
    print(f"drafted with {len(content)} bytes for {len(communes)} communes, and submitted")

    clerk, head = Actor(channel, "vanthu.snv"), Actor(channel, "lanhdao.snv")
    checkers = [Actor(channel, "truong.vp.snv"), clerk]
    checked = review(submitted, checkers)
    print("content and format checked, by different people")
    signed = sign(head, checked)
    issued = issue(clerk, signed, len(communes))
    print(f"issued as {issued.issuance.notation} of {issued.issuance.issued_date}; once, however often asked")

    accepting, refusing = Actor(channel, "vanthu.03646"), Actor(channel, "vanthu.03664")
    receive(accepting, refusing, issued)
    follow(officer, refusing, issued, len(communes))
    print("one commune accepted, one refused: the board says so")

    described, received = accepting.download(issued.attachments[0].id)
    equal((described.size_bytes, received), (len(content), content), "the file that the commune downloads")
    print("the commune downloads the very bytes that were uploaded")

    recalling = relation.DocumentRelation(kind=relation.RELATION_KIND_RECALL_NOTICE, document_id=issued.id)
    notice = review(draft(officer, communes, content, [recalling]), checkers)
    notice = issue(clerk, sign(head, notice), len(communes))
    print(f"the register's {ledger(clerk, notice)} lines fit, and no change in them passes unnoticed")

    take_back(clerk, accepting, issued, notice)
    print("recalled: the commune keeps a tombstone, and its register fits")


with grpc.insecure_channel(arguments.at) as plain:
    story(plain)
