"""Templates are checked when they are read, and say the same in text and in HTML."""

from pathlib import Path

import pytest

from latchkey.adapters.mime.template import MailTemplate, TemplateError
from latchkey.adapters.mime.templates import OURS, Templates, TemplatesError
from latchkey.domain.mail.mail import LINKED, MailKind

KNOWN = frozenset({"email", "url"})
VALUES = {"email": "a&b'<c>@example.com", "url": "https://auth.example.com"}
GOOD = "Subject: Hello\n\nText for $email.\n"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "must begin with"),
        ("Hello\n\nText.", "must begin with"),
        ("Subject:\n\nText.", "must begin with"),
        ("Subject: Hello\n\n \n", "must have a text"),
        ("Subject: Hello\n\n$nobody", r"uses \$nobody, but knows only \$email, \$url"),
        ("Subject: $nobody\n\nText.", r"uses \$nobody"),
        ("Subject: Hello\n\n5 $ a month", "begins no placeholder"),
    ],
)
def test_a_faulty_template_is_refused(source: str, why: str) -> None:
    with pytest.raises(TemplateError, match=why):
        MailTemplate.of(source, KNOWN)


def test_text_and_html_say_the_same_and_html_escapes_every_value_once() -> None:
    source = "Subject: For $email\n\nHello $email,\nsee <this> & that, $$5:\n\n$url\n"
    template = MailTemplate.of(source, KNOWN)

    assert template.render_subject(VALUES) == "For a&b'<c>@example.com"
    assert template.render_text(VALUES) == (
        "Hello a&b'<c>@example.com,\nsee <this> & that, $5:\n\nhttps://auth.example.com\n"
    )
    assert template.render_html(VALUES) == (
        "<p>Hello a&amp;b&#x27;&lt;c&gt;@example.com,<br>\nsee &lt;this&gt; &amp; that, $5:</p>\n"
        '<p><a href="https://auth.example.com">https://auth.example.com</a></p>'
    )


@pytest.mark.parametrize("paragraph", ["See $url", "$url.", "$email"])
def test_only_a_link_that_stands_alone_is_one(paragraph: str) -> None:
    template = MailTemplate.of(f"Subject: Hello\n\n{paragraph}", KNOWN)

    assert "<a " not in template.render_html(VALUES)


def test_we_have_every_mail_in_english_and_german() -> None:
    templates = Templates.load(None)

    assert set(templates.by_language) == {"de", "en"}
    for kinds in templates.by_language.values():
        assert set(kinds) == set(MailKind)


def test_a_file_of_the_operator_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "test.txt").write_text(GOOD)

    templates = Templates.load(tmp_path)

    _, mine = templates.of(MailKind.TEST, "en", "en")
    language, ours = templates.of(MailKind.TEST, "de", "en")
    assert mine.render_subject({}) == "Hello"
    assert (language, ours.subject.template) == ("de", "Testnachricht von $service")


def test_a_language_without_templates_falls_back() -> None:
    language, _ = Templates.load(None).of(MailKind.TEST, "fr", "de")

    assert language == "de"


def test_an_operator_can_add_a_whole_language(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    for kind in MailKind:
        link = "\n\n$link\n" if kind in LINKED else ""
        (tmp_path / "fr" / f"{kind}.txt").write_text(GOOD + link)

    assert set(Templates.load(tmp_path).by_language) == {"de", "en", "fr"}


def test_each_fault_has_a_line_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "en").mkdir()
    (tmp_path / "fr" / "test.txt").write_text(GOOD)
    (tmp_path / "en" / "test.txt").write_text("Subject: Hello\n\n$link")
    (tmp_path / "en" / "role_changed.txt").write_bytes(b"Subject: \xff\n\nText.")

    with pytest.raises(TemplatesError) as caught:
        Templates.load(tmp_path)

    missing = [f"fr/{kind}.txt is missing" for kind in MailKind if kind is not MailKind.TEST]
    wanted = ["en/test.txt uses $link", "en/role_changed.txt cannot be read", *missing]
    for line in wanted:
        [found] = [fault for fault in caught.value.faults if line in fault]
        assert found.startswith("MAIL_TEMPLATES: ")
    assert len(caught.value.faults) == len(wanted)


def test_a_template_of_a_mail_with_a_link_must_have_it_on_a_line_of_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "en").mkdir()
    for text in ("Look at $link please", "Look here", "$until"):
        (tmp_path / "en" / "password_reset.txt").write_text(f"Subject: x\n\n{text}\n")

        with pytest.raises(TemplatesError) as refused:
            Templates.load(tmp_path)

        [fault] = refused.value.faults
        assert "en/password_reset.txt must have a paragraph that is only $link" in fault


def test_no_other_mail_can_have_a_link_with_a_token(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "test.txt").write_text("Subject: x\n\n$link\n")

    with pytest.raises(TemplatesError, match="uses \\$link, but knows only"):
        Templates.load(tmp_path)


def test_a_directory_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TemplatesError, match="MAIL_TEMPLATES: cannot be read"):
        Templates.load(tmp_path / "nowhere")


def test_our_templates_are_beside_the_code_that_reads_them() -> None:
    assert OURS.is_dir()
