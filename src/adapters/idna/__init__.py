"""Domain names read by the package `idna`."""

from latchkey.adapters.idna.domain_names import IdnaDomainNames

__all__ = ["IdnaDomainNames"]
