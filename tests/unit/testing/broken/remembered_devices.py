"""Remembered devices that are others', that are good for ever, or that are never forgotten."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from latchkey.adapters.memory.factors.remembered_devices import MemoryRememberedDeviceRepository
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports import RememberedDeviceRepositorySuite
from unit.testing.broken.fault import Fault

ADD: Final = MemoryRememberedDeviceRepository.add
USE: Final = MemoryRememberedDeviceRepository.use
OF_USER: Final = MemoryRememberedDeviceRepository.of_user
FORGET: Final = MemoryRememberedDeviceRepository.forget
PRUNE: Final = MemoryRememberedDeviceRepository.prune
Method = Callable[..., Any]


def _use(**ignored: bool) -> Method:
    """Return a use that does not look at some of what it has to compare."""

    async def use(
        self: Any, secret_hash: bytes, user_id: Any, *, password_version: int, now: Any
    ) -> Any:
        devices = (await self._access.read()).remembered_devices.rows()
        device = next((each for each in devices if each.secret_hash == secret_hash), None)
        if device and "user" in ignored:
            user_id = device.user_id
        if device and "version" in ignored:
            password_version = device.password_version
        if "time" in ignored:
            now = START
        return await USE(self, secret_hash, user_id, password_version=password_version, now=now)

    return use


async def _add_without_limit(self: Any, device: Any, *, keep: int) -> None:
    await ADD(self, device, keep=keep + 99)


async def _use_unnoted(
    self: Any, secret_hash: bytes, user_id: Any, *, password_version: int, now: Any
) -> Any:
    for device in await OF_USER(self, user_id, now):
        if (device.secret_hash, device.password_version) == (secret_hash, password_version):
            return device.id
    return None


async def _forget_all(self: Any, user_id: Any, _chosen: Any = None) -> Any:
    return await FORGET(self, user_id)


async def _forget_none(self: Any, user_id: Any, chosen: Any = None) -> Any:
    ids = [device.id for device in await OF_USER(self, user_id, START)]
    return tuple(each for each in ids if chosen is None or each in chosen)


async def _list_expired(self: Any, user_id: Any, _now: Any) -> Any:
    return await OF_USER(self, user_id, START)


async def _prune_all(self: Any, now: Any, *, limit: int) -> Any:
    return await PRUNE(self, now, limit=limit + 99)


def faults() -> Iterator[Fault]:
    """Yield a repository for each promise that it breaks."""

    def broken(name: str, **methods: Method) -> Fault:
        suite, owner = RememberedDeviceRepositorySuite, MemoryRememberedDeviceRepository
        return Fault.of(f"RememberedDevices{name}", suite, owner, "", **methods)

    yield broken("AreAnybodys", use=_use(user=True))
    yield broken("SurviveThePassword", use=_use(version=True))
    yield broken("NeverExpire", use=_use(time=True))
    yield broken("AreUsedUnnoted", use=_use_unnoted)
    yield broken("AreTooMany", add=_add_without_limit)
    yield broken("AreAllForgotten", forget=_forget_all)
    yield broken("AreNotForgotten", forget=_forget_none)
    yield broken("AreListedTooLong", of_user=_list_expired)
    yield broken("ArePrunedTooMany", prune=_prune_all)
