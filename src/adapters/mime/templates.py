"""All templates of a deployment: ours, and those of the operator that replace or add to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from latchkey.adapters.mime.template import MailTemplate, TemplateError
from latchkey.domain.mail.mail import FACTS, LINKED, MailKind

OURS: Final = Path(__file__).parent / "texts"
ALWAYS: Final = frozenset({"contact", "email", "service", "time", "url"})
"""The placeholders of every template, besides the facts of its kind."""

OF_LINKS: Final = frozenset({"link", "until"})
"""More placeholders of a mail that has a link: the link itself, and until when it is good."""


class TemplatesError(Exception):
    """Templates cannot be used; `faults` has a line for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates by language and kind. Every language has every kind."""

    by_language: Mapping[str, Mapping[MailKind, MailTemplate]]

    @classmethod
    def load(cls, directory: Path | None) -> "Templates":
        """Read all templates: `LANGUAGE/KIND.txt`, such as `en/new_sign_in.txt`.

        Args:
            directory: Whose files replace ours, or add a language; None for ours alone.

        Raises:
            TemplatesError: The directory cannot be read, or templates are missing or faulty.
        """
        folders = [OURS] if directory is None else [directory, OURS]
        faults: list[str] = []
        by_language = {
            language: dict(_read(language, folders, faults))
            for language in sorted(_languages(folders, faults))
        }
        if faults:
            raise TemplatesError(tuple(faults))
        return cls(by_language)

    def of(self, kind: MailKind, language: str, fallback: str) -> tuple[str, MailTemplate]:
        """Return the template of a kind, with its language: the wanted one if there is one."""
        found = language if language in self.by_language else fallback
        return found, self.by_language[found][kind]


def _languages(folders: list[Path], faults: list[str]) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        try:
            found |= {each.name for each in folder.iterdir() if each.is_dir()}
        except OSError as error:
            faults.append(f"MAIL_TEMPLATES: cannot be read ({error.strerror}); must be a directory")
    return found


def _read(
    language: str, folders: list[Path], faults: list[str]
) -> Iterator[tuple[MailKind, MailTemplate]]:
    """Yield the templates of a language; note what is wrong with others."""
    for kind in MailKind:
        name = f"{language}/{kind}.txt"
        found = next((path for folder in folders if (path := folder / name).is_file()), None)
        if found is None:
            faults.append(f"MAIL_TEMPLATES: {name} is missing; a language must have every template")
            continue
        try:
            yield kind, MailTemplate.of(found.read_text("utf-8"), *_placeholders(kind))
        except TemplateError as error:
            faults.append(f"MAIL_TEMPLATES: {name} {error}")
        except (OSError, UnicodeDecodeError):
            faults.append(f"MAIL_TEMPLATES: {name} cannot be read; must be a file in UTF-8")


def _placeholders(kind: MailKind) -> tuple[frozenset[str], frozenset[str]]:
    """Return the placeholders that a template may use, and those that it must use."""
    if kind in LINKED:
        return ALWAYS | FACTS[kind] | OF_LINKS, frozenset({"link"})
    return ALWAYS | FACTS[kind], frozenset()
