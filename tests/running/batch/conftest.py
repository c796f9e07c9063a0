"""Roots on a disk, in memory and on a real S3 server."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from analysis.running.batch.store import Store

BUCKET = "reports"


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A bucket on an S3 server of this machine."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield f"s3://{BUCKET}"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def root_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A root that is empty, on each kind of store; its name has a space and Chinese."""
    if request.param == "file":
        return str(tmp_path / "各 乡镇")
    name = f"{uuid.uuid4().hex}/各 乡镇"
    return f"memory://{name}" if request.param == "memory" else f"{request.getfixturevalue('s3')}/{name}"


@pytest.fixture
def memory() -> Store:
    """A root in memory."""
    return Store(f"memory://{uuid.uuid4().hex}")
