"""The requirements of docs/security.md and the tests that are tagged with them agree."""

from itertools import groupby

from repository.security_table import cell, notes, requirements, tags

ORDER = ["PW", "LG", "BA", "AZ", "AT", "RS", "CK", "HT", "ER", "MA", "RP", "RG", "EC", "MF"]


def test_requirements_are_numbered_without_gaps_a_group_after_the_other() -> None:
    parts = [requirement.id.split("-") for requirement in requirements()]

    groups = {
        name: [int(number) for _, number in rows]
        for name, rows in groupby(parts, key=lambda part: part[0])
    }

    assert list(groups) == ORDER
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in groups.values())


def test_each_tag_names_a_requirement_that_there_is() -> None:
    known = {requirement.id for requirement in requirements()}

    assert {tag: tests for tag, tests in tags().items() if tag not in known} == {}


def test_the_document_names_the_tests_that_are_tagged() -> None:
    tagged = tags()

    stale = [row.id for row in requirements() if row.tests != cell(tagged.get(row.id, []))]

    assert stale == [], "run `just security`"


def test_what_has_to_hold_is_shown_or_the_document_says_why_not() -> None:
    tagged = tags()

    silent = [
        row.id
        for row in requirements()
        if row.priority in {"P0", "P1"} and row.id not in tagged and not row.notes
    ]

    assert silent == []


def test_each_note_is_argued_once_and_cited_where_it_belongs() -> None:
    argued = notes()

    cited = {
        note: {row.id for row in requirements() if note in row.notes}
        for row in requirements()
        for note in row.notes
    }

    assert len(argued) == len(dict(argued))
    assert dict(argued) == cited
