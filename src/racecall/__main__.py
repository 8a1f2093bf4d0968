"""`python -m racecall`: the same as the `racecall` command."""

from racecall.cli.main import run

run()
