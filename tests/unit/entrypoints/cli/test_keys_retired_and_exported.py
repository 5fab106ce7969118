"""`latchkey keys retire` and `export`: what an emergency and other verifiers need."""

import json
from pathlib import Path

import pytest

from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_pairs import public_key_of
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.entrypoints.cli.key_ring import KeyRing
from unit.entrypoints.cli.test_keys import SECRETS, done, jwks, kids, run, states


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_retired_key_is_replaced_by_the_next_at_once(file: Path) -> None:
    first = done(file, "new")
    second = done(file, "rotate")

    output = done(file, "retire", "--", first)

    assert kids(file) == [second]
    assert states(file) == ["signs"]
    assert f"{second} signs from now on." in output


def test_a_retired_key_without_a_next_is_replaced_by_a_new_one(file: Path) -> None:
    first = done(file, "new", "--alg", "EdDSA")

    done(file, "retire", "--", first)

    [jwk] = jwks(file)
    assert jwk["kid"] != first
    assert (jwk["alg"], states(file)) == ("EdDSA", ["signs"])


def test_a_retired_key_that_never_signed_leaves_the_others_alone(file: Path) -> None:
    first = done(file, "new")
    second = done(file, "rotate")

    done(file, "retire", "--", second)

    assert kids(file) == [first]
    assert "signsFrom" not in jwks(file)[0]


def test_an_unknown_key_is_not_retired(file: Path) -> None:
    done(file, "new")

    result = run(file, "retire", "nobody")

    assert result.exit_code == 1
    assert "has no key nobody" in result.stderr


def test_a_key_whose_id_begins_with_a_hyphen_can_be_named(file: Path, tmp_path: Path) -> None:
    key = P256Key.generate()
    while not key.verifying.kid.startswith("-"):
        key = P256Key.generate()
    file.write_text(write([ScheduledKey(key=key, signs_from=ALWAYS)]))
    done(file, "export", "--pem", str(tmp_path / "pem"))

    done(file, "retire", "--", key.verifying.kid)

    assert (tmp_path / "pem" / f"{key.verifying.kid}.pem").read_bytes() == key.verifying.pem
    assert key.verifying.kid not in kids(file)


def test_no_id_of_a_new_key_begins_with_a_hyphen(monkeypatch: pytest.MonkeyPatch) -> None:
    hyphened = P256Key.generate()
    while not hyphened.verifying.kid.startswith("-"):
        hyphened = P256Key.generate()
    usual = P256Key.generate()
    while usual.verifying.kid.startswith("-"):
        usual = P256Key.generate()
    made = iter([hyphened, usual])
    monkeypatch.setattr(P256Key, "generate", lambda: next(made))

    assert KeyRing.empty().add("ES256", None) == usual.verifying.kid


@pytest.mark.requirement("ER-6")
def test_the_public_keys_are_exported_and_nothing_else(file: Path, tmp_path: Path) -> None:
    done(file, "new")
    done(file, "rotate", "--alg", "RS256")

    listed = json.loads(done(file, "export", "--jwks"))["keys"]
    done(file, "export", "--pem", str(tmp_path / "pem"))

    assert [key["kid"] for key in listed] == kids(file)
    assert [key for key in listed if set(key) & set(SECRETS)] == []
    assert [public_key_of(key).kid for key in listed] == kids(file)
    for key in listed:
        pem = (tmp_path / "pem" / f"{key['kid']}.pem").read_text()
        assert pem.startswith("-----BEGIN PUBLIC KEY-----")


def test_an_export_needs_a_form(file: Path) -> None:
    done(file, "new")

    assert run(file, "export").exit_code == 1
    assert run(file, "export", "--jwks", "--pem", "x").exit_code == 1
