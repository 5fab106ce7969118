"""A primary counts until a newer one of the same cluster was met."""

import pytest

from latchkey.adapters.postgres.engine.lineage import Lineage, Timeline


@pytest.mark.requirement("RS-15")
@pytest.mark.parametrize(
    ("met", "admitted"),
    [
        (["00000001", "00000001"], [True, True]),
        (["00000001", "00000002", "00000001", "00000002"], [True, True, False, True]),
        (["00000009", "0000000A", "00000009", "0000000B"], [True, True, False, True]),
    ],
)
def test_of_one_cluster_the_newest_timeline_counts(met: list[str], admitted: list[bool]) -> None:
    lineage = Lineage()

    assert [lineage.admits(Timeline(7, number)) for number in met] == admitted


def test_another_cluster_counts_whatever_its_timeline() -> None:
    """The database was moved there, for example to a new version of PostgreSQL."""
    lineage = Lineage()

    assert lineage.admits(Timeline(7, "00000005"))
    assert lineage.admits(Timeline(8, "00000001"))
    assert lineage.admits(Timeline(8, "00000001"))
