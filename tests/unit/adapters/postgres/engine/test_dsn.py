"""Connection strings name hosts in all the ways that people write them."""

import pytest

from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.dsn import targets


@pytest.mark.parametrize(
    ("dsn", "places"),
    [
        ("postgresql://u:p@h/db", [("h", 5432)]),
        ("postgres://u:p@h:1/db", [("h", 1)]),
        ("postgresql://u:p@h1:1,h2:2/db", [("h1", 1), ("h2", 2)]),
        ("postgresql://h1,h2:2/db", [("h1", 5432), ("h2", 2)]),
        ("postgresql://u@[::1]:1,[::2]/db", [("::1", 1), ("::2", 5432)]),
        ("postgresql://u@/db?host=h1,h2&port=1,2", [("h1", 1), ("h2", 2)]),
        ("postgresql://u@/db?host=h1,h2&port=1", [("h1", 1), ("h2", 1)]),
        ("postgresql://u@/db?host=h1,h2", [("h1", 5432), ("h2", 5432)]),
        ("postgresql://u@/db?host=/run/a%20b", [("/run/a b", 5432)]),
        ("postgresql://u@%2Frun%2Fa/db", [("/run/a", 5432)]),
        ("postgresql://u@/db", [(None, None)]),
        ("postgresql:///db", [(None, None)]),
    ],
)
def test_each_host_is_a_target_in_its_turn(
    dsn: str, places: list[tuple[str | None, int | None]]
) -> None:
    assert [(target.host, target.port) for target in targets(dsn)] == places


@pytest.mark.parametrize(
    ("dsn", "bare"),
    [
        ("postgresql://u:p%40ss@h/db", "postgresql://u:p%40ss@/db?"),
        ("postgresql://u:p@h1,h2/db?sslmode=require", "postgresql://u:p@/db?sslmode=require&"),
        ("postgresql://u@h/db?schema=auth", "postgresql://u@/db?search_path=auth&"),
        ("postgresql://u@h/db?connection_limit=5&pgbouncer=true", "postgresql://u@/db?"),
    ],
)
def test_everything_else_is_the_same_for_all_targets(dsn: str, bare: str) -> None:
    assert {target.dsn for target in targets(dsn)} == {f"{bare}target_session_attrs=primary"}


def test_another_kind_of_server_can_be_asked_for() -> None:
    [target] = targets("postgresql://u@h/db?target_session_attrs=read-write")

    assert target.dsn.endswith("?target_session_attrs=read-write")


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "mysql://h/db",
        "postgresql://h:port/db",
        "postgresql://h:65536/db",
        "postgresql://u:p#ss@h/db",
        "postgresql:///db?host=a,b&port=1,2,3",
    ],
)
def test_what_can_not_be_read_is_refused(dsn: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several origins
        targets(dsn)


def test_no_password_is_shown() -> None:
    dsn = "postgresql://u:violet-kettle@h/db"

    assert "violet-kettle" not in repr(targets(dsn))
    assert "violet-kettle" not in repr(PostgresConfig(dsn=dsn))
