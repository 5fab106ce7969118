"""One controller per resource: no decisions, only translation."""
