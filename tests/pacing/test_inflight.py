"""The limit of calls under way: it grows while it is used and unopposed, and is cut once an episode."""

from hypothesis import given
from hypothesis import strategies as st

from arena.models.inflight import Limit


def filled(limit):
    """Begin as many calls as there is room for; their eras."""
    eras = []
    while limit.free:
        eras.append(limit.begin())
    return eras


def round_of(limit):
    """A clean round that uses all of the limit."""
    for _ in filled(limit):
        limit.end()
        limit.succeeded()


def test_it_begins_small_and_doubles_after_each_clean_round():
    limit, widths = Limit(100, 20), []
    for _ in range(4):
        widths.append(limit.width)
        round_of(limit)
    assert widths == [20, 40, 80, 100]


def test_half_of_the_usual_ceiling_goes_at_once():
    assert Limit(100).width == 50


def test_it_never_begins_above_its_ceiling():
    assert Limit(3).width == 3


def test_there_is_room_for_as_many_calls_as_it_is_wide():
    limit = Limit(5)
    assert len(filled(limit)) == 5
    limit.end()
    assert limit.free


def test_a_limit_that_was_not_used_does_not_grow():
    limit = Limit(100, 20)
    for _ in range(100):
        limit.begin()
        limit.end()
        limit.succeeded()
    assert limit.width == 20


def test_four_fifths_of_it_are_use_enough():
    limit = Limit(100, 20)
    for _ in range(16):
        limit.begin()
    for _ in range(20):
        limit.succeeded()
    assert limit.width == 40


def test_what_was_begun_in_one_round_is_in_use_in_the_next():
    limit = Limit(100, 20)
    filled(limit)
    limit.disturbed()
    for _ in range(60):
        limit.succeeded()
    assert limit.width == 40  # twenty were under way all the time: enough for a limit of 20, and not for one of 40


def test_a_round_is_at_least_four_successes():
    limit, widths = Limit(100, start=1), []
    limit.begin()
    for _ in range(4):
        widths.append(limit.width)
        limit.succeeded()
    assert [*widths, limit.width] == [1, 1, 1, 1, 2]


def test_the_calls_that_one_overload_turns_away_cut_it_once():
    limit = Limit(100, 20)
    eras = filled(limit)
    assert [limit.overrun(era) for era in eras] == [True] + [False] * 19
    assert limit.width == 14


def test_a_call_that_began_after_a_cut_may_cut_again():
    limit = Limit(100, 20)
    limit.overrun(filled(limit)[0])
    for _ in range(20):
        limit.end()
    limit.overrun(filled(limit)[0])
    assert limit.width == 9


def test_a_cut_goes_by_what_was_in_use():
    """A limit that nobody came near says nothing about what the server bears."""
    limit = Limit(100, 20)
    eras = [limit.begin() for _ in range(10)]
    limit.overrun(eras[0])
    assert limit.width == 7


def test_after_a_cut_it_grows_by_a_twentieth():
    limit = Limit(1000, start=200)
    limit.overrun(filled(limit)[0])
    for _ in range(200):
        limit.end()
    round_of(limit)
    assert limit.width == 147


def test_it_is_proven_by_a_clean_round_at_its_ceiling_and_by_nothing_less():
    limit, proven = Limit(100, 20), []
    for _ in range(5):
        proven.append((limit.width, limit.proven))
        round_of(limit)
    assert proven == [(20, False), (40, False), (80, False), (100, False), (100, True)]


def test_a_ceiling_that_was_not_used_is_not_proven():
    limit = Limit(10)
    for _ in range(100):
        limit.begin()
        limit.end()
        limit.succeeded()
    assert not limit.proven


def test_what_was_turned_away_once_is_never_proven_again():
    limit = Limit(10)
    round_of(limit)
    assert limit.proven
    filled(limit)
    limit.overrun(0)
    assert not limit.proven
    limit = Limit(4)
    limit.overrun(limit.begin())
    limit.end()
    for _ in range(100):
        round_of(limit)
    assert (limit.width, limit.proven) == (4, False)


def test_a_higher_ceiling_is_to_be_proven_anew_and_a_lower_one_is_proven():
    limit = Limit(10)
    round_of(limit)
    limit.resize(20)
    assert not limit.proven
    limit.resize(5)
    assert limit.proven


def test_a_fault_of_the_server_pauses_growth_and_cuts_nothing():
    limit = Limit(100, 20)
    eras = filled(limit)
    for _ in eras[:19]:
        limit.succeeded()
    limit.disturbed()
    limit.succeeded()
    assert limit.width == 20


STEPS = st.lists(st.sampled_from(["begin", "reply", "refused", "fault", "cancelled"]), max_size=400)


@given(ceiling=st.integers(1, 60), start=st.integers(0, 80), steps=STEPS)
def test_whatever_happens_it_stays_between_one_and_its_ceiling(ceiling, start, steps):
    limit, under_way = Limit(ceiling, start), []
    for step in steps:
        before = limit.width
        if step == "begin":
            if limit.free:
                under_way.append(limit.begin())
        elif under_way:
            era, fresh = under_way.pop(0), limit.era
            limit.end()
            if step == "reply":
                limit.succeeded()
                assert before <= limit.width <= 2 * before
            elif step == "refused":
                assert limit.overrun(era) is (era == fresh)
                assert limit.width == before or era == fresh
                assert limit.width <= before
            elif step == "fault":
                limit.disturbed()
                assert limit.width == before
        assert 1 <= limit.width <= ceiling
        assert limit.busy == len(under_way)
        assert limit.free is (len(under_way) < limit.width)
