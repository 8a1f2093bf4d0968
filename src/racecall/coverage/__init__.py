"""The record of a race's coverage, stories checked against the count, and stories written from it.

rows.py      what can be recorded: people, endorsements, money, debates, quotes, answers …, one frozen value a kind
record.py    the rows as they stood at a moment, read from the ledger
document.py  a story as headline, captions and sentences, each with its place in the text
claims.py    what a sentence says that the record can settle, and what became of it
check.py     a story in, a verdict for each claim out
"""
