"""The use cases, one callable class per file.

Each follows the steps of docs/flow.md. Comments give the ids of the steps.
"""
