"""What the documentation shows works as it is shown."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import arena
from arena.table import Table
from arena.testing import check

ROOT = Path(__file__).parent.parent
PROMPTS = {
    "debater": "You are $name. $quote_rule",
    "judge": "You judge. $quote_marks",
    "question": "$question\n$options\n$sides",
    "passage": "$passage",
    "propose": "Argue for $side in $words words.",
    "criticise": "Argue for $side, against $against.",
    "decide": "$verdict",
}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def imported(folder: Path, name: str, code: str) -> ModuleType:
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_protocol_of_the_guide_passes_the_conformance_kit(tmp_path: Path) -> None:
    module = imported(tmp_path, "critique", blocks("docs/protocols.md", "python")[0])
    folder = tmp_path / "prompts" / "critique"
    folder.mkdir(parents=True)
    for cue, text in PROMPTS.items():
        (folder / f"{cue}.md").write_text(text, encoding="utf-8")
    check(module.Critique)


def test_the_guide_names_every_prompt_file_of_its_protocol() -> None:
    text = (ROOT / "docs/protocols.md").read_text(encoding="utf-8")
    assert [cue for cue in PROMPTS if f"{cue}.md" not in text] == []


def test_the_guide_lists_everything_that_a_table_can_do() -> None:
    text = (ROOT / "docs/protocols.md").read_text(encoding="utf-8")
    able = {name for name in vars(Table) if not name.startswith("_")}
    assert sorted(name for name in able if f"table.{name}" not in text) == []


def test_every_protocol_that_cites_a_paper_finds_it_in_the_bibliography() -> None:
    bibliography = (ROOT / "docs/bibliography.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "protocols").glob("[a-z]*.py")):
        cited = re.findall(
            r"([A-Z][a-z]+)[^()]*?et al\.[^0-9(]*(\d{4})", path.read_text(encoding="utf-8").split('"""')[1]
        )
        assert cited or "Christiano" in path.read_text(encoding="utf-8"), f"{path.name} names no source"
        for author, year in cited:
            assert f"{author} et al. {year}" in bibliography, f"{path.name} cites {author} et al. {year}"


def test_the_public_names_are_all_there_and_sorted() -> None:
    assert arena.__all__ == sorted(arena.__all__)
    assert [name for name in arena.__all__ if getattr(arena, name, None) is None] == []
