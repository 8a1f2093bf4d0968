"""How fast and how large: `make bench` prints one JSON object with every figure, its bound, and whether it held.

Timing lives here and not in the tests, because a test must not fail when the machine is busy. Each benchmark is a module with a function
`run` and an entry in `benchmarks.registry`. Commands run as a user would run them, each in a process of its own, so that time and memory
are those of one command.
"""
