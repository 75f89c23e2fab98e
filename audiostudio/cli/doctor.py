"""`audiostudio doctor` and `--version`: what is here, what is missing, what to do about it."""

import argparse
from dataclasses import asdict

from audiostudio.cli.console import Console, table
from audiostudio.files import leave_lost_folder
from audiostudio.operations import doctor

MARKS = {"ok": "✓", "note": "·", "fault": "✗"}


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 where nothing is at fault, else 1."""
    leave_lost_folder()
    findings = doctor.examine(console.studio)
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.state]} {finding.subject}: {finding.sentence}")
        if finding.remedy:
            lines.append(f"    → {finding.remedy}")
    console.out([asdict(finding) for finding in findings], "\n".join(lines))
    return 1 if any(finding.state == "fault" for finding in findings) else 0


def version(console: Console) -> int:
    versions = doctor.versions(console.studio)
    console.out(versions, table(("Audio Studio", versions["Audio Studio"]), list(versions.items())[1:]))
    return 0
