"""cfn-guard with the rules of infra/aws/policy, over the templates and over broken copies of the main one; and checkov."""

import json
import re
import subprocess
import tempfile

from mutations import MUTATIONS, mutants
from translated import AWS, every_branch, translated, watch, write

ROOT = AWS.parent.parent
RULES = AWS / "policy"
GUARD = ROOT / ".tools" / "guard" / "bin" / "cfn-guard"
CHECKOV = ROOT / ".tools" / "checkov" / "bin" / "checkov"


def everything() -> dict:
    """The main template with all that conditions and parameters can add to it."""
    return every_branch(translated(GradualDeployment="true"))


def broken_rules(path: str, rules=RULES) -> list[str]:
    """Names of the rules that the template at `path` breaks."""
    command = [GUARD, "validate", "--rules", rules, "--data", path, "--structured", "--output-format", "json", "--show-summary", "none"]
    done = subprocess.run(list(map(str, command)), text=True, capture_output=True)
    if not done.stdout.strip():
        raise RuntimeError(f"cfn-guard said nothing: {done.stderr}")
    return [fault["Rule"]["name"] for report in json.loads(done.stdout) for fault in report["not_compliant"]]


def keeps_the_rules() -> bool:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        main = everything()
        for name, template, rules in [("template", main, RULES), ("watch", watch(), RULES / "alarms.guard")]:
            for rule in broken_rules(write(template, folder, f"{name}.json"), rules):
                good = False
                print(f"{name}.yaml breaks {rule}")
    return good


def rules_notice() -> bool:
    """Whether each way to break the template is noticed, and each rule is tried by at least one."""
    template = everything()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for number, (rule, broken) in enumerate(mutants(template)):
            if rule not in broken_rules(write(broken, folder, f"{number}.json")):
                good = False
                print(f"{rule} does not notice mutation {number}")
    written = {name for file in RULES.glob("*.guard") for name in re.findall(r"^rule (\w+)", file.read_text(), re.M)}
    untried = written - {rule for rule, _ in MUTATIONS}
    if untried:
        print("no mutation tries", ", ".join(sorted(untried)))
    return good and not untried


def pleases_checkov() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        write(everything(), folder, "template.json")
        write(watch(), folder, "watch.json")
        command = [CHECKOV, "--config-file", RULES / "checkov.yaml", "--directory", folder]
        done = subprocess.run(list(map(str, command)), text=True, capture_output=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode == 0
