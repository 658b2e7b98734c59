"""Deploys the unmodified template into an emulator of AWS that enforces IAM, and takes it through its life.

Build, deploy, organization, a handoff from the signed webhook to the CSM's mail with a model behind Converse, the journeys
of `tests/journeys`, a browser, poison, schedules, rights taken away, rotation, updates, deletion. Run by `make deploy-test`;
ends with `N passed, N failed`. What the emulator cannot show is listed in docs/operations.md.
"""

import argparse
import base64
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from emulator import Emulator  # noqa: E402
from model import HONEST_QUESTION, INVENTED, LYING_QUESTION, Model  # noqa: E402
from stack import ARCH, PORTAL, ROOT, STACK, Stack  # noqa: E402
from street import Crm, Street  # noqa: E402

SECRET = "local-client-secret"  # as the journeys sign
RICH = "31200418901"
# Journeys that need no lever but what a deployed stack has: no movable clock, no faults, no restart. (The emulator's API
# drops %00 from a path, so wrong tokens are looked at in the local run only.)
JOURNEYS = [
    "bad_input::", "form::", "happy_path::", "links::looking_changes_nothing_however_often",
    "webhooks::a_claim_that_is_not_true_in_hubspot_makes_no_account", "webhooks::a_hundred_events_of_many_deals_each_become_one_account",
    "webhooks::signed_nonsense_is_kept_for_a_person_and_not_retried",
]
SCHEDULE_SECONDS = 330
LINK = re.compile(r"/handoff/[\w-]{20}")


class Story:
    """The steps in their order; a step that fails does not hide those that can go on without it."""

    def __init__(self, only: str):
        self.only, self.passed, self.failed = only, 0, []

    def step(self, name: str, work, needed: bool = False):
        if not needed and self.only not in name:
            return
        started = time.monotonic()
        try:
            told = work() or ""
            good = True
        except Exception:  # noqa: BLE001 - a test tells every failure and goes on
            told, good = traceback.format_exc(), False
        seconds = time.monotonic() - started
        print(f"{'ok  ' if good else 'FAIL'} {seconds:7.1f} s  {name}{': ' if told else ''}{told}", flush=True)
        if good:
            self.passed += 1
            return
        self.failed.append(name)
        if needed:
            raise SystemExit(self.end())

    def end(self) -> int:
        if self.failed:
            print("\nfailed: " + "; ".join(self.failed))
        print(f"\n{self.passed} passed, {len(self.failed)} failed")
        return 1 if self.failed else 0


class Test:
    """Everything that the steps share."""

    def __init__(self, options):
        self.options = options
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="handoff-deployment-"))
        self.story = Story(options.only)
        self.model = Model()
        self.emulator = Emulator(options.emulator, self.work / "emulator.log", self.model.url)
        self.crm = Crm(self.start_crm)
        self.stack = Stack(self.emulator, options.tools, self.work / "sam.log", self.crm.url, SECRET)
        self.deployed_at = time.monotonic()

    def start_crm(self, port: int):
        return subprocess.Popen([self.options.programs / "examples" / "crm"], env={"PORT": str(port)}, text=True, stdout=subprocess.PIPE)

    def run(self) -> int:
        step = self.story.step
        try:
            step("sam build", self.stack.build, needed=True)
            step("sam deploy, the model drafts", functools.partial(self.deploy_first, Drafter="bedrock"), needed=True)
            step("make organization, twice", self.make_organization, needed=True)
            step("a deal becomes a handoff that the model drafted, and the CSM has it", self.handoff_by_the_model)
            step("the stack is what the template says", self.is_as_declared)
            step("a browser follows the mail's link and hands over", self.browser)
            step("a model that is away leaves the extractive drafts", self.model_is_away)
            step("a poison message reaches the dead letters and holds up nothing", self.poison)
            step("what SES tells of a bounced mail marks the handoff", self.bounce)
            step("a role without a right fails, and the work is done once it is back", self.right_taken_away)
            step("the client secret is rotated; both are taken", self.rotate_client_secret)
            step("an update loses nothing", self.update)
            step("journeys of tests/journeys", self.journeys)
            step("the schedules fire by themselves", self.schedules)
            step("no function logged anything personal, secret or panicked", self.logs_are_clean)
            step("deleting the stack keeps table, queues and link key", self.delete)
        finally:
            self.keep_logs()
            self.crm.process.kill()
            self.emulator.stop()
            print(f"\nwhat sam, the emulator and the functions said: {self.work}")
        return self.story.end()

    def keep_logs(self):
        for name, text in self.stack.logs().items():
            (self.work / f"{name}.log").write_text(text)

    # ------------------------------------------------------------ steps
    def deploy_first(self, **parameters: str) -> str:
        seconds = self.stack.deploy(**parameters)
        self.deployed_at = time.monotonic()
        return f"{len(self.stack.outputs())} outputs after {seconds:.0f} s"

    def make_organization(self):
        assert "made" in self.stack.make_organization()
        assert "nothing was changed" in self.stack.make_organization()
        self.street = Street(self.emulator, self.crm, self.stack.outputs(), self.stack.resources("AWS::SQS::Queue"), SECRET)
        kinds = sorted(item["SK"]["S"] for item in self.street.first_items)
        assert {"ORGANIZATION", "QUESTIONS", "ROSTER", "TEMPLATE", "LOADS"} <= set(kinds), kinds

    def handoff_by_the_model(self) -> str:
        street = self.street
        started = time.monotonic()
        assert street.close(RICH) == 200
        street.settle()
        seconds = time.monotonic() - started
        [invitation] = street.mails()
        assert invitation["kind"] == "handoff_invitation" and len(invitation["to"]) == 1
        assert len(self.model.calls) == 1, f"{len(self.model.calls)} model calls"
        assert self.model.calls[0]["tool_choice"]["type"] == "function", "the tool is forced"
        page = self.form()
        assert INVENTED not in page, f"an invented quote is shown under {LYING_QUESTION}"
        assert page.count("<mark") >= 4, f"{page.count('<mark')} quotes are marked in their source"
        assert HONEST_QUESTION in page
        return f"webhook to mail in {seconds:.1f} s, cold"

    def form(self) -> str:
        status, _, body = self.street.request("GET", self.link(), {})
        assert status == 200, f"the form answers {status}"
        return body.decode()

    def link(self, kind: str = "handoff_invitation") -> str:
        text = [mail for mail in self.street.mails() if mail["kind"] == kind][-1]["text"]
        return "/handoff/" + text.split("/handoff/")[1].split()[0].rstrip(".)>")

    def is_as_declared(self) -> str:
        described = self.emulator.client("dynamodb").describe_table(TableName=self.street.table)["Table"]
        assert described["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
        assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert described["DeletionProtectionEnabled"]
        functions = self.stack.resources("AWS::Lambda::Function")
        roles = self.stack.resources("AWS::IAM::Role")
        for logical in functions:
            assert f"{logical}Role" in roles, logical
        stacks = [STACK, *self.stack.resources("AWS::CloudFormation::Stack").values()]
        count = lambda kind: sum(len(self.stack.resources(kind, stack)) for stack in stacks)  # noqa: E731
        alarms, dashboards, queues = map(count, ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SQS::Queue"))
        assert alarms and dashboards == 1, (alarms, dashboards)
        return f"{len(functions)} functions, {len(roles)} roles, {queues} queues, {alarms} alarms, {dashboards} dashboard"

    def browser(self):
        environment = {
            **os.environ, "HANDOFF_STREET": self.street.url, "HANDOFF_PUBLIC": self.street.base_url,
            "HANDOFF_TLS_PORT": str(self.street.secured),
        }
        self.node("tests/browser/deployed.mjs", environment)

    def node(self, file: str, environment: dict):
        done = subprocess.run(["node", "--test", "--test-reporter=tap", file], cwd=ROOT, env=environment, text=True, capture_output=True)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def model_is_away(self):
        self.street.forget()
        self.model.is_away = True
        try:
            assert self.street.close(RICH) == 200
            self.street.settle()
        finally:
            self.model.is_away = False
        page = self.form()
        assert "<mark" in page
        assert "no ai model" in page.lower(), "the page says how the drafts were made"

    def poison(self) -> str:
        street, sqs = self.street, self.street.sqs
        street.forget()
        before = street.pending()["dead"]
        # Eight receives with the template's waiting times take hours; two with a second between them show the same.
        for queue, dead in (("MailEventsQueue", "MailEventsDeadLetters"), ("DraftingQueue", "DraftingDeadLetters")):
            arn = sqs.get_queue_attributes(QueueUrl=street.queues[dead], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
            sqs.set_queue_attributes(QueueUrl=street.queues[queue], Attributes={"VisibilityTimeout": "1", "RedrivePolicy": redrive})
        sqs.send_message(QueueUrl=street.queues["MailEventsQueue"], MessageBody="{}}} not an event")
        sqs.send_message(QueueUrl=street.queues["DraftingQueue"], MessageBody="{}}} not a request")
        assert street.close(RICH) == 200
        self.wait_for(lambda: street.pending()["dead"] >= before + 2, 120)
        street.settle()
        assert [mail["kind"] for mail in street.mails()] == ["handoff_invitation"]
        for queue in ("MailEventsDeadLetters", "DraftingDeadLetters"):
            sqs.purge_queue(QueueUrl=street.queues[queue])
        return "two dead letters, one invitation"

    def bounce(self):
        street = self.street
        street.forget()
        assert street.close(RICH) == 200
        street.settle()
        sample = json.loads((ROOT / "events" / "mail-events" / "bounce.json").read_text())
        event = json.loads(sample["Records"][0]["body"])
        owed = f"hs{PORTAL}/d{RICH}/{int(time.time() * 1e6)}/d{RICH}-r1-g1-invitation"
        event["mail"]["tags"]["outbox"] = [base64.urlsafe_b64encode(owed.encode()).decode().rstrip("=")]
        # The emulator's SES tells no events, so this test says what SES would, at the topic where SES says it.
        [topic] = [arn for name, arn in self.stack.resources("AWS::SNS::Topic").items() if name == "MailEventsTopic"]
        self.emulator.client("sns").publish(TopicArn=topic, Message=json.dumps(event))
        self.wait_for(lambda: "mail_failed" in self.handoff()["attention"]["SS"])

    def handoff(self) -> dict:
        [handoff] = [item for item in self.street.items() if item["SK"]["S"] == "HANDOFF"]
        return {"attention": {"SS": []}} | handoff

    @staticmethod
    def wait_for(holds, seconds: float = 60):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
            time.sleep(0.3)

    def right_taken_away(self):
        street, iam = self.street, self.emulator.client("iam")
        street.forget()
        role = self.stack.resources("AWS::IAM::Role")["HubspotWebhookRole"]
        name = "hubspot-webhook"
        whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        less = json.loads(json.dumps(whole))
        less["Statement"] = [statement for statement in less["Statement"] if "sqs:SendMessage" not in str(statement["Action"])]
        assert len(less["Statement"]) < len(whole["Statement"])
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(less))
        try:
            assert street.close(RICH) == 503, "a queue that may not be written is a 503, so that HubSpot comes again"
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(whole))
        assert street.close(RICH) == 200
        street.settle()
        assert len(street.mails()) == 1

    def rotate_client_secret(self) -> str:
        version = self.stack.put_secret(client_secret="a-new-client-secret-of-hubspot", client_secret_previous=SECRET)
        seconds = self.stack.deploy(HubSpotSecretVersion=version)
        body = "[]"
        assert self.street.deliver(body, "a-new-client-secret-of-hubspot") == 200
        assert self.street.deliver(body, SECRET) == 200
        assert self.street.deliver(body, "somebody else's secret") == 401
        return f"{seconds:.0f} s"

    def update(self) -> str:
        street = self.street
        street.forget()
        assert street.close(RICH) == 200
        street.settle()
        link, before = self.link(), street.items()
        seconds = self.stack.deploy(Drafter="extractive", LogRetentionDays="14")
        assert street.items() == before, "an update changes no item"
        status, _, _ = street.request("GET", link, {})
        assert status == 200, status
        return f"{seconds:.0f} s"

    def journeys(self) -> str:
        environment = {**os.environ, "HANDOFF_STREET": self.street.url, "RUST_BACKTRACE": "0"}
        command = ["cargo", "test", "--package", "handoff-tests", "--test", "journeys", "--", "--test-threads=1", *JOURNEYS]
        done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
        assert done.returncode == 0, done.stdout[-8000:]
        [line] = [line for line in done.stdout.splitlines() if line.startswith("test result:")]
        assert " 0 passed" not in line, line
        return line.removeprefix("test result: ")

    def schedules(self) -> str:
        left = SCHEDULE_SECONDS - (time.monotonic() - self.deployed_at)
        if left > 0:
            time.sleep(left)
        logs = self.stack.logs()
        for name, told in (("email-sender", "OutboxOwed"), ("reminder-sweep", "HandoffsStuck")):
            assert told in logs[name], logs[name][-2000:]
        return "outbox-sweep, reminder-sweep"

    def logs_are_clean(self) -> str:
        logs = self.stack.logs()
        for name, text in logs.items():
            for secret in (SECRET, "sample-token", "@northwind.example", "Brightwater"):
                assert secret not in text, f"{name} logged {secret}"
            assert not LINK.search(text), f"{name} logged a link"
            assert "panicked" not in text, name
        return f"{sum(map(len, logs.values()))} characters of {len(logs)} functions"

    def delete(self) -> str:
        items = len(self.street.items())
        seconds = self.stack.delete()
        assert len(self.street.items()) == items, "the table is kept"
        queues = self.emulator.client("sqs").list_queues().get("QueueUrls", [])
        assert len(queues) == len(self.street.queues), queues
        keys = [secret["Name"] for secret in self.emulator.client("secretsmanager").list_secrets()["SecretList"]]
        assert len(keys) == 2, keys
        assert not self.emulator.client("lambda").list_functions()["Functions"]
        return f"{seconds:.0f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", type=pathlib.Path, default=ROOT / ".tools/emulator/bin/ministack")
    parser.add_argument("--tools", type=pathlib.Path, default=ROOT / ".tools/checks/bin", help="where sam is")
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug")
    parser.add_argument("--only", default="", help="of the later steps only those whose name has these words")
    print(f"stack {STACK}, {ARCH}")
    return Test(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
