"""`audiostudio rights`: what a mix is made of, whether it may be sold, whom to credit."""

import argparse

from audiostudio.cli.console import Console
from audiostudio.cli.project import existing_project
from audiostudio.operations.arranging import chosen_timeline
from audiostudio.operations.rights_sheet import rights_sheet
from audiostudio.timeline.file import ProjectFile


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("project", metavar="P", help="a project's folder")
    parser.add_argument("--timeline", metavar="NAME", help="default: the main one")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    project = ProjectFile.read(existing_project(arguments.project))
    sheet = rights_sheet(console.studio.library, project, chosen_timeline(project, arguments.timeline))
    console.out(sheet.to_json(), sheet.text().rstrip())
    return 0
