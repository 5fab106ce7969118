"""All tables: the only source of truth for the schema and for all statements.

Identifiers are UUIDs of version 7 that the application creates. Rows that are created at about the
same time are therefore close together in every index (RFC 9562, section 6.13).

A refresh never touches an index (it is a heap-only tuple update): no column that it writes is
indexed, and the fill factor of `sessions` leaves room for new row versions. A session's idle expiry
is not stored; it is `rotated_at` plus the idle lifetime.
"""

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.audit.tables import audit_events
from latchkey.adapters.postgres.engine.columns import metadata
from latchkey.adapters.postgres.factors.passkey_table import passkeys
from latchkey.adapters.postgres.factors.remembered_table import remembered_devices
from latchkey.adapters.postgres.factors.tables import second_factors
from latchkey.adapters.postgres.links.tables import links
from latchkey.adapters.postgres.mail.tables import mails
from latchkey.adapters.postgres.orders.tables import orders
from latchkey.adapters.postgres.sessions.tables import sessions, timelines
from latchkey.adapters.postgres.throttling.tables import throttle_counts

__all__ = [
    "audit_events",
    "links",
    "mails",
    "metadata",
    "orders",
    "passkeys",
    "remembered_devices",
    "second_factors",
    "sessions",
    "throttle_counts",
    "timelines",
    "users",
]
