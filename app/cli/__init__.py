"""The command line: the same parts as the window, without it."""

from app.cli.run import main as main
