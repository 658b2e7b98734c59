"""What a month of Handoff costs at three sizes, from counted calls and list prices. Run by `make cost`; nothing is measured here.

cost = handoffs x (sum over what one handoff uses: amount x price) + what runs whether or not a deal closes.
Change HANDOFF and PRICES to your own; free tiers are left out, except where a service has no price below them.
"""

# Dollars each, us-east-1, as of autumn 2026. True: read on a page about the price then; False: from memory, to be read again.
PRICES = {
    "Bedrock, tokens in": (0.06e-6, True),  # Nova Lite
    "Bedrock, tokens out": (0.24e-6, True),
    "SES, mails": (0.10e-3, False),
    "DynamoDB, write units": (0.625e-6, True),
    "DynamoDB, read units": (0.125e-6, True),
    "DynamoDB, GB-months": (0.25, False),
    "DynamoDB, restorable GB-months": (0.20, False),
    "Lambda, GB-seconds on arm64": (0.0000133334, True),
    "Lambda, calls": (0.20e-6, True),
    "HTTP API, requests": (1.00e-6, True),
    "SQS, requests": (0.40e-6, False),
    "SNS, mail events to the queue": (0.50e-6, False),  # publishing; delivery to SQS is free
    "CloudWatch Logs, GB": (0.50, False),
    "CloudWatch, series of metrics": (0.30, False),  # by the hour in which they are told
    "CloudWatch, alarms": (0.10, False),
    "X-Ray, traces": (5.00e-6, False),
    "Secrets Manager, secrets": (0.40, False),
    "Scheduler, runs": (1.00e-6, True),
}

# What one handoff uses. Calls and units as the journey tests count them (`make bench`) for a deal with a hundred
# activities; an almost empty one takes 80 write and 13 read units. Waiting for the model is nearly all of Lambda's time.
HANDOFF = {
    "Bedrock, tokens in": 2500,
    "Bedrock, tokens out": 700,
    "SES, mails": 3,
    "DynamoDB, write units": 117 + 5 * 18 + 22,  # drafting to submit; counting it into the totals, in about five steps; telling HubSpot
    "DynamoDB, read units": 15 + 6 + 16,
    "DynamoDB, GB-months": 35e-6 * 24,  # 35 kB for two years, indexes and events too
    "DynamoDB, restorable GB-months": 35e-6 * 24,
    "Lambda, GB-seconds on arm64": 0.25 * 8 + 0.25 * 0.5 + 0.125 * 1.5 + 0.125 * 3 + 0.125 * 2,  # worker; form; webhook, sender, mail events; research; telling
    "Lambda, calls": 6 + 3 + 1 + 8 + 4 + 3 + 6,  # deliveries, worker, research, form, sender, mail events, telling other tools
    "HTTP API, requests": 6 + 8,
    "SQS, requests": 1 + 2 + 3 * 3 + 3 * 2,  # one send; receive and delete; question, answer and end of the wait; three mail events
    "SNS, mail events to the queue": 3,
    "CloudWatch Logs, GB": 22 * 1.2e-6,
    "X-Ray, traces": 22 * 0.05 + 1,  # X-Ray's own sampling: one a second, then one in twenty
}

HOURS = 730
# What runs anyway. Five queues are asked by five readers each, every 20 seconds; schedules run every five minutes.
ALWAYS = {
    "SQS, requests": 5 * 5 * 3 * 60 * HOURS,
    "Lambda, calls": 5 * 12 * HOURS,
    "Lambda, GB-seconds on arm64": 5 * 12 * HOURS * 0.125 * 0.15,
    "DynamoDB, read units": 5 * 12 * HOURS * 4.5,
    "DynamoDB, write units": 12 * HOURS * 4,  # how far deals were looked through
    "Scheduler, runs": 5 * 12 * HOURS,
    "CloudWatch, alarms": 64,  # those over several metrics count once for each
    "CloudWatch, series of metrics": 13,  # told by the sweeps
    "CloudWatch Logs, GB": 5 * 12 * HOURS * 1.2e-6,
    "Secrets Manager, secrets": 2,
}
# Series that are told only in hours in which something happens.
BUSY_SERIES = 41
SIZES = [100, 10_000, 1_000_000]


def busy_share(handoffs: int) -> float:
    """The share of a month's hours in which something happens: each handoff touches about four."""
    return min(1.0, 4 * handoffs / HOURS)


def amounts(handoffs: int) -> dict[str, float]:
    """What a month uses of each service."""
    used = {name: handoffs * amount for name, amount in HANDOFF.items()}
    for name, amount in ALWAYS.items():
        used[name] = used.get(name, 0) + amount
    used["CloudWatch, series of metrics"] += BUSY_SERIES * busy_share(handoffs)
    return used


def table() -> list[list[str]]:
    rows = [["per month", *(f"{size:,} handoffs" for size in SIZES)]]
    columns = [amounts(size) for size in SIZES]
    for name, (price, was_read) in PRICES.items():
        costs = [column.get(name, 0) * price for column in columns]
        rows.append([name + ("" if was_read else " *"), *(f"{cost:,.2f}" for cost in costs)])
    sums = [sum(column.get(name, 0) * price for name, (price, _) in PRICES.items()) for column in columns]
    rows.append(["**dollars**", *(f"**{total:,.2f}**" for total in sums)])
    rows.append(["dollars for one handoff", *(f"{total / size:.5f}" for total, size in zip(sums, SIZES))])
    return rows


def markdown() -> str:
    header, *rows = table()
    lines = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * len(SIZES)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


if __name__ == "__main__":
    print(markdown())
    print("\n* from memory of the price pages: read them again before you rely on it.")
