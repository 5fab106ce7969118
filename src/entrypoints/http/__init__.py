"""The HTTP API. Each route decodes a request, calls one use case, and encodes its result."""
