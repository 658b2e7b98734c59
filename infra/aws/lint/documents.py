"""Holds docs/operations.md against the templates: the table of roles, an entry for each alarm, metrics that exist.

Run by itself (`make iam-table`), it writes the table of roles afresh.
"""

import json
import re

from translated import AWS, every_branch, watch
from samtranslator.yaml_helper import yaml_parse

ROOT = AWS.parent.parent
OPERATIONS = ROOT / "docs" / "operations.md"
METRICS = ROOT / "shared" / "runtime" / "src" / "metrics.rs"
BEGIN, END = "<!-- roles: written by `make iam-table` -->\n\n", "\n<!-- end of roles -->\n"
OURS = {"Fn::Sub": "Handoff/${Stack}"}


def source() -> dict:
    """The main template as it is written, with both branches of its conditions."""
    return every_branch(yaml_parse((AWS / "template.yaml").read_text()))


def named(resource) -> str:
    """A resource of a policy in words: the logical id, or what the ARN says after the account."""
    if isinstance(resource, list):
        return "; ".join(map(named, resource))
    if isinstance(resource, str):
        return "everything" if resource == "*" else resource
    if "Fn::GetAtt" in resource:
        at = resource["Fn::GetAtt"]
        name, attribute = at if isinstance(at, list) else at.split(".")
        return f"`{name}`" + ("'s stream" if attribute == "StreamArn" else "")
    if "Ref" in resource:
        return f"`{resource['Ref'].removesuffix('.Alias')}`" + (" (its alias)" if resource["Ref"].endswith(".Alias") else "")
    tail = re.sub(r"^arn:\$\{AWS::Partition\}:(\w+):(\$\{AWS::Region\}|\*)?:(\$\{AWS::AccountId\})?:", r"\1 ", resource["Fn::Sub"])
    return "`" + tail.replace("${", "").replace("}", "") + "`"


def roles_table() -> str:
    """Every role's actions and resources; logs and traces, which each function's role has alike, once."""
    lines = ["| function | action | resource |", "| --- | --- | --- |"]
    lines.append("| each | `logs:CreateLogStream`, `logs:PutLogEvents` | its own log group |")
    lines.append("| each | `xray:PutTraceSegments`, `xray:PutTelemetryRecords` | everything (X-Ray knows no resources) |")
    for name, role in source()["Resources"].items():
        if role["Type"] != "AWS::IAM::Role":
            continue
        who = re.sub(r"(?<!^)([A-Z])", r"-\1", name.removesuffix("Role")).lower()
        who = "`EventBridge Scheduler`" if who == "schedule" else f"`{who}`"
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement.get("Sid") in ("Log", "Trace"):
                    continue
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                only = ", only from `MailFrom`" if "ses:FromAddress" in json.dumps(statement.get("Condition", {})) else ""
                lines.append(f"| {who} | {', '.join(f'`{one}`' for one in actions)} | {named(statement['Resource'])}{only} |")
    return "\n".join(lines) + "\n"


def split(text: str) -> tuple[str, str, str]:
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before, table, after


def roles_are_told() -> bool:
    told = split(OPERATIONS.read_text())[1] == roles_table()
    if not told:
        print("docs/operations.md tells other roles than the template has: make iam-table")
    return told


def alarms() -> dict[str, dict]:
    """Properties of all alarms by logical id."""
    everything = {**source()["Resources"], **watch()["Resources"]}
    return {name: one["Properties"] for name, one in everything.items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def alarms_have_entries() -> bool:
    text = OPERATIONS.read_text()
    runbook = text.split("\n## Alarms\n")[1].split("\n## ")[0]
    entries = set(re.findall(r"^### ([a-z0-9-]+)$", runbook, re.M))
    good, used = True, set()
    for name, alarm in alarms().items():
        anchor = alarm["AlarmDescription"].split("#")[-1]
        used.add(anchor)
        if anchor not in entries:
            good = False
            print(f"{name} names {anchor}, the runbook has no such entry")
        own = alarm["AlarmName"]["Fn::Sub"].split("}-", 1)[1]
        if anchor not in (own, "function-errors"):
            good = False
            print(f"{name} is called {own} and names the entry {anchor}")
    if entries - used:
        good = False
        print("entries of no alarm:", ", ".join(sorted(entries - used)))
    return good


def watched_metrics() -> set[str]:
    """Names of our own metrics in alarms and on the dashboard."""
    names = set()
    for alarm in alarms().values():
        if alarm.get("Namespace") == OURS:
            names.add(alarm["MetricName"])
        names |= {one["MetricStat"]["Metric"]["MetricName"] for one in alarm.get("Metrics", []) if "MetricStat" in one}
    body = dashboard_body()
    for widget in body["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            if str(metric[0]).startswith("Handoff/"):
                names.add(metric[1])
            expression = metric[0].get("expression", "") if isinstance(metric[0], dict) else ""
            if "{Handoff/" in expression:
                names |= set(re.findall(r'MetricName="(\w+)"', expression))
    return names


def dashboard_body() -> dict:
    text = watch()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    return json.loads(re.sub(r"\$\{[^}]+\}", "0", text.replace("${Stack}", "handoff")))


def metrics_exist() -> bool:
    """Whether the functions tell every metric that is watched, and the dashboard's body is JSON."""
    names = watched_metrics()
    told = set(re.findall(r'"([A-Z][A-Za-z]+)"', METRICS.read_text())) if METRICS.exists() else names
    if names - told:
        print("watched, but told by no function:", ", ".join(sorted(names - told)))
    return not names - told


if __name__ == "__main__":
    before, _, after = split(OPERATIONS.read_text())
    OPERATIONS.write_text(before + BEGIN + roles_table() + END + after)
