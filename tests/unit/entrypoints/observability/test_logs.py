"""Log lines of production: whatever is in them, each is one JSON object."""

import json
import subprocess
import sys
from typing import Final

import pytest

PROGRAM: Final = """
import logging, sys, structlog
from latchkey.entrypoints.observability import logs

logs.configure("info", as_json=True)
text = sys.argv[1]
structlog.get_logger().info(text, text=text)
logging.getLogger("somebody.elses").warning("%s", text)
try:
    raise ValueError(text)
except ValueError as error:
    structlog.get_logger().error("failed", exc_info=error)
"""


@pytest.mark.requirement("LG-13")
def test_text_with_line_feeds_forges_no_line() -> None:
    text = 'one\r\n{"event": "forged"}\n\x1b[2J\N{LINE SEPARATOR}two'

    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, text], capture_output=True, text=True, check=True
    )

    told, foreign, failed = (json.loads(line) for line in run.stderr.splitlines())
    assert told["event"] == told["text"] == foreign["event"] == text
    assert text in failed["exception"]
