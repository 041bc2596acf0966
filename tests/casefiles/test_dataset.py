"""The dataset: ids, settings, and items that are a function of seed, number and settings alone."""

from itertools import islice

import pytest
from pydantic import ValidationError

from arena.datasets import checked, digest
from arena.datasets.casefiles import Casefiles
from arena.datasets.casefiles.dataset import WHOLE


def texts(dataset, limit=5, seed=0):
    return [item.question for item in dataset.items(limit=limit, seed=seed)]


def test_an_id_tells_the_seed_and_the_number():
    assert [q.id for q in texts(Casefiles(), limit=2, seed=9)] == ["case-9-0000", "case-9-0001"]


def test_a_larger_limit_begins_with_the_same_files():
    assert texts(Casefiles(), limit=3) == texts(Casefiles(), limit=9)[:3]


def test_one_file_can_be_made_without_those_before_it():
    assert Casefiles().item(4, 7) == list(Casefiles().items(limit=8, seed=4))[-1]


def test_files_are_made_when_they_are_asked_for():
    assert len(list(islice(Casefiles().items(limit=10**9, seed=0), 3))) == 3


def test_without_a_limit_there_are_a_thousand():
    assert sum(1 for _ in Casefiles(exhibits=1, length=0).items(limit=None, seed=0)) == WHOLE


@pytest.mark.parametrize(
    "dials",
    [
        {"exhibits": 5},
        {"difficulty": "hard"},
        {"amended": 0.5},
        {"length": 10},
        {"hops": "2"},
        {"hops": "1-8"},
        {"links": "shaky"},
    ],
)
def test_other_settings_give_other_ids(dials):
    usual, other = texts(Casefiles())[0], texts(Casefiles(**dials))[0]
    assert other.id.startswith(usual.id + "-")
    assert other.passage != usual.passage


def test_settings_that_are_written_out_but_usual_give_the_usual_ids():
    assert texts(Casefiles(exhibits=Casefiles().exhibits, hops="1-1")) == texts(Casefiles())


def test_another_seed_gives_other_files():
    assert {q.passage for q in texts(Casefiles(), seed=1)}.isdisjoint(q.passage for q in texts(Casefiles(), seed=2))


def test_the_files_of_one_seed_are_the_same_for_ever():
    """A change of the words or of the order of draws is a change of the data: say so in the changelog."""
    known = {
        "1": "9bfcd10e0e4095349bb8fcbe33ffa78d",
        "1-8": "6d37162bae219995fb2ffb8fdd76b87c",
    }
    assert {hops: digest(Casefiles(hops=hops).items(limit=50, seed=3)) for hops in known} == known


@pytest.mark.parametrize("dials", [{}, {"hops": "1-8"}, {"exhibits": 1, "length": 0}, {"amended": 1.0}])
def test_every_item_may_be_played(dials):
    items = list(checked(Casefiles(**dials).items(limit=200, seed=8), "casefiles"))
    assert {q.dataset for q, _ in items} == {"casefiles"}
    assert all(q.group == q.id == key.question for q, key in items)


@pytest.mark.parametrize("given, kept", [("3", "3"), (" 2 - 6 ", "2-6"), ("4-4", "4"), (8, "8")])
def test_hops_is_a_number_or_a_range(given, kept):
    assert Casefiles.model_validate({"hops": given}).hops == kept


@pytest.mark.parametrize("hops", ["0", "9", "5-2", "1-9", "two", "", "1.5"])
def test_other_hops_are_refused_with_what_would_work(hops):
    with pytest.raises(ValidationError, match="from 1 to 8 or a range such as 1-8"):
        Casefiles(hops=hops)


@pytest.mark.parametrize(
    "dials", [{"exhibits": 0}, {"difficulty": "mild"}, {"amended": 1.1}, {"length": -1}, {"links": "x"}, {"size": 3}]
)
def test_settings_out_of_range_are_refused(dials):
    with pytest.raises(ValidationError):
        Casefiles(**dials)


def test_a_range_of_hops_gives_each_of_them():
    links = {q.text.count(" that ") + 1 for q in texts(Casefiles(hops="2-5"), limit=200)}
    assert links == {2, 3, 4, 5}
