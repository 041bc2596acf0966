"""Every file of the shared data, by the table of its README: counts, and the same files as other systems save them."""

import re

import pytest

from arena.datasets import checked
from arena.plan import open_dataset
from tests.datasets.conftest import SHARED

README = SHARED / "README.md"
ROW = re.compile(r"^\| (\S+\.(?:csv|jsonl?)) \| (\d+) \| \d+ \|[^|]*\| `[0-9a-f]{64}` \|$", re.MULTILINE)
FILES = {name: int(n) for name, n in ROW.findall(README.read_text(encoding="utf-8"))} if README.is_file() else {}

SETS = {"boolq_eraser": "boolq"}
NOT_QUESTIONS = {
    "gsm8k/example_model_solutions.jsonl",  # wrong answers to the questions of test.jsonl
    "quality/quality_example_prerelease.jsonl",  # an older layout, to be refused
    "quality_debates/passages.jsonl",  # the stories
}
SEVERAL = {"quality/QuALITY.v1.0.1.htmlstripped.dev.head2.jsonl": 15, "musr/small_object_placements.json": 20}
"""Files whose records hold several questions each, and how many there are."""

SETTINGS = {
    "mmlu_redux": "&errors=keep",
    "truthfulqa/mc_task.json": "&version=mc1",
    "truthfulqa/v1/TruthfulQA.csv": "&version=v1",
}

pytestmark = pytest.mark.skipif(
    not FILES, reason="the shared data is neither at $ARENA_DATA nor beside this repository"
)
asked = [name for name in FILES if name not in NOT_QUESTIONS]


def read(name, place):
    folder = name.partition("/")[0]
    path = place.parent if folder == "quality_debates" else place
    extra = SETTINGS.get(name, SETTINGS.get(folder, ""))
    return list(checked(open_dataset(f"{SETS.get(folder, folder)}?path={path}{extra}").items(limit=None, seed=0)))


def test_the_table_names_every_file_of_questions():
    there = {
        path.relative_to(SHARED).as_posix()
        for path in SHARED.rglob("*.*")
        if path.suffix in (".csv", ".json", ".jsonl")
    }
    assert {name for name in there if not name.startswith("michael2023/")} == set(FILES)


@pytest.mark.parametrize("name", asked)
def test_a_file_has_as_many_questions_as_its_readme_says(name):
    assert len(read(name, SHARED / name)) == SEVERAL.get(name, FILES[name])


@pytest.mark.parametrize("name", asked)
def test_a_file_saved_with_a_byte_order_mark_and_other_line_ends_gives_the_same_questions(name, tmp_path):
    place = tmp_path / name
    place.parent.mkdir(parents=True)
    for beside in ("passages.jsonl", "example_model_solutions.jsonl"):
        if (SHARED / name).with_name(beside).is_file():
            place.with_name(beside).write_bytes((SHARED / name).with_name(beside).read_bytes())
    body = (SHARED / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    place.write_bytes(b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    assert read(name, place) == read(name, SHARED / name)
