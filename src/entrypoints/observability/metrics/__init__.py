"""Metrics: what is counted, where, and how it is shown to Prometheus (ADR 0024)."""
