"""The committed samples are what the shipped code makes, byte for byte, by the lines in their README."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from arena.cli import verbs

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "transcripts" / "samples"
LINES = re.findall(r"^arena (run .*)$", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def folder(line: str) -> str:
    return Path(shlex.split(line)[-1]).name


@pytest.mark.parametrize("line", LINES, ids=folder)
def test_a_sample_is_made_again_byte_for_byte(line: str, tmp_path: Path) -> None:
    made = tmp_path / folder(line)
    result = CliRunner().invoke(verbs, [*shlex.split(line)[:-1], str(made)])
    assert result.exit_code == 0, result.output
    kept = SAMPLES / folder(line)
    assert sorted(path.name for path in made.iterdir()) == sorted(path.name for path in kept.iterdir())
    for path in made.iterdir():
        again = f"{path.name} differs: delete {kept.name} and run: arena {line}"
        assert path.read_bytes() == (kept / path.name).read_bytes(), again


def test_every_sample_has_a_line_that_makes_it() -> None:
    assert sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()) == sorted(map(folder, LINES))


def test_every_protocol_has_a_sample() -> None:
    made = {path.stem for path in (ROOT / "protocols").glob("[a-z]*.py")}
    assert made <= {path.name for path in SAMPLES.iterdir()}
