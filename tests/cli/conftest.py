"""What the tests of the command line share: a folder to stand in, the command, and a stranger's package beside it."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arena.cli import verbs

STRANGER = '''
import os
import signal

from arena import Protocol, Reply
from arena.events import Usage


class Gap(Protocol):
    """Asks for what it has no prompt for."""

    seats = {"judge": "judge"}

    async def run(self, question, table):
        return await table.decide(*table.seats)


class Crash(Protocol):
    """Divides by nothing."""

    prompts = "gap"
    seats = {"judge": "judge"}

    async def run(self, question, table):
        return 1 / 0


class Odd:
    """A model that charges a dollar a call, interrupts its own process, or says what it is told to say.

    It says of itself that it is simulated, unless it is called `odd/real`.
    """

    def __init__(self, name, params):
        self.spec = f"odd/{name}" + "".join(f"?{k}={v}" for k, v in sorted(params.items()))
        self.name, self.params, self.calls = name, params, 0
        self.simulated = name != "real"

    async def __call__(self, request):
        self.calls += 1
        if self.calls == int(self.params.get("interrupts", 0)):
            os.kill(os.getpid(), signal.SIGINT)
        asked = request.messages[-1].text
        verdict = "<belief>\\nA: 60\\nB: 40\\n</belief>\\n<choice>A</choice>"
        text = verdict if "<belief>" in asked else self.params.get("says", "I say so.")
        text = "no comment" if self.name == "mute" else text
        return Reply(text, model=self.spec, usage=Usage(input=10, output=5), cost=1.0 if self.name == "dear" else 0.0)
'''

ENTRY_POINTS = """
[arena.models]
odd = stranger_of_the_cli:Odd
[arena.protocols]
crash = stranger_of_the_cli:Crash
gap = stranger_of_the_cli:Gap
"""
METADATA = "Metadata-Version: 2.1\nName: stranger\nVersion: 3.2\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The folder in which the command is given: empty, and the terminal 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def arena(place):
    """The command `arena`, given words; returns its exit code, stdout and stderr."""

    def call(*words: str) -> Result:
        done = CliRunner().invoke(verbs, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return call


@pytest.fixture
def stranger(tmp_path_factory, monkeypatch):
    """A package of somebody else's, installed beside the arena; returns the file of its module."""
    site = tmp_path_factory.mktemp("site")
    info = site / "stranger-3.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (site / "prompts" / "gap").mkdir(parents=True)
    (site / "prompts" / "gap" / "judge.md").write_text("You are the judge.")
    module = site / "stranger_of_the_cli.py"
    module.write_text(STRANGER)
    monkeypatch.syspath_prepend(str(site))
    yield module
    sys.modules.pop("stranger_of_the_cli", None)


@pytest.fixture
def one_run(arena):
    """A small finished run called `one`; returns its folder."""
    done = arena("run", "--limit", "2", "--out", "transcripts/one")
    assert done.exit_code == 0, done.stderr
    return Path("transcripts/one")


@pytest.fixture
def rows(place):
    """Write a data file of questions; returns its name."""

    def write(*lines, name="questions.jsonl"):
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (place / name).write_text(text, encoding="utf-8")
        return name

    return write


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder: the bytes of each file, `None` for each folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def unchanged(place):
    """Passes if nothing was written since the test began to use it."""
    before: list[dict[str, bytes | None]] = []

    class Unchanged:
        def __enter__(self):
            before.append(snapshot(place))

        def __exit__(self, *_):
            assert snapshot(place) == before.pop()

    return Unchanged()
