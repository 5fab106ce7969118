"""Connection strings name hosts in all the ways that people write them."""

import pytest

from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.dsn import targets, unhonoured

BARE = "postgresql://u@/db?"


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
        ("postgresql://u:p@localhost/db?host=/cloudsql/p:r:i", [("/cloudsql/p:r:i", 5432)]),
        ("postgresql://u@h1/db?host=h2&port=3", [("h2", 3)]),
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
        ("postgresql://u@h/db?schema=auth&search_path=auth", "postgresql://u@/db?"),
        ("postgresql://u@h/db?connection_limit=5&pgbouncer=true", "postgresql://u@/db?"),
        (
            "postgresql://u@h/db?sslmode=require&channel_binding=require",
            "postgresql://u@/db?sslmode=require&",
        ),
        ("postgresql://u@h/db?keepalives=1&keepalives_idle=9&gssencmode=disable", BARE),
        ("postgresql://u@h/db?fallback_application_name=app&sslidentity=/a.p12", BARE),
        ("postgresql://u@h/db?sslrootcert=system&sslmode=verify-full", BARE),
    ],
)
def test_everything_else_is_the_same_for_all_targets(dsn: str, bare: str) -> None:
    assert {target.dsn for target in targets(dsn)} == {f"{bare}target_session_attrs=primary"}


@pytest.mark.parametrize(
    ("option", "search_path"),
    [
        ("", None),
        ("schema=auth", '"auth"'),
        ("schema=Auth", '"Auth"'),
        ('schema=a"b', '"a""b"'),
        ("search_path=a,b", "a,b"),
    ],
)
def test_a_schema_is_what_its_name_says_letter_by_letter(
    option: str, search_path: str | None
) -> None:
    [target] = targets(f"postgresql://u@h/db?{option}")

    assert target.search_path == search_path


@pytest.mark.parametrize(("authority", "is_system"), [("system", True), ("/a.pem", False)])
def test_the_authorities_of_the_system_can_be_asked_for(authority: str, *, is_system: bool) -> None:
    [target] = targets(f"postgresql://u@h/db?sslrootcert={authority}")

    assert target.is_verified_by_system is is_system


def test_hosts_can_be_tried_in_a_random_order() -> None:
    dsn = "postgresql://u@h1,h2,h3,h4/db?load_balance_hosts=random"

    orders = [[target.host for target in targets(dsn)] for _ in range(50)]

    assert {tuple(sorted(order, key=str)) for order in orders} == {("h1", "h2", "h3", "h4")}
    assert len({tuple(order) for order in orders}) > 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ("sslmode=require&sslrootcert=system&connect_timeout=5&keepalives_count=3&schema=a", []),
        ("channel_binding=prefer&gssencmode=prefer&load_balance_hosts=random", []),
        ("channel_binding=require&sslmode=require", ["channel_binding"]),
        ("sslidentity=/a.p12&sslpassword=violet-kettle", ["sslidentity"]),
        ("gssencmode=require&sslmod=verify-full", ["gssencmode", "sslmod"]),
    ],
)
def test_each_option_that_cannot_be_honoured_is_named(options: str, named: list[str]) -> None:
    lines = list(unhonoured(f"postgresql://u:p@h/db?{options}"))

    assert [line.split()[2] for line in lines] == named
    assert "violet-kettle" not in "".join(lines)


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
