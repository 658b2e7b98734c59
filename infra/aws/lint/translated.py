"""The templates as CloudFormation gets them, with stand-ins for the code."""

import json
import os
import pathlib

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

AWS = pathlib.Path(__file__).resolve().parent.parent
TEMPLATE = AWS / "template.yaml"
WATCH = AWS / "watch.yaml"
REGIONS = ["us-east-1", "eu-central-1"]
# The tools read a template under a region's rules; nobody is asked whose it is.
os.environ |= {"AWS_DEFAULT_REGION": REGIONS[0], "SAM_CLI_TELEMETRY": "0"}


class NoManagedPolicies:
    """The translator asks for AWS's managed policies by name; the template names none."""

    def load(self):
        return {}


def translated(**parameters: str) -> dict:
    """The main template, translated for these parameters (the rest as they stand in it)."""
    template = yaml_parse(TEMPLATE.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
        if resource["Type"] == "AWS::CloudFormation::Stack":
            resource["Properties"]["TemplateURL"] = "https://bucket.s3.amazonaws.com/watch.yaml"
    return transform(template, parameters, NoManagedPolicies())


def every_branch(value):
    """The template with both branches of each condition that stands in a list, for policies to look at."""
    if isinstance(value, dict):
        return {key: every_branch(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    entries = []
    for one in value:
        branches = one["Fn::If"][1:] if isinstance(one, dict) and set(one) == {"Fn::If"} else [one]
        entries += [every_branch(branch) for branch in branches if branch != {"Ref": "AWS::NoValue"}]
    return entries


def watch() -> dict:
    """The nested template, its short tags spelled out."""
    return yaml_parse(WATCH.read_text())


def write(template: dict, folder: str, name: str) -> str:
    """Writes a template as JSON; the path."""
    target = pathlib.Path(folder) / name
    target.write_text(json.dumps(template, indent=1))
    return str(target)
