"""Why a worker process ended, in one sentence."""

import re
import signal

from audiostudio.errors import WorkerDied
from audiostudio.jobs.operation import Limits
from audiostudio.jobs.serve import EXIT_MEMORY

AGAIN = "Run the job again; if it happens again, please report it with the log."
SMALLER = "Try a shorter or smaller input, or close other programs, then run the job again."
_GPU_MEMORY = re.compile(r"(CUDA|HIP|GPU|MPS)[^\n]{0,200}out of memory", re.IGNORECASE)
_MEMORY = re.compile(r"bad_alloc|memory allocation (still )?failed|cannot allocate memory|MemoryError", re.IGNORECASE)


def too_slow(limits: Limits) -> WorkerDied:
    return WorkerDied(
        f"The job was stopped because it took longer than the {limits.seconds:g} seconds it may take.",
        "The input may be damaged, or too long for this.",
    )


def not_started() -> WorkerDied:
    return WorkerDied("The worker did not start in time.", "Run the job again when the computer is less busy.")


def why_died(code: int | None, stderr: str, limits: Limits) -> WorkerDied:
    """From the exit code (negative: a signal; None: it does not end) and the end of what it wrote to stderr."""
    if _GPU_MEMORY.search(stderr):
        return WorkerDied("The worker ran out of GPU memory.", "Close other programs that use the GPU, then try again.")
    if code == EXIT_MEMORY or (code is not None and code != 0 and code != -9 and _MEMORY.search(stderr)):
        if limits.memory is None:
            return WorkerDied("The worker ran out of memory.", SMALLER)
        return WorkerDied(f"The worker needed more than the {_size(limits.memory)} of memory it may use.", SMALLER)
    if code is None:
        return WorkerDied("The worker hangs and cannot be stopped.", "Restart the computer when it disturbs.")
    if code == -9:
        return WorkerDied(
            "The worker was killed (signal 9), most often by the system because memory ran out.",
            "Close other programs, then run the job again.",
        )
    if code < 0:
        return WorkerDied(f"The worker crashed ({_signal(-code)}).", AGAIN)
    if code >= 2**31:
        return WorkerDied(f"The worker crashed ({code:#x}).", AGAIN)
    last = stderr.strip().rpartition("\n")[2][:200]
    return WorkerDied(f"The worker ended by itself (exit code {code}){': ' + last if last else ''}.", AGAIN)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _size(count: int) -> str:
    return f"{count / 2**30:.3g} GB" if count >= 2**30 else f"{count / 2**20:.3g} MB"
