"""What the log and the command line show of the cause of an error."""


def cause_of(error: BaseException) -> str | None:
    """Return the cause of an error on one line, or None if the error has no cause."""
    cause = error.__cause__
    if cause is None:
        return None
    reason = str(cause).partition("\n")[0]
    return reason or type(cause).__name__
