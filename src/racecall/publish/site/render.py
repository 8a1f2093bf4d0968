"""A page's values into HTML: every part by its own template, the same bytes on the whole page, in a patch and on an as-of page.

Templates are handed in as text (`Assets`): nothing here opens a file. Autoescape is always on; charts return `Markup`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup, escape

from racecall.origin import sha256_hex
from racecall.publish.languages.words import Words
from racecall.publish.site import paths
from racecall.publish.site.charts import CHARTS
from racecall.publish.site.filters import FILTERS
from racecall.publish.site.index import Row
from racecall.publish.site.page import ContestPage
from racecall.publish.site.speech import hash_words
from racecall.publish.site.states import chip

MAIN = ("head", "places", "counted", "standing", "break", "range", "releases", "units")
"""Parts of the main column, in their order on the page."""
SIDE = ("next", "claims", "log", "findings", "earlier")
"""Parts of the side column."""
METHOD = ("calling", "law", "states", "files", "record")
"""Parts under "Method and data": what hardly ever changes lies apart from what does with every count, so that a patch stays small."""
PARTS = (*MAIN, *SIDE, *METHOD)
FLEETING = frozenset({"head", "next", "files"})
"""Parts that show what only the current page has: all others are the same on the as-of page of the same moment, which lies deeper."""
ROOT = "\0root\0"
"""Stands in a part for the way to the site's root, which is put in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """What ships with the package and is read by `desk/packaged.py`.

    Args:
        templates: Text by path from `templates/`, e.g. ``parts/head.html.j2``.
        static: Bytes by name, e.g. ``racecall.css``.
        catalogues: `.po` bytes by language code; English needs none.
    """

    templates: Mapping[str, str]
    static: Mapping[str, bytes]
    catalogues: Mapping[str, bytes]


def all_languages(assets: Assets) -> tuple[str, ...]:
    """Return the codes of all languages that there are, the default first."""
    return (paths.DEFAULT, *sorted(assets.catalogues))


def address_of(address: str) -> str:
    """Return a site's address with a slash at its end, "" if nobody has said where it will lie."""
    return f"{address.rstrip('/')}/" if address else ""


class Renderer:
    """Writes pages in every language of a site.

    Args:
        assets: Templates, shared files and catalogues.
        languages: Language codes, the first one is the root's; all there are if empty.
        address: Where the site will lie, e.g. ``https://results.example.org/``: share cards and the code of embeds need the whole address
            and are left out without it.
    """

    def __init__(self, assets: Assets, languages: tuple[str, ...] = (), *, address: str = "") -> None:
        self.address = address_of(address)
        self.languages = languages or all_languages(assets)
        self._static_names = {name: _static_path(name, data) for name, data in assets.static.items()}
        self.static = {self._static_names[name]: data for name, data in assets.static.items()}
        self.words = {code: Words(code, assets.catalogues.get(code)) for code in self.languages}
        self._environment = _environment(assets, self.words)
        self._index_row = lru_cache(maxsize=4096)(self._made_index_row)

    def parts(self, page: ContestPage, language: str, *, base: str) -> dict[str, str]:
        """Return the parts of a contest's page by name; a part with nothing to say is "" and leaves no trace.

        Args:
            page: What to show.
            language: Language code.
            base: How the page reaches the site's root (`paths.base`).
        """
        context = self._context(language, ROOT) | {"page": page, "view": page.view, "contest": page.contest}
        return {name: self._part(name, page, language, context).replace(ROOT, base) for name in PARTS}

    def _part(self, name: str, page: ContestPage, language: str, context: dict[str, Any]) -> str:
        def render() -> str:
            return self._render(f"parts/{name}.html.j2", context).strip()

        return render() if name in FLEETING else page.remembered((self, name, language), render)

    def contest(self, page: ContestPage, language: str, *, path: str = "", version: int = 0, made: Mapping[str, str] | None = None) -> str:
        """Return a contest's whole page.

        Args:
            page: What to show.
            language: Language code.
            path: Where it will lie, its usual place if empty.
            version: The version that its pointer will name; 0 for a page that nothing follows.
            made: Its parts, if they are made already.
        """
        path = path or paths.contest(page.contest.id, language)
        base = paths.base(path)
        made = made or self.parts(page, language, base=base)
        context = self._context(language, base) | {"page": page, "view": page.view, "contest": page.contest, "parts": made}
        return self._render("contest.html.j2", context | {"main": MAIN, "side": SIDE, "version": version, "path": path})

    def compile_all(self) -> None:
        """Compile every template now, and not when it is first filled."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def other(self, template: str, language: str, *, path: str, **values: Any) -> str:
        """Return any other page: the index, an embed, a card."""
        return self._render(template, self._context(language, paths.base(path)) | {"path": path} | values)

    @cached_property
    def _defs(self) -> Markup:
        """The glyphs and hatches that a page draws with: the same on every page of every language."""
        return Markup(self._render("defs.html.j2", {}))  # noqa: S704 -- a template's

    def _made_index_row(self, language: str, base: str, row: Row) -> Markup:
        """Return a contest's row of the index; most say after a count what they said before it."""
        return Markup(self._render("index_row.html.j2", self._context(language, base) | {"row": row}))  # noqa: S704 -- a template's

    def _render(self, template: str, context: dict[str, Any]) -> str:
        """Fill a template; `Template.render` would copy all globals for each of a page's fifteen templates, a tenth of the time."""
        made = self._environment.get_template(template)
        return "".join(made.root_render_func(Context(self._environment, context, made.name, made.blocks)))

    def _context(self, language: str, base: str) -> dict[str, Any]:
        static = {name: base + path for name, path in self._static_names.items()}
        return self._environment.globals | {
            "t": self.words[language],
            "language": language,
            "original": self.languages[0],
            "base": base,
            "static": static,
            "address": self.address,
            "defs": self._defs,
            "index_row": partial(self._index_row, language, base),
        }


class Writer(CodeGenerator):
    """Compiles templates to plainer code than Jinja's own.

    There every output, attribute and call goes through a function that looks for what no template here does: a quarter of the time.
    """

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        """Escape text once and leave markup as it is: Jinja makes a new value of each."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(environment.escaped(_out) if (_kind := type(_out := (")

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        """See above: the kind is looked at here, for a function that did would take as long as the escaping."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write("))) is str else _out if _kind is Markup else escape(_out))")

    def visit_Getattr(self, node: Any, frame: Any) -> None:  # noqa: N802 -- Jinja's name
        """Read an attribute as Python does: no template asks a mapping for a key with a dot."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: Any, frame: Any, forward_caller: bool = False) -> None:  # noqa: ARG002, N802 -- Jinja's
        """Call as Python does: nothing that templates call asks for the context, for a caller or for the variables of a loop."""
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


escaped = lru_cache(maxsize=8192)(escape)
"""Names, words and numbers come again on every page. Text alone: markup that reads the same as a text is equal to it."""


def _environment(assets: Assets, words: Mapping[str, Words]) -> Environment:
    """Return the templates, one set for all languages: reading them takes longer than rendering a hundred pages."""
    made = Environment(
        loader=DictLoader(dict(assets.templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.code_generator_class = Writer
    made.get_template = lru_cache(maxsize=None)(made.get_template)  # type: ignore[method-assign] # Jinja's cache looks for changes
    made.escaped = escaped  # type: ignore[attr-defined]
    made.globals |= {"paths": paths, "languages": words, "chip": chip, "hash_words": hash_words, **CHARTS}
    made.filters |= {name: _in_language(function) for name, function in FILTERS.items()}
    return made


def _static_path(name: str, data: bytes) -> str:
    """Return where a shared file lies: under its hash, but for the one that other people's pages name."""
    if name == paths.FRAME_SCRIPT:
        return paths.frame_script()
    stem, _, kind = name.rpartition(".")
    return paths.static(f"{stem}-{sha256_hex(data)[:10]}.{kind}")


def _in_language(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a filter the page's language as its second argument."""

    @pass_context
    def spoken(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        return function(value, context.parent["t"], *args, **kwargs)

    return spoken
