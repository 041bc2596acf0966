"""The public names of the analysis."""

from __future__ import annotations

import subprocess
import sys

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
