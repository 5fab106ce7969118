"""The table of settings, as `.env.example` and as the table in docs/operations/settings.md.

Run as a program it writes both anew: `just settings`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from latchkey.entrypoints.settings import Environment, Settings
from latchkey.entrypoints.settings.variable import Computed, Rule, Variable, table

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / ".env.example"
MANUAL: Final = ROOT / "docs" / "operations" / "settings.md"

_WIDTH: Final = 100
_INTRODUCTION: Final = """\
# Every variable that Latchkey reads, with its default in development. There you need not set any.
# "Production" gives the default with APP_ENV=production if it differs, or says that the variable is
# required there.
#
# An empty variable counts as unset. Durations: 900, 900s, 15m, 7d or PT15M. Rates: count/duration.
# Lists are separated by commas. If any value is invalid, the service does not start, and prints
# every invalid one.
#
# Written by `./justw settings` from src/entrypoints/settings; do not edit.
"""
_NAME: Final = re.compile(r"\b[A-Z]+(_[A-Z]+)+\b")
_BEGIN: Final = "<!-- written by `./justw settings`; do not edit -->\n"
_END: Final = "<!-- end of what `./justw settings` writes -->\n"
_GENERATED: Final = re.compile(f"(?<={re.escape(_BEGIN)}).*(?={re.escape(_END)})", re.DOTALL)


def example() -> str:
    """Write `.env.example`."""
    parts = [_INTRODUCTION]
    for title, variables in table(Settings).items():
        parts.append(f"# {title.upper()}\n")
        parts += (entry for variable in variables for entry in _entries(variable))
    return "\n".join(parts)


def manual() -> str:
    """Write docs/operations/settings.md: the table anew, the rest as it is."""
    rows = ["| setting | meaning | value | default |", "| --- | --- | --- | --- |"]
    for title, variables in table(Settings).items():
        rows.append(f"| **{title}** | | | |")
        rows += (f"| {' | '.join(_cells(variable))} |" for variable in variables)
    lines = "".join(f"{row}\n" for row in rows)
    return _GENERATED.sub(lambda _: f"\n{lines}\n", MANUAL.read_text(encoding="utf-8"))


def rewrite() -> None:
    """Write both documents anew."""
    EXAMPLE.write_text(example(), encoding="utf-8")
    MANUAL.write_text(manual(), encoding="utf-8")


def _entries(variable: Variable[Any]) -> Iterator[str]:
    rule = variable.rules[Environment.DEVELOPMENT]
    comments = [variable.doc, f"Value: {rule.kind.form}"]
    if differs := _in_production(variable):
        comments.append(f"Production: {differs}")
    yield _entry(variable.name, _default(rule), *comments)
    if variable.stand_in:
        yield _entry(variable.stand_in, _default(rule), f"Read if {variable.name} is not set.")
    if variable.file:
        yield _entry(variable.file, "", "Or the path of a file that contains it.")


def _entry(name: str, default: str, *comments: str) -> str:
    lead = "# "
    lines = [
        fill(each, _WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
        for each in comments
    ]
    return "".join(f"{line}\n" for line in (*lines, f"#{name}={default}"))


def _cells(variable: Variable[Any]) -> Iterator[str]:
    rule = variable.rules[Environment.DEVELOPMENT]
    yield " or ".join(f"`{name}`" for name in variable.names)
    yield _NAME.sub(r"`\g<0>`", variable.doc)
    yield rule.kind.form
    differs = _in_production(variable)
    yield f"{_default(rule) or 'none'}; production: {differs}" if differs else _default(rule)


def _in_production(variable: Variable[Any]) -> str | None:
    """Describe what an unset variable means in production, if that is different there."""
    rule = variable.rules[Environment.PRODUCTION]
    if rule.is_required:
        return "required"
    if rule.default == variable.rules[Environment.DEVELOPMENT].default:
        return None
    return _default(rule) or "none"


def _default(rule: Rule[Any]) -> str:
    return rule.default.text if isinstance(rule.default, Computed) else rule.default


if __name__ == "__main__":
    rewrite()
