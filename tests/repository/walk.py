"""Commands that a document shows, each with what it prints, run as a reader would."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ANYTHING: Final = "…"
STEP: Final = re.compile(r"((?:^[^#\n].*\n)+)^# (.+)\n", re.MULTILINE)
SEEN: Final = "\x1e"


def blocks(document: str, language: str) -> list[str]:
    """Find the fenced blocks whose first line is as given."""
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)


def steps(walk: str) -> Iterator[tuple[str, str]]:
    """Yield each command, with those before it that print nothing, and what it prints."""
    for commands, answer in STEP.findall(walk):
        yield commands, answer.replace(f", {ANYTHING}}}", f', "{ANYTHING}": "{ANYTHING}"}}')


def walked(walk: str, home: Path, changes: Mapping[str, str]) -> list[str]:
    """Run all commands in one shell, and return what each step printed.

    Args:
        walk: The commands.
        home: The directory to run them in.
        changes: What this machine needs in the place of a reader's values.
    """
    script = "".join(f"{commands}printf '{SEEN}'\n" for commands, _ in steps(walk))
    for readers, ours in changes.items():
        assert readers in script
        script = script.replace(readers, ours)
    ended = subprocess.run(  # noqa: S603 - the document's own commands
        ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", script],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split(SEEN)[:-1]


def strays(walk: str, told: list[str]) -> list[tuple[str, str, str]]:
    """Return the steps that printed something else than the document says."""
    return [
        (commands, answer, printed)
        for (commands, answer), printed in zip(steps(walk), told, strict=True)
        if not _is_like(_read(printed), _read(answer))
    ]


def _is_like(told: object, documented: object) -> bool:
    """Compare, where "…" stands for anything, and as a member for any others."""
    if documented == ANYTHING:
        return bool(told)
    if not isinstance(documented, dict) or not isinstance(told, dict):
        return told == documented
    wanted = {name: value for name, value in documented.items() if name != ANYTHING}
    if ANYTHING not in documented and told.keys() != wanted.keys():
        return False
    return all(name in told and _is_like(told[name], value) for name, value in wanted.items())


def _read(printed: str) -> object:
    try:
        answer: object = json.loads(printed)
    except ValueError:
        return printed.strip()
    return answer
