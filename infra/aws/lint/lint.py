"""Checks the template as SAM reads it, then as CloudFormation will: cfn-lint lets errors pass in SAM's own source.

Run by `make lint-template`, in the environment that tools/requirements.txt pins. Needs no network and no account.
Ends with a count; exits 1 when a check failed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

AWS = pathlib.Path(__file__).resolve().parent.parent
TEMPLATE = AWS / "template.yaml"
BIN = pathlib.Path(sys.executable).parent
REGIONS = ["us-east-1", "eu-central-1"]
# Both tools read the template under a region's rules; nobody is asked whose it is.
os.environ |= {"AWS_DEFAULT_REGION": REGIONS[0], "SAM_CLI_TELEMETRY": "0"}


class NoManagedPolicies:
    """The translator asks for AWS's managed policies by name; the template names none."""

    def load(self):
        return {}


def translated() -> dict:
    """The template as CloudFormation gets it, with stand-ins for the code."""
    template = yaml_parse(TEMPLATE.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    return transform(template, {}, NoManagedPolicies())


def run(*command: str) -> bool:
    """Whether the command succeeds; shows what it says when not."""
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode == 0


def validates() -> bool:
    return run(str(BIN / "sam"), "validate", "--lint", "--template", str(TEMPLATE))


def lints_when_translated() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "translated.json"
        target.write_text(json.dumps(translated(), indent=1))
        return run(str(BIN / "cfn-lint"), str(target), "--regions", *REGIONS, "--non-zero-exit-code", "warning")


def main() -> int:
    checks = {
        "sam validates the template": validates,
        "cfn-lint finds nothing in the translated template": lints_when_translated,
    }
    failed = 0
    for name, check in checks.items():
        good = check()
        failed += not good
        print("ok  " if good else "FAIL", name)
    print(f"template: {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
