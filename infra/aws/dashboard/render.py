"""Draws the dashboard of watch.yaml as one SVG page: the real widgets, titles, metrics and scales, over made-up numbers.

Run by `make dashboard-picture`, in the environment that tools/requirements.txt pins: `render.py <page.html>`. It is for reviewers
without an account; CloudWatch's own drawing differs in detail.
"""

import html
import json
import math
import pathlib
import random
import re
import sys

from samtranslator.yaml_helper import yaml_parse

WATCH = pathlib.Path(__file__).resolve().parent.parent / "watch.yaml"
COLUMN, ROW, GAP = 50, 42, 4
COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"]
POINTS = 48
# What a search finds in a deployment: its series by the metric that it asks for.
FOUND = {
    "MailSent": ["handoff_invitation", "handoff_received", "handoff_receipt", "handoff_escalated"],
    "RequestMilliseconds": ["POST /webhooks/hubspot", "GET /handoff/{token}", "POST /handoff/{token}/answers", "POST /handoff/{token}/submit"],
    "Errors": ["handoff-hubspot-webhook", "handoff-drafting-worker", "handoff-handoff-form", "handoff-email-sender"],
}
# Highest made-up value by axis; troubles lie low.
HEIGHTS = {"milliseconds": 900, "seconds": 22, "tokens": 90000, "dollars": 0.004, "minutes": 4, "per cent": 2, "answers": 300, "deliveries": 60}
QUIET = re.compile("stand still|Dead|Trouble|Errors|Throttles")


def body() -> dict:
    """The dashboard with what CloudFormation would fill in."""
    text = yaml_parse(WATCH.read_text())["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    values = {"Stack": "handoff", "CostPerHandoffLimit": "0.05", "AWS::Region": "us-east-1"}
    return json.loads(re.sub(r"\$\{([^}]+)\}", lambda found: values.get(found[1], found[1]), text))


def labels(metrics: list) -> list[str]:
    """Names of the visible series, in order."""
    names = []
    for metric in metrics:
        options = metric[-1] if isinstance(metric[-1], dict) else {}
        if options.get("visible") is False:
            continue
        if search := re.search(r'MetricName="(\w+)"', options.get("expression", "")):
            names += FOUND[search[1]]
        else:
            names.append(options.get("label") or " ".join(map(str, metric[1:2])))
    return names


def text(x: float, y: float, words: str, size: int = 11, colour: str = "#16191f", more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" {more}>{html.escape(words)}</text>'


def line(name: str, top: float, box: tuple, colour: str, quiet: bool) -> str:
    """One made-up series: the same for the same name, every time."""
    x, y, width, height = box
    chance = random.Random(name)
    level = chance.uniform(0.15, 0.7)
    value = lambda i: 0 if quiet and chance.random() < 0.93 else level * (1 + 0.4 * math.sin(i / 7 + level * 9)) * chance.uniform(0.75, 1.2)
    points = [f"{x + width * i / (POINTS - 1):.0f},{y + height - height * min(value(i), 1.1) / 1.25:.0f}" for i in range(POINTS)]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.5" shape-rendering="crispEdges"/>'


def graph(widget: dict, x: float, y: float, width: float, height: float) -> str:
    properties = widget["properties"]
    names, axis = labels(properties["metrics"]), properties["yAxis"]["left"]["label"]
    legend_rows = math.ceil(len(names) / 2)
    box = (x + 44, y + 34, width - 56, height - 62 - 14 * legend_rows)
    top = HEIGHTS.get(axis, 12)
    drawn = [text(x + 10, y + 18, properties["title"], 12, more='font-weight="600"')]
    drawn.append(text(x + width - 10, y + 30, f"{axis}, {properties.get('stat', 'Sum')} per {period(properties['period'])}", 9, "#687078", 'text-anchor="end"'))
    for step in range(4):
        level = box[1] + box[3] * step / 3
        drawn.append(f'<line x1="{box[0]:.0f}" x2="{box[0] + box[2]:.0f}" y1="{level:.0f}" y2="{level:.0f}" stroke="#e3e6e8"/>')
        drawn.append(text(box[0] - 5, level + 3, f"{top * (3 - step) / 3:.3g}", 9, "#687078", 'text-anchor="end"'))
    for number, name in enumerate(names):
        colour = COLOURS[number % len(COLOURS)]
        drawn.append(line(properties["title"] + name, top, box, colour, bool(QUIET.search(properties["title"]))))
        at_x, at_y = x + 12 + (number % 2) * width / 2, y + height - 12 - 14 * (legend_rows - 1 - number // 2)
        drawn.append(f'<rect x="{at_x:.0f}" y="{at_y - 7:.0f}" width="8" height="8" fill="{colour}"/>')
        drawn.append(text(at_x + 12, at_y, name[: int(width / 13)], 10))
    for mark in properties.get("annotations", {}).get("horizontal", []):
        level = box[1] + 6
        drawn.append(f'<line x1="{box[0]:.0f}" x2="{box[0] + box[2]:.0f}" y1="{level:.0f}" y2="{level:.0f}" stroke="#d13212" stroke-dasharray="4 3"/>')
        drawn.append(text(box[0] + 4, level - 3, f"{mark['label']} at {mark['value']}", 9, "#d13212"))
    return "".join(drawn)


def period(seconds: int) -> str:
    return {300: "5 minutes", 3600: "hour", 86400: "day"}[seconds]


def alarm_list(widget: dict, x: float, y: float, width: float) -> str:
    names = [re.sub(r"(?<!^)([A-Z])", r"-\1", arn.removesuffix(".Arn")).lower() for arn in widget["properties"]["alarms"]]
    drawn = [text(x + 10, y + 20, f"{widget['properties']['title']} ({len(names)})", 12, more='font-weight="600"')]
    for number, name in enumerate(names):
        at_x, at_y = x + 12 + (number % 7) * (width - 20) / 7, y + 36 + (number // 7) * 32
        drawn.append(f'<rect x="{at_x:.0f}" y="{at_y:.0f}" width="{(width - 20) / 7 - 6:.0f}" height="26" rx="3" fill="#eaf6ed" stroke="#1d8102"/>')
        drawn.append(text(at_x + 8, at_y + 17, name, 11, "#1d8102"))
    return "".join(drawn)


def draw(widget: dict) -> str:
    x, y = widget["x"] * COLUMN + GAP, widget["y"] * ROW + GAP + 28
    width, height = widget["width"] * COLUMN - 2 * GAP, widget["height"] * ROW - 2 * GAP
    frame = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="#fff" stroke="#d5dbdb"/>'
    if widget["type"] == "text":
        title, words = widget["properties"]["markdown"].split("\n", 1)
        return frame + text(x + 12, y + 30, title.removeprefix("## "), 18, more='font-weight="600"') + text(x + 12, y + 56, words, 12, "#545b64")
    if widget["type"] == "alarm":
        return frame + alarm_list(widget, x, y, width)
    return frame + graph(widget, x, y, width, height)


def page() -> str:
    widgets = body()["widgets"]
    height = max(one["y"] + one["height"] for one in widgets) * ROW + 36
    note = text(GAP + 2, 20, "Handoff: the dashboard as infra/aws/watch.yaml defines it. Layout and series are real, all numbers are made up.", 13, "#d13212")
    drawn = "".join(map(draw, widgets))
    return (
        '<!doctype html><meta charset="utf-8"><style>body{margin:0}text{font-family:sans-serif}</style>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{24 * COLUMN}" height="{height}" style="background:#f2f3f3;display:block">{note}{drawn}</svg>'
    )


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text(page())
    print(max(one["y"] + one["height"] for one in body()["widgets"]) * ROW + 36)
