"""What a deployment cannot send mail with."""

from latchkey.adapters.mime.templates import Templates, TemplatesError
from latchkey.entrypoints.settings import Settings


def faults_of(settings: Settings) -> tuple[str, ...]:
    """Return a line for each setting of mail, and for each template, that cannot be used."""
    if not settings.has_mail:
        return ()
    try:
        templates = Templates.load(settings.mail.templates)
    except TemplatesError as error:
        return error.faults
    language = settings.mail.language
    if language in templates.by_language:
        return ()
    names = ", ".join(sorted(templates.by_language))
    return (f"MAIL_LANGUAGE: is {language!r}; must be a language with templates: {names}",)
