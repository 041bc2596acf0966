"""Small made-up files, and the shared data where it is at hand."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from arena.datasets import Dataset, checked
from arena.errors import DataError
from arena.question import Item

SHARED = Path(os.environ.get("ARENA_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: text as UTF-8, bytes as they are, a list as one JSON object a line."""

    def put(name: str, content: str | bytes | list[object]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(one) + "\n" for one in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.fixture(scope="session")
def quality_debates() -> Path:
    """The real data, beside the repository."""
    folder = SHARED / "quality_debates"
    if not folder.is_dir():
        pytest.skip("the shared data is neither at $ARENA_DATA nor beside this repository")
    return folder


STORY = 'The cat sat on the\n mat.\n \n "Why," it asked, "is the mat red?"\n'


def debated(name: str, question: str, right: str, wrong: str, *, first: bool = True) -> dict[str, object]:
    """Make up a question in the form of the data, its right answer first or second."""

    def argument(answer: str, word: str) -> dict[str, object]:
        start = STORY.index(word)
        snippet = {"slot": 2, "text": word, "start": start, "end": start + len(word)}
        return {"answer": answer, "argument": f"It says so (#2), which is why: {word}.", "snippets": [snippet]}

    return {
        "question_id": name,
        "passage_id": "77",
        "question": question,
        "options": [right, wrong] if first else [wrong, right],
        "correct_option": 0 if first else 1,
        "arguments": {"correct": argument(right, "the mat red"), "incorrect": argument(wrong, "cat sat on the\n mat")},
    }


@pytest.fixture
def made_up(write: Callable[..., Path]) -> Path:
    """A folder of the same form as the real data, with two questions on one story."""
    questions = [
        debated("77_1", "What colour is it? ", "Red ", "Blue\n"),
        debated("77_2", "Who sat\ndown?", "Nobody", "The cat", first=False),
    ]
    write("made_up/questions.jsonl", questions)
    return write("made_up/passages.jsonl", [{"passage_id": "77", "text": STORY}]).parent


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """Find a set of the real data by the name of its folder."""

    def at(name: str) -> Path:
        if not (SHARED / name).exists():
            pytest.skip("the shared data is neither at $ARENA_DATA nor beside this repository")
        return SHARED / name

    return at


@pytest.fixture
def load() -> Callable[..., list[Item]]:
    """Read a set as a run does: its items, checked; a text for a setting is taken as the command line gives it."""

    def read(cls: type[Dataset], path: Path, *, limit: int | None = None, seed: int = 1, **settings: str) -> list[Item]:
        return list(checked(cls.model_validate({"path": path, **settings}).items(limit=limit, seed=seed)))

    return read


@pytest.fixture
def refused(load: Callable[..., list[Item]]) -> Callable[..., str]:
    """Read a set that is broken, and give the message."""

    def read(cls: type[Dataset], path: Path, **settings: str) -> str:
        with pytest.raises(DataError) as caught:
            load(cls, path, **settings)
        return str(caught.value)

    return read
