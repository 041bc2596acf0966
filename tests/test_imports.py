"""What starting the arena costs: nothing is imported that the command at hand does not need.

Each test runs in an interpreter of its own and looks at what that has loaded.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

import protocols

ROOT = Path(__file__).resolve().parent.parent

HEAVY = {"anthropic", "httpx", "httpx2", "matplotlib", "numpy", "openai", "scipy", "textual"}
"""What only some commands need, and what may not be installed at all."""

PROBE = """
import json, runpy, sys
code = 0
try:
    {action}
except SystemExit as stop:
    code = stop.code or 0
print()
print(json.dumps({{"code": code, "loaded": sorted(sys.modules)}}))
"""


def loaded_by(action: str) -> tuple[set[str], str]:
    """Run one statement in a fresh interpreter; return the modules it has loaded, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(action=action)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    *printed, verdict = done.stdout.splitlines()
    report = json.loads(verdict)
    assert report["code"] == 0, done.stdout + done.stderr
    return set(report["loaded"]), "\n".join(printed)


def arena(*words: str) -> str:
    """The statement that runs `python -m arena` with these arguments."""
    return f"sys.argv = {['arena', *words]!r}; runpy.run_module('arena', run_name='__main__', alter_sys=True)"


def packages(modules: set[str]) -> set[str]:
    """The top-level packages that some modules belong to."""
    return {module.partition(".")[0] for module in modules}


needs_cli = pytest.mark.skipif(
    importlib.util.find_spec("arena.cli") is None or importlib.util.find_spec("arena.__main__") is None,
    reason="the command line is not there yet",
)


def test_importing_the_engine_loads_no_sdk_no_screen_and_no_numpy():
    loaded, _ = loaded_by("import arena")
    assert not packages(loaded) & HEAVY


@needs_cli
def test_help_loads_nothing_heavy_not_even_the_settings():
    """Help is answered in under 0.3 s; pydantic alone would take a third of that."""
    loaded, printed = loaded_by(arena("--help"))
    assert "Usage" in printed
    assert not packages(loaded) & (HEAVY | {"pydantic", "rich"})


@needs_cli
def test_help_of_a_verb_loads_nothing_heavy():
    loaded, printed = loaded_by(arena("run", "--help"))
    assert "--protocol" in printed
    assert not packages(loaded) & HEAVY


@needs_cli
def test_the_short_report_needs_no_optimizer_and_no_figures():
    loaded, printed = loaded_by(arena("report", "transcripts/samples/debate"))
    assert "Accuracy" in printed
    assert not loaded & {"scipy.optimize", "scipy.stats", "matplotlib", "textual"}


@needs_cli
@pytest.mark.parametrize("kind", ["protocols", "datasets", "models"])
def test_listing_names_imports_none_of_what_it_names(kind):
    loaded, printed = loaded_by(arena("list", kind))
    assert not packages(loaded) & (HEAVY | {"protocols"})
    assert not loaded & {"arena.datasets.casefiles", "arena.datasets.quality_debates", "arena.models.sim"}
    assert printed.strip()


@needs_cli
def test_listing_finds_the_first_party_protocols_through_their_entry_points():
    _, printed = loaded_by(arena("list", "protocols"))
    assert {"debate", "consultancy", "amplification", "naive", "expert"} <= set(printed.split())


def test_the_name_protocols_is_ours_and_no_other_distribution_s():
    assert Path(protocols.__file__) == ROOT / "protocols" / "__init__.py"
