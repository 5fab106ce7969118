"""What stops the start: templates and languages that cannot be used."""

from dataclasses import replace
from pathlib import Path

from latchkey.entrypoints.mail import faults_of
from latchkey.entrypoints.settings import Settings, from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION


def test_our_own_templates_have_no_fault() -> None:
    assert faults_of(from_env({})) == ()
    assert faults_of(from_env({"MAIL_LANGUAGE": "de"})) == ()


def test_a_faulty_template_has_a_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "test.txt").write_text("Subject: Hello\n\n$nobody")

    [fault] = faults_of(with_templates(from_env({}), tmp_path))

    assert fault.startswith("MAIL_TEMPLATES: en/test.txt uses $nobody")


def test_a_language_without_templates_has_a_line() -> None:
    [fault] = faults_of(from_env({"MAIL_LANGUAGE": "tlh"}))

    assert fault == "MAIL_LANGUAGE: is 'tlh'; must be a language with templates: de, en"


def test_a_deployment_without_mail_needs_no_templates(tmp_path: Path) -> None:
    assert faults_of(with_templates(from_env(PRODUCTION), tmp_path / "nowhere")) == ()


def with_templates(settings: Settings, directory: Path) -> Settings:
    return replace(settings, mail=replace(settings.mail, templates=directory))
