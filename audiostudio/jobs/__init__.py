"""Everything slow: jobs, queues and worker processes."""

from audiostudio.jobs.job import (
    TERMINAL,
    Event,
    Job,
    JobState,
    Json,
    JsonObject,
    Outcome,
    Partial,
    Progress,
    Started,
)
from audiostudio.jobs.operation import Body, Limits, Operation, Place

__all__ = [
    "TERMINAL",
    "Body",
    "Event",
    "Job",
    "JobState",
    "Json",
    "JsonObject",
    "Limits",
    "Operation",
    "Outcome",
    "Partial",
    "Place",
    "Progress",
    "Started",
]
