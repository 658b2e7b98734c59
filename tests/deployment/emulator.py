"""The emulator of AWS: started, spoken to, stopped. It knows nothing of Handoff."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import boto3
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "000000000000"
START_SECONDS = 30


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """One ministack process that enforces IAM, on the loopback only. Its state ends with it."""

    def __init__(self, program: pathlib.Path, log: pathlib.Path, model_url: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        }
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="handoff-emulator-"))
        # Nothing of this machine's environment reaches the functions: the emulator hands its own on to them.
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AWS_ENDPOINT_URL": self.url,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "MINISTACK_BEDROCK_PROXY_URL": model_url,
        }
        self.process = subprocess.Popen([program], env=settings, stdout=log.open("w"), stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.get("/_ministack/health"):
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise RuntimeError("the emulator does not answer")

    def get(self, path: str):
        """JSON of one of the emulator's own pages."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        return json.loads(answer.read())

    def client(self, service: str):
        """A client with all rights."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}),
        )

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.home, ignore_errors=True)
