"""Which models were served, counted the same whether lines are read at once or one by one."""

import pytest

from arena.analysis.collector import Collector
from arena.analysis.served import Served
from arena.events import Spend, dump


def served(make):
    """Three episodes with what was served to their judges, and a shadow judge in the last."""
    spends = [
        {"judge": Spend(models=("a",)), "bob": Spend()},
        {"judge": Spend(models=("a", "b"))},
        {"judge": Spend(models=("b",)), "judge (shadow)": Spend(models=("c",))},
    ]
    return [make.episode(f"q{i}", 1, t=float(10 + i), spend=spend) for i, spend in enumerate(spends)]


def one_by_one(events):
    collector = Collector()
    for event in events:
        collector.add(event)
    return collector.table().served


def at_once(events):
    collector = Collector()
    assert collector.add_lines([dump(event).encode() for event in events])
    return collector.table().served


@pytest.mark.parametrize("way", [one_by_one, at_once])
def test_names_are_counted_by_seat_with_their_times(make, way):
    events = served(make)
    found = way(events)[events[0].arm, events[0].dataset]
    assert found == {"judge": (Served("a", 2, 10, 11), Served("b", 2, 11, 12), Served("c", 1, 12, 12))}


@pytest.mark.parametrize("way", [one_by_one, at_once])
def test_a_log_that_tells_of_none_has_none(make, way):
    assert way([make.episode("q", 1, spend={"judge": Spend(calls=1)})]) == {}


@pytest.mark.parametrize("wrong", ['"a"', "[1]", "{}", "[null]", "3"])
def test_names_that_are_none_send_the_lines_to_be_read_one_by_one(make, wrong):
    line = dump(served(make)[0]).replace('["a"]', wrong)
    assert wrong in line
    assert not Collector().add_lines([line.encode()])
