"""Checks the templates as SAM reads them, then as CloudFormation will (cfn-lint lets errors pass in SAM's own source), then
against the policies of infra/aws/policy.

Run by `make lint-template`, which installs the tools. Needs no network and no account. Ends with a count; exits 1 when a
check failed.
"""

import logging
import pathlib
import subprocess
import sys
import tempfile

from documents import alarms_have_entries, metrics_exist, roles_are_told
from policies import keeps_the_rules, pleases_checkov, rules_notice
from translated import REGIONS, TEMPLATE, WATCH, translated, write

BIN = pathlib.Path(sys.executable).parent


def run(*command: str) -> bool:
    """Whether the command succeeds; shows what it says when not."""
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode == 0


def cfn_lint(path: str, *more: str) -> bool:
    return run(str(BIN / "cfn-lint"), path, "--regions", *REGIONS, "--non-zero-exit-code", "warning", *more)


def validates() -> bool:
    return run(str(BIN / "sam"), "validate", "--lint", "--template", str(TEMPLATE))


def lints_when_translated() -> bool:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for gradual in ["true", "false"]:
            target = write(translated(GradualDeployment=gradual), folder, f"gradual-{gradual}.json")
            # GradualDeployment and Release are used up by SAM.
            good &= cfn_lint(target, "--ignore-checks", "W2001")
    return good


def watch_lints() -> bool:
    return cfn_lint(str(WATCH))


CHECKS = {
    "sam validates the template": validates,
    "cfn-lint finds nothing in the translated template": lints_when_translated,
    "cfn-lint finds nothing in the nested template": watch_lints,
    "cfn-guard finds the policies kept": keeps_the_rules,
    "each policy notices when it is broken": rules_notice,
    "checkov finds nothing beyond what is skipped with a reason": pleases_checkov,
    "docs/operations.md tells the roles as they are": roles_are_told,
    "each alarm has its entry in docs/operations.md, and the reverse": alarms_have_entries,
    "what alarms and dashboard watch is told by a function": metrics_exist,
}


def main() -> int:
    # The translator notes features that AWS has not switched on for everybody.
    logging.disable(logging.WARNING)
    failed = 0
    for name, check in CHECKS.items():
        good = check()
        failed += not good
        print("ok  " if good else "FAIL", name, flush=True)
    print(f"template: {len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
