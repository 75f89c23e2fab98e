"""Who runs a job: a process, told apart from a later one that got the same number."""

import ctypes
import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """A process. `started` is opaque: where it runs (boot and process namespace) and when it began."""

    pid: int
    started: str

    @classmethod
    def current(cls) -> "Owner":
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> "Owner":
        """The process `pid`. Raises `ProcessLookupError` when there is none."""
        started = _start_time(pid)
        if started is None:
            raise ProcessLookupError(pid)
        return cls(pid, f"{_place()}/{started}")

    def alive(self) -> bool | None:
        """Whether the process still runs; None for one of another boot, machine or container: nobody can see it."""
        place, _, started = self.started.rpartition("/")
        if place != _place():
            return None
        return _start_time(self.pid) == started


@functools.cache
def _place() -> str:
    """Where process numbers mean the same: one boot of one machine, one process namespace."""
    if sys.platform != "linux":
        return sys.platform
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"


if sys.platform == "linux":

    def _start_time(pid: int) -> str | None:
        """When process `pid` began, in the system's own words; None when it ended, even if it was not reaped yet."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = stat.rpartition(")")[2].split()  # the name before may hold spaces and brackets
        return None if fields[0] in "ZX" else fields[19]

elif sys.platform == "win32":

    def _start_time(pid: int) -> str | None:
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return None
        try:
            times = [ctypes.c_ulonglong() for _ in range(4)]
            code = ctypes.c_ulong()
            running = kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == 259  # STILL_ACTIVE
            known = kernel.GetProcessTimes(handle, *(ctypes.byref(time) for time in times))
            return str(times[0].value) if running and known else None
        finally:
            kernel.CloseHandle(handle)

else:

    def _start_time(pid: int) -> str | None:
        command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        state, _, began = shown.strip().partition(" ")
        return began.strip() if began and not state.startswith("Z") else None
