"""Events: one line each, the type first, and back again without loss."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from arena.events import (
    Called,
    Dealt,
    Ended,
    Failed,
    Opened,
    Quote,
    Said,
    Score,
    Scored,
    Shown,
    Usage,
    Verdict,
    dump,
    parse,
)

AWKWARD = '\x00\x1b[31m "quoted" \\back\\ \n\r\t \u2028\u2029\x85 \U0001f3ee \u202egnol\u202c ‹› </speech>'

texts = st.text() | st.text(st.sampled_from(AWKWARD)) | st.just(AWKWARD)
names = st.text(min_size=1, max_size=12)
places = st.sampled_from(["", "1", "3:1", "3.1/2", "3+0/1:0"])
clocks = st.floats(0, 2e9)
probabilities = st.floats(0, 1)
beliefs = st.none() | st.lists(probabilities, min_size=2, max_size=4).map(tuple)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | probabilities | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
fields = st.dictionaries(texts, plain, max_size=3)
outcomes = st.sampled_from(["ok", "refused", "unparsed", "timeout", "over_budget", "error"])
small = st.integers(0, 9)
order = st.permutations(range(3)).map(tuple)
usage = st.builds(Usage, input=small, output=small, cache_read=small, cache_write=small)
head = {"episode": texts, "at": places, "t": clocks}
played = {
    "arm": texts,
    "question": texts,
    "dealing": small,
    "repeat": small,
    "split": st.sampled_from(["test", "train"]),
}
quotes = st.builds(
    Quote,
    text=texts,
    status=st.sampled_from(["exact", "normalised", "near", "absent"]),
    source=st.none() | names,
    span=st.none() | st.tuples(small, small),
    near=st.none() | texts,
)

events = st.one_of(
    st.builds(Opened, **head, **played),
    st.builds(Dealt, **head, order=order),
    st.builds(Shown, **head, cue=names, fields=fields, to=st.lists(names).map(tuple), handed=st.booleans()),
    st.builds(
        Called,
        **head,
        seat=names,
        attempt=small,
        model=texts,
        key=texts,
        text=texts,
        thinking=st.none() | texts,
        finish=names,
        usage=usage,
        cost=st.none() | probabilities,
        seconds=clocks,
        tries=small,
        logprobs=plain,
        reused=st.booleans(),
    ),
    st.builds(
        Said,
        **head,
        seat=names,
        cue=names,
        fields=fields,
        text=texts,
        to=st.lists(names).map(tuple),
        quotes=st.lists(quotes, max_size=2).map(tuple),
        cut=small,
        order=st.none() | order,
    ),
    st.builds(
        Ended,
        **head,
        belief=beliefs,
        choice=st.none() | small,
        verdicts=st.lists(st.builds(Verdict, order=order, outcome=outcomes, belief=beliefs), max_size=2).map(tuple),
        lesson=st.none() | texts,
    ),
    st.builds(Failed, **head, outcome=outcomes, reason=texts, seat=st.none() | names),
    st.builds(
        Scored,
        **head,
        **played,
        group=texts,
        dataset=texts,
        outcome=outcomes,
        key=small,
        side=st.sampled_from([None, "honest", "dishonest"]),
        scores=st.lists(st.builds(Score, slot=small, outcome=outcomes, p_correct=st.none() | probabilities)).map(tuple),
        posterior=beliefs,
        calls=small,
        usage=usage,
        cost=st.none() | probabilities,
        quotes=st.dictionaries(names, small),
    ),
)


@given(events)
def test_an_event_is_read_back_from_its_line_as_it_was(event):
    assert parse(dump(event)) == event


@given(events)
def test_an_event_is_read_back_from_bytes_as_it_was(event):
    assert parse(dump(event).encode()) == event


@given(events)
def test_a_line_has_its_type_first_and_its_episode_second(event):
    """So that a scan can tell by the first bytes of a line whether it needs the rest."""
    assert dump(event).startswith(f'{{"type":"{event.type}","episode":"')
    assert list(json.loads(dump(event)))[:2] == ["type", "episode"]


@given(events)
def test_an_event_is_one_line(event):
    """Tools that read lines of bytes, and `bytes.splitlines`, see one line whatever a model wrote."""
    assert len(dump(event).encode().splitlines()) == 1


@given(events)
def test_a_place_comes_right_behind_the_episode(event):
    """A resume looks only at the heads of lines."""
    keys = list(json.loads(dump(event)))
    assert "at" not in keys or keys.index("at") == 2


def test_what_stands_at_its_default_is_left_out():
    assert dump(Opened(episode="e", arm="debate", question="q")) == (
        '{"type":"Opened","episode":"e","arm":"debate","question":"q"}'
    )


def test_a_speech_that_lies_in_a_reply_is_left_out_of_its_line():
    said = Said(episode="e", at="1", seat="alice", cue="argue", text="words", span=(4, 9))
    assert "words" not in dump(said)
    assert parse(dump(said)) == said.model_copy(update={"text": ""})


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        "{}",
        "not json",
        '{"type":"Dealt"}',
        '{"type":"Danced","episode":"e"}',
        '{"type":"Dealt","episode":"e","order":["x"]}',
        '{"type":"Dealt","episode":"e","order":[0],"mood":"good"}',
        '{"type":"Dealt","episode":"e","order":[0]',
        b'{"type":"Dealt","episode":"\xff","order":[0]}',
        "[" * 5000,
    ],
)
def test_what_is_no_event_of_this_schema_is_refused(line):
    with pytest.raises(ValueError):
        parse(line)


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_garbage_raises_a_value_error_and_nothing_else(line):
    with pytest.raises(ValueError):
        parse(line)


@given(events, st.data())
def test_a_line_cut_anywhere_is_refused(event, data):
    line = dump(event).encode()
    with pytest.raises(ValueError):
        parse(line[: data.draw(st.integers(0, len(line) - 1))])


def test_an_event_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Dealt(episode="e", order=(0,)).order = (1,)


def test_an_event_refuses_a_field_that_it_does_not_have():
    """The answer key of a question, for one."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Opened.model_validate({"episode": "e", "arm": "a", "question": "q", "key": 1})
