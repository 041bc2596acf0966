"""Verdicts as JSON: whatever a server sends is a valid belief or is refused with a reason."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.beliefs import Belief
from arena.models.base import Reply
from arena.structured import read as reader
from arena.structured import reasons, schema, words

MARK = "SECRET-WORDS"


def verdict(belief=None, choice="A", **more):
    return {"reasons": "Because.", "belief": {"A": 70, "B": 30} if belief is None else belief, "choice": choice, **more}


def read(what, order=(0, 1)):
    return reader(order)(Reply(what if isinstance(what, str) else json.dumps(what)))


def why(what, order=(0, 1)):
    with pytest.raises(ValueError) as raised:
        read(what, order)
    return str(raised.value)


def test_a_verdict_is_given_in_the_questions_own_order():
    assert read(verdict()) == Belief((pytest.approx(0.7), pytest.approx(0.3)), 0)
    assert read(verdict(), (1, 0)) == Belief((pytest.approx(0.3), pytest.approx(0.7)), 1)


def test_fractions_are_taken_as_they_are():
    assert read(verdict({"A": 0.25, "B": 0.75}, "B")).probabilities == pytest.approx((0.25, 0.75))


def test_reasons_may_be_left_out():
    assert read({"belief": {"A": 70, "B": 30}, "choice": "A"}).choice == 0


@pytest.mark.parametrize("fenced", ["```json\n{}\n```", "```\n{}\n```", "<thinking>Hm.</thinking>\n{}", "\n {} \n"])
def test_a_fence_spaces_and_thinking_are_not_part_of_it(fenced):
    assert read(fenced.format(json.dumps(verdict()).replace("{", "{"))).choice == 0


@pytest.mark.parametrize(
    "text, reason",
    [
        ("Option A is right.", "no JSON object"),
        ("", "no JSON object"),
        (json.dumps(verdict())[:-9], "no JSON object"),
        (json.dumps(verdict()) * 2, "no JSON object"),
        (f"My verdict: {json.dumps(verdict())}", "no JSON object"),
        ("[1, 2]", "not an object"),
        ('"A"', "not an object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"belief": {"A": 70, "A": 30, "B": 30}, "choice": "A"}', "a key twice"),
        ('{"choice": "B", "belief": {"A": 70, "B": 30}, "choice": "A"}', "a key twice"),
        ('{"belief": {"A": Infinity, "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": NaN, "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": 1e999, "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": 6E2808775, "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": 1' + "0" * 400 + ', "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": -1' + "0" * 400 + ', "B": 30}, "choice": "A"}', "from 0 to 100"),
        ('{"belief": {"A": 1' + "0" * 9_000 + ', "B": 30}, "choice": "A"}', ""),
    ],
)
def test_what_is_no_verdict_at_all_is_refused_with_the_reason(text, reason):
    assert reason in why(text)


@pytest.mark.parametrize(
    "what, reason",
    [
        (verdict({"A": "70", "B": "30"}), "written as a number"),
        (verdict({"A": True, "B": False}), "written as a number"),
        (verdict({"A": None, "B": 100}), "written as a number"),
        (verdict({"A": [70], "B": 30}), "written as a number"),
        (verdict({"A": -5, "B": 105}, "B"), "from 0 to 100"),
        (verdict({"A": 70, "B": 20}), "sum to 90%"),
        (verdict({"A": 60, "B": 60}), "sum to 120%"),
        (verdict({"A": 0, "B": 0}), "sum to 0%"),
        (verdict({"A": 100}), "each of A, B and for nothing else"),
        (verdict({"A": 40, "B": 30, "C": 30}), "each of A, B and for nothing else"),
        (verdict({"a": 70, "b": 30}), "each of A, B and for nothing else"),
        (verdict({}), "each of A, B and for nothing else"),
        (verdict([70, 30]), "an object with a number for each answer"),
        (verdict(70), "an object with a number for each answer"),
        (verdict(choice="C"), "the choice must be one of A, B"),
        (verdict(choice="AB"), "the choice must be one of A, B"),
        (verdict(choice=""), "the choice must be one of A, B"),
        (verdict(choice=0), "the choice must be one of A, B"),
        (verdict(choice=["A"]), "the choice must be one of A, B"),
        (verdict(choice=None), "the choice must be one of A, B"),
        (verdict(choice="B"), "belief in another answer is higher"),
        (verdict(confidence=1), "and no other"),
        ({"belief": {"A": 70, "B": 30}}, "and no other"),
        ({"choice": "A"}, "and no other"),
        ({}, "and no other"),
    ],
)
def test_what_breaks_the_form_in_one_thing_is_refused_for_that(what, reason):
    assert reason in why(what)


@pytest.mark.parametrize(
    "what",
    [
        f"{MARK} is right",
        verdict(**{MARK: 1}),
        verdict({MARK: 70, "B": 30}),
        verdict(choice=MARK),
        verdict({"A": MARK, "B": 30}),
        '{"\\ud800": 1}',
    ],
)
def test_a_reason_repeats_nothing_of_the_reply(what):
    """It goes into the next request: a reply shall not write there in the arena's name."""
    assert MARK not in why(what)
    why(what).encode()


@given(st.text(max_size=300))
def test_any_text_is_a_valid_belief_or_refused(text):
    _valid_or_refused(text)


LOOSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["A", "B", 50, 0.5]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["A", "B", "belief", "choice", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"belief": LOOSE, "choice": LOOSE}, optional={"reasons": LOOSE, "x": LOOSE}) | LOOSE)
def test_any_json_is_a_valid_belief_or_refused(value):
    _valid_or_refused(json.dumps(value))


NUMBERS = st.floats() | st.integers() | st.floats(0, 100) | st.integers(0, 100) | st.sampled_from([1e308, -0.0, 1e-320])


@given(st.dictionaries(st.sampled_from("ABC"), NUMBERS, min_size=1), st.sampled_from("ABC"))
def test_any_numbers_are_a_valid_belief_or_refused(belief, choice):
    _valid_or_refused(json.dumps(verdict(belief, choice)))


@given(st.integers(0, 100), st.booleans(), st.permutations(range(3)))
def test_every_belief_that_keeps_to_the_form_is_read(first, fractions, order):
    numbers = [first, (100 - first) // 2, 100 - first - (100 - first) // 2]
    best = "ABC"[numbers.index(max(numbers))]
    shares = [n / 100 if fractions else n for n in numbers]
    found = read(verdict(dict(zip("ABC", shares, strict=True)), best), order)
    assert [found.probabilities[i] for i in order] == pytest.approx([n / 100 for n in numbers])
    assert found.choice == order["ABC".index(best)]


def _valid_or_refused(text):
    try:
        found = read(text)
    except ValueError:
        return
    assert math.fsum(found.probabilities) == pytest.approx(1)
    assert all(0 <= p <= 1 for p in found.probabilities)
    assert found.probabilities[found.choice] == max(found.probabilities)


@pytest.mark.parametrize("count", [2, 3, 26])
def test_the_form_that_a_judge_is_told_is_the_form_that_is_read_and_that_of_the_schema(count):
    told = words(count).splitlines()[-1].replace("<percent>", f"{100 / count}")
    told = told.replace(" or ".join(schema(count)["properties"]["choice"]["enum"]), "B")
    assert read(told, range(count)).choice == 1
    found, wanted = json.loads(told), schema(count)
    assert list(found) == wanted["required"] == list(wanted["properties"])
    assert list(found["belief"]) == wanted["properties"]["belief"]["required"]


def test_a_schema_is_strict_at_every_level_as_the_vendors_want_it():
    outer = schema(2)
    for level in (outer, outer["properties"]["belief"]):
        assert level["additionalProperties"] is False
        assert level["required"] == list(level["properties"])
    assert "minimum" not in json.dumps(outer), "no vendor keeps to bounds, so none is claimed"


def test_the_bare_form_itself_is_no_verdict():
    why(words(2))
    why(words(2).splitlines()[-1])


def test_the_reasons_of_a_verdict_are_told_apart_from_its_form():
    assert reasons(json.dumps(verdict())) == "Because."
    assert reasons("Because.\n<belief>A: 1</belief>") is None
    assert reasons('{"reasons": 5, "belief": 1, "choice": 2}') is None
    assert reasons('{"x": 5}') is None
