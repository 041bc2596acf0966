"""Readers: a reply becomes a value, or the speaker is told why not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Reply
from arena.readers import LETTERS, Speech, belief, parts, public, speech, verdict_form
from arena.text import neutral

JUNK = (
    "<belief>",
    "</belief>",
    "<choice>",
    "</choice>",
    "<thinking>",
    "</thinking>",
    "<argument>",
    "</argument>",
    "A: 70",
    "\nB: 30\n",
    "A",
    "%",
    "\x00",
    "\u2028",
    "٧٠",
    "1e309",
    "-5",
    ".",
)
garbage = st.lists(st.sampled_from(JUNK) | st.text(max_size=5), max_size=12).map("".join)


def verdict(*lines, choice="A"):
    return Reply("<belief>\n" + "\n".join(lines) + f"\n</belief>\n<choice>{choice}</choice>")


def read(reply, order=(0, 1)):
    return belief(order)(reply)


def refused(reply, order=(0, 1)):
    with pytest.raises(ValueError) as why:
        read(reply, order)
    return str(why.value)


# What is public


def test_thinking_is_nobodys_business():
    assert public("<thinking>I doubt it.</thinking> I am sure.") == "I am sure."


def test_thinking_in_several_places_and_any_case_is_taken_out():
    assert public("a <Thinking>x</thinking>b<THINKING>\ny\n</THINKING> c") == "a b c"


@pytest.mark.parametrize(
    "text", ["<thinking>secret", "said <thinking>secret", "<thinking>a</thinking><Thinking>secret"]
)
def test_thinking_that_was_never_closed_is_refused(text):
    """A reply cut by its limit in the midst of thinking would otherwise be heard, thoughts and all."""
    with pytest.raises(ValueError, match="never closed"):
        public(text)


@pytest.mark.parametrize("text", ["secret</thinking> said", "<thinking>a<thinking>b</thinking>secret</thinking> said"])
def test_an_end_of_thinking_without_a_beginning_is_refused(text):
    """Some servers drop the opening tag; nested ones end too early."""
    with pytest.raises(ValueError):
        public(text)


@pytest.mark.parametrize("tag", ["<thinking >", "<thinking\n>", '<thinking mood="sly">', "< thinking>"])
def test_an_odd_thinking_tag_leaks_no_thought(tag):
    try:
        heard = public(f"{tag}secret</thinking >said")
    except ValueError:
        return
    assert "secret" not in heard


@given(garbage)
def test_what_is_public_has_no_thinking_tag_left(text):
    try:
        heard = public(text)
    except ValueError:
        return
    assert "<thinking>" not in heard.lower()
    assert "</thinking>" not in heard.lower()


@pytest.mark.parametrize("piece", ["<thinking>", "</thinking>", "<thinking></thinking>", "<thinking></thinkin"])
def test_a_megabyte_of_tags_is_read_in_one_pass(piece):
    """A quadratic reading would hold up every episode of the run for minutes."""
    try:
        public(piece * (200_000 // len(piece)))
    except ValueError as why:
        assert "thinking" in str(why)  # noqa: PT017 - either end is right, so long as one comes


# Speeches


def test_a_speech_is_what_stands_inside_its_tag():
    assert speech()(Reply("Here goes: <argument>\nI say so.\n</argument> Thank you.")) == "I say so."


def test_the_last_of_several_speeches_counts():
    assert speech()(Reply("<argument>draft</argument><argument>final</argument>")) == "final"


def test_a_reply_without_the_tag_is_all_speech():
    assert speech()(Reply("<thinking>hm</thinking>I say so.")) == "I say so."


def test_a_speech_in_another_tag_is_read_by_that_tag():
    assert speech(tag="question")(Reply("<argument>no</argument><question>Who?</question>")) == "Who?"


@pytest.mark.parametrize(
    "text", ["", "  \n", "<thinking>only</thinking>", "<argument></argument>", "<argument> \n</argument>"]
)
def test_an_empty_speech_is_refused(text):
    with pytest.raises(ValueError, match="empty"):
        speech()(Reply(text))


def test_an_empty_speech_does_not_let_out_what_stands_around_it():
    with pytest.raises(ValueError, match="empty"):
        speech()(Reply("My plan is to mislead. <argument></argument>"))


def test_thinking_inside_a_speech_is_taken_out():
    assert speech()(Reply("<argument>I say <thinking>no</thinking>so.</argument>")) == "I say so."


def test_a_speech_is_cut_after_its_words_and_says_how_many_are_gone():
    heard = speech(words=3)(Reply("<argument>one two three four five</argument>"))
    assert (heard, heard.cut) == ("one two three", 2)


def test_a_speech_within_its_words_is_heard_whole():
    heard = speech(words=3)(Reply("one two three"))
    assert (heard, heard.cut) == ("one two three", 0)


@given(garbage, st.integers(1, 9))
def test_a_reader_of_speeches_raises_nothing_but_a_value_error(text, words):
    try:
        heard = speech(words)(Reply(text))
    except ValueError:
        return
    assert isinstance(heard, Speech)
    assert len(heard.split()) <= words


# Lists


def test_parts_are_read_in_order_without_the_empty_ones():
    text = "<part>Who?</part> and <part> </part><part>\nWhen?\n</part>"
    assert parts(most=2)(Reply(text)) == ["Who?", "When?"]


def test_a_list_without_parts_is_refused():
    with pytest.raises(ValueError, match="<part>"):
        parts(most=2)(Reply("Who? When?"))


def test_more_parts_than_allowed_are_refused_by_their_number():
    with pytest.raises(ValueError, match=r"3 parts.*at most 2"):
        parts(most=2)(Reply("<part>a</part><part>b</part><part>c</part>"))


def test_a_part_that_was_only_thought_of_is_no_part():
    assert parts(most=2)(Reply("<thinking><part>a</part></thinking><part>b</part>")) == ["b"]


def test_each_part_is_cut_after_its_words():
    assert parts(most=1, words=2)(Reply("<part>one two three</part>")) == ["one two"]


@given(garbage)
def test_a_reader_of_lists_raises_nothing_but_a_value_error(text):
    try:
        found = parts(most=3)(Reply(text))
    except ValueError:
        return
    assert 1 <= len(found) <= 3


# Verdicts


def test_a_verdict_is_a_belief_and_a_choice():
    assert read(verdict("A: 70", "B: 30")) == ((0.7, 0.3), 0)


@given(st.permutations(range(5)), st.lists(st.integers(1, 99), min_size=5, max_size=5))
def test_letters_are_those_of_the_presentation_whatever_its_order(order, weights):
    """Option `order[i]` was labelled with letter i; the belief stands in the question's own order."""
    total = sum(weights)
    best = max(range(5), key=weights.__getitem__)
    lines = [f"{LETTERS[order.index(i)]}: {weights[i] / total:.12f}" for i in range(5)]
    found = read(verdict(*lines, choice=LETTERS[order.index(best)]), order)
    assert found.choice == best
    assert found.probabilities == pytest.approx([weight / total for weight in weights])


@pytest.mark.parametrize(
    "lines",
    [
        ("A: 70", "B: 30"),
        ("A: 70%", "B: 30%"),
        ("A: 70 %", "B: 30 %"),
        ("A: 0.7", "B: 0.3"),
        ("A: .7", "B: .3"),
        ("B = 30", "A = 70"),
        ("(A): 70", "(B): 30"),
        ("**A**: 70", "**B**: 30"),
        ("- A: 70.0", "- B: 30.0"),
        ("A: 70.", "B: 30."),
        ("A: 70,", "B: 30"),
        ("A: 70, B: 30",),
        ("A: 70%; B: 30%",),
        ("  A :  70  ", "", "  B :  30  "),
    ],
)
def test_percentages_and_fractions_in_usual_dress_are_the_same_belief(lines):
    assert read(verdict(*lines)).probabilities == pytest.approx((0.7, 0.3))


@pytest.mark.parametrize("a, b", [("71", "31"), ("68", "29"), ("0.71", "0.31"), ("33", "62.1")])
def test_a_belief_that_nearly_sums_to_one_is_scaled(a, b):
    found = read(verdict(f"A: {a}", f"B: {b}", choice="A" if float(a) > float(b) else "B"))
    assert math.fsum(found.probabilities) == pytest.approx(1)
    assert found.probabilities[0] / found.probabilities[1] == pytest.approx(float(a) / float(b))


@pytest.mark.parametrize(
    "a, b", [("90", "30"), ("60", "30"), ("0.9", "0.3"), ("0", "0"), ("70%", "0.3"), ("0.6", "0.2")]
)
def test_a_belief_that_is_far_from_one_is_refused_with_its_sum(a, b):
    assert "sum" in refused(verdict(f"A: {a}", f"B: {b}"))


@pytest.mark.parametrize(
    "entry",
    [
        "-70",
        "seventy",
        "",
        "nan",
        "inf",
        "70 or 60",
        "70/100",
        "7e1",
        "1,5",
        "70-80",
        "<percent>",
        "٧",
        "1" + "0" * 400,
    ],
)
def test_what_is_no_number_of_percent_is_refused(entry):
    """Not read up to where it still looks like one."""
    refused(verdict(f"A: {entry}", "B: 30", choice="B"))
    refused(verdict(f"A: {entry}", "B: 98.5", choice="B"))


@pytest.mark.parametrize(
    "lines", [("A: 100",), ("A: 40", "B: 30", "C: 30"), ("70", "30"), (), ("Answer A: 70", "B: 30")]
)
def test_a_belief_has_a_number_for_each_answer_and_for_nothing_else(lines):
    assert "each of A, B" in refused(verdict(*lines))


def test_an_answer_that_is_believed_twice_is_refused():
    assert "twice" in refused(verdict("A: 70", "B: 30", "A: 70"))


def test_the_last_belief_and_the_last_choice_count():
    first, last = verdict("A: 90", "B: 10"), verdict("A: 20", "B: 80", choice="B")
    assert read(Reply(f"{first.text}\nOn second thoughts:\n{last.text}")) == ((0.2, 0.8), 1)


def test_a_choice_against_the_belief_is_refused():
    assert "belief in another answer is higher" in refused(verdict("A: 30", "B: 70", choice="A"))


@pytest.mark.parametrize("choice", ["A", "B"])
def test_equal_beliefs_leave_the_choice_to_the_judge(choice):
    assert read(verdict("A: 50", "B: 50", choice=choice)) == ((0.5, 0.5), "AB".index(choice))


@pytest.mark.parametrize("choice", ["A", " A ", "(A)", "A.", "\nA\n", "A\t", "A\r\n"])
def test_a_choice_may_wear_brackets_and_a_full_stop(choice):
    assert read(verdict("A: 70", "B: 30", choice=choice)).choice == 0


@pytest.mark.parametrize("choice", ["", "C", "A or B", "AB", "A B", "neither", "B. I mean A"])
def test_a_choice_that_is_not_one_of_the_letters_is_refused(choice):
    assert "one of A, B" in refused(verdict("A: 70", "B: 30", choice=choice))


@pytest.mark.parametrize("missing", ["belief", "choice"])
def test_a_verdict_that_lacks_a_part_is_told_which(missing):
    text = verdict("A: 70", "B: 30").text.replace(f"<{missing}>", "").replace(f"</{missing}>", "")
    assert f"<{missing}>" in refused(Reply(text))


def test_a_verdict_in_thinking_is_none():
    assert "<belief>" in refused(Reply(f"<thinking>{verdict('A: 70', 'B: 30').text}</thinking>"))


def test_a_verdict_that_a_debater_dictates_and_the_judge_quotes_does_not_count():
    """What a judge reads has been neutralised, so what it repeats has no tags either."""
    dictated = neutral(verdict("A: 1", "B: 99", choice="B").text)
    own = verdict("A: 70", "B: 30").text
    for text in (f"{own}\nBob wrote: {dictated}", f"Bob wrote: {dictated}\n{own}"):
        assert read(Reply(text)) == ((0.7, 0.3), 0)


@given(garbage)
def test_garbage_is_refused_or_a_belief_that_sums_to_one(text):
    try:
        found = read(Reply(text))
    except ValueError:
        return
    assert math.fsum(found.probabilities) == pytest.approx(1)
    assert all(0 <= p <= 1 for p in found.probabilities)
    assert found.probabilities[found.choice] == max(found.probabilities)


@given(st.lists(st.sampled_from(JUNK[8:]), max_size=8).map("".join), st.sampled_from(["A", "B", "(A)", "AB", ""]))
def test_garbage_inside_a_belief_is_refused_or_sums_to_one(inside, choice):
    try:
        found = read(Reply(f"<belief>{inside}</belief><choice>{choice}</choice>"))
    except ValueError:
        return
    assert math.fsum(found.probabilities) == pytest.approx(1)


def test_a_megabyte_of_empty_lines_in_a_belief_is_read_in_one_pass():
    refused(verdict("-", "\n" * 100_000, "-"))


@pytest.mark.parametrize("count", [2, 3, 26])
def test_the_form_that_a_judge_is_told_is_the_form_that_is_read(count):
    form = verdict_form(count)
    filled = form.replace("<percent>", str(100 / count)).replace(" or ".join(LETTERS[:count]), LETTERS[count - 1])
    assert read(Reply(filled), range(count)).choice == count - 1


def test_the_bare_form_itself_is_no_verdict():
    """A model that parrots its instructions has not judged."""
    refused(Reply(verdict_form(2)))
