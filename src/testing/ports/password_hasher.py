"""What a hasher of passwords promises."""

import asyncio
from typing import Final

import pytest

from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import Password, PasswordHash, PasswordHasher
from latchkey.testing.ports.suite import AsyncSuite

_PASSWORDS: Final = [
    pytest.param("12345678", id="8 characters"),
    pytest.param("0" * 71, id="71 bytes"),
    pytest.param("0" * 72, id="72 bytes"),
    pytest.param("0" * 73, id="73 bytes"),
    pytest.param("€" * 24, id="72 bytes, not ASCII"),
    pytest.param("€" * 25, id="75 bytes, not ASCII"),
    pytest.param("\U0001f98a" * 128, id="128 characters of four bytes"),
    pytest.param("  blanks all round  ", id="blanks"),
    pytest.param("Zoë's pässwörd", id="accents"),
]


class PasswordHasherSuite(AsyncSuite):
    """All that a hasher of passwords promises. Asks for `hasher` and `outdated_hash`.

    `hasher` should be as fast as possible. It must accept one password at a time, and must reject
    some of 1,000 that come at once. `outdated_hash` is a hash of `correct horse`, weaker than what
    `hasher` makes.
    """

    @pytest.mark.parametrize("text", _PASSWORDS)
    async def test_a_hash_knows_its_password(self, hasher: PasswordHasher, text: str) -> None:
        stored = await hasher.hash(Password(text))

        assert await hasher.verify(Password(text), stored)

    @pytest.mark.parametrize("text", _PASSWORDS)
    async def test_a_hash_knows_no_other_password(self, hasher: PasswordHasher, text: str) -> None:
        stored = await hasher.hash(Password(text))
        others = (text[:-1], text + "0", "x" + text[1:], text + " ", " " + text, f"{text}\0{text}")

        taken = [other for other in others if await hasher.verify(Password(other), stored)]

        assert taken == []

    async def test_case_matters(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash(Password("correct horse"))

        assert not await hasher.verify(Password("Correct horse"), stored)

    async def test_composed_and_decomposed_are_one_password(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash(Password("caf\u00e9 au lait"))

        assert await hasher.verify(Password("cafe\u0301 au lait"), stored)

    async def test_a_ligature_is_not_its_letters(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash(Password("\ufb01ne words"))

        assert not await hasher.verify(Password("fine words"), stored)

    async def test_two_hashes_of_one_password_differ(self, hasher: PasswordHasher) -> None:
        first, second = [await hasher.hash(Password("correct horse")) for _ in range(2)]

        assert first != second

    async def test_no_hash_admits_nobody(self, hasher: PasswordHasher) -> None:
        assert not await hasher.verify(Password("correct horse"), None)

    @pytest.mark.parametrize(
        "encoded", ["", "correct horse", "$", "$2b$", "\0", "\ud800", "0" * 99]
    )
    async def test_a_hash_that_can_not_be_read_admits_nobody(
        self, hasher: PasswordHasher, encoded: str
    ) -> None:
        assert not await hasher.verify(Password("correct horse"), PasswordHash(encoded))

    @pytest.mark.parametrize(
        "text", ["", "short", "0" * 513, "nul\0nul\0nul", "\ud800" * 8, "\n" * 8]
    )
    async def test_what_is_no_password_is_never_right(
        self, hasher: PasswordHasher, text: str
    ) -> None:
        stored = await hasher.hash(Password("correct horse"))

        assert not await hasher.verify(Password(text), stored)
        assert not await hasher.verify(Password(text), None)

    @pytest.mark.parametrize("text", _PASSWORDS)
    async def test_a_new_hash_is_not_outdated(self, hasher: PasswordHasher, text: str) -> None:
        assert not hasher.is_outdated(await hasher.hash(Password(text)), Password(text))

    @pytest.mark.parametrize("text", ["sekret", "tab\there", "0" * 200, "caf\u00e9\n"])
    async def test_a_hash_knows_a_password_that_is_not_acceptable(
        self, hasher: PasswordHasher, text: str
    ) -> None:
        """A user was brought over with this password, and the login upgrades its hash."""
        stored = await hasher.hash(Password(text))

        assert await hasher.verify(Password(text), stored)

    async def test_a_weaker_hash_is_outdated_and_still_knows_its_password(
        self, hasher: PasswordHasher, outdated_hash: PasswordHash
    ) -> None:
        assert hasher.is_outdated(outdated_hash, Password("correct horse"))
        assert await hasher.verify(Password("correct horse"), outdated_hash)
        assert not await hasher.verify(Password("Correct horse"), outdated_hash)

    async def test_too_many_at_once_are_refused_and_the_others_served(
        self, hasher: PasswordHasher
    ) -> None:
        outcomes = await asyncio.gather(
            *(hasher.verify(Password("correct horse"), None) for _ in range(1000)),
            return_exceptions=True,
        )

        assert {type(outcome) for outcome in outcomes} == {bool, PasswordHasherBusyError}

    async def test_the_hasher_recovers_from_too_many(self, hasher: PasswordHasher) -> None:
        attempts = (hasher.verify(Password("correct horse"), None) for _ in range(1000))
        await asyncio.gather(*attempts, return_exceptions=True)

        stored = await hasher.hash(Password("correct horse"))

        assert await hasher.verify(Password("correct horse"), stored)

    async def test_a_hash_does_not_show_itself(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash(Password("correct horse"))

        assert stored.encoded not in f"{stored!r} {stored} {hasher!r}"
