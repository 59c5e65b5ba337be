"""Documents name files that exist, and the commands they show are the commands there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ROOMS = (ROOT, ROOT / "webui", ROOT / "experiments")
MAPS = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]


def links_in(text: str) -> set[str]:
    """Targets inside this repository, without their anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return {target.split("#")[0] for target in targets if "://" not in target} - {""}


def paths_in(text: str) -> set[str]:
    """What is written like a file of the sources: `rules/merging.py`, `docs/storage.md`."""
    return set(re.findall(r"`([\w./]+\.(?:py|md|toml|html|js|css))`", text))


def exists_somewhere(path: str) -> bool:
    return any((room / path).exists() for room in ROOMS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = links_in(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", MAPS, ids=lambda path: path.name)
def test_the_map_shows_what_is_there(document: Path) -> None:
    named = paths_in(document.read_text(encoding="utf-8"))
    assert len(named) > 5
    assert [path for path in sorted(named) if not exists_somewhere(path)] == []


def test_a_missing_file_would_be_noticed() -> None:
    text = "See [there](docs/nothing.md#part) and `rules/nothing.py`, not https://example.org/a.md."
    assert links_in(text) == {"docs/nothing.md"}
    assert paths_in(text) == {"rules/nothing.py"}
    assert not exists_somewhere("rules/nothing.py")


def test_every_document_is_listed() -> None:
    listed = links_in((ROOT / "docs" / "README.md").read_text(encoding="utf-8"))
    there = {path.name for path in ROOT.glob("docs/*.md")} - {"README.md"}
    assert there <= listed


def test_the_options_of_the_start_script_are_these() -> None:
    script = (ROOT / "script" / "server").read_text(encoding="utf-8")
    assert set(re.findall(r"^  (--[a-z]+)", script, re.MULTILINE)) == {
        "--host",
        "--port",
        "--data",
        "--demo",
    }
