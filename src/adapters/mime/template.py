"""Templates of mails: a text file for each kind and language, from which text and HTML are made.

The first line is `Subject: …`. The paragraphs come after it, separated by empty lines. A paragraph
that is only a placeholder of a link, such as `$url`, becomes a link. Placeholders are those of
`string.Template`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Final

LINKS: Final = frozenset({"link", "url"})
"""The placeholders that stand for an address to open."""

_SUBJECT: Final = "Subject: "
_ALONE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class TemplateError(ValueError):
    """A template cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplate:
    """A parsed template.

    Attributes:
        subject: One line.
        paragraphs: Each is one paragraph of text, or one line with a link alone.
    """

    subject: Template
    paragraphs: tuple[Template, ...]

    @classmethod
    def of(
        cls, source: str, known: frozenset[str], needed: frozenset[str] = frozenset()
    ) -> "MailTemplate":
        """Parse a template.

        Args:
            source: The text of the file.
            known: The placeholders that it may use.
            needed: Those of links that must be paragraphs of their own.

        Raises:
            TemplateError: It has another form, uses another placeholder, or lacks one.
        """
        head, _, body = source.replace("\r\n", "\n").strip().partition("\n")
        if not head.startswith(_SUBJECT) or not head.removeprefix(_SUBJECT).strip():
            raise TemplateError("must begin with a line `Subject: …`")
        paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
        if not paragraphs:
            raise TemplateError("must have a text below its subject")
        subject = Template(head.removeprefix(_SUBJECT).strip())
        template = cls(subject=subject, paragraphs=tuple(map(Template, paragraphs)))
        template._check(known)
        alone = {_alone(paragraph) for paragraph in template.paragraphs}
        if missing := sorted(needed - alone):
            raise TemplateError(f"must have a paragraph that is only ${missing[0]}")
        return template

    def render_subject(self, values: Mapping[str, str]) -> str:
        """Return the subject."""
        return self.subject.substitute(values)

    def render_text(self, values: Mapping[str, str]) -> str:
        """Return the text: paragraphs, separated by empty lines."""
        return "\n\n".join(each.substitute(values) for each in self.paragraphs) + "\n"

    def render_html(self, values: Mapping[str, str]) -> str:
        """Return the paragraphs as HTML, with every value escaped once."""
        escaped = {name: escape(value) for name, value in values.items()}
        return "\n".join(self._html(each, escaped) for each in self.paragraphs)

    def _html(self, paragraph: Template, escaped: Mapping[str, str]) -> str:
        if _is_link(paragraph):
            address = paragraph.substitute(escaped)
            return f'<p><a href="{address}">{address}</a></p>'
        lines = Template(escape(paragraph.template, quote=False)).substitute(escaped)
        return f"<p>{lines.replace(chr(10), '<br>' + chr(10))}</p>"

    def _check(self, known: frozenset[str]) -> None:
        for part in (self.subject, *self.paragraphs):
            if not part.is_valid():
                raise TemplateError("has a $ that begins no placeholder; write $$ for the sign")
            if unknown := sorted(set(part.get_identifiers()) - known):
                allowed = ", ".join(f"${name}" for name in sorted(known))
                raise TemplateError(f"uses ${unknown[0]}, but knows only {allowed}")


def _is_link(paragraph: Template) -> bool:
    return _alone(paragraph) in LINKS


def _alone(paragraph: Template) -> str | None:
    """Return the name of the placeholder that a paragraph consists of, or None."""
    alone = _ALONE.fullmatch(paragraph.template)
    return (alone[1] or alone[2]) if alone else None
