"""The public names of the analysis."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import arena.analysis


def test_every_public_name_is_there():
    for name in arena.analysis.__all__:
        value = getattr(arena.analysis, name)
        assert value.__name__ == name if callable(value) else name.isupper()


def test_an_unknown_name_is_told_what_there_is():
    with pytest.raises(AttributeError, match="calibrate"):
        _ = arena.analysis.calibrat


def test_a_quick_report_does_without_the_optimiser():
    code = "import sys, arena.analysis; print('scipy.optimize' in sys.modules, 'scipy.stats' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_page_on_statistics_has_every_public_function():
    page = Path("docs/statistics.md").read_text("utf-8")
    functions = {name for name in arena.analysis.__all__ if inspect.isfunction(getattr(arena.analysis, name))}
    unnamed = {name for name in functions if not re.search(rf"\b{name}\b", page)}
    assert unnamed <= {"collect", "traces", "points", "propensity", "standardised", "pairs"}


def test_every_status_that_can_come_out_is_on_the_page():
    page = Path("docs/statistics.md").read_text("utf-8")
    source = "\n".join(path.read_text("utf-8") for path in Path("arena/analysis").glob("*.py"))
    said = set(re.findall(r'status="(\w+)"', source)) | set(re.findall(r'"(\w+)" if [^\n]*status', source))
    assert {status for status in said if f"`{status}`" not in page} == set()
