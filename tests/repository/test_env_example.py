"""The documents of the settings, and the settings that are really read."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from typing_extensions import override

from latchkey.entrypoints.settings import SettingsError, from_env
from repository.settings_table import EXAMPLE, MANUAL, ROOT, example, manual

CONTRACT: Final = ROOT / "docs" / "flow.md"
VARIABLE: Final = re.compile(r"((?:# .*\n)*)#([A-Z_]+)=(.*)\n")
TOLD: Final = re.compile(r"((?:`[A-Z_]+`(?:, | and )?)+) \(([^)]+)\)")
PRODUCTION: Final = {
    "APP_ENV": "production",
    "JWT_SECRET": "6vJ0mXq3sPz8LwYb1cRk5nTf7hDg2uEa",
    "DATABASE_URL": "postgresql://latchkey@127.0.0.1/latchkey",
    "ALLOWED_HOSTS": "auth.example.com",
}


class Asked(Mapping[str, str]):
    """An environment without variables, which keeps the names that it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    @override
    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(())

    @override
    def __len__(self) -> int:
        return 0


def variables() -> dict[str, str]:
    return {name: value for _, name, value in VARIABLE.findall(EXAMPLE.read_text())}


def in_production() -> dict[str, str]:
    """Read what the comments say about production: the variable's name to its value there."""
    return {
        name: told[1]
        for comment, name, _ in VARIABLE.findall(EXAMPLE.read_text())
        if (told := re.search(r"^# Production: (.+)$", comment, re.MULTILINE))
    }


def named_in(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z_]+\b", " ".join(re.findall(r"`[^`]+`", text))))


def test_the_example_is_written_from_the_table() -> None:
    assert EXAMPLE.read_text() == example(), "run `just settings`"


@pytest.mark.requirement("ER-10")
def test_the_table_in_the_manual_is_written_from_the_table() -> None:
    assert MANUAL.read_text() == manual(), "run `just settings`"


@pytest.mark.requirement("ER-10")
def test_every_variable_that_is_read_is_in_the_example_and_no_other() -> None:
    asked = Asked()

    from_env(asked)

    assert set(variables()) == asked.names


@pytest.mark.requirement("ER-10")
def test_the_values_in_the_example_are_the_defaults() -> None:
    example = variables()

    settings = from_env(example)

    assert settings == from_env({})


def test_the_values_it_tells_of_production_are_the_defaults_there() -> None:
    told = in_production()
    spoken_of = {
        name: value.replace("none", "")
        for name, value in told.items()
        if value not in {"required", "one per core"}
    }

    settings = from_env(PRODUCTION | spoken_of)

    assert spoken_of
    assert settings == from_env(PRODUCTION)


def test_a_default_of_production_that_differs_is_told() -> None:
    told = in_production()
    untold = {name: value for name, value in variables().items() if name not in told}

    settings = from_env(untold | PRODUCTION)

    assert settings == from_env(PRODUCTION)


def test_what_it_calls_required_in_production_is_what_is_missed_there() -> None:
    required = {name for name, value in in_production().items() if value == "required"}

    with pytest.raises(SettingsError) as missed:
        from_env({"APP_ENV": "production"})

    assert {fault.partition(":")[0] for fault in missed.value.faults} == required


def test_the_contract_names_every_variable_and_in_its_section_no_other() -> None:
    contract = CONTRACT.read_text()
    section = contract.partition("\n## N:")[2].partition("\n## ")[0]

    assert set(variables()) - named_in(contract) == set()
    assert named_in(section) - set(variables()) == set()


def test_the_defaults_that_the_contract_tells_are_those_of_the_example() -> None:
    [line] = re.findall(r"^- \*\*N12\*\* .+$", CONTRACT.read_text(), re.MULTILINE)
    told = [
        (name, f" {re.sub('[`,;:]', ' ', text)} ")
        for names, text in TOLD.findall(line)
        for name in re.findall(r"[A-Z_]+", names)
    ]
    defaults = variables() | in_production()

    wrong = [name for name, text in told if f" {defaults[name] or 'unset'} " not in text]

    assert len(told) > 10
    assert wrong == []
