"""A checked story made readable: for a terminal, as one annotated page, as JSON, as SARIF.

words.py      what is said of verdicts, in one place
pieces.py     a story cut into sentences and marked words, for a page and for a terminal alike
terminal.py   for people on a deadline: what needs a change first
page.py       the story with its notes, one file without script
objects.py    fixed names for programs
sarif.py      for the checks of a repository: GitHub, GitLab, editors
"""
