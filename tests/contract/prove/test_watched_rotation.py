"""A rotation that `latchkey prove` watches."""

from contract.prove.conftest import ADMIN, PASSWORD, Prove


def test_a_rotation_is_watched(prove: Prove, service_that_rotates_its_keys: str) -> None:
    watching = ("--only", "J5,J6", "--watch-rotation", "60s")
    ran = prove(service_that_rotates_its_keys, *ADMIN, *watching, **PASSWORD)

    assert ran.returncode == 0, ran.stdout
    assert "2 promises are shown, 0 are not, 0 are broken" in ran.stdout


def test_a_key_that_signs_before_verifiers_know_it_breaks_a_promise(
    prove: Prove, service_that_announces_no_key: str
) -> None:
    watching = ("--only", "J5", "--watch-rotation", "60s")
    ran = prove(service_that_announces_no_key, *ADMIN, *watching, **PASSWORD)

    assert ran.returncode == 1
    assert "BROKEN J5" in ran.stdout
    assert "  promised    a list by which no verifier refuses a token" in ran.stdout


def test_a_key_that_is_withdrawn_too_early_and_an_old_tag_break_promises(
    prove: Prove, service_that_withdraws_its_key_at_once: str
) -> None:
    watching = ("--only", "J4,J6", "--watch-rotation", "60s")
    ran = prove(service_that_withdraws_its_key_at_once, *ADMIN, *watching, **PASSWORD)

    assert ran.returncode == 1, ran.stdout
    assert "BROKEN J6" in ran.stdout
    assert "BROKEN J4" in ran.stdout
    assert "  promised    an ETag that changes when the keys do" in ran.stdout


def test_a_rotation_that_nobody_makes_is_not_shown(prove: Prove, service_with_keys: str) -> None:
    watching = ("--only", "J5,J1", "--watch-rotation", "2s")
    ran = prove(service_with_keys, *ADMIN, *watching, **PASSWORD)

    assert ran.returncode == 0, ran.stdout
    assert "no key took over from another and was withdrawn within 0:00:02" in ran.stdout
