"""The book of batches: written before anybody waits, read whatever happened to it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import Stopped
from arena.models.book import NAME, Book, Made

ONE, TWO = Made("b1", "openai"), Made("b2", "openai")


def test_a_batch_is_found_by_the_key_of_any_of_its_calls(tmp_path):
    book = Book(tmp_path)
    book.enter(ONE, ["k", "l"], 1.0)
    for known in (book, Book(tmp_path)):
        assert known.find("k", "openai") == known.find("l", "openai") == ONE
        assert known.find("m", "openai") is None


def test_a_batch_of_another_account_is_not_found(tmp_path):
    book = Book(tmp_path)
    book.enter(ONE, ["k"], 1.0)
    assert book.find("k", "anthropic") is None


def test_of_two_batches_with_one_call_the_last_counts(tmp_path):
    book = Book(tmp_path)
    book.enter(ONE, ["k"], 1.0)
    book.enter(TWO, ["k"], 2.0)
    assert book.find("k", "openai") == Book(tmp_path).find("k", "openai") == TWO


def test_it_is_one_line_of_json_a_batch(tmp_path):
    book = Book(tmp_path)
    book.enter(ONE, ["k", "l"], 1.23456)
    book.enter(TWO, ["m"], 2.0)
    assert [json.loads(line) for line in (tmp_path / NAME).read_text().splitlines()] == [
        {"id": "b1", "account": "openai", "keys": ["k", "l"], "t": 1.235},
        {"id": "b2", "account": "openai", "keys": ["m"], "t": 2.0},
    ]


def test_a_run_without_batches_has_no_book(tmp_path):
    assert Book(tmp_path).find("k", "openai") is None
    assert not list(tmp_path.iterdir())


@given(st.data())
def test_a_book_cut_at_any_byte_holds_its_whole_lines_and_goes_on(data):
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = Book(folder)
        book.enter(ONE, ["k"], 1.0)
        book.enter(TWO, ["l"], 2.0)
        whole = (folder / NAME).read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        (folder / NAME).write_bytes(whole[:cut])
        again = Book(folder)
        first = whole.index(b"\n")
        assert again.find("k", "openai") == (ONE if cut >= first else None)
        assert again.find("l", "openai") == (TWO if cut >= len(whole) - 1 else None)
        again.enter(Made("b3", "openai"), ["m"], 3.0)
        assert Book(folder).find("m", "openai") == Made("b3", "openai")
        assert Book(folder).find("k", "openai") == again.find("k", "openai")


@given(st.binary())
def test_whatever_stands_in_it_is_no_error(content):
    with TemporaryDirectory() as name:
        (Path(name) / NAME).write_bytes(content)
        Book(Path(name)).find("k", "openai")


def test_where_it_cannot_be_written_the_run_stops_and_names_the_batch(tmp_path):
    book = Book(tmp_path / "gone")
    with pytest.raises(Stopped, match="b1 was just made"):
        book.enter(ONE, ["k"], 1.0)
