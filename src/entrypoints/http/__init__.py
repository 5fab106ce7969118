"""The HTTP edge: it translates in, asks one use case, and translates out."""
