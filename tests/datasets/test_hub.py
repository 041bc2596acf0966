"""Datasets of the hub, by a stand-in for the library."""

from pathlib import Path

import pytest

from arena.datasets.hub import Hub, library, records
from arena.errors import DataError, UsageError

RECORD = {"q": "Which?", "choices": {"text": ["a", "b"]}, "label": 1}


class Library:
    """Knows one dataset by name, and what is saved on disk; remembers what was asked of it."""

    def __init__(self, *found, fault=None):
        self.found, self.fault, self.asked = found, fault, []

    def load_dataset(self, name, config, *, split):
        if self.fault:
            raise self.fault
        self.asked.append((name, config, split))
        return list(self.found)

    def load_from_disk(self, folder):
        self.asked.append(folder)
        return {"test": list(self.found)}


def test_records_are_asked_for_by_name_config_and_split():
    hub = Library(RECORD)
    [row] = records(hub, Path("owner/name"), "easy", "test")
    assert hub.asked == [("owner/name", "easy", "test")]
    assert (row.where, row.get("choices.text")) == ("owner/name (test), record 1", ["a", "b"])


def test_a_folder_that_was_saved_is_read_from_disk(write):
    folder = write("set/dataset_dict.json", "{}").parent
    hub = Library(RECORD, RECORD)
    assert len(list(records(hub, folder, None, "test"))) == 2
    assert hub.asked == [str(folder)]


def test_a_split_that_is_not_there_is_a_fault_of_the_data(write):
    folder = write("set/dataset_dict.json", "{}").parent
    with pytest.raises(DataError, match=r"\(dev\) cannot be read"):
        list(records(Library(RECORD), folder, None, "dev"))


@pytest.mark.parametrize("fault", [ConnectionError("offline"), ValueError("unknown split"), FileNotFoundError("none")])
def test_what_the_library_cannot_do_is_one_message_with_what_would_work(fault):
    with pytest.raises(DataError, match=r"owner/name \(test\) cannot be read: .*cache"):
        list(records(Library(fault=fault), Path("owner/name"), None, "test"))


def test_the_library_that_is_missing_is_asked_for_with_the_line_that_installs_it():
    with pytest.raises(UsageError, match=r'pip install "oversight-arena\[hub\]"'):
        library("a_package_that_nobody_has")


class Local(Hub):
    """The hub with a stand-in for its library."""

    def _rows(self):
        return records(Library(RECORD, {**RECORD, "label": 0}), self.path, self.config, self.split)


def test_fields_are_mapped_as_for_a_file_of_one_s_own(load):
    items = load(Local, Path("owner/name"), question="q", options="choices.text", answer="label")
    assert [one.question.options[one.key.option] for one in items] == ["b", "a"]
    assert [one.question.id for one in items] == ["name-1", "name-2"]


def test_a_broken_record_is_refused_with_its_place(refused):
    message = refused(Local, Path("owner/name"), question="text", options="choices.text", answer="label")
    assert message.startswith("owner/name (test), record 1: no field 'text'")
