"""Ratings, against closed forms and searches of the likelihood."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from arena.analysis.elo import POINTS, elo, expected, rescaled
from arena.analysis.matches import Match, matches
from arena.analysis.ratings import Worth, _ranks, rate
from arena.errors import UsageError


def plain(*entries):
    return rate(matches(entries), position=False, honesty=False)


def series(a, b, won, lost):
    return [Match(a, b, 1)] * won + [Match(a, b, 0)] * lost


def tournament(seed, n=300, names="abcd", position=0.3, honesty=0.6):
    """Matches that follow the model, four to a passage."""
    generator = np.random.default_rng(seed)
    skill = dict(zip(names, np.linspace(-0.6, 0.6, len(names)), strict=True))
    for match in range(n):
        a, b = generator.choice(list(names), 2, replace=False)
        h = int(generator.choice([-1, 1]))
        logit = skill[a] - skill[b] + position + honesty * h
        yield Match(str(a), str(b), float(generator.random() < 1 / (1 + np.exp(-logit))), h, group=f"p{match // 4}")


def elos(ratings):
    return {rating.player: rating.elo for rating in ratings.table}


def test_four_hundred_points_are_ten_to_one():
    assert elo(1) == pytest.approx(173.7178, abs=1e-4)
    assert elo(log(10)) == pytest.approx(400)
    assert expected(400) == pytest.approx(10 / 11)


def test_ten_points_are_one_and_a_half_percent_among_equals():
    assert expected(10) - 0.5 == pytest.approx(0.0144, abs=5e-5)


@pytest.mark.parametrize("points, chance", [(50, 0.571), (200, 0.760), (300, 0.849)])
def test_an_honest_role_worth_this_much_gives_this_accuracy(points, chance):
    assert expected(points) == pytest.approx(chance, abs=5e-4)


def test_a_scale_with_500_in_the_exponent_shrinks():
    assert rescaled(500, 500) == 400


def test_two_players_differ_by_their_log_odds():
    found = plain(*series("a", "b", 6, 2))
    assert found.difference("a", "b").elo == pytest.approx(400 * np.log10(3))
    assert sum(elos(found).values()) == pytest.approx(3000)
    assert found.method == "maximum_likelihood"


def test_eight_to_nothing_is_492_after_firth_and_labelled():
    found = plain(*series("a", "b", 8, 0))
    assert found.difference("a", "b").elo == pytest.approx(492, abs=0.5)
    assert found.difference("a", "b").elo == pytest.approx(POINTS * log(8.5 / 0.5))
    assert (found.status, found.method) == ("separated", "firth")
    assert [(r.player, r.doubt) for r in found.table] == [("a", "upper"), ("b", "lower")]
    low, high = found.difference("a", "b").ci
    assert 0 < low < 492 < high < 3000


def test_a_group_that_no_other_beats_is_separated_though_nobody_is_unbeaten():
    entries = series("a", "b", 2, 2) + series("c", "d", 2, 2) + series("a", "c", 3, 0) + series("b", "d", 1, 0)
    found = plain(*entries)
    assert found.status == "separated"
    assert [rating.doubt for rating in found.table] == [None] * 4


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.booleans()), min_size=2, max_size=14))
@settings(max_examples=40, deadline=None)
def test_it_is_separated_just_when_the_graph_of_wins_is_not_strongly_connected(games):
    entries = [Match(a, b, float(w)) for a, b, w in games if a != b]
    if not entries or (found := plain(*entries)).status in ("disconnected", "no_data"):
        return
    beats = {(a, b) if w else (b, a) for a, b, w in games if a != b}
    players = {p for pair in beats for p in pair}
    reach = set(beats)
    for _ in players:
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    strong = all((a, b) in reach for a in players for b in players if a != b)
    assert (found.status == "separated") is not strong


def test_ties_are_half_a_win_each():
    found = plain(Match("a", "b", 0.5), Match("a", "b", 0.5))
    assert found.difference("a", "b").elo == pytest.approx(0)
    assert found.status == "ok"


def test_an_average_counts_with_the_number_of_its_questions():
    average = plain(Match("a", "b", 0.7, weight=10), Match("b", "c", 0.6, weight=5), Match("c", "a", 0.5, weight=4))
    apart = plain(*series("a", "b", 7, 3), *series("b", "c", 3, 2), *series("c", "a", 2, 2))
    assert elos(average) == pytest.approx(elos(apart))


def test_it_is_the_maximum_of_the_likelihood():
    entries = list(tournament(1))
    found = rate(matches(entries))

    def loss(theta):
        skill = dict(zip("abcd", [0, *theta[:3]], strict=True))
        total = 0.0
        for m in entries:
            logit = skill[m.first] - skill[m.second] + theta[3] + theta[4] * m.honest
            total += np.logaddexp(0, -logit if m.outcome else logit)
        return total

    best = optimize.minimize(loss, np.zeros(5)).x
    assert found.position.elo == pytest.approx(POINTS * best[3], abs=0.01)
    assert found.honesty.elo == pytest.approx(POINTS * best[4], abs=0.01)
    assert found.difference("d", "a").elo == pytest.approx(POINTS * best[2], abs=0.01)


def test_intervals_hold_what_made_the_matches():
    found = rate(matches(tournament(2, n=2000)))
    for worth, truth in ((found.position, 0.3), (found.honesty, 0.6), (found.difference("d", "a"), 1.2)):
        assert worth.ci[0] < POINTS * truth < worth.ci[1]
        assert worth.ci[1] - worth.elo == pytest.approx(1.959964 * worth.se)


def test_the_error_of_two_players_is_that_of_a_clustered_share():
    wins = [(1, 1, 0), (1, 0, 0), (1, 1, 1), (1, 0, 1)]
    entries = [Match("a", "b", float(w), group=str(g)) for g, case in enumerate(wins) for w in case]
    p = np.mean(wins)
    sums = np.array([sum(case) - 3 * p for case in wins])
    error = np.sqrt((sums**2).sum() * 4 / 3) / 12
    assert plain(*entries).difference("a", "b").se == pytest.approx(POINTS * error / (p * (1 - p)))


@given(st.integers(0, 100))
@settings(max_examples=15, deadline=None)
def test_neither_the_order_of_matches_nor_the_names_matter(seed):
    entries = list(tournament(seed, n=80))
    one, two = rate(matches(entries)), rate(matches(entries[::-1]))
    assert elos(one) == pytest.approx(elos(two))
    swapped = dict(zip("abcd", "dcba", strict=True))
    three = rate(matches([m._replace(first=swapped[m.first], second=swapped[m.second]) for m in entries]))
    assert {swapped[name]: value for name, value in elos(three).items()} == pytest.approx(elos(one))
    assert {swapped[r.player]: r.se for r in three.table} == pytest.approx({r.player: r.se for r in one.table})


@given(st.integers(0, 100))
@settings(max_examples=15, deadline=None)
def test_seats_exchanged_turn_the_sign_of_position_only(seed):
    entries = list(tournament(seed, n=80))
    one = rate(matches(entries))
    two = rate(matches([Match(m.second, m.first, 1 - m.outcome, -m.honest, m.weight, m.group) for m in entries]))
    assert two.position.elo == pytest.approx(-one.position.elo)
    assert two.honesty.elo == pytest.approx(one.honesty.elo)
    assert elos(two) == pytest.approx(elos(one))


def test_players_who_never_met_are_rated_apart():
    found = plain(*series("a", "b", 2, 1), *series("c", "d", 3, 2))
    assert (found.status, found.table, found.difference("a", "c")) == ("disconnected", (), None)
    assert [{r.player for r in part.table} for part in found.parts] == [{"a", "b"}, {"c", "d"}]


def test_disconnection_is_told_before_anything_else():
    found = plain(*series("a", "b", 2, 0), *series("c", "d", 3, 0))
    assert found.status == "disconnected"
    assert [part.status for part in found.parts] == ["separated", "separated"]


def test_truth_that_always_speaks_first_cannot_be_told_from_place():
    found = rate(matches([m._replace(honest=1) for m in tournament(3)]))
    assert (found.status, found.unidentified) == ("rank_deficient", ("position", "honesty"))
    assert (found.table, found.honesty) == ((), None)


def test_truth_that_one_player_always_tells_cannot_be_told_from_its_skill():
    entries = [Match("a", "b", w, 1) for w in (1, 0)] + [Match("b", "a", w, -1) for w in (1, 0, 1)]
    assert rate(matches(entries)).unidentified == ("a", "b", "honesty")


def test_a_role_that_nobody_had_is_named_alone():
    assert rate(matches(series("a", "b", 2, 1) + series("b", "a", 1, 1))).unidentified == ("honesty",)


def test_rank_is_asked_before_separation():
    assert rate(matches(series("a", "b", 3, 0))).status == "rank_deficient"


def test_one_passage_has_ratings_without_errors():
    found = plain(*(m._replace(group="p") for m in series("a", "b", 3, 2)))
    assert found.status == "single_cluster"
    assert [(r.se, r.ci, r.rank) for r in found.table] == [(None, None, None)] * 2


def test_ranks_are_open_until_simultaneous_intervals_part():
    close = plain(*series("a", "b", 6, 5), *series("b", "c", 6, 5), *series("a", "c", 6, 5))
    assert [r.rank for r in close.table] == [(1, 3)] * 3
    far = plain(*series("a", "b", 300, 60), *series("b", "c", 300, 60), *series("a", "c", 300, 20))
    assert [(r.player, r.rank) for r in far.table] == [("a", (1, 1)), ("b", (2, 2)), ("c", (3, 3))]


def test_points_are_counted_by_weight():
    found = plain(Match("a", "b", 0.75, weight=4), Match("b", "a", 1, weight=2))
    assert {r.player: (r.won, r.lost) for r in found.table} == {"a": (3, 3), "b": (3, 3)}


def test_matches_without_an_outcome_are_left_out():
    assert plain(Match("a", "b", float("nan"))).status == "no_data"
    assert plain(*series("a", "b", 1, 1), Match("a", "b", float("nan"))).n_matches == 2


@pytest.mark.parametrize("bad", [Match("a", "b", 1.5), Match("a", "a", 1)])
def test_impossible_matches_are_refused(bad):
    with pytest.raises(UsageError, match=r"outcome|itself"):
        matches([bad])


def test_unbeaten_averages_count_with_the_number_of_their_questions():
    found = plain(Match("a", "b", 1, weight=6), Match("a", "b", 1, weight=2), Match("b", "c", 0.5, weight=4))
    apart = plain(*series("a", "b", 8, 0), *series("b", "c", 2, 2))
    assert found.status == apart.status == "separated"
    assert elos(found) == pytest.approx(elos(apart))
    assert found.difference("a", "b").ci == pytest.approx(apart.difference("a", "b").ci, rel=1e-5)


@pytest.mark.parametrize("gap, ranks", [(430, [(2, 3), (1, 3), (1, 2)]), (500, [(3, 3), (2, 2), (1, 1)])])
def test_intervals_that_decide_ranks_are_wider_than_single_ones(gap, ranks):
    """For three players they reach 2.39 errors to either side and not 1.96."""
    assert _ranks([Worth(value, 100.0) for value in (0.0, gap, 2.0 * gap)]) == ranks


def test_a_match_without_weight_connects_nobody():
    assert plain(*series("a", "b", 2, 1), Match("b", "c", 1, weight=0)).n_matches == 3


def test_a_player_split_by_role_leaves_no_room_for_honesty():
    """Honest players meet only dishonest ones, so the role is already in the names."""
    entries = [
        Match(f"{a}/truth", f"{b}/lie", float((n + len(a)) % 2), 1, group=f"p{n}")
        for n in range(4)
        for a, b in (("x", "yy"), ("yy", "x"), ("x", "x"), ("yy", "yy"))
    ]
    assert "honesty" in rate(matches(entries), position=False).unidentified
    assert rate(matches(entries), position=False, honesty=False).status in {"ok", "separated"}


def test_an_error_of_zero_has_no_interval_of_width_zero():
    drawn = rate(matches([Match("a", "b", 0.5, group=f"g{i}") for i in range(4)]), position=False, honesty=False)
    assert {(rating.elo, rating.se, rating.ci, rating.rank) for rating in drawn.table} == {(1500.0, 0.0, None, None)}
