"""All tables: the one source of truth for the schema, from which all statements are made.

Identifiers are UUIDs of version 7 and made by the application, so that rows created at about the
same time are neighbours in every index (RFC 9562, section 6.13). Nothing that a refresh writes is
indexed, and the pages of `sessions` keep room for new versions of a row, so that a refresh never
touches an index (a heap-only tuple update). For the same reason a session's idle expiry is not
stored: it is `rotated_at` plus the idle lifetime.
"""

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.audit.tables import audit_events
from latchkey.adapters.postgres.engine.columns import metadata
from latchkey.adapters.postgres.orders.tables import orders
from latchkey.adapters.postgres.sessions.tables import sessions
from latchkey.adapters.postgres.throttling.tables import throttle_counts

__all__ = ["audit_events", "metadata", "orders", "sessions", "throttle_counts", "users"]
