"""Reuse: a reply that an earlier run paid for is found by the key of its request, and not bought again."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import log
from arena.errors import DataError
from arena.events import Called, Scored
from arena.reuse import Shelf
from arena.runner import play
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.running import Model, answering, by, calls, contents, items, of, planned, scores, story
from tests.test_resume import HOSTILE, KEYS, called, folder, opened, write


def held(run, *events):
    """A run that logged these events."""
    run.mkdir(exist_ok=True)
    (run / "run.json").write_text('{"schema": 1}')
    write(run, *events)
    return run


def test_a_call_is_found_by_its_key_and_no_other(tmp_path):
    shelf = Shelf([held(tmp_path / "run", opened("e"), called("e", "1", KEYS[0], text="Aye."))])
    assert shelf.find(KEYS[0]).text == "Aye."
    assert shelf.find(KEYS[1]) is None


def test_without_runs_nothing_is_found():
    assert Shelf([]).find(KEYS[0]) is None


def test_of_two_runs_with_one_key_the_first_that_was_named_answers(tmp_path):
    one = held(tmp_path / "one", called("e", "1", KEYS[0], text="from one"))
    two = held(tmp_path / "two", called("e", "1", KEYS[0], text="from two"), called("e", "2", KEYS[1], text="only two"))
    assert [Shelf(runs).find(KEYS[0]).text for runs in ([one, two], [two, one])] == ["from one", "from two"]
    assert Shelf([one, two]).find(KEYS[1]).text == "only two"


def test_what_was_found_is_counted_with_what_it_had_cost(tmp_path):
    bought = called("e", "1", KEYS[0]).model_copy(update={"cost": 0.25})
    shelf = Shelf([held(tmp_path / "run", bought, called("e", "2", KEYS[1]))])
    for key in KEYS[:3]:
        shelf.find(key)
    assert (shelf.taken, shelf.saved) == (2, 0.25)


def test_a_line_that_was_damaged_since_is_no_reply(tmp_path):
    run = held(tmp_path / "run", called("e", "1", KEYS[0]), called("e", "2", KEYS[1]))
    shelf = Shelf([run])
    path = run / "events-0001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"text":"So."', b'"text":"So.?', 1))
    assert shelf.find(KEYS[0]) is None
    assert shelf.find(KEYS[1]).text == "So."


def test_a_line_that_holds_another_call_by_now_is_no_reply(tmp_path):
    run = held(tmp_path / "run", called("e", "1", KEYS[0]))
    shelf = Shelf([run])
    path = run / "events-0001.jsonl"
    path.write_bytes(path.read_bytes().replace(KEYS[0].encode(), KEYS[1].encode()))
    assert (shelf.find(KEYS[0]), shelf.taken) == (None, 0)


def test_a_run_that_is_gone_by_now_has_no_reply(tmp_path):
    run = held(tmp_path / "run", called("e", "1", KEYS[0]))
    shelf = Shelf([run])
    shutil.rmtree(run)
    assert shelf.find(KEYS[0]) is None


@given(st.text())
def test_no_reply_can_pass_for_the_key_of_a_call(text):
    with folder() as run:
        shelf = Shelf([held(run, called("e", "1", KEYS[3], text=HOSTILE + text))])
        assert shelf.find(KEYS[3]).text == HOSTILE + text
        assert [shelf.find(letter * 32) for letter in "ef"] == [None, None]
        assert shelf.sources[0].keys == 1


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=30))
def test_what_is_on_the_shelf_is_what_the_logs_hold(asked):
    """Calls in any number of files, other lines between them."""
    with folder() as run:
        (run / "run.json").write_text('{"schema": 1}')
        for n, (key, new) in enumerate(asked):
            write(run, opened(f"e{n}"), called(f"e{n}", "1", KEYS[key])) if new else write(
                run, called(f"e{n}", "1", KEYS[key])
            )
        shelf = Shelf([run])
        assert {key for key in KEYS if shelf.find(key)} == {KEYS[key] for key, _ in asked}


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match="not a run"):
        Shelf([tmp_path])


def test_the_hash_of_a_run_changes_with_everything_that_it_says(tmp_path):
    run = play(planned(Debate(rounds=1), test=items(1)), tmp_path / "run").run
    hashes = [Shelf([run]).sources[0].hash]
    for name in ("run.json", "events-0001.jsonl", "texts-0001.jsonl"):
        with (run / name).open("a") as file:
            file.write(" ")
        hashes.append(Shelf([run]).sources[0].hash)
    (run / "index-0001.jsonl").unlink()
    assert len(set(hashes)) == 4
    assert Shelf([run]).sources[0].hash == hashes[-1]


# A run that reuses another


def without(plan, **experiment):
    """The plan with other wishes."""
    return plan.__class__(
        plan.experiment.model_copy(update=experiment), plan.arms, plan.test, plan.train, dict(plan.models)
    )


def told(run):
    """All that happened in each episode, but for who bought it."""
    return {name: [line for line in lines if '"Scored"' not in line] for name, lines in story(run).items()}


@pytest.fixture
def paid(tmp_path):
    """A run whose calls cost a quarter each."""
    return play(planned(Debate(rounds=1), Naive(), model=Model(cost=0.25)), tmp_path / "paid").run


def test_the_same_run_again_buys_nothing_and_comes_out_the_same(tmp_path, paid):
    model = Model(cost=0.25)
    again = play(planned(Debate(rounds=1), Naive(), model=model, reuse=(paid,)), tmp_path / "again")
    assert model.keys == calls(again.run) == []
    assert told(again.run) == told(paid)
    assert scores(again.run).keys() == scores(paid).keys()
    assert (again.progress.reused, again.progress.saved, again.progress.spent) == (24, 6.0, 0.0)


def test_only_what_is_new_is_bought(tmp_path, paid):
    model = Model(cost=0.25)
    plan = planned(Debate(rounds=1), Expert(), model=model, test=items(6), reuse=(paid,))
    more = play(plan, tmp_path / "more")
    assert more.progress.reused == 16
    assert len(model.keys) == 2 * 4 + 6 * 2
    assert more.progress.spent == 5.0
    assert not {event.key for event in of(more.run, Called) if not event.reused} & set(calls(paid))


def test_a_reply_of_another_model_is_not_taken(tmp_path, paid):
    other = Model(spec="sim/other")
    plan = planned(Naive(), model=other)
    arm = plan.arms[0].__class__(**{**vars(plan.arms[0]), "seats": {"judge": "sim/other"}})
    plan = plan.__class__(plan.experiment.model_copy(update={"reuse": (paid,)}), (arm,), plan.test, (), plan.models)
    assert play(plan, tmp_path / "run").progress.reused == 0
    assert len(other.keys) == 8


def test_a_budget_that_is_spent_forbids_no_look_up(tmp_path, paid):
    plan = planned(Debate(rounds=1), Naive(), model=Model(cost=0.25), reuse=(paid,), budget=0.01)
    assert play(plan, tmp_path / "run").stopped is None


def test_the_header_names_the_runs_with_their_hashes(tmp_path, paid):
    run = play(planned(Naive(), reuse=(paid,)), tmp_path / "run").run
    (source,) = Shelf([paid]).sources
    assert log.header(run)["reuse"] == [{"run": str(paid), "hash": source.hash, "keys": 24}]
    assert "reuse" not in log.header(paid)


def test_a_run_with_reuse_is_gone_on_with_and_buys_nothing_twice(tmp_path, paid):
    """It ends in the middle; the second sitting takes from the first what that had taken."""
    plan = planned(Debate(rounds=1), Naive(), model=Model(cost=0.25), test=items(8), reuse=(paid,))
    run = tmp_path / "run"
    first = play(without(plan, budget=2.0), run)
    assert first.stopped
    bought = calls(run)
    model = Model(cost=0.25)
    second = play(by(plan, model), run)
    assert second.stopped is None
    assert not set(model.keys) & {*bought, *calls(paid)}
    assert len(bought) + len(model.keys) == 4 * 6
    whole = play(planned(Debate(rounds=1), Naive(), model=Model(cost=0.25), test=items(8)), tmp_path / "whole").run
    assert told(run) == told(whole)


def test_a_run_that_was_reused_is_left_as_it_was(tmp_path, paid):
    before = contents(paid)
    play(planned(Debate(rounds=1), model=Model(answering), reuse=(paid,)), tmp_path / "run")
    assert contents(paid) == before


def test_what_an_episode_takes_counts_what_was_reused_and_what_it_spent_does_not(tmp_path, paid):
    run = play(planned(Debate(rounds=1), Naive(), reuse=(paid,)), tmp_path / "run").run
    rows = [row for row in of(run, Scored) if row.arm == "debate"]
    assert {row.cost for row in rows} == {1.0}
    assert {(spend.calls, spend.cost) for row in rows for spend in row.spend.values()} == {(0, 0.0)}
