"""What the keys of second factors promise."""

from itertools import combinations
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import TotpSeed
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.factors.totp import SECRET_BYTES as LENGTH

USER, OTHER = UserId(uuid4()), UserId(uuid4())
CODE, ANOTHER = RecoveryCode("0123456789ab"), RecoveryCode("0123456789ac")
SEEDS: Final = 50


def _secret(keys: FactorKeys, user: UserId, seed: TotpSeed) -> bytes:
    secret = keys.totp_secret(user, seed)
    assert secret is not None
    return secret


class FactorKeysSuite:
    """All that keys promise. Asks for `factor_keys` and `foreign_factor_keys`.

    `foreign_factor_keys` differ from `factor_keys` only in their secret.
    """

    def test_a_secret_is_always_the_same(self, factor_keys: FactorKeys) -> None:
        seed = factor_keys.new_seed()

        found = {_secret(factor_keys, USER, seed) for _ in range(2)}

        assert len(found) == 1

    def test_each_seed_and_each_user_has_a_secret_of_its_own(self, factor_keys: FactorKeys) -> None:
        seeds = [factor_keys.new_seed() for _ in range(SEEDS)]

        found = {_secret(factor_keys, user, seed) for user in (USER, OTHER) for seed in seeds}

        assert len(found) == 2 * SEEDS
        assert {len(each) for each in found} == {LENGTH}

    def test_a_seed_does_not_contain_its_secret(self, factor_keys: FactorKeys) -> None:
        seed = factor_keys.new_seed()

        secret = _secret(factor_keys, USER, seed)

        assert all(part not in seed.nonce for part in (secret[:4], secret[4:8]))

    def test_without_its_key_a_seed_has_no_secret(
        self, factor_keys: FactorKeys, foreign_factor_keys: FactorKeys
    ) -> None:
        assert foreign_factor_keys.totp_secret(USER, factor_keys.new_seed()) is None

    def test_with_another_key_a_nonce_makes_another_secret(
        self, factor_keys: FactorKeys, foreign_factor_keys: FactorKeys
    ) -> None:
        seed, theirs = factor_keys.new_seed(), foreign_factor_keys.new_seed()
        moved = TotpSeed(key_id=theirs.key_id, nonce=seed.nonce)

        found = {_secret(factor_keys, USER, seed), _secret(foreign_factor_keys, USER, moved)}

        assert len(found) == 2

    def test_a_recovery_code_has_the_same_hashes_each_time(self, factor_keys: FactorKeys) -> None:
        hashes = factor_keys.recovery_hashes(USER, CODE)

        assert hashes == factor_keys.recovery_hashes(USER, CODE)
        assert {len(each) for each in hashes} == {32}

    def test_hashes_depend_on_the_user_the_code_and_the_key(
        self, factor_keys: FactorKeys, foreign_factor_keys: FactorKeys
    ) -> None:
        hashes = [
            set(factor_keys.recovery_hashes(USER, CODE)),
            set(factor_keys.recovery_hashes(OTHER, CODE)),
            set(factor_keys.recovery_hashes(USER, ANOTHER)),
            set(foreign_factor_keys.recovery_hashes(USER, CODE)),
        ]

        assert all(one.isdisjoint(other) for one, other in combinations(hashes, 2))
