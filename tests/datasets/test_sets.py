"""Every set says where it is from, and all that is shipped can be listed."""

import ast
import inspect
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from arena.datasets import Dataset
from arena.datasets.published import Published

SETS = [point.load() for point in entry_points(group="arena.datasets") if point.value.startswith("arena.")]


@pytest.mark.parametrize("cls", SETS, ids=lambda cls: cls.__name__)
def test_a_set_says_its_source_and_its_licence_and_its_group(cls):
    assert issubclass(cls, Dataset)
    said = " ".join((cls.__doc__ or "").split())
    assert all(word.casefold() in said.casefold() for word in ("source", "licence", "group"))


@pytest.mark.parametrize("cls", [c for c in SETS if issubclass(c, Published)], ids=lambda cls: cls.__name__)
def test_a_published_set_says_what_to_cite_and_its_passage_and_its_options(cls):
    said = " ".join((cls.__doc__ or "").split())
    assert all(f"{word}: " in said for word in ("Source", "Licence", "Cite", "Passage", "Group"))
    assert "Wrong option" in said or "Options: " in said


@pytest.mark.parametrize("cls", [c for c in SETS if issubclass(c, Published)], ids=lambda cls: cls.__name__)
def test_a_published_set_is_called_as_it_is_found(cls):
    [point] = [p for p in entry_points(group="arena.datasets") if p.name == cls.name]
    assert point.load() is cls


def lines_of_code(path):
    """Lines that are neither blank nor part of a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = [node.body[0] for node in ast.walk(tree) if isinstance(node, kinds) and ast.get_docstring(node)]
    said = {number for one in told for number in range(one.lineno, one.end_lineno + 1)}
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(bool(line.strip()) and number not in said for number, line in enumerate(lines, 1))


@pytest.mark.parametrize("cls", [c for c in SETS if issubclass(c, Published)], ids=lambda cls: cls.__name__)
def test_a_published_set_takes_fifty_lines_at_the_most(cls):
    assert lines_of_code(Path(inspect.getfile(cls))) <= 50
