"""What `docs/data.md` shows does what it says."""

import json
import re
from pathlib import Path

import pytest

from arena.datasets import Dataset, checked
from arena.datasets.records import Records, open_path

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found, f"docs/data.md has no {language} block"
    return found[1]


def test_the_record_that_needs_no_settings_needs_none(write):
    [one] = checked(open_path(write("q.jsonl", block("json")), {}).items(limit=None, seed=1))
    assert one.question.options[one.key.option] == "Rome"


def test_the_table_of_settings_names_each_with_its_default():
    shown = {
        name: default.strip().strip("`")
        for names, default in re.findall(r"^\| (`[^|]*`) \|([^|]*)\|", TEXT, re.MULTILINE)
        for name in re.findall("`([^`]+)`", names)
    }
    fields = {name: info.default for name, info in Records.model_fields.items() if name != "path"}
    assert shown.keys() == fields.keys()
    assert all(shown[name] == str(default) for name, default in fields.items() if default is not None)


def test_the_dataset_of_a_stranger_plays(write):
    names: dict[str, type[Dataset]] = {}
    exec(block("python"), names)  # noqa: S102 - it is our own page
    record = {"id": "a", "question": "Which?", "right": "left", "wrong": ["x", "y"], "journey": "…", "book": "1"}
    path = write("rivers.jsonl", [{**record, "hard": False}, {**record, "id": "b", "hard": True}])
    rivers = names["Rivers"].model_validate({"path": str(path), "hard": "true"})
    [one] = checked(rivers.items(limit=5, seed=1), dataset="rivers")
    assert (one.question.id, one.question.group, one.question.dataset) == ("b", "1", "rivers")
    assert one.question.options[one.key.option] == "left"
    assert json.dumps(record["wrong"]).count(one.question.options[1 - one.key.option]) == 1


def test_the_dataset_of_a_stranger_takes_thirty_lines():
    assert len([line for line in block("python").splitlines() if line.strip()]) <= 30


@pytest.mark.parametrize("spec", re.findall(r'--dataset "(\S+?\.(?:jsonl|csv|tsv)\?[^"]+)"', TEXT))
def test_the_settings_of_the_examples_exist(spec):
    path, _, settings = spec.partition("?")
    assert open_path(path, dict(pair.split("=") for pair in settings.split("&"))).path == Path(path)
