"""A deployment with a list of passwords from breaches, made and used as the manual says."""

from hashlib import sha1
from pathlib import Path

import pytest

from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_invalid, assert_status
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("PW-7")]

KNOWN = "Kestrel over Kettering 52"


def _list_of(*passwords: str) -> str:
    hashes = (sha1(each.encode()).hexdigest().upper() for each in passwords)  # noqa: S324 - as published
    return "".join(f"{each}:7\n" for each in sorted(hashes))


async def test_a_breached_password_is_refused_at_every_place_where_one_is_set(
    production: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "breached"
    made = production.run("breached-list", str(file), given=_list_of(KNOWN, "another"))
    assert made.returncode == 0, made.stderr
    environ = {"BREACHED_PASSWORDS_FILE": str(file)}

    with production.serving(TRUSTED_PROXIES="127.0.0.1/32", **environ) as service:
        async with service.client(PROXY) as http:
            visitor = visitor_of(http)
            admin = await visitor.sign_in(ADMIN)
            user = Account(email=new_email())
            changed = await visitor.change_password(admin.access, ADMIN.password, KNOWN)
            refused = Account(email=new_email(), password=KNOWN)
            created = await visitor.create_user(admin.access, NewUser.of(refused).body)
            accepted = await visitor.create_user(admin.access, NewUser.of(user).body)
    told = production.run("set-password", user.email, "--password-stdin", given=KNOWN, **environ)

    assert_invalid(changed, "newPassword")
    assert_invalid(created, "password")
    assert "breach" in created.text
    assert_status(accepted, 201)
    assert (told.returncode, "breach" in told.stderr) == (1, True)


def test_a_list_that_is_cut_leaves_the_former_one(production: Installation, tmp_path: Path) -> None:
    file = tmp_path / "breached"
    production.run("breached-list", str(file), given=_list_of(KNOWN))
    before = file.read_bytes()

    ended = production.run("breached-list", str(file), given=_list_of(KNOWN)[:-9])
    unordered = production.run("breached-list", str(file), given="F" * 40 + "\n" + "0" * 40)

    assert ended.returncode == unordered.returncode == 1
    assert "line 1 is not a SHA-1 hash" in ended.stderr
    assert "line 2 is out of order" in unordered.stderr
    assert file.read_bytes() == before
    assert [*tmp_path.iterdir()] == [file]
