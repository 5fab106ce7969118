"""The harness by its former name, until `contract/flow` imports it itself."""

from harness.service import Service as Serving
from harness.service import launch

__all__ = ["Serving", "launch"]
