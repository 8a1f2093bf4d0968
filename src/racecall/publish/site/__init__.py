"""The results page: one static page a contest, an index over all of them, and the small files that keep an open page up to date.

    View + history --(page.py)--> ContestPage --(render.py, parts/, charts/)--> parts --> page, patch, embed, card

`page.py` has the values, without a word of any language; `paths.py` where every file lies; `render.py` turns a page into its parts, one
template each (`templates/parts/`), which the whole page, the later patches and the as-of pages share; `charts/` draws, one chart a file.
"""
