"""The stack under test: deployed, updated, asked and deleted with the tools that an operator uses."""

import json
import os
import pathlib
import platform
import subprocess
import time

from emulator import Emulator

ROOT = pathlib.Path(__file__).resolve().parents[2]
AWS = ROOT / "infra" / "aws"
STACK = "handoff"
PORTAL = "62515"
ADMIN = "admin@example.com"
SECRET_NAME = "handoff/hubspot"
ARCH = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
# What the emulator has no notion of, and where it is otherwise.
PARAMETERS = {
    "PortalId": PORTAL,
    "AdminEmail": ADMIN,
    "MailFrom": "handoff@example.com",
    "MailIdentity": "example.com",
    "Arch": ARCH,
    # An alarm over several metrics.
    "CostPerHandoffLimit": "0",
    # No internet there: every site would only be told as a gap, after a minute of waiting for the queues.
    "ReadWebsites": "off",
    # The emulator speaks plain HTTP, and enforces what the policies say of it.
    "OnlyOverTls": "false",
}


class Stack:
    """`sam` on the unmodified template. Parameters that an update does not name stay as they were."""

    def __init__(self, emulator: Emulator, tools: pathlib.Path, log: pathlib.Path, hubspot_url: str, client_secret: str):
        self.emulator, self.tools, self.log = emulator, tools, log
        self.parameters = PARAMETERS | {"HubSpotApiBaseUrl": hubspot_url}
        self.environment = {**os.environ, **emulator.environment, "SAM_CLI_TELEMETRY": "0", "PATH": f"{tools}:{os.environ['PATH']}"}
        self.cloudformation, self.secrets = emulator.client("cloudformation"), emulator.client("secretsmanager")
        secret = {"client_secret": client_secret, "client_secret_previous": "", "access_token": "sample-token"}
        self.secrets.create_secret(Name=SECRET_NAME, SecretString=json.dumps(secret))
        self.secret = secret

    def build(self):
        self._sam("build")

    def deploy(self, **parameters: str) -> float:
        """Deploys with these parameters changed; the seconds that it took."""
        self.parameters |= parameters
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        started = time.monotonic()
        self._sam("deploy", "--stack-name", STACK, "--resolve-s3", "--no-confirm-changeset", "--no-fail-on-empty-changeset",
                  "--parameter-overrides", *overrides)
        seconds = time.monotonic() - started
        self._mend_numbers()
        self._mend_rights()
        self._mend_versions()
        return seconds

    def _mend_numbers(self):
        """The emulator keeps a number that came through a parameter as text, and then cannot compare with it."""
        functions = self.emulator.client("lambda")
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
            limit = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
            if limit:
                functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": int(limit)})

    def _mend_rights(self):
        """What the emulator asks for where AWS asks for something else: rights of their own for Converse (AWS: InvokeModel)
        and for a batch of messages (AWS: SendMessage), and SES's without resource or condition."""
        roles = self.resources("AWS::IAM::Role")
        others = (("DraftingWorkerRole", ["bedrock:Converse", "sqs:SendMessageBatch"]), ("EmailSenderRole", ["ses:SendEmail"]))
        for role, actions in others:
            policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
            self.emulator.client("iam").put_role_policy(RoleName=roles[role], PolicyName="emulator", PolicyDocument=json.dumps(policy))

    def _mend_versions(self):
        """The emulator translates the template without its parameters, so `Release` and a changed value publish nothing."""
        functions = self.emulator.client("lambda")
        for function in functions.list_functions()["Functions"]:
            name = function["FunctionName"]
            version = functions.publish_version(FunctionName=name)["Version"]
            functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def delete(self) -> float:
        """As `sam delete` does, but for what it uploaded: it cannot read the emulator's address of the nested template."""
        started = time.monotonic()
        self.cloudformation.delete_stack(StackName=STACK)
        self.cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        return time.monotonic() - started

    def _sam(self, *arguments: str):
        with self.log.open("a") as log:
            log.write(f"\n$ sam {' '.join(arguments)}\n")
            log.flush()
            subprocess.run([self.tools / "sam", *arguments], cwd=AWS, env=self.environment, stdout=log, stderr=subprocess.STDOUT, check=True)

    def outputs(self) -> dict:
        [stack] = self.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def resources(self, kind: str, stack: str = STACK) -> dict:
        """Logical id to physical id of all resources of one type."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        found = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found if resource["ResourceType"] == kind}

    def put_secret(self, **changes: str) -> str:
        """A new version of HubSpot's secret; its id."""
        self.secret |= changes
        return self.secrets.put_secret_value(SecretId=SECRET_NAME, SecretString=json.dumps(self.secret))["VersionId"]

    def make_organization(self) -> str:
        """As the guide says; what the command said."""
        flags = f"--handoffs-from 2026-01-01T00:00:00Z --roster {ROOT / 'tests' / 'deployment' / 'people.json'}"
        command = ["make", "organization", f"STACK={STACK}", f"PORTAL={PORTAL}", f"ADMIN={ADMIN}", "NAME=Northwind Software", f"FLAGS={flags}"]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, text=True, capture_output=True).stdout

    def logs(self) -> dict:
        """Function name to everything that it logged."""
        logs, found = self.emulator.client("logs"), {}
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
            found[name.rsplit("/", 1)[-1].removeprefix(f"{STACK}-")] = "\n".join(event["message"] for page in pages for event in page["events"])
        return found
