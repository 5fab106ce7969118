"""The cores of the machine."""

import os


def cores() -> int:
    """Return the number of cores that this process may run on, >= 1.

    On Linux this is its CPU affinity, as `taskset` and `cpuset` set it. A quota of CPU time, as
    containers have it, is not a number of cores, and is ignored.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
