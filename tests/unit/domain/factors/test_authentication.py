"""What a sign-in has proven, and how lists name it."""

import pytest

from latchkey.domain.factors.authentication import Means, SignInWay

WAYS = {
    Means.PASSWORD: SignInWay.PASSWORD,
    Means.PASSWORD_AND_CODE: SignInWay.PASSWORD_AND_CODE,
    Means.DEVICE_PASSKEY: SignInWay.PASSKEY,
    Means.SYNCED_PASSKEY: SignInWay.PASSKEY,
}


@pytest.mark.parametrize("means", Means)
def test_every_means_is_one_of_the_ways_that_lists_name(means: Means) -> None:
    assert means.way is WAYS[means]
