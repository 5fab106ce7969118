"""The table of settings: a row is a field of a group, declared by `setting`.

class MailSettings(Group):
    title: ClassVar = "Mail"
    port: int = setting("SMTP_PORT", integer(1, 65_535), "587", doc="The mail server's port.")

The service reads the environment by this table. `.env.example` and the table in the operations
manual are generated from it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final, Generic, TypeVar

from latchkey.entrypoints.settings.environment import Environment
from latchkey.entrypoints.settings.kinds import Kind

T = TypeVar("T")

_ROW: Final = "variable"


@dataclass(frozen=True, slots=True)
class Computed(Generic[T]):
    """A default that depends on the machine.

    Attributes:
        text: How documents describe the default.
        value: Computes the default.
    """

    text: str
    value: Callable[[], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[T]):
    """The rule for a variable in one environment.

    Attributes:
        default: The value of an unset variable, as it would be written, or computed.
        is_required: Whether the variable must be set.
        or_else: Variables of which one is enough instead.
    """

    kind: Kind[T]
    default: str | Computed[T]
    is_required: bool = False
    or_else: tuple[str, ...] = ()

    @property
    def default_value(self) -> T:
        """The value of an unset variable."""
        if isinstance(self.default, Computed):
            return self.default.value()
        return self.kind.parse(self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Generic[T]):
    """What one environment changes about a rule; None leaves it as it is in development."""

    kind: Kind[T] | None = None
    default: str | Computed[T] | None = None
    is_required: bool = False
    or_else: tuple[str, ...] = ()

    def of(self, rule: Rule[T]) -> Rule[T]:
        """Return the rule of the environment."""
        return Rule(
            kind=self.kind or rule.kind,
            default=rule.default if self.default is None else self.default,
            is_required=self.is_required,
            or_else=self.or_else,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Generic[T]):
    """An environment variable.

    Attributes:
        doc: What it is for, in whole sentences. Documents show its form and its defaults beside it.
        is_secret: Whether no message and no `repr` shows its value. A secret may be in a file.
        stand_in: The variable that is read if this one is unset, or None.
    """

    name: str
    doc: str
    rules: Mapping[Environment, Rule[T]]
    is_secret: bool
    stand_in: str | None

    @property
    def file(self) -> str | None:
        """The variable for the path of a file that contains the value; None if not a secret."""
        return f"{self.name}_FILE" if self.is_secret else None

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which the value may be set."""
        return tuple(name for name in (self.name, self.stand_in, self.file) if name)


def setting(  # noqa: PLR0913 - the columns of the table
    name: str,
    kind: Kind[T],
    default: str = "",
    *,
    doc: str,
    production: Change[T] | None = None,
    test: Change[T] | None = None,
    is_secret: bool = False,
    stand_in: str | None = None,
) -> T:
    """Declare a field of a group, and the variable that it is read from.

    Args:
        name: The variable's name.
        kind: What its value must be.
        default: Its value in development if it is unset, as it would be written.
        doc: What it is for, in whole sentences.
        production: What is different in production.
        test: What is different in tests.
        is_secret: Whether no message and no `repr` shows its value; it may also be in a file.
        stand_in: A variable that is read if this one is unset.
    """
    rule = Rule(kind=kind, default=default)
    variable = Variable(
        name=name,
        doc=doc,
        rules={
            Environment.DEVELOPMENT: rule,
            Environment.PRODUCTION: production.of(rule) if production else rule,
            Environment.TEST: test.of(rule) if test else rule,
        },
        is_secret=is_secret,
        stand_in=stand_in,
    )
    return field(
        default_factory=lambda: rule.default_value, repr=not is_secret, metadata={_ROW: variable}
    )


class Group:
    """The settings of one capability: a dataclass of fields declared by `setting`."""

    __slots__ = ()

    title: ClassVar[str]

    def faults(self) -> Iterator[str]:
        """Yield a line for each fault in a combination of settings, beginning with their names."""
        yield from ()

    def cautions(self) -> Iterator[str]:
        """Yield a line for each setting that production rarely intends, beginning with its name."""
        yield from ()


def members(group: type[Group]) -> Iterator[tuple[str, Variable[Any] | type[Group]]]:
    """Yield each field of a group by its name: the variable it is read from, or a group in it."""
    for declared in fields(group):  # type: ignore[arg-type] # each group is a dataclass
        yield declared.name, declared.metadata.get(_ROW, declared.type)


def table(group: type[Group]) -> dict[str, list[Variable[Any]]]:
    """Return the variables of a group and of the groups in it, by the titles of their groups."""
    rows: dict[str, list[Variable[Any]]] = {group.title: []}
    for _, member in members(group):
        if isinstance(member, Variable):
            rows[group.title].append(member)
        else:
            rows |= table(member)
    return rows
