"""What a user installs: the wheel holds the engine, the protocols and their prompts, and nothing else.

The wheel is built by the declared back end, offline, from a copy of the tree.
"""

import configparser
import importlib
import importlib.util
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

needs_readme = pytest.mark.skipif(not (ROOT / "README.md").is_file(), reason="README.md is not there yet")
needs_cli = pytest.mark.skipif(importlib.util.find_spec("arena.cli") is None, reason="arena.cli is not there yet")

ENTRY_POINTS = {
    f"{group}: {name}": target
    for group, targets in {"scripts": PROJECT["scripts"], **PROJECT["entry-points"]}.items()
    for name, target in targets.items()
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The files of a freshly built wheel, by name."""
    place = tmp_path_factory.mktemp("a path with spaces")
    tree = place / "tree"
    copy_tree(tree)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=tree, check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def copy_tree(tree: Path) -> None:
    """Copy what is built from, and lay beside it what has to stay behind."""
    for folder in ("arena", "protocols", "tests"):
        shutil.copytree(ROOT / folder, tree / folder)
    for file in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / file, tree / file)
    for stray in ("benchmarks/overhead.py", "transcripts/last-night/run.json", "transcripts/samples/debate/run.json"):
        (tree / stray).parent.mkdir(parents=True)
        (tree / stray).write_text("{}")


def data_files(folder: str) -> set[str]:
    """All files of a package that travel: code, prompts, tables, style sheets."""
    kinds = {".py", ".md", ".toml", ".tcss", ".typed"}
    found = (path for path in (ROOT / folder).rglob("*") if path.suffix in kinds or path.name == "py.typed")
    return {path.relative_to(ROOT).as_posix() for path in found}


@needs_readme
def test_every_file_of_both_packages_travels_in_the_wheel(wheel):
    assert data_files("arena") | data_files("protocols") <= set(wheel)


@needs_readme
def test_prompts_and_typing_marks_are_among_them(wheel):
    assert {"protocols/prompts/debate/argue.md", "arena/py.typed", "protocols/py.typed"} <= set(wheel)


@needs_readme
def test_the_wheel_holds_two_packages_and_its_metadata_and_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"arena", "protocols", f"oversight_arena-{PROJECT['version']}.dist-info"}


@needs_readme
def test_the_wheel_carries_the_licence(wheel):
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


@needs_readme
def test_the_wheel_declares_every_entry_point(wheel):
    (text,) = [body.decode() for name, body in wheel.items() if name.endswith("entry_points.txt")]
    declared = configparser.ConfigParser()
    declared.optionxform = str
    declared.read_string(text)
    assert dict(declared["console_scripts"]) == PROJECT["scripts"]
    assert {group: dict(declared[group]) for group in PROJECT["entry-points"]} == PROJECT["entry-points"]


@needs_cli
@pytest.mark.parametrize("target", ENTRY_POINTS.values(), ids=ENTRY_POINTS.keys())
def test_every_entry_point_names_something_that_can_be_called(target):
    module, _, attribute = target.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


def test_every_direct_dependency_is_pinned_in_the_constraints():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.lower().split("==") for line in lines if line and not line.startswith("#"))
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {need.partition(">=")[0] for need in wanted} <= set(pins)


def test_the_constraints_name_no_index_and_no_place():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert not [line for line in text.splitlines() if line.startswith("-") or "/" in line]


@needs_readme
def test_ci_runs_the_line_that_the_readme_gives_for_the_tests():
    *_, line = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert line in [shown.strip().removeprefix("$ ") for shown in readme]
