"""The HTTP API. Each route decodes a request, calls one use case, and encodes its result."""

import sys
from importlib import import_module


def _import_litestar_alone() -> None:
    """Import Litestar without advanced-alchemy, which it loads wherever that is installed.

    It takes one class from there, which is not used here, and its own when the import fails. The
    import would load all of SQLAlchemy's ORM and Alembic, too: more than Litestar itself.
    """
    name = "advanced_alchemy"
    if name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment] # its import raises ImportError
        try:
            import_module("litestar.pagination")
        finally:
            del sys.modules[name]


_import_litestar_alone()
