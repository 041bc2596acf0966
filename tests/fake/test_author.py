"""What fake models say: what the simulated ones would, read from the messages alone."""

import json
import re
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.fake.asked import Asked, Block
from arena.fake.author import PLAIN, Author, request
from arena.fake.pieces import pieces
from arena.fake.pieces import words as cut
from arena.fake.shaped import Shaping, shaped
from arena.models.base import Message, Request
from arena.models.sim import open_model
from arena.readers import belief, verdict_form
from arena.writing.desk import fenced, words

PASSAGE = (
    "The passage, which the judge cannot read:\n\n<passage>\nExhibit 1, instrument log: the recorder, checked that "
    "week, shows that it was the tide.\n</passage>\n\n"
)
ROLE = "You are Alice, one of two debaters."
QUESTION = "Question: What moved it?\n\nThe possible answers:\n(A) the tide\n(B) the wind"
CUE = "Argue that the answer is: the tide\nWrite inside <argument></argument> tags."
VERDICT = f"{QUESTION}\nWhich is right?\n<belief>\nA: <percent>\nB: <percent>\n</belief>\n<choice>A or B</choice>"


def asked(*blocks, **more):
    return Asked("fake-m", tuple(blocks), more.pop("most", 2048), **more)


def test_the_messages_become_the_request_that_the_arena_sent_whichever_way_the_vendor_splits_them():
    sent = Request(
        ROLE, (Message("user", QUESTION), Message("assistant", "a"), Message("user", CUE)), preface=PASSAGE.strip()
    )
    talk = (Block("user", QUESTION), Block("assistant", "a"), Block("user", CUE))
    apart = request(asked(Block("system", PASSAGE), Block("system", ROLE), *talk))
    joined = request(asked(Block("system", f"{PASSAGE}{ROLE}"), *talk))
    assert (apart.preface, apart.system.strip(), apart.messages) == (sent.preface, ROLE, sent.messages)
    assert (joined.preface, joined.system.strip(), joined.messages) == (sent.preface, ROLE, sent.messages)


def test_it_says_what_the_simulated_model_says_to_the_same_request():
    read = asked(Block("system", PASSAGE + ROLE), Block("user", f"{QUESTION}\n\n{CUE}"))
    assert Author(0).write(read).text == open_model("advocate", {}).answer(request(read))


def test_it_writes_questions_and_finds_their_answers_as_the_simulated_writer_does():
    story = fenced("The keeper told Anna of the ship. In the evening they met Olaf at the pier.")
    cue = words("write", number="1", count="1", what="the passage", rule="")
    wrote = asked(Block("system", f"{story}\n\n{words('writer')}"), Block("user", cue))
    question, right, wrong = re.findall(r">(.*)</", Author(0).write(wrote).text)
    assert {right, wrong} == {"Anna", "Olaf"}
    cue = words("answer", question=question, options=f"(A) {wrong}\n(B) {right}", verdict=verdict_form(2))
    found = Author(0).write(asked(Block("system", f"{story}\n\n{words('filter')}"), Block("user", cue))).text
    assert belief((0, 1))(type("Reply", (), {"text": found})()).probabilities[1] > 0.9


def test_another_sample_of_the_same_verdict_may_differ_and_the_same_one_does_not():
    read = asked(Block("user", VERDICT))
    author = Author(0)
    texts = [author.write(read, sample).text for sample in range(8)]
    assert texts == [author.write(read, sample).text for sample in range(8)]
    assert len(set(texts)) > 1


def test_who_knows_nothing_of_the_arena_gets_a_plain_sentence():
    assert Author(0).write(asked(Block("user", "Good morning."))).text == PLAIN


def test_plain_fills_every_tag_and_a_verdict_that_can_be_read():
    said = Author(0, "plain").write(asked(Block("user", VERDICT))).text
    found = belief((0, 1))(type("Reply", (), {"text": said})())
    assert found.choice == 0
    assert Author(0, "plain").write(asked(Block("user", CUE))).text == f"<argument>{PLAIN}</argument>"


def test_one_letter_has_the_probabilities_of_a_belief_and_some_outside():
    reply = Author(0).write(asked(Block("user", f"{QUESTION}\nAnswer with one letter."), tops=20))
    [token] = reply.tokens
    chances = {text: exp(value) for text, value in token.top}
    assert reply.text == token.text == max("AB", key=lambda letter: chances[letter])
    assert chances["A"] + chances["B"] == pytest.approx(0.98)
    assert sum(chances.values()) == pytest.approx(1)


@given(st.text())
def test_pieces_and_words_add_up_to_the_text(text):
    assert "".join(pieces(text)) == text
    assert "".join(cut(text)) == text


def of(schema, **more):
    return shaped(schema, Shaping(**{"belief": {"A": 0.7, "B": 0.3}, "percent": True, "sentence": "So.", **more}))


def test_a_verdict_is_shaped_of_the_belief_in_percent_or_as_fractions():
    numbers = {letter: {"type": "number"} for letter in "AB"}
    schema = {"type": "object", "properties": {"belief": {"type": "object", "properties": numbers}}}
    assert of(schema) == {"belief": {"A": 70.0, "B": 30.0}}
    assert of(schema, percent=False) == {"belief": {"A": 0.7, "B": 0.3}}


def test_a_list_of_letters_and_numbers_is_a_belief_too():
    fields = {"option": {"enum": ["A", "B"]}, "percent": {"type": "integer"}}
    schema = {"type": "array", "items": {"type": "object", "properties": fields}}
    assert of(schema) == [{"option": "A", "percent": 70}, {"option": "B", "percent": 30}]


_LEAVES = st.sampled_from(
    [
        {"type": "string"},
        {"type": "integer"},
        {"type": "number", "maximum": 1},
        {"type": "boolean"},
        {"type": "null"},
        {"enum": ["x", "y"]},
        {"const": 3},
        {"type": ["string", "null"]},
        {"$ref": "#"},
        {},
    ]
)
SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda item: {"type": "array", "items": item}, inner),
        st.builds(
            lambda parts: {"type": "object", "properties": parts},
            st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        st.builds(lambda each: {"anyOf": [each]}, inner),
    ),
    max_leaves=12,
)


def fits(value, schema):
    """Whether a value is of the top type of a schema."""
    kinds = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "object": dict}
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        return True
    whole = kind != "object" or set(value) == set(schema.get("properties", ()))
    return isinstance(value, kinds[kind]) and whole


@given(SCHEMAS)
def test_any_schema_is_answered_with_json_of_its_type(schema):
    made = json.loads(json.dumps(of(schema)))
    assert fits(made, schema)
