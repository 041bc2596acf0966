"""Views: what a seat knows, what a table holds, what was spent; folds over events and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.events import (
    Attempt,
    Called,
    Dealt,
    Ended,
    Failed,
    Lost,
    Opened,
    Quote,
    Said,
    Shown,
    Spend,
    Usage,
    dump,
    parse,
)
from arena.views import at_table, knows, outline, quote_counts, sides, sources, spend, spent

SEATS = ("alice", "bob", "judge")


def shown(at, *to, handed=False, **fields):
    return Shown(episode="e", at=at, cue="told", fields=fields, to=to, handed=handed)


def said(at, seat, *to, **more):
    return Said(episode="e", at=at, seat=seat, cue="argue", text=f"words at {at}", to=to, **more)


def called(at="1", seat="alice", **more):
    return Called(episode="e", at=at, seat=seat, model="m", key="k", text="reply", **more)


def places(events):
    return [event.at for event in events]


# What a seat knows


def test_a_seat_knows_what_it_was_shown_and_what_it_heard_and_what_it_said():
    events = [shown("1", "alice"), said("2", "bob", "alice"), said("3", "alice")]
    assert knows(events, "alice") == events


def test_a_seat_knows_nothing_that_names_it_not():
    events = [shown("1", "bob"), said("2", "bob", "judge"), said("3", "judge")]
    assert knows(events, "alice") == []


@given(st.lists(st.sampled_from(SEATS), unique=True), st.sampled_from(SEATS))
def test_an_audience_is_those_it_names_and_the_speaker(audience, speaker):
    speech = said("1", speaker, *audience)
    hearing = {seat for seat in SEATS if knows([speech], seat)}
    assert hearing == {*audience, speaker}


@pytest.mark.parametrize("name", ["all", "everyone", "*", "", "alic", "ALICE"])
def test_no_name_stands_for_everybody(name):
    assert knows([shown("1", name), said("2", "bob", name)], "alice") == []


def test_a_call_is_known_to_nobody_not_even_to_who_made_it():
    assert knows([called(thinking="secret")], "alice") == []


def test_a_verdict_is_part_of_nobodys_conversation():
    assert knows([said("1:0", "judge", "alice", order=(0, 1))], "judge") == []
    assert knows([said("1:0", "judge", "alice", order=(0, 1))], "alice") == []


def test_nothing_else_that_happens_is_known():
    events = [
        Opened(episode="e", arm="debate", question="q"),
        Dealt(episode="e", at="1", order=(1, 0)),
        Ended(episode="e", belief=None, choice=None, verdicts=()),
        Failed(episode="e", outcome="error", reason="why"),
    ]
    assert [knows(events, seat) for seat in SEATS] == [[], [], []]


# What quotes are checked against


def test_a_source_is_a_text_that_was_handed():
    known = [
        shown("1", "alice", question="Who?"),
        shown("2", "alice", handed=True, passage="The keeper did it.", pages=7),
        said("3", "bob", "alice"),
    ]
    assert sources(known) == {"passage": "The keeper did it."}


def test_two_texts_that_were_handed_under_one_name_are_both_sources():
    """A protocol may hand out exhibits one by one; a quote of the first stays a quote."""
    known = [shown("1", "alice", handed=True, exhibit="one"), shown("2", "alice", handed=True, exhibit="two")]
    assert sorted(sources(known).values()) == ["one", "two"]


# What a table holds


HAPPENED = [
    shown("1", "judge"),
    said("2:0", "alice"),
    said("2:1", "bob"),
    shown("3+0/1", "judge"),
    said("3+0/2", "alice"),
    shown("3+1/1", "judge"),
    said("3+1/2+0/1", "alice"),
    said("3+1/3", "judge"),
    shown("4.0/1", "judge"),
    said("4.0/2+0/1", "alice"),
    said("4.0/2+0/2.0/1", "alice"),
    said("5", "judge"),
    shown("10.0/1", "judge"),
]


@pytest.mark.parametrize(
    "table, held",
    [
        ("", ["1", "2:0", "2:1", "5"]),
        ("3+0/", ["1", "2:0", "2:1", "3+0/1", "3+0/2"]),
        ("3+1/", ["1", "2:0", "2:1", "3+1/1", "3+1/3"]),
        ("3+1/2+0/", ["1", "2:0", "2:1", "3+1/1", "3+1/2+0/1"]),
        ("4.0/", ["4.0/1"]),
        ("4.0/2+0/", ["4.0/1", "4.0/2+0/1"]),
        ("4.0/2+0/2.0/", ["4.0/2+0/2.0/1"]),
        ("10.0/", ["10.0/1"]),
        ("7.0/", []),
    ],
)
def test_a_blank_table_holds_its_own_events_and_an_inheriting_one_those_before_it_too(table, held):
    assert places(at_table(HAPPENED, table)) == held


def test_what_a_parent_says_after_it_opened_a_table_is_not_inherited():
    assert "5" not in places(at_table(HAPPENED, "3+0/"))


def test_the_tenth_act_comes_after_the_second():
    """Acts are numbers, not texts."""
    events = [said("2", "alice"), said("10", "alice"), said("11+0/1", "alice"), said("9+0/1", "alice")]
    assert places(at_table(events, "11+0/")) == ["2", "10", "11+0/1"]
    assert places(at_table(events, "9+0/")) == ["2", "9+0/1"]


def test_an_event_of_the_whole_episode_is_at_no_table():
    assert at_table([Opened(episode="e", arm="debate", question="q")], "") == []


# What was spent


def test_what_was_spent_is_the_sum_over_every_call_the_retried_and_reused_ones_too():
    calls = [
        called(usage=Usage(input=10, output=1, cache_read=4), cost=0.25),
        called(attempt=1, usage=Usage(input=20, output=2, cache_write=5), cost=0.5),
        called(reused=True, usage=Usage(input=40), cost=0.125),
    ]
    assert spent(calls) == (3, Usage(input=70, output=3, cache_read=4, cache_write=5), 0.875)


def test_one_call_of_unknown_price_makes_the_cost_unknown_and_not_nought():
    assert spent([called(cost=0.5), called(cost=None)]).cost is None


def test_nothing_called_is_nothing_spent():
    assert spent([]) == (0, Usage(), 0)


def test_a_speech_is_no_call():
    assert spent([said("1", "alice")]).calls == 0


@pytest.mark.parametrize(
    "attempt, blind",
    [
        (Attempt(kind="timeout"), 1),
        (Attempt(kind="cut"), 1),
        (Attempt(kind="malformed"), 1),
        (Attempt(kind="cut", usage=Usage(input=5), cost=0.25), 0),
        (Attempt(kind="connection"), 0),
        (Attempt(kind="rate_limit"), 0),
    ],
)
def test_an_attempt_that_may_have_been_billed_though_nobody_said_so_is_counted(attempt, blind):
    lost = Lost(episode="e", at="9", seat="bob", model="m", failed=(attempt, attempt))
    assert spend([lost])["bob"].blind == 2 * blind


def test_what_a_seat_bought_leaves_out_what_was_looked_up_and_counts_what_failed():
    broke = Attempt(kind="cut", usage=Usage(input=5, output=1), cost=0.0625)
    lost = Lost(episode="e", at="9", seat="bob", model="m", failed=(broke, Attempt(kind="connection")))
    calls = [
        called(usage=Usage(input=10, output=1), cost=0.25),
        called(attempt=1, usage=Usage(input=20, output=2), cost=0.5, failed=(broke,)),
        called(reused=True, usage=Usage(input=40), cost=0.125),
    ]
    assert spend([*calls, said("1", "alice"), lost]) == {
        "alice": Spend(calls=2, reused=1, usage=Usage(input=35, output=4), cost=0.8125, models=("m",)),
        "bob": Spend(usage=Usage(input=5, output=1), cost=0.0625),
    }


def test_an_unknown_price_makes_unknown_what_its_own_seat_spent():
    bought = spend([called(cost=0.5), called(cost=None), called(cost=0.25, seat="bob")])
    assert (bought["alice"].cost, bought["bob"].cost) == (None, 0.25)


def test_a_reply_of_unknown_price_that_was_looked_up_costs_nothing():
    assert spend([called(cost=None, reused=True)]) == {"alice": Spend(reused=1, models=("m",))}


def test_the_names_that_answered_a_seat_are_kept_once_each_and_programs_have_none():
    calls = [("m-2", "alice"), ("m-1", "alice"), ("m-2", "alice"), ("sim/judge", "bob"), ("sim/judge", "alice")]
    events = [Called(episode="e", at="1", seat=seat, model=model, key="k", text="") for model, seat in calls]
    bought = spend(events)
    assert (bought["alice"].models, bought["bob"].models) == (("m-2", "m-1"), ())


# Who argued for what, and how well it was quoted


def test_the_side_of_a_seat_is_the_one_its_turns_were_given():
    events = [said("1", "alice", fields={"side": "yes"}), said("2", "bob", fields={"side": "no"}), said("3", "judge")]
    assert sides(events) == {"alice": "yes", "bob": "no"}


def test_a_side_that_is_no_text_is_no_side():
    assert sides([said("1", "alice", fields={"side": 3})]) == {}


def test_quotes_are_counted_by_what_the_verifier_found():
    exact, absent = Quote(text="a", status="exact"), Quote(text="b", status="absent")
    events = [said("1", "alice", quotes=(exact, absent)), said("2", "bob", quotes=(exact,)), said("3", "judge")]
    assert quote_counts(events) == {"exact": 2, "absent": 1}


# The outline


def test_an_outline_is_in_the_order_of_acts_with_the_depth_of_each_table():
    events = [
        said("10", "alice"),
        said("2:1", "bob"),
        said("2:0", "alice"),
        said("3.1/2", "bob"),
        shown("3.1/1", "bob"),
    ]
    assert [(depth, event.at) for depth, event in outline(events)] == [
        (0, "2:0"),
        (0, "2:1"),
        (1, "3.1/1"),
        (1, "3.1/2"),
        (0, "10"),
    ]


def test_an_outline_has_only_what_was_shown_and_said():
    assert outline([called(), Opened(episode="e", arm="a", question="q")]) == []


@pytest.mark.parametrize("at", ["", "x", "1//2", "3:", "-1", "3.1/", "3." * 2000, "9" * 5000, "९"])
def test_a_place_that_is_none_is_refused_where_it_is_read_or_has_a_place_in_the_outline(at):
    """A line of a log may be well formed and still say nonsense; a replay shows the rest all the same."""
    line = dump(said("2", "alice")).replace('"at":"2"', f'"at":"{at}"')
    try:
        event = parse(line)
    except ValueError:
        return
    assert len(outline([said("1", "alice"), event])) == 2
