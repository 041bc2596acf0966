"""The text: everything that a perfect reader needs stands in it, and nothing else that tells."""

import re
import statistics

import pytest

from arena.datasets.casefiles import Casefiles, chain, single
from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.claims import LABELS
from arena.datasets.casefiles.words import (
    BANDS,
    EXCHANGED,
    KIND_OF,
    LEVEL_OF,
    LEVELS,
    LINKS,
    PHRASES,
    WITHDRAWN,
    denies,
    phrase_in,
)

SENTENCE = re.compile(r"^Exhibit (\d+), ([^:]+): (.+)\.$", re.MULTILINE)


def written(seed, amended=0.3):
    truth, exhibits = single.draw(Chance("draw", seed), 12, LEVELS, amended)
    return single.write(Chance("words", seed), truth, exhibits, 60)


def reread(file):
    """The exhibits as a patient reader finds them: number → (level, option that it speaks for, fate)."""
    found, notices = {}, {}
    for number, _, body in SENTENCE.findall(file.passage):
        about = re.search(r"Exhibit (\d+)", body)
        if about:
            notices[int(about[1])] = "withdrawn" if any(words in body for words in WITHDRAWN) else "exchanged"
            continue
        phrase = phrase_in(body.lower())
        (named,) = [i for i, option in enumerate(file.options) if option in body]
        found[int(number)] = (LEVEL_OF[phrase], 1 - named if denies(body) else named)
    turned = {n: (1 - place if notices.get(n) == "exchanged" else place) for n, (_, place) in found.items()}
    return [(level, turned[n], notices.get(n, "kept")) for n, (level, _) in found.items()]


@pytest.mark.parametrize("seed", range(60))
def test_a_patient_reader_recovers_all_that_was_drawn(seed):
    file = written(seed)
    assert reread(file) == [tuple(drawn) for drawn in file.exhibits]


@pytest.mark.parametrize("seed", range(30))
def test_a_notice_comes_after_the_exhibit_that_it_changes(seed):
    for number, _, body in SENTENCE.findall(written(seed, 0.8).passage):
        assert all(int(earlier) < int(number) for earlier in re.findall(r"Exhibit (\d+)", body))


@pytest.mark.parametrize("hops", ["1", "4"])
def test_an_exhibit_is_one_sentence_long_enough_to_quote(hops):
    made = Casefiles(hops=hops).items(limit=100, seed=2)
    for question, _ in made:
        for line in question.passage.splitlines():
            if line.startswith("Exhibit"):
                assert SENTENCE.fullmatch(line)
                assert len(line.split()) >= 8
                assert line.count(".") == 1


def test_a_phrase_belongs_to_one_level_and_one_kind():
    said = [phrase for kind in PHRASES.values() for phrases in kind.values() for phrase in phrases]
    assert len(said) == len(set(said)) == len(KIND_OF)


def test_no_phrase_hides_in_another():
    assert not [(a, b) for a in LEVEL_OF for b in LEVEL_OF if a != b and a in b]


def test_every_level_of_every_band_has_several_ways_to_say_it():
    for level in {level for band in (*BANDS.values(), *LINKS.values()) for level in band}:
        assert sum(len(kind.get(level, ())) for kind in PHRASES.values()) >= 6


def test_notices_and_phrases_are_never_mistaken_for_each_other():
    assert not [w for w in (*WITHDRAWN, *EXCHANGED) if phrase_in(w) or denies(w)]


def test_the_words_vary():
    """Of a hundred files hardly two sentences are alike once names and numbers are set aside."""
    lines = [line for q, _ in Casefiles().items(limit=100, seed=4) for line in q.passage.splitlines()]
    shapes = {re.sub(r"\d+|[A-Z]\w+", "_", line) for line in lines if line.startswith("Exhibit")}
    assert len(shapes) > 700


def test_all_kinds_of_exhibit_occur():
    labels = {m[1] for q, _ in Casefiles().items(limit=200, seed=4) for m in SENTENCE.findall(q.passage)}
    assert labels == {label for kind in LABELS.values() for label in kind} | {"retraction", "correction"}


def test_length_sets_the_words_of_chatter():
    def words(length):
        return statistics.fmean(len(q.passage.split()) for q, _ in Casefiles(length=length).items(limit=60, seed=3))

    assert words(400) - words(0) == pytest.approx(405, abs=40)


@pytest.mark.parametrize("seed", range(30))
def test_a_chain_tells_each_link_once_for_each_lower_entity(seed):
    links = chain.draw(Chance("draw", seed), 6, LINKS["firm"])
    file = chain.write(Chance("words", seed), links, 40)
    levels = [LEVEL_OF[phrase_in(body.lower())] for _, _, body in SENTENCE.findall(file.passage)]
    assert sorted(levels) == sorted(level for link in links for level, _ in link.exhibits)


# What may not tell


def area_under_curve(scored):
    """The chance that a right first option scores above a wrong one, ties counted half."""
    ranks = {}
    for rank, (score, _) in enumerate(sorted(scored), start=1):
        ranks.setdefault(score, []).append(rank)
    mean = {score: statistics.fmean(places) for score, places in ranks.items()}
    right = [mean[score] for score, is_right in scored if is_right]
    wrong = len(scored) - len(right)
    return (sum(right) - len(right) * (len(right) + 1) / 2) / (len(right) * wrong)


SURFACE = {
    "length of the option": lambda q, i: len(q.options[i]),
    "alphabetical order": lambda q, i: q.options[i] > q.options[1 - i],
    "which is named first in the file": lambda q, i: -q.passage.find(q.options[i]),
    "which is named last in the file": lambda q, i: q.passage.rfind(q.options[i]),
    "length of the file": lambda q, i: len(q.passage) * (1 if i else -1),
    "length of the question": lambda q, i: len(q.text) * (1 if i else -1),
    "first letter": lambda q, i: q.options[i].split()[-1][0],
    "place": lambda q, i: i,
}


@pytest.mark.parametrize("hops", ["1", "3"])
@pytest.mark.parametrize("feature", SURFACE)
def test_nothing_on_the_surface_tells_the_answer(feature, hops):
    """Half of the files are scored on their first option, half on their second."""
    scored = []
    for n, (question, key) in enumerate(Casefiles(hops=hops, exhibits=4).items(limit=2000, seed=12)):
        scored.append((SURFACE[feature](question, n % 2), key.option == n % 2))
    assert area_under_curve(scored) == pytest.approx(0.5, abs=0.045)


def test_the_chatter_and_the_opening_tell_nothing():
    scored = []
    for question, key in Casefiles(length=150).items(limit=2000, seed=13):
        rest = "\n".join(line for line in question.passage.splitlines() if not line.startswith("Exhibit"))
        first, second = (rest.find(option) for option in question.options)
        scored.append((first < second, key.option == 0))
    assert area_under_curve(scored) == pytest.approx(0.5, abs=0.045)
