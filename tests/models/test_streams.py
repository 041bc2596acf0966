"""Server-sent events, whatever pieces they come in."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.streams import Lines, ServerEvent, server_events


def read(*chunks):
    """The events of a stream that comes in these pieces."""

    async def pieces():
        for chunk in chunks:
            yield chunk

    async def gather():
        return [tuple(event) for event in [one async for one in server_events(pieces())]]

    return asyncio.run(gather())


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_an_event_ends_with_a_blank_line_of_any_kind(end):
    lines = [b"event: a", b"data: 1", b"", b"data: 2", b"", b""]
    assert read(end.join(lines)) == [("a", "1"), ("", "2")]


@pytest.mark.parametrize(
    "text, events",
    [
        (b"data: a\ndata: b\n\n", [("", "a\nb")]),
        (b"data:a\n\n", [("", "a")]),
        (b"data:  a\n\n", [("", " a")]),
        (b": a comment\n\n", []),
        (b"event: a\n\n", []),
        (b"event: a\n\ndata: b\n\n", [("", "b")]),
        (b"id: 1\nretry: 2\ndata: a\n\n", [("", "a")]),
        (b"data\n\n", [("", "")]),
        (b"\xef\xbb\xbfdata: a\n\n", [("", "a")]),
        (b"data: \xff\n\n", [("", "\ufffd")]),
        ("data: a\u2028b\x0bc\n\n".encode(), [("", "a\u2028b\x0bc")]),
        (b"data: a\n", []),
        (b"data: a", []),
        (b"", []),
    ],
)
def test_each_form_of_a_line_is_read(text, events):
    assert read(text) == events


def test_a_line_end_of_two_bytes_may_come_in_two_pieces():
    assert read(b"data: a\r", b"\ndata: b\r", b"\n\r\n") == [("", "a\nb")]


@given(st.text(st.sampled_from("ab:\n\r dét"), max_size=60), st.lists(st.integers(1, 7), max_size=40))
def test_the_pieces_make_no_difference(text, sizes):
    whole = f"data: {text}\n\n".encode()
    pieces, rest = [], whole
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    assert read(*pieces, rest) == read(whole)


@given(st.binary(max_size=200))
def test_no_bytes_are_a_reason_to_fail(text):
    assert all(isinstance(name, str) and isinstance(data, str) for name, data in read(text))


def test_a_line_that_comes_in_many_pieces_is_not_searched_again_for_each():
    """Only the pieces with a line end are joined, so that the time is linear."""
    lines = Lines()
    assert [lines.feed(b"x" * 10) for _ in range(1000)] == [[]] * 1000
    assert lines.feed(b"\n") == [b"x" * 10_000]


def test_an_event_is_a_name_and_its_data():
    assert ServerEvent("a", "b") == ("a", "b")
