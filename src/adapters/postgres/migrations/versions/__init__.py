"""The steps, each with the identifier of the one before it."""
