"""The probability model: what is drawn, and what a perfect reader makes of it."""

import itertools
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.datasets.casefiles import Casefiles, chain, single
from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.posterior import from_log_odds, of_chain, of_exhibits
from arena.datasets.casefiles.words import BANDS, LEVELS, LINKS

RELIABILITY = st.floats(0.01, 0.99)


def enumerated(exhibits):
    """P(truth is 0) by listing both worlds and multiplying the chances of what is seen in each."""
    worlds = []
    for truth in (0, 1):
        chance = 0.5
        for drawn in exhibits:
            if drawn.fate == "withdrawn":
                chance *= 0.5
            else:
                chance *= drawn.level if drawn.points == truth else 1 - drawn.level
        worlds.append(chance)
    return worlds[0] / sum(worlds)


def joined(links, shown):
    """P(the first option is right) by listing every way in which all links may be joined."""
    total, first = 0.0, 0.0
    for world in itertools.product((False, True), repeat=len(links)):
        chance = 1.0
        for crossed, link in zip(world, links, strict=True):
            for level, says_crossed in link.exhibits:
                chance *= level if says_crossed == crossed else 1 - level
        total += chance
        first += chance * ((sum(world) % 2) == shown)
    return first / total


@given(st.lists(st.tuples(st.booleans(), RELIABILITY), max_size=12))
def test_the_posterior_of_exhibits_is_what_bayes_gives(exhibits):
    one = math.prod(r if first else 1 - r for first, r in exhibits)
    other = math.prod(1 - r if first else r for first, r in exhibits)
    assert of_exhibits(exhibits)[0] == pytest.approx(one / (one + other))


@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_parity_of_a_chain_is_what_enumeration_gives(straight):
    worlds = itertools.product((True, False), repeat=len(straight))
    even = sum(
        math.prod(p if up else 1 - p for p, up in zip(straight, world, strict=True))
        for world in worlds
        if world.count(False) % 2 == 0
    )
    assert of_chain(straight) == pytest.approx(even)


@pytest.mark.parametrize("total", [-2000.0, -3.0, 0.0, 3.0, 2000.0])
def test_log_odds_of_any_size_become_two_chances_that_add_up_to_one(total):
    assert sum(from_log_odds(total)) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(40))
def test_the_posterior_of_a_file_equals_enumeration(seed):
    truth, exhibits = single.draw(Chance("draw", seed), 9, LEVELS, 0.5)
    file = single.write(Chance("words", seed), truth, exhibits, 30)
    assert file.posterior[0] == pytest.approx(enumerated(exhibits))


@pytest.mark.parametrize("hops", [2, 5, 8])
@pytest.mark.parametrize("seed", range(12))
def test_the_posterior_of_a_chain_equals_enumeration(hops, seed):
    links = chain.draw(Chance("draw", seed), hops, LINKS["shaky"])
    file = chain.write(Chance("words", seed), links, 0)
    assert file.posterior[0] == pytest.approx(joined(links, file.shown))


@pytest.mark.parametrize("dials", [{}, {"difficulty": "hard"}, {"hops": "3", "links": "shaky"}, {"hops": "1-4"}])
def test_the_posterior_is_calibrated(dials):
    """Of the files that give the first option about .7, about .7 have it right; and so in every bin."""
    bins = {}
    made = Casefiles(**dials).items(limit=4000, seed=5)
    for _, key in made:
        bins.setdefault(min(int(key.posterior[0] * 5), 4), []).append((key.posterior[0], key.option == 0))
    for found in bins.values():
        expected = statistics.fmean(p for p, _ in found)
        spread = math.sqrt(expected * (1 - expected) / len(found)) + 1 / len(found)
        assert statistics.fmean(right for _, right in found) == pytest.approx(expected, abs=4 * spread)


def test_the_truth_is_a_fair_coin():
    right = [key.option for _, key in Casefiles().items(limit=4000, seed=6)]
    assert statistics.fmean(right) == pytest.approx(0.5, abs=0.032)


def test_an_exhibit_is_right_as_often_as_its_level_says():
    drawn = [single.draw(Chance("levels", i), 20, (0.6, 0.9), 0.3) for i in range(1500)]
    for level in (0.6, 0.9):
        hits = [e.points == t for t, exhibits in drawn for e in exhibits if e.level == level and e.fate != "withdrawn"]
        assert statistics.fmean(hits) == pytest.approx(level, abs=0.015)


def test_a_withdrawn_exhibit_is_a_coin():
    drawn = [single.draw(Chance("coin", i), 20, (0.9,), 0.5) for i in range(800)]
    hits = [e.points == t for t, exhibits in drawn for e in exhibits if e.fate == "withdrawn"]
    assert statistics.fmean(hits) == pytest.approx(0.5, abs=0.03)


def test_half_of_the_amended_are_withdrawn_and_half_exchanged():
    _, exhibits = single.draw(Chance("fates"), 6000, LEVELS, 0.2)
    fates = [e.fate for e in exhibits]
    assert fates.count("withdrawn") / len(fates) == pytest.approx(0.1, abs=0.02)
    assert fates.count("exchanged") / len(fates) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("difficulty", BANDS)
def test_difficulty_sets_the_band(difficulty):
    _, exhibits = single.draw(Chance(difficulty), 500, BANDS[difficulty], 0)
    assert {e.level for e in exhibits} == set(BANDS[difficulty])


def test_harder_files_leave_a_perfect_reader_less_sure():
    def ceiling(difficulty):
        items = Casefiles(difficulty=difficulty).items(limit=300, seed=1)
        return statistics.fmean(max(key.posterior) for _, key in items)

    assert ceiling("easy") > ceiling("medium") + 0.003 > ceiling("hard") + 0.08


def test_longer_chains_leave_a_perfect_reader_less_sure():
    def ceiling(hops):
        items = Casefiles(hops=hops).items(limit=400, seed=1)
        return statistics.fmean(max(key.posterior) for _, key in items)

    assert ceiling("2") > ceiling("5") + 0.01 > ceiling("8") + 0.03


def test_more_exhibits_leave_a_perfect_reader_more_sure():
    def ceiling(exhibits):
        items = Casefiles(exhibits=exhibits).items(limit=300, seed=1)
        return statistics.fmean(max(key.posterior) for _, key in items)

    assert ceiling(3) + 0.05 < ceiling(12)
