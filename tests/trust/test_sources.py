"""What the sources must not contain: decoding that runs code, calls to the outside, raw markup.

Deserialisation, code evaluation and SSRF have no defence to test but the absence of what
makes them possible; each rule is shown to find an example of what it forbids.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.rules.sdk_casting import connected_structure, sdk_value

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted([*ROOT.glob("experiments/**/*.py"), *ROOT.glob("webui/**/*.py")])
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
SCRIPTS = sorted(ROOT.glob("static/js/*.js"))

# Decoding what a client sent with any of these runs what it says.
DECODERS = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
# The server calls nobody: not what a client names, and nobody else either.
CALLERS = {"requests", "urllib3", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib",
           "urllib.request", "xmlrpc", "xmlrpc.client", "socketserver"}  # fmt: skip
RUNNERS = {"eval", "exec", "compile", "__import__", "execfile"}
SHELLS = {"subprocess", "pty", "commands"}
MODULES = DECODERS | CALLERS | SHELLS
MARKUP = {"mark_safe", "html_safe"}
# Fine as an annotation; calling one declares any text to be markup.
SAFE_TYPES = {"SafeString", "SafeText"}

# Where callers prove themselves by a header, which no other site can make a browser send.
BY_HEADER = {"experiments/sdk/dispatch.py", "experiments/files/views.py"}


# These write, or read no further than to nodes and plain scalars: they make no objects.
INERT_YAML = {"dump", "compose_all", "parse", "SafeLoader"}
# Held to SafeLoader and its children by the test at the end of this file.
ALLOWED = {("experiments/rules/sdk_casting.py", "yaml.load")}


def forbidden_in(source: str, name: str = "") -> Iterator[str]:
    """Each forbidden thing in a Python file, with its line."""
    for node in ast.walk(ast.parse(source)):
        found = ""
        match node:
            case ast.Import() | ast.ImportFrom():
                found = _forbidden_import(node)
            case ast.Call():
                found = _forbidden_call(node)
            case ast.keyword(arg="shell", value=ast.Constant(value=True)):
                found = "a shell"
            case ast.Name(id="csrf_exempt") if name not in BY_HEADER:
                found = "csrf_exempt"
        if found and (name, found) not in ALLOWED:
            yield f"{name}:{getattr(node, 'lineno', 0)} {found}"


def _forbidden_import(node: ast.Import | ast.ImportFrom) -> str:
    names = {one.name for one in node.names}
    if isinstance(node, ast.ImportFrom):
        return node.module if node.module in MODULES else ", ".join(sorted(names & MARKUP))
    return ", ".join(sorted(names & MODULES))


def _forbidden_call(node: ast.Call) -> str:
    match node:
        case ast.Call(func=ast.Name(id=called)) if called in RUNNERS | SAFE_TYPES:
            return called
        case ast.Call(func=ast.Name(id="format_html"), args=[first, *_]):
            return "" if isinstance(first, ast.Constant) else "format_html of a variable"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="yaml"), attr=called)):
            return "" if called.startswith("safe_") or called in INERT_YAML else f"yaml.{called}"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen")):
            return "a shell"
    return ""


FORBIDDEN_EXAMPLES = [
    "import pickle",
    "from marshal import loads",
    "import requests",
    "import urllib.request",
    "from urllib.request import urlopen",
    "import subprocess",
    "eval(text)",
    "exec(text)",
    "__import__(name)",
    "yaml.load(text)",
    "yaml.unsafe_load(text)",
    "yaml.full_load(text)",
    "yaml.Loader(text)",
    "os.system(text)",
    "run(text, shell=True)",
    "from django.utils.safestring import mark_safe",
    "SafeString(text)",
    "format_html(text)",
    "format_html(f'<b>{text}</b>')",
    "view = csrf_exempt(view)",
]
ALLOWED_EXAMPLES = [
    "import json",
    "from urllib.parse import urlsplit",
    "yaml.safe_load(text)",
    "yaml.dump(tree)",
    "yaml.compose_all(text, Loader=loader)",
    "from django.utils.safestring import SafeString",
    "format_html('<b>{}</b>', text)",
    "re.compile(pattern)",
    "document.eval(text)",
]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_contains_them(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    assert list(forbidden_in(path.read_text(encoding="utf-8"), name)) == []


@pytest.mark.parametrize("source", FORBIDDEN_EXAMPLES)
def test_an_example_is_found(source: str) -> None:
    assert list(forbidden_in(source))


@pytest.mark.parametrize("source", ALLOWED_EXAMPLES)
def test_what_is_harmless_is_not(source: str) -> None:
    assert list(forbidden_in(source)) == []


RAW_TEMPLATE = re.compile(
    r"\|\s*safe(seq)?\b|autoescape\s+off|\bstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\bsrc=)"
    r"|<style|javascript:|\{%\s*debug|https?://(?!127\.0\.0\.1|www\.w3\.org)[^\s\"'<]*\.(js|css)"
)
RAW_SCRIPT = re.compile(
    r"\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\s*\(|new\s+Function"
    r"|set(Timeout|Interval)\s*\(\s*[\"'`]|createContextualFragment|\bsrcdoc\b|postMessage\(.*[\"']\*"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_writes_raw_markup(path: Path) -> None:
    assert RAW_TEMPLATE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_writes_raw_markup(path: Path) -> None:
    assert RAW_SCRIPT.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["{{ name|safe }}", "{% autoescape off %}", "<p style='x'>", "<a onclick='x'>",
     "<script>x</script>", "<a href='javascript:x'>", "<style>x</style>",
     "<script src='https://cdn.example.org/x.js'>"],
)  # fmt: skip
def test_raw_markup_is_found(text: str) -> None:
    assert RAW_TEMPLATE.search(text)


@pytest.mark.parametrize(
    "text",
    ["a.innerHTML = b", "eval(x)", "new Function(x)", "setTimeout('x')", "document.write(x)"],
)
def test_raw_writing_is_found(text: str) -> None:
    assert RAW_SCRIPT.search(text)


def test_there_is_something_to_look_at() -> None:
    assert len(PYTHON) > 50
    assert len(TEMPLATES) > 10
    assert SCRIPTS


@pytest.mark.parametrize(
    "text",
    ["!!python/object/apply:os.mkdir [{}]", "!!python/object/new:os.mkdir [{}]",
     "[!!python/object/apply:os.mkdir [{}]]", "!!python/name:os.mkdir", "!!python/module:os"],
)  # fmt: skip
@pytest.mark.parametrize("structure", ["list", "tuple", "dict", "list/int"])
def test_yaml_of_a_parameter_makes_no_objects(text: str, structure: str, tmp_path: Path) -> None:
    hostile = text.replace("{}", str(tmp_path / "made"))
    assert sdk_value(hostile, structure) == hostile or sdk_value(hostile, structure) is None
    assert connected_structure(hostile) is None
    assert not (tmp_path / "made").exists()
