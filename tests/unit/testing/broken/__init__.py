"""Adapters that break a promise of their port, one promise each: what the suites have to catch."""
