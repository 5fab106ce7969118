"""One broken promise, and how it is built."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from latchkey.adapters.memory.tables import Tables

Decision = tuple[Any, list[tuple[str, Any, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Methods of one of our adapters, replaced by others that break a promise.

    Attributes:
        name: What the adapter does, as the tail of a class name: `OrdersIgnoreThePosition`.
        suite: The suite that has to catch it.
        about: Which of the suite's tests may catch it: a regular expression, to be quick.
        owner: The class whose methods are replaced.
    """

    name: str
    suite: type
    about: str
    owner: type
    methods: Mapping[str, Callable[..., Any]]

    @classmethod
    def of(
        cls, name: str, suite: type, owner: type, about: str = "", /, **methods: Callable[..., Any]
    ) -> Self:
        """Break methods of a class."""
        return cls(name=name, suite=suite, about=about, owner=owner, methods=methods)

    def bound(self, name: str) -> type:
        """Make the class of tests that has to fail."""
        tests = [test for test in dir(self.suite) if test.startswith("test_")]
        others = {test: None for test in tests if not re.search(self.about, test)}
        return type(name, (self.suite,), {"fault": self, **others})


async def step(
    repository: Any, decide: Callable[[Tables], Decision], *, races: bool = False
) -> Any:
    """Change tables as decided, in one atomic step, or else on what may be stale by then.

    Args:
        repository: A memory repository.
        decide: Returns the method's result, and rows to put by the name of the table and the key.
        races: Whether others have their turn between the decision and the change.
    """
    early = decide(await repository._access.read()) if races else None  # noqa: SLF001
    if races:
        await asyncio.sleep(0)
    async with repository._access.change() as tables:  # noqa: SLF001
        result, rows = early or decide(tables)
        for table, key, row in rows:
            getattr(tables, table).put(key, row)
    return result
