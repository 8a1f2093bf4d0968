"""A results story from the ledger: every sentence has a figure's row behind it, and none says more than the state of its place.

Theory of operation. A story is planned without words and then told in a language. The plan is a list of *points*: which sentence of the
catalogue, with which figures. A figure is a value inside the trace of the row it rests on, and the places of a sentence take nothing but
figures, so that a number without a row cannot be written. The catalogues hold whole sentences, without a single digit of their own.

figures.py    a value with its row, and how it is to be written
ground.py     what the story stands on: the view, who ranks where, and every figure made from a row
places.py     how much may be said of each place: the ladder from "led" to "was elected"
opening.py    headline and first paragraph
counting.py   standing, what is out, what comes next, what the last count added
background.py field, early ballots, money, calls and claims, how the story was made
told.py       the story as values: sentences, sections, parts with their traces
voice.py      a point of the plan said in a language
languages/    one catalogue a language
write.py      facts in, a story out
short.py      push alert, digest item, headline, alternative text of a chart
render.py     text with footnotes, HTML, Markdown, JSON, and the document that `check_story` reads
"""
