"""A file that is none, or broken: one message with file and line, exit code 2, and nothing written."""

import gzip
import io
import json
import os
import zipfile

import pytest

GOOD = json.dumps({"question": "Which?", "options": ["a", "b"], "answer": 1}).encode() + b"\n"


def zipped():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        file.writestr("q.jsonl", GOOD)
    return body.getvalue()


BROKEN = {
    "in another encoding": (GOOD + GOOD.replace(b"Which", b"Caf\xe9"), "q.jsonl:2: byte 18 of the line is not UTF-8"),
    "in UTF-16": (GOOD.decode().encode("utf-16"), "q.jsonl:1: the file is in UTF-16"),
    "truncated": (GOOD * 3 + GOOD[:20], "q.jsonl:4: broken JSON at character"),
    "of another schema": (GOOD + b'{"q": 1}\n', "q.jsonl:2: no field"),
    "no objects": (GOOD + b"[1, 2]\n", "q.jsonl:2: expected an object with named fields, found a list"),
    "gzip": (gzip.compress(GOOD), "q.jsonl:1: the file is compressed with gzip"),
    "zip": (zipped(), "q.jsonl:1: the file is a zip archive"),
    "empty": (b"", "q.jsonl: the file holds no records"),
    "zeros": (b"\0" * 100, "q.jsonl:1: the file begins with zero bytes"),
}


@pytest.fixture(params=["run", "check"])
def refused(request, arena, place):
    """Hand a file to `arena run` or `arena data check`; gives the message.

    Where some of its records are good, a check names those that are not among what it found out.
    """

    def ask(path):
        before = sorted(place.rglob("*"))
        words = ["run", "--out", "r", "--dataset"] if request.param == "run" else ["data", "check"]
        done = arena(*words, path)
        assert done.exit_code == 2
        assert sorted(place.rglob("*")) == before
        if request.param == "check" and done.stdout:
            assert done.stderr == ""
            assert done.stdout.startswith("! 1 fault, ")
            return done.stdout.splitlines()[1]
        assert done.stdout == ""
        [line] = done.stderr.splitlines()
        return line

    return ask


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_broken_is_refused(refused, place, what):
    content, message = BROKEN[what]
    (place / "q.jsonl").write_bytes(content)
    assert message in refused("q.jsonl")


def test_a_folder_is_refused_with_the_files_in_it(refused, place):
    (place / "q.jsonl").mkdir()
    (place / "q.jsonl" / "inside.jsonl").write_bytes(GOOD)
    assert "is a folder; give a file in it: inside.jsonl" in refused("q.jsonl")


def test_a_file_of_five_gigabytes_without_a_line_is_refused_without_being_read_whole(refused, place):
    with (place / "q.jsonl").open("wb") as file:
        file.write(b'{"question": "')
        os.truncate(file.fileno(), 5_000_000_000)
    assert "q.jsonl:1: a line of more than" in refused("q.jsonl")


@pytest.mark.parametrize("name", ["gsm8k", "mmlu", "truthfulqa", "quality", "strategyqa", "bbh"])
def test_a_published_set_that_is_no_text_is_refused_in_the_same_way(refused, place, name):
    suffix = {"mmlu": ".csv", "truthfulqa": ".csv", "strategyqa": ".json", "bbh": ".json"}.get(name, ".jsonl")
    (place / f"q{suffix}").write_bytes(gzip.compress(GOOD))
    assert f"q{suffix}:1: the file is compressed with gzip" in refused(f"{name}?path=q{suffix}")
