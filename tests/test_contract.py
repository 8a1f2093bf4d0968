"""The two contracts of the architecture, read from the source: imports go one way, and only `desk` and `cli` touch the world.

Every module is parsed, names are followed through its imports (`np.random.rand` is `numpy.random.rand`), and each breach is reported with
file, line and the rule it breaks. The tables below are the rules.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "racecall"

WORLD = ("desk/", "cli/")
"""Rooms that may touch the world."""

NO_FILES = "only desk/ and cli/ open files: hand the bytes in"
NO_NETWORK = "only desk/ and cli/ reach a database, a socket or another program: hand the values in"
NO_ENVIRONMENT = "only desk/ and cli/ read the environment: hand the settings in"
NO_CLOCK = "only desk/ and cli/ read the clock: take the moment as an argument (as_of)"
NO_LUCK = "nothing draws from a global generator: take a seed or a generator as an argument"
NO_PACKAGED = "packaged data is read by desk/packaged.py: take it as bytes or text"
LIGHT = "imported at module level, so every command pays for it at start-up: import it inside the function that needs it"

EFFECTS: Mapping[str, str] = {
    "open": NO_FILES,
    "input": NO_FILES,
    "io.open": NO_FILES,
    "codecs.open": NO_FILES,
    "gzip.open": NO_FILES,
    "bz2.open": NO_FILES,
    "lzma.open": NO_FILES,
    "zipfile.Path": NO_FILES,
    "shutil": NO_FILES,
    "tempfile": NO_FILES,
    "glob": NO_FILES,
    "polars.scan_*": NO_FILES,
    "sys.stdin": NO_FILES,
    "sys.stdout": NO_FILES,
    "sys.argv": NO_ENVIRONMENT,
    "os": NO_ENVIRONMENT,
    "getpass": NO_ENVIRONMENT,
    "platform": NO_ENVIRONMENT,
    "sqlite3": NO_NETWORK,
    "sqlalchemy": NO_NETWORK,
    "alembic": NO_NETWORK,
    "psycopg": NO_NETWORK,
    "httpx": NO_NETWORK,
    "requests": NO_NETWORK,
    "urllib": NO_NETWORK,
    "http": NO_NETWORK,
    "socket": NO_NETWORK,
    "ssl": NO_NETWORK,
    "asyncio": NO_NETWORK,
    "subprocess": NO_NETWORK,
    "multiprocessing": NO_NETWORK,
    "time": NO_CLOCK,
    "datetime.datetime.now": NO_CLOCK,
    "datetime.datetime.utcnow": NO_CLOCK,
    "datetime.datetime.today": NO_CLOCK,
    "datetime.date.today": NO_CLOCK,
    "random": NO_LUCK,
    "secrets": NO_LUCK,
    "uuid": NO_LUCK,
    "numpy.random": NO_LUCK,
    "importlib.resources": NO_PACKAGED,
    "importlib.metadata": NO_PACKAGED,
    "pkgutil": NO_PACKAGED,
}
"""What a name may not be, or begin with, outside `WORLD` (dotted, after following the imports)."""

BUILTINS = frozenset({"open", "input"})
"""Names that touch the world without an import."""

PURE = (
    "urllib.parse",
    "http.HTTPStatus",
    "uuid.UUID",
    "uuid.uuid5",
    "uuid.NAMESPACE_URL",
    "random.Random",
    "os.PathLike",
    "os.path.basename",
    "os.path.splitext",
)
"""Exceptions to `EFFECTS`: these only compute."""

SEEDED = ("numpy.random.Generator", "numpy.random.default_rng", "numpy.random.SeedSequence", "numpy.random.PCG64", "numpy.random.Philox")
"""Generators that are made from a seed; a call without one is a breach."""

FILE_METHODS = frozenset(
    {"read_text", "read_bytes", "write_text", "write_bytes", "open", "mkdir", "rmdir", "unlink", "touch", "iterdir", "rglob"}
    | {"is_file", "is_dir", "symlink_to", "expanduser"}
)
"""Method names that only paths (and things like them) have."""

CLOCK_METHODS = frozenset({"now", "utcnow", "today"})

HEAVY = (
    "polars",
    "numpy",
    "scipy",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "rich",
    "lxml",
    "urllib3",
    "babel",
    "jinja2",
    "apprise",
    "icalendar",
    "litestar",
    "uvicorn",
    "argon2",
)
"""Libraries that cost start-up."""

HEAVY_ALLOWED: Mapping[str, frozenset[str]] = {
    "desk/database.py": frozenset({"sqlalchemy"}),
    "desk/fetching.py": frozenset({"urllib3"}),
    "desk/outbox.py": frozenset({"sqlalchemy"}),
    "desk/migrations/env.py": frozenset({"alembic"}),
    "desk/web/*": frozenset({"litestar", "sqlalchemy"}),
    "desk/migrations/versions/*": frozenset({"alembic", "sqlalchemy"}),
    "backtest/*": frozenset({"numpy"}),
    "projection/*": frozenset({"numpy"}),
    "outstanding/*": frozenset({"numpy"}),
    "calls/*": frozenset({"numpy"}),
    "testing_projection.py": frozenset({"numpy"}),
    "publish/*": frozenset({"rich"}),
    "publish/languages/*": frozenset({"babel", "jinja2"}),
    "publish/site/*": frozenset({"jinja2"}),
}
"""Modules that may import a heavy library at module level, because commands import them only when they have something to do."""


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """A rule broken at a line."""

    path: str
    line: int
    found: str
    rule: str

    def __str__(self) -> str:
        return f"src/racecall/{self.path}:{self.line}: `{self.found}`: {self.rule}"


@dataclass(slots=True)
class Reader(ast.NodeVisitor):
    """Reads one module: what it imports where, and what it touches."""

    path: str
    names: dict[str, str] = field(default_factory=dict)
    breaches: set[Breach] = field(default_factory=set)
    depth: int = 0

    def visit_If(self, node: ast.If) -> None:
        """Skip what only the type checker sees."""
        if ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            node = ast.If(test=node.test, body=node.orelse or [ast.Pass()], orelse=[])
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """Remember that we are inside a function: imports there are made on first use."""
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - the name is the visitor's

    def visit_Import(self, node: ast.Import) -> None:
        """Note what `import a.b as c` binds, and whether it may."""
        for alias in node.names:
            self.names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
            self._check_import(node, alias.name, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what `from a import b` binds, and whether it may."""
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            self.names[alias.asname or alias.name] = full
            self._check_import(node, full, full)

    def visit_Name(self, node: ast.Name) -> None:
        """Check a bare name: `open`, or something imported."""
        if name := self._dotted(node):
            self._check_use(node, name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Check a dotted name; go on inside if it does not start at a name."""
        dotted = self._dotted(node)
        if dotted:
            self._check_use(node, dotted)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Check the methods that give a path or a clock away, and generators without a seed."""
        if isinstance(node.func, ast.Attribute):
            self._check_method(node, node.func.attr)
        called = self._dotted(node.func) or ""
        if self._pure_room and called in {*SEEDED, "random.Random"} and not node.args and not node.keywords:
            self._breach(node, f"{called}()", NO_LUCK)
        self.generic_visit(node)

    @property
    def _pure_room(self) -> bool:
        return not self.path.startswith(WORLD)

    def _dotted(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.names.get(node.id) or (node.id if node.id in BUILTINS else None)
        if isinstance(node, ast.Attribute) and (base := self._dotted(node.value)):
            return f"{base}.{node.attr}"
        return None

    def _check_import(self, node: ast.stmt, name: str, found: str) -> None:
        library = name.split(".", maxsplit=1)[0]
        if self.depth == 0 and library in HEAVY and not _may_be_early(self.path, library):
            self._breach(node, f"import {library}", LIGHT)
        if self._may_turn_out_pure(name):
            return
        self._check_use(node, found)

    def _may_turn_out_pure(self, name: str) -> bool:
        """Say whether an import is only the way to something allowed (`import random` to `random.Random`): then its uses are checked."""
        return any(allowed.startswith(f"{name}.") for allowed in (*PURE, *SEEDED))

    def _check_use(self, node: ast.AST, name: str) -> None:
        if not self._pure_room or any(_is_within(name, allowed) or _is_within(allowed, name) for allowed in (*PURE, *SEEDED)):
            return
        for effect, rule in EFFECTS.items():
            if _is_within(name, effect):
                self._breach(node, name, rule)

    def _check_method(self, node: ast.Call, method: str) -> None:
        if self._pure_room and method in FILE_METHODS:
            self._breach(node, f".{method}()", NO_FILES)
        if self._pure_room and method in CLOCK_METHODS:
            self._breach(node, f".{method}()", NO_CLOCK)

    def _breach(self, node: ast.AST, found: str, rule: str) -> None:
        self.breaches.add(Breach(self.path, getattr(node, "lineno", 0), found, rule))


def _may_be_early(path: str, library: str) -> bool:
    return any(fnmatch(path, pattern) and library in libraries for pattern, libraries in HEAVY_ALLOWED.items())


def _is_within(name: str, pattern: str) -> bool:
    return name == pattern or name.startswith(f"{pattern}.") or ("*" in pattern and fnmatch(name, pattern))


def breaches_in(source: str, path: str) -> list[Breach]:
    """Return every breach in one module, in the order of its lines."""
    reader = Reader(path)
    reader.visit(ast.parse(source))
    return sorted(reader.breaches)


def modules() -> Iterator[tuple[str, str]]:
    """Yield every module of racecall: its path under `src/racecall`, and its text."""
    for file in sorted(SOURCE.rglob("*.py")):
        yield file.relative_to(SOURCE).as_posix(), file.read_text(encoding="utf-8")


def _listed(breaches: list[Breach]) -> str:
    return "\n".join(map(str, breaches)) or "none"


# -- what holds for racecall ---------------------------------------------------------------------------------------------------------


def test_imports_go_one_way():
    """The order of the rooms in docs/architecture.md holds for every import, import-linter says."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache", "--no-logo"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_only_desk_and_cli_touch_the_world():
    """No other room opens a file or a socket, reads the clock or the environment, or draws from a global generator."""
    found = [breach for path, source in modules() for breach in breaches_in(source, path) if breach.rule != LIGHT]

    assert _listed(found) == "none"


def test_heavy_libraries_are_imported_on_first_use():
    """A command that needs no tables starts without the libraries that make them."""
    found = [breach for path, source in modules() for breach in breaches_in(source, path) if breach.rule == LIGHT]

    assert _listed(found) == "none"


def test_every_allowance_is_used():
    """A module that may import a heavy library early does; otherwise the allowance goes."""
    early = {
        (path, library)
        for path, source in modules()
        for library in HEAVY
        if re.search(rf"^(from|import) {library}\b", source, re.MULTILINE)
    }
    idle = [
        f"{pattern}: {library}"
        for pattern, libraries in HEAVY_ALLOWED.items()
        for library in libraries
        if not any(fnmatch(path, pattern) and library == found for path, found in early)
    ]

    assert idle == []


# -- that the reader above sees what it should ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found", "rule"),
    [
        ("text = open('a').read()", "open", NO_FILES),
        ("from pathlib import Path\ntext = Path('a').read_text()", ".read_text()", NO_FILES),
        ("import gzip\ngzip.open('a')", "gzip.open", NO_FILES),
        ("import polars as pl\npl.scan_parquet('a')", "polars.scan_parquet", NO_FILES),
        ("import sqlite3", "sqlite3", NO_NETWORK),
        ("def f():\n    from sqlalchemy import text", "sqlalchemy.text", NO_NETWORK),
        ("import urllib.request", "urllib.request", NO_NETWORK),
        ("import os\nhome = os.environ['HOME']", "os.environ", NO_ENVIRONMENT),
        ("from os import getenv", "os.getenv", NO_ENVIRONMENT),
        ("from datetime import datetime\nnow = datetime.now()", "datetime.datetime.now", NO_CLOCK),
        ("import datetime as dt\nday = dt.date.today()", "datetime.date.today", NO_CLOCK),
        ("import time", "time", NO_CLOCK),
        ("import random\nx = random.random()", "random.random", NO_LUCK),
        ("import random\nx = random.Random()", "random.Random()", NO_LUCK),
        ("def f():\n    import numpy as np\n    return np.random.rand(3)", "numpy.random.rand", NO_LUCK),
        ("def f():\n    import numpy as np\n    return np.random.default_rng()", "numpy.random.default_rng()", NO_LUCK),
        ("from importlib import resources", "importlib.resources", NO_PACKAGED),
        ("import polars as pl", "import polars", LIGHT),
        ("try:\n    from lxml import etree\nexcept ImportError:\n    etree = None", "import lxml", LIGHT),
    ],
)
def test_a_breach_is_named_with_file_line_and_rule(source: str, found: str, rule: str):
    """What must not stand in a pure room is found, wherever it hides."""
    messages = [str(breach) for breach in breaches_in(source, "calls/example.py")]

    assert any(
        message.startswith("src/racecall/calls/example.py:") and f"`{found}`" in message and message.endswith(rule) for message in messages
    ), messages


@pytest.mark.parametrize(
    "source",
    [
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import polars as pl",
        "def f(seed):\n    import numpy as np\n    return np.random.default_rng(seed).normal()",
        "import random\nrng = random.Random(7)\nx = rng.random()",
        "from urllib.parse import urlsplit\nhost = urlsplit('a').netloc",
        "from datetime import datetime, time, UTC\nnoon = datetime.combine(datetime.fromisoformat('2017-04-05'), time(12), UTC)",
        "def f(data):\n    import io\n    import polars as pl\n    return pl.read_csv(io.BytesIO(data))",
        "time = 3\nrow = time + 1",
        "import zipfile, io\nnames = zipfile.ZipFile(io.BytesIO(b'')).namelist()",
    ],
)
def test_what_only_computes_is_left_alone(source: str):
    """Seeded generators, addresses, given times and bytes in memory are no breach."""
    found = breaches_in(source, "calls/example.py")

    assert _listed(found) == "none"


def test_the_desk_may_touch_the_world():
    """The rooms whose work it is may open files and read the clock."""
    found = breaches_in("import os, time\nfrom datetime import datetime\nopen('a')\ndatetime.now()", "desk/store.py")

    assert _listed(found) == "none"
