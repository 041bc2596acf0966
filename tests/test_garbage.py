"""No garbage is looked for meanwhile, and afterwards all is as it was."""

import gc

import pytest

from arena.garbage import SELDOM, seldom, uncollected
from arena.plan import Experiment, resolve
from arena.runner import play


@pytest.fixture(autouse=True)
def restored():
    enabled, thresholds = gc.isenabled(), gc.get_threshold()
    yield
    (gc.enable if enabled else gc.disable)()
    gc.set_threshold(*thresholds)


def test_it_looks_seldom_within_and_as_often_as_before_afterwards():
    gc.set_threshold(700, 10, 10)
    with seldom():
        assert gc.get_threshold() == SELDOM
    assert gc.get_threshold() == (700, 10, 10)
    with pytest.raises(ValueError, match="broken"), seldom():
        raise ValueError("broken")
    assert gc.get_threshold() == (700, 10, 10)


def test_a_run_is_played_so(tmp_path):
    gc.set_threshold(700, 10, 10)
    found = set()
    play(resolve(Experiment(limit=2)), tmp_path / "run", lambda _: found.add(gc.get_threshold()))
    assert found == {SELDOM}
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
def test_it_holds_still_within_and_is_as_it_was_afterwards(switch):
    switch()
    before = gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled() is before


def test_one_within_another_ends_nothing_of_the_outer_one():
    gc.enable()
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_ends_where_what_is_done_meanwhile_fails():
    gc.enable()
    with pytest.raises(ValueError, match="broken"), uncollected():
        raise ValueError("broken")
    assert gc.isenabled()


def test_the_objects_of_a_decorated_function_are_gone_when_it_ends():
    gc.enable()
    seen = []

    @uncollected()
    def work():
        made = [{"number": n, "of": []} for n in range(100_000)]
        return len(made)

    gc.collect()
    gc.callbacks.append(lambda phase, info: seen.append((phase, info)))
    try:
        work()
    finally:
        gc.callbacks.pop()
    assert seen == []
