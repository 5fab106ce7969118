"""All faults, and for each suite an adapter without any."""

from typing import Final

from latchkey.testing import ports
from unit.testing.broken import (
    accounts,
    audit,
    erasure,
    factors,
    invitations,
    last_admin,
    links,
    lists,
    mail_queue,
    outbox,
    passkey_parts,
    passkeys,
    remembered_devices,
    rotations,
    sessions,
    takeovers,
    throttle,
    tokens,
    units,
    user_links,
    user_search,
    user_sessions,
)
from unit.testing.broken.fault import Fault

MODULES: Final = (
    accounts,
    audit,
    erasure,
    factors,
    invitations,
    last_admin,
    links,
    lists,
    mail_queue,
    outbox,
    passkey_parts,
    passkeys,
    remembered_devices,
    rotations,
    sessions,
    takeovers,
    throttle,
    tokens,
    units,
    user_links,
    user_search,
    user_sessions,
)
BROKEN: Final = {f"Test{fault.name}": fault for module in MODULES for fault in module.faults()}
INTACT: Final = {
    f"TestIntact{name}": Fault.of(f"Intact{name}", getattr(ports, name), object)
    for name in ports.__all__
    if name.endswith("Suite")
}
FAULTS: Final = BROKEN | INTACT
