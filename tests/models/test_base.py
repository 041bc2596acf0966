"""The content address of a request: one for what is sent alike, another for whatever differs in anything."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Message, Request

texts = st.text(max_size=3)
messages = st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), texts), min_size=1, max_size=3)
requests = st.builds(
    Request,
    system=texts,
    messages=messages.map(tuple),
    preface=texts,
    max_tokens=st.integers(1, 3),
    sampling=st.dictionaries(st.sampled_from(["temperature", "seed"]), st.integers(0, 2)),
)


@given(requests, requests)
def test_two_requests_have_one_content_exactly_where_they_are_equal(one, other):
    assert (one.content == other.content) == (one == other)


@given(requests, texts)
def test_a_text_that_moves_to_another_place_changes_the_content(request, text):
    places = [replace(request, preface=text, system=""), replace(request, preface="", system=text)]
    assert (places[0].content == places[1].content) == (not text)


@given(requests)
def test_who_is_asked_and_who_listens_is_no_part_of_the_content(request):
    assert replace(request, hear=print, seat="A", cue="speak", _content="").content == request.content


@given(requests, st.integers(1, 9))
def test_a_sample_shares_the_content_and_has_a_key_of_its_own(request, sample):
    other = request.sampled(sample)
    assert other.content == request.content
    assert other.key("sim/shop") != request.key("sim/shop") != request.key("sim/naive")


def test_the_content_stays_what_logs_have():
    request = Request("system", (Message("user", "Who?"),), preface="text", max_tokens=7, sampling={"seed": 1})
    assert request.key("sim/shop") == "d50af0b2ad4f0dd95b9e158b4dd47227"
