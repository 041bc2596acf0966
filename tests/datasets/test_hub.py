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


MAPPING = {"question": "q", "options": "choices.text", "answer": "label"}


@pytest.fixture
def real(monkeypatch, tmp_path):
    """The real library, offline, with a cache of its own."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = pytest.importorskip("datasets", reason="the extra `hub` is not installed")
    monkeypatch.setattr(found.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(found.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(found.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    found.disable_progress_bars()
    return found


class TestTheRealLibrary:
    RECORDS = [{**RECORD, "label": i % 2} for i in range(4)]

    def test_reads_what_it_saved_itself(self, real, load, tmp_path):
        real.DatasetDict({"test": real.Dataset.from_list(self.RECORDS)}).save_to_disk(tmp_path / "saved")
        items = load(Hub, tmp_path / "saved", **MAPPING)
        assert [one.question.options[one.key.option] for one in items] == ["a", "b", "a", "b"]

    @pytest.mark.parametrize("kind", ["jsonl", "parquet"])
    def test_reads_a_folder_of_data_files(self, real, load, tmp_path, kind):
        (tmp_path / "set").mkdir()
        data = real.Dataset.from_list(self.RECORDS)
        getattr(data, "to_parquet" if kind == "parquet" else "to_json")(tmp_path / "set" / f"test.{kind}")
        assert len(load(Hub, tmp_path / "set", **MAPPING)) == 4

    def test_finds_a_set_by_its_name_in_the_cache_without_a_network(self, real, load, write, tmp_path):
        """Laid out as a download leaves it: owner___name/config/version/hash."""
        source = write("raw/test.jsonl", self.RECORDS).parent
        real.load_dataset(str(source), split="test")
        [made] = (tmp_path / "cache").glob("*/default*/*/*/dataset_info.json")
        place = tmp_path / "cache" / "owner___name" / "default" / "0.0.0" / ("0" * 40)
        place.parent.mkdir(parents=True)
        made.parent.rename(place)
        [arrow] = place.glob("*-test.arrow")
        arrow.rename(place / "name-test.arrow")
        assert len(load(Hub, Path("owner/name"), **MAPPING)) == 4

    def test_says_what_would_work_where_a_name_is_not_in_the_cache(self, real, refused):
        assert "where there is no network, one that is in the cache" in refused(Hub, Path("owner/other"), **MAPPING)
