"""`python -m release`: make the files of a release, check them, and tag the commit."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from release.advisories import Audit, audit
from release.artifacts import (
    ROOT,
    ReleaseError,
    build,
    describe,
    describe_pages,
    run,
    sum_up,
    tools,
)

_VERSION: Final = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--dry-run", is_flag=True, help="Make and check everything, but tag nothing.")
@click.option(
    "--unaudited",
    is_flag=True,
    help="Release although no vulnerability database could be asked about each package.",
)
@click.option(
    "--to",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "dist",
    help="Where the files go; must be empty or missing. By default dist/.",
)
def main(*, dry_run: bool, unaudited: bool, output: Path) -> None:
    """Make a release of the version in pyproject.toml.

    Writes the wheel and the source distribution, each built twice and compared; what they need, as
    CycloneDX and as a list of licences; and the checksums. Asks a vulnerability database about each
    locked package. Then tags the commit; publishing is up to you.
    """
    try:
        _release(output, is_dry=dry_run, may_be_unaudited=unaudited)
    except ReleaseError as error:
        raise click.ClickException(str(error)) from None


def _release(output: Path, *, is_dry: bool, may_be_unaudited: bool) -> None:
    version = _version()
    for fault in _faults(version):
        if not is_dry:
            raise ReleaseError(fault)
        click.echo(f"not yet: {fault}")
    if output.exists() and any(output.iterdir()):
        raise ReleaseError(f"{output}: is not empty")
    output.mkdir(parents=True, exist_ok=True)
    commit_time = run(["git", "log", "-1", "--format=%ct"]).strip()
    build(output, commit_time)
    click.echo("Two builds of wheel and source distribution are the same.")
    with TemporaryDirectory() as directory:
        programs = tools(Path(directory) / "tools")
        [wheel] = output.glob("*.whl")
        bill = describe(wheel, programs, output, commit_time)
        click.echo(f"The wheel needs {len(bill['components'])} packages.")
        audited = audit(programs)
    if not describe_pages(output, version):
        click.echo("LEFT OUT: the packages of the pages, for which npm (Node 20) is needed.")
    sum_up(output)
    judge(audited, may_be_unaudited=may_be_unaudited or is_dry)
    if not is_dry:
        run(["git", "tag", "--annotate", f"v{version}", "--message", f"Release {version}"])
        click.echo(f"Tagged v{version}. Push the tag, and publish the files in {output}.")


def _version() -> str:
    found = _VERSION.search((ROOT / "pyproject.toml").read_text())
    if found is None:
        raise ReleaseError("pyproject.toml: has no version")
    return found[1]


def _faults(version: str) -> list[str]:
    """Say what this commit lacks to be released."""
    faults = []
    if run(["git", "status", "--porcelain"]):
        faults.append("there are uncommitted changes")
    if run(["git", "tag", "--list", f"v{version}"]):
        faults.append(f"v{version} exists; raise the version in pyproject.toml")
    if f"\n## {version} " not in (ROOT / "CHANGELOG.md").read_text():
        faults.append(f"CHANGELOG.md has no section `## {version} - <date>`")
    return faults


def judge(audited: Audit, *, may_be_unaudited: bool) -> None:
    """Tell what is known against the packages.

    Raises:
        ReleaseError: Something is, or too little is known and that is not allowed.
    """
    if audited.vulnerable:
        raise ReleaseError("known vulnerabilities:\n" + "\n".join(audited.vulnerable))
    if audited.fault:
        gap = f"the vulnerability database could not be asked: {audited.fault}"
    elif audited.unchecked:
        gap = f"no database knows of {len(audited.unchecked)} packages: " + ", ".join(
            audited.unchecked
        )
    else:
        click.echo(f"No vulnerability is known in {audited.checked} packages.")
        return
    if not may_be_unaudited:
        raise ReleaseError(f"{gap}. Go on with --unaudited")
    click.echo(f"NOT CHECKED for vulnerabilities: {gap}.")


if __name__ == "__main__":
    main()
