"""Prints one output of a deployed stack, by the credentials and region of the environment.

  output.py handoff TableName
"""

import sys

import boto3


def main() -> int:
    stack, name = sys.argv[1:]
    [found] = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    if name not in outputs:
        print(f"stack {stack} has no output {name}; it has {', '.join(sorted(outputs))}", file=sys.stderr)
        return 1
    print(outputs[name])
    return 0


if __name__ == "__main__":
    sys.exit(main())
