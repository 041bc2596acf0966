"""What judges believed by round, folded from what shadow judges were asked."""

from __future__ import annotations

import json
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis import belief_by_round, read_traces, round_gain, traces
from arena.events import Ended, Failed, Opened, Score, Scored, Shadowed, Verdict, dump
from arena.report import build, to_json, to_text

ORDERS = ((0, 1), (1, 0))


def verdict(order, p, n, key=0, **more):
    """A verdict that gives `p` to the right option; none where p is an outcome."""
    if isinstance(p, str):
        return Verdict(order=order, outcome=p, round=n, **more)
    belief = (p, 1 - p) if key == 0 else (1 - p, p)
    return Verdict(order=order, belief=belief, choice=int(belief[1] > belief[0]), round=n, **more)


def episode(name, *by_round, key=0, arm="debate", group=None, **more):
    """An episode whose judge believed this in the right option: before, after each round, and in its verdict."""
    *before, last = by_round
    events = [Opened(episode=name, arm=arm, question=name)]
    for n, p in enumerate(before):
        events += [
            Shadowed(episode=name, at=f"{n + 1}~{i}", seat="judge", verdict=verdict(order, p, n, key))
            for i, order in enumerate(ORDERS)
        ]
    final = tuple(verdict(order, last, len(before), key) for order in ORDERS)
    events.append(Ended(episode=name, belief=(0.5, 0.5), choice=None, verdicts=final))
    scores = (Score(slot=0, correct=1, p_correct=0.5),) * 2
    events.append(
        Scored(episode=name, arm=arm, question=name, group=group or name, dataset="set", key=key, scores=scores, **more)
    )
    return events


def means(found):
    return [(one.round, one.n, None if one.p is None else round(one.p, 9)) for one in found]


@pytest.mark.parametrize("key", [0, 1])
def test_the_mean_belief_in_the_right_option_after_each_round(key):
    entries = traces([*episode("q", 0.5, 0.6, 0.9, key=key), *episode("r", 0.4, 0.8, 0.7, key=key)]).of("debate", "set")
    assert means(belief_by_round(entries)) == [
        (0, 4, pytest.approx(0.45)), (1, 4, pytest.approx(0.7)), (2, 4, pytest.approx(0.8)),
    ]  # fmt: skip
    assert sorted(entries.slot.tolist()) == [0] * 6 + [1] * 6


def test_its_error_is_clustered_by_passage():
    events = [event for n, p in enumerate((0.5, 0.7, 0.9)) for event in episode(f"q{n}", 0.5, p)]
    last = belief_by_round(traces(events).of("debate", "set"))[-1]
    assert (last.n, last.n_groups) == (6, 3)
    assert last.se == pytest.approx(np.std([0.5, 0.7, 0.9], ddof=1) / np.sqrt(3))
    one = [event for n in range(3) for event in episode(f"q{n}", 0.5, 0.7, group="only")]
    assert belief_by_round(traces(one).of("debate", "set"))[-1].status == "single_cluster"


def test_bits_a_round_go_from_before_the_first_to_the_verdict():
    events = [*episode("q", 0.25, 0.3, 0.5, 1.0), *episode("r", 0.5, 0.5)]
    gain = round_gain(traces(events).of("debate", "set"))
    assert gain.bits == pytest.approx((2 * log2(1.0 / 0.25) / 3 + 2 * 0) / 4)
    assert (gain.n, gain.n_left_out) == (4, 0)


def test_a_belief_that_is_missing_is_left_out_and_counted():
    entries = traces([*episode("q", "refused", 0.6, 0.9), *episode("r", 0.4, 0.8, 0.7)]).of("debate", "set")
    assert [one.n for one in belief_by_round(entries)] == [2, 4, 4]
    assert round_gain(entries).n_left_out == 2


def test_a_verdict_without_a_belief_before_it_has_no_gain():
    gain = round_gain(traces(episode("q", 0.9)).of("debate", "set"))
    assert (gain.bits, gain.n_left_out) == (None, 2)


def test_the_verdict_goes_before_what_was_asked_after_the_same_round():
    """A judge may be asked, put a question that nobody answers, and decide."""
    events = episode("q", 0.5, 0.6, 0.9)
    again = [Shadowed(episode="q", at="9~0", seat="judge", verdict=verdict(ORDERS[0], 0.1, 2))]
    for order in (again + events, events[:-1] + again + events[-1:]):
        found = belief_by_round(traces(order).of("debate", "set"))
        assert means(found)[-1] == (2, 2, pytest.approx(0.9))


def test_an_episode_that_failed_has_the_rounds_that_it_came_to():
    events = [event for event in episode("q", 0.5, 0.6, 0.9) if not isinstance(event, Ended)]
    events.insert(-1, Failed(episode="q", outcome="error", reason="lost"))
    entries = traces(events).of("debate", "set")
    assert [one.round for one in belief_by_round(entries)] == [0, 1]
    assert round_gain(entries).bits is None


def test_an_episode_without_a_score_and_a_training_one_do_not_count():
    unscored = [event for event in episode("q", 0.5, 0.6) if not isinstance(event, Scored)]
    assert len(traces([*unscored, *episode("t", 0.5, 0.6, split="train")]).entries) == 0


def test_token_beliefs_have_entries_of_their_own():
    events = episode("q", 0.5, 0.6)
    told = {"stated": "tokens", "outside": 0.1}
    for n, event in enumerate(events):
        if isinstance(event, Shadowed):
            events[n] = event.model_copy(update={"verdict": event.verdict.model_copy(update=told)})
    found = traces(events)
    assert [one.round for one in belief_by_round(found.of("debate", "set"))] == [1]
    assert [one.round for one in belief_by_round(found.of("debate", "set", "tokens"))] == [0]


def test_a_log_without_a_shadow_judge_has_no_rounds(tmp_path):
    plain = Verdict(order=(0, 1), belief=(0.5, 0.5))
    ended = Ended(episode="q", belief=(0.5, 0.5), choice=None, verdicts=(plain,))
    assert len(traces([ended, episode("q", 0.5)[-1]]).entries) == 0
    assert len(read_traces(tmp_path).entries) == 0
    assert len(traces([]).of("nobody", "nothing")) == 0


@given(st.permutations(range(12)))
def test_the_order_of_the_lines_changes_nothing(order):
    """Of one process or several: what was said of one place is said once."""
    events = [*episode("q", 0.5, 0.6, 0.9), *episode("r", 0.4, 0.7)]
    shuffled = [events[i] for i in order if i < len(events)] + events[12:]
    found, expected = (traces(each).of("debate", "set") for each in (shuffled, events))
    assert means(belief_by_round(found)) == means(belief_by_round(expected))
    assert round_gain(found).bits == pytest.approx(round_gain(expected).bits)


def test_a_report_has_them_where_a_shadow_judge_was_asked(tmp_path):
    arms = [{"name": name, "protocol": name, "seats": {}} for name in ("debate", "naive")]
    events = [e for n in range(6) for e in (*episode(f"q{n}", 0.5, 0.6, 0.9), *episode(f"n{n}", 0.5, arm="naive"))]
    (tmp_path / "events-0001.jsonl").write_text("".join(f"{dump(event)}\n" for event in events))
    for asked in (True, False):
        head = {"schema": 1, "run": "r", "seed": 1, "arms": arms, "experiment": {"shadow_judge": asked}}
        (tmp_path / "run.json").write_text(json.dumps(head))
        report = build(tmp_path)
        assert ("Belief in the right option by round" in to_text(report)) is asked
        rounds = to_json(report)["rounds"]
        assert [each["arm"] for each in rounds] == (["debate"] if asked else [])
    (tmp_path / "run.json").write_text(json.dumps({**head, "experiment": {"shadow_judge": True}}))
    (found,) = to_json(build(tmp_path))["rounds"]
    assert [one["p"] for one in found["rounds"]] == pytest.approx([0.5, 0.6, 0.9])
    assert found["bits"]["bits"] == pytest.approx(log2(0.9 / 0.5) / 2)
