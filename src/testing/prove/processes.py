"""Several parts of a run at once: most of the time a test waits for the deployment or its clock."""

from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import cast

from latchkey.testing.prove.deployment import CannotRunError
from latchkey.testing.prove.findings import Finding
from latchkey.testing.prove.part import Part
from latchkey.testing.prove.plugin import Count, Progress
from latchkey.testing.prove.turns import CONTEXT

Message = Count | list[Finding] | CannotRunError


def run_at_once(parts: Sequence[Part], progress: Progress) -> list[Finding]:
    """Run each part in a process of its own, and return what all of them have found.

    Raises:
        CannotRunError: A part cannot run, or has ended without a word.
        KeyboardInterrupt: The user has interrupted the run; all processes have ended.
    """
    pipes = [CONTEXT.Pipe(duplex=False) for _ in parts]
    processes = [
        CONTEXT.Process(target=_tell, args=(part, teller), daemon=True)
        for part, (_, teller) in zip(parts, pipes, strict=True)
    ]
    try:
        for process, (_, teller) in zip(processes, pipes, strict=True):
            process.start()
            teller.close()
        return _collect([listener for listener, _ in pipes], progress)
    finally:
        for process in processes:
            if process.pid is not None:
                process.terminate()
                process.join()


def _tell(part: Part, teller: Connection) -> None:
    try:
        teller.send(part.run(teller.send))
    except CannotRunError as error:
        teller.send(error)


def _collect(listeners: Sequence[Connection], progress: Progress) -> list[Finding]:
    counts: dict[Connection, Count] = {}
    found: dict[Connection, list[Finding]] = {}
    while missing := [listener for listener in listeners if listener not in found]:
        for listener in cast("list[Connection]", wait(missing)):
            message = _received(listener)
            if isinstance(message, Count):
                counts[listener] = message
                progress(sum(counts.values(), Count()))
            else:
                found[listener] = message
    return [finding for listener in listeners for finding in found[listener]]


def _received(listener: Connection) -> Count | list[Finding]:
    try:
        message: Message = listener.recv()
    except EOFError:
        raise CannotRunError("a process of the suite has ended without a word") from None
    if isinstance(message, CannotRunError):
        raise message
    return message
