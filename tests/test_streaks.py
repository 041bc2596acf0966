"""A run stops where episode after episode of an arm comes to nothing, and plays on where somebody resumes it."""

from collections import Counter

import pytest

from arena import log
from arena.errors import Stopped
from arena.events import Called, Ended, Failed, Score, Scored
from arena.plan import Experiment, resolve
from arena.resume import recall
from arena.runner import play
from arena.streaks import MOST, Streaks, barren
from tests.models.server import chat, in_a_thread, told

VERDICT = "<belief>\nA: 70\nB: 30\n</belief>\n<choice>A</choice>"


def scored(outcome="ok", arm="debate", verdicts=("ok",)):
    scores = tuple(Score(slot=0, outcome=verdict) for verdict in verdicts)
    return Scored(episode="e", arm=arm, question="q", group="g", dataset="d", key=0, outcome=outcome, scores=scores)


FAILED = Failed(episode="e", outcome="unparsed", reason="no reply of judge could be read")


def noted(streaks, *scores):
    """Take in episodes until the run is stopped; how many were taken in, and why it was."""
    for n, score in enumerate(scores, 1):
        try:
            streaks.note(score, FAILED)
        except Stopped as why:
            return n, str(why)
    return len(scores), ""


def test_a_row_of_nothing_stops_the_run_and_says_what_it_was():
    n, why = noted(Streaks({"debate"}), *[scored("unparsed")] * (MOST - 2), *[scored("refused")] * 9)
    assert n == MOST
    assert f"{MOST} episodes of debate in a row came to no verdict ({MOST - 2} unparsed, 2 refused)" in why
    assert "no reply of judge could be read" in why
    assert "resume" in why


def test_one_verdict_begins_the_count_anew():
    row = [*[scored("error")] * (MOST - 1), scored(), *[scored("error")] * (MOST - 1)]
    assert noted(Streaks({"debate"}), *row) == (len(row), "")


def test_an_episode_with_one_of_two_verdicts_came_to_something():
    half = scored(verdicts=("ok", "unparsed"))
    assert noted(Streaks({"debate"}), *[half] * 3 * MOST) == (3 * MOST, "")


def test_one_whose_verdicts_are_all_missing_came_to_nothing():
    n, why = noted(Streaks({"debate"}), *[scored(verdicts=("refused", "refused"))] * 2 * MOST)
    assert n == MOST
    assert f"({MOST} refused)" in why


def test_arms_are_counted_apart():
    row = [scored("error", arm) for _ in range(MOST - 1) for arm in ("debate", "naive")]
    assert noted(Streaks({"debate", "naive"}), *row) == (len(row), "")
    mixed = [
        scored(arm=arm, outcome="error" if arm == "debate" else "ok") for _ in range(MOST) for arm in ("debate", "x")
    ]
    assert noted(Streaks({"debate", "x"}), *mixed)[0] == 2 * MOST - 1


def test_an_arm_that_costs_nothing_and_one_that_was_gone_on_with_are_left_alone():
    for streaks in (Streaks({"naive"}), Streaks({"debate"}, known={"debate"})):
        assert noted(streaks, *[scored("error")] * 3 * MOST) == (3 * MOST, "")


@pytest.mark.parametrize("good, bad, known", [(0, MOST, True), (0, MOST - 1, False), (1, 5 * MOST, False)])
def test_an_arm_is_known_to_come_to_nothing_when_it_did_nothing_else_for_long_enough(good, bad, known):
    assert barren({"debate": Counter({True: good, False: bad})}) == ({"debate"} if known else set())


def test_a_run_against_a_judge_that_cannot_be_read_stops_and_is_played_to_its_end_when_resumed(tmp_path):
    run = tmp_path / "r"
    with in_a_thread(lambda _: told(chat("Who knows."))) as server:
        judge = f"openai/m@{server.url}?form=tagged"
        asked = Experiment(protocol=("naive",), baselines=False, limit=MOST + 6, judge=judge, concurrency=2)
        finished = play(resolve(asked), run)
        assert "in a row came to no verdict" in finished.stopped
        done = len([event for event in log.read(run) if isinstance(event, Scored)])
        assert MOST <= done <= MOST + 1
        assert recall(run).barren == {"naive"}
        asked_before = len(server.asked)
        finished = play(resolve(asked), run)
        assert finished.stopped is None
        events = list(log.read(run))
        assert len([event for event in events if isinstance(event, Scored)]) == MOST + 6
        assert len([event for event in events if isinstance(event, Called)]) == len(server.asked) > asked_before


def test_a_judge_that_answers_now_and_then_is_played_to_the_end(tmp_path):
    replies = iter(range(10**6))

    def script(_):
        return told(chat(VERDICT if next(replies) % 40 == 0 else "Who knows."))

    with in_a_thread(script) as server:
        judge = f"openai/m@{server.url}?form=tagged"
        asked = Experiment(protocol=("naive",), baselines=False, limit=MOST + 6, judge=judge, concurrency=1)
        assert play(resolve(asked), tmp_path / "r").stopped is None
    assert any(isinstance(event, Ended) for event in log.read(tmp_path / "r"))
