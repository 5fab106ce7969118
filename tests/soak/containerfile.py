"""Read a Containerfile, and carry it out without a container engine.

Debian's own mmdebstrap makes what `debian:bookworm-slim` stands for. Only the instructions that
ours has are known.
"""

import json
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from soak.debian import debian, run, run_inside

ROOT: Final = Path(__file__).parents[2]
CONTAINERFILE: Final = ROOT / "deploy" / "Containerfile"
_BASE: Final = "debian:bookworm-slim"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line, with its continuations."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words; for `["a", "b"]` those of the array."""
        return list(json.loads(self.text)) if self.text[0] == "[" else shlex.split(self.text)


@dataclass(slots=True)
class Image:
    """What a container is started from.

    Attributes:
        root: Its root file system.
    """

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    port: int = 0
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def parsed(text: str) -> list[Instruction]:
    """Return the instructions in their order."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = [line for line in lines.replace("\\\n", " ").splitlines() if line.strip()]
    return [Instruction(*line.split(maxsplit=1)) for line in joined]


def described(instructions: Sequence[Instruction], root: Path = Path("/")) -> Image:
    """Return what the last stage says, without carrying anything out."""
    image = Image(root)
    for each in instructions:
        match each.name:
            case "FROM":
                image = Image(root)
            case "ENV":
                image.environ |= dict(word.split("=", 1) for word in each.words)
            case "USER":
                image.user = each.text
            case "EXPOSE":
                image.port = int(each.text)
            case "ENTRYPOINT":
                image.entrypoint = each.words
            case "CMD":
                image.command = each.words
            case "HEALTHCHECK":
                image.health = json.loads(each.text[each.text.index("[") :])
    return image


def built(directory: Path) -> Image:
    """Carry out every line of our Containerfile, as root, and return the image."""
    instructions = parsed(CONTAINERFILE.read_text())
    stages: dict[str, Path] = {_BASE: debian(directory / "debian", "minbase")}
    root = Path()
    for number, each in enumerate(instructions):
        match each.name:
            case "FROM":
                parent, *name = each.words
                root = directory / str(number)
                run("cp", "-a", "--reflink=auto", stages[parent], root)
                stages[name[-1] if name else ""] = root
            case "RUN":
                run_inside(root, each.text)
            case "COPY":
                _copy(each.words, root, stages)
            case _:
                pass  # what `described` reads
    return described(instructions, root)


def _copy(words: list[str], root: Path, stages: dict[str, Path]) -> None:
    source = ROOT
    if words[0].startswith("--from="):
        source = stages[words.pop(0).partition("=")[2]]
    *patterns, target = words
    for pattern in patterns:
        found = sorted(source.glob(pattern.lstrip("/")))
        if not found:
            raise FileNotFoundError(f"{source / pattern}: make it first, as the Containerfile says")
        destination = root / target.lstrip("/")
        for path in found:
            if path.is_dir():
                shutil.copytree(path, destination, symlinks=True, dirs_exist_ok=True)
            else:
                destination.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, destination)
