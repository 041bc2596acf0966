"""Somebody else's package, installed beside the arena, is played like the arena's own.

Installing is what pip does: the package and a `dist-info` folder that names its entry points lie on the path.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from arena import log
from arena.events import Scored

HERE = Path(__file__).resolve().parent
STRANGER = HERE / "stranger"
PROJECT = tomllib.loads((STRANGER / "pyproject.toml").read_text(encoding="utf-8"))["project"]

PLAY = """
import sys
from pathlib import Path
from arena.plan import Experiment, resolve
from arena.runner import play
plan = resolve(Experiment(protocol=("briefs", "briefs?replies=false"), dataset="lamps?hours=3", limit=6, seed=3))
assert play(plan, Path(sys.argv[1])).stopped is None
"""

LIST = """
import json, sys
from arena import plugins
print(json.dumps({
    "protocols": list(plugins.installed("protocols")),
    "datasets": list(plugins.installed("datasets")),
    "origin": plugins.origin("protocols", "briefs"),
    "loaded": sorted(name for name in sys.modules if name.split(".")[0] in ("harbour", "protocols")),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder in which the stranger's package is installed."""
    site = tmp_path_factory.mktemp("site")
    (site / "harbour").symlink_to(STRANGER / "harbour")
    info = site / f"{PROJECT['name']}-{PROJECT['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n")
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in points.items())])
        for group, points in PROJECT["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n\n".join(groups) + "\n")
    return site


def python(site, *arguments, cwd=HERE.parent):
    """Run Python where the package is installed, and give what it printed."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{HERE.parent}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["briefs", "lamps"])
def test_what_a_stranger_writes_takes_thirty_lines(module):
    assert len((STRANGER / "harbour" / f"{module}.py").read_text(encoding="utf-8").splitlines()) <= 30


def test_it_is_listed_beside_the_arenas_own_and_listing_imports_none_of_them(installed):
    listed = json.loads(python(installed, "-c", LIST))
    assert {"briefs", "debate", "naive"} <= set(listed["protocols"])
    assert {"lamps", "casefiles"} <= set(listed["datasets"])
    assert listed["origin"] == "harbour 1.2"
    assert listed["loaded"] == []


def test_the_command_line_lists_and_runs_it(installed, tmp_path):
    assert "harbour 1.2" in python(installed, "-m", "arena", "list", "protocols")
    assert "lamps" in python(installed, "-m", "arena", "list", "datasets")
    out = ("--out", tmp_path / "run", "--seed", "5")
    printed = python(
        installed, "-m", "arena", "run", "--protocol", "briefs", "--dataset", "lamps", "--limit", "4", *out
    )
    assert "briefs" in printed
    assert len([event for event in log.read(tmp_path / "run") if isinstance(event, Scored)]) == 4 * 3


def test_its_protocol_and_its_dataset_are_played_by_the_models_that_play_by_default(installed, tmp_path):
    python(installed, "-c", PLAY, tmp_path / "run")
    rows = [event for event in log.read(tmp_path / "run") if isinstance(event, Scored)]
    assert {row.arm for row in rows} == {"briefs", "briefs(replies=false)", "naive", "expert"}
    assert {(row.question, row.outcome) for row in rows} == {(f"night-{n}", "ok") for n in range(6)}
    header = log.header(tmp_path / "run")
    assert header["arms"][0]["origin"] == header["dataset"]["origin"] == "harbour 1.2"


def test_its_only_test_is_one_call_of_the_kit(installed):
    test = (STRANGER / "test_briefs.py").read_text(encoding="utf-8")
    assert test.count("check(") == test.count("assert") + 1 == 1
    printed = python(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", STRANGER / "test_briefs.py")
    assert "1 passed" in printed


def test_two_packages_with_a_protocol_of_one_name_are_both_named(installed, tmp_path):
    other = tmp_path / "rival-0.1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: rival\nVersion: 0.1\n")
    (other / "entry_points.txt").write_text("[arena.protocols]\nbriefs = rival:Briefs\n")
    ask = "from arena import plugins\ntry: plugins.load('protocols', 'briefs')\nexcept Exception as why: print(why)"
    printed = python(f"{installed}{os.pathsep}{tmp_path}", "-c", ask)
    assert "harbour 1.2" in printed
    assert "rival 0.1" in printed
