"""The book of batches: written before anybody waits, read whatever happened to it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import Stopped
from arena.models.book import NAME, Book, Intent, Made

ONE, TWO = Intent("n1", "openai", "/chat", 2, 1.0), Intent("n2", "openai", "/chat", 1, 2.0)
MADE = Made("b1", ONE)


def intended(book, intent=ONE, keys=("k", "l")):
    book.intend(intent, keys)
    return book


def test_a_batch_is_found_by_the_key_of_any_of_its_calls_from_when_it_is_meant(tmp_path):
    book = intended(Book(tmp_path))
    for known in (book, Book(tmp_path)):
        assert known.find("k", "openai") == known.find("l", "openai") == ONE
        assert known.find("m", "openai") is None
        assert known.ids == set()
    book.enter(MADE, 3.0)
    for known in (book, Book(tmp_path)):
        assert known.find("k", "openai") == known.find("l", "openai") == MADE
        assert known.ids == {"b1"}


def test_what_was_not_made_is_not_found(tmp_path):
    book = intended(Book(tmp_path))
    book.void(ONE, 2.0)
    for known in (book, Book(tmp_path)):
        assert known.find("k", "openai") is None


def test_a_batch_of_another_account_is_not_found(tmp_path):
    assert intended(Book(tmp_path)).find("k", "anthropic") is None


def test_of_two_batches_with_one_call_the_last_counts(tmp_path):
    book = intended(Book(tmp_path))
    book.enter(MADE, 1.5)
    intended(book, TWO, ["k"])
    for known in (book, Book(tmp_path)):
        assert (known.find("k", "openai"), known.find("l", "openai")) == (TWO, MADE)


def test_it_is_a_line_of_json_before_and_one_after_each(tmp_path):
    book = intended(Book(tmp_path))
    book.enter(MADE, 1.23456)
    intended(book, TWO, ["m"]).void(TWO, 3.0)
    assert [json.loads(line) for line in (tmp_path / NAME).read_text().splitlines()] == [
        {"intent": "n1", "account": "openai", "path": "/chat", "keys": ["k", "l"], "t": 1.0},
        {"id": "b1", "intent": "n1", "t": 1.235},
        {"intent": "n2", "account": "openai", "path": "/chat", "keys": ["m"], "t": 2.0},
        {"void": "n2", "t": 3.0},
    ]


def test_a_run_without_batches_has_no_book(tmp_path):
    assert Book(tmp_path).find("k", "openai") is None
    assert not list(tmp_path.iterdir())


@given(st.data())
def test_a_book_cut_at_any_byte_holds_its_whole_lines_and_goes_on(data):
    with TemporaryDirectory() as name:
        folder = Path(name)
        intended(Book(folder)).enter(MADE, 1.0)
        whole = (folder / NAME).read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        (folder / NAME).write_bytes(whole[:cut])
        again = Book(folder)
        first = whole.index(b"\n")
        assert again.find("k", "openai") == (MADE if cut >= len(whole) - 1 else ONE if cut >= first else None)
        intended(again, TWO, ["m"])
        assert Book(folder).find("m", "openai") == TWO
        assert Book(folder).find("k", "openai") == again.find("k", "openai")


NAMES = st.sampled_from(["id", "intent", "void", "keys", "account", "path", "t"])
LINES = st.lists(st.dictionaries(NAMES, st.none() | st.text() | st.integers() | st.lists(st.text())))


@given(st.binary() | LINES.map(lambda lines: "\n".join(map(json.dumps, lines)).encode()))
def test_whatever_stands_in_it_is_no_error(content):
    with TemporaryDirectory() as name:
        (Path(name) / NAME).write_bytes(content)
        Book(Path(name)).find("k", "openai")


def test_where_it_cannot_be_written_the_run_stops_before_anything_is_bought(tmp_path):
    with pytest.raises(Stopped, match="takes no more"):
        intended(Book(tmp_path / "gone"))
