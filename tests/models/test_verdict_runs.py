"""Whole runs whose judge is asked for its verdict in each of the forms, offline and over the wire."""

import json
import math

import pytest

from arena import log
from arena.errors import UsageError
from arena.events import Called, Ended, Lost, Scored
from arena.plan import Experiment, resolve
from arena.runner import play
from tests.models.server import chat, in_a_thread, told


def judging(*refuses, ignores=()):
    """A server that decides in the form it is asked for, refuses some parts of a request and ignores others."""

    def script(asked):
        if refused := asked.body.keys() & set(refuses):
            return told({"error": {"message": f"{sorted(refused)} is not supported here"}}, 400)
        if "response_format" in asked.body and "response_format" not in ignores:
            return told(chat('{"reasons": "So.", "belief": {"A": 70, "B": 30}, "choice": "A"}'))
        if asked.body.get("logprobs"):
            top = [{"token": name, "logprob": math.log(p)} for name, p in (("A", 0.6), (" B", 0.2), ("The", 0.1))]
            more = {} if "logprobs" in ignores else {"logprobs": {"content": [{**top[0], "top_logprobs": top}]}}
            return told(chat("A", **more))
        return told(chat("<belief>\nA: 70\nB: 30\n</belief>\n<choice>A</choice>"))

    return script


def run(folder, script, settings="", **asked):
    """A run of the naive judge behind a server, and what the server was asked."""
    with in_a_thread(script) as server:
        judge = f"openai/m@{server.url}{settings}"
        plan = resolve(Experiment(protocol=("naive",), baselines=False, limit=2, judge=judge, concurrency=1, **asked))
        finished = play(plan, folder)
        return finished, [request.body for request in server.asked]


def of(folder, kind):
    return [event for event in log.read(folder) if isinstance(event, kind)]


def forms(folder):
    return [(v.form, v.stated) for ended in of(folder, Ended) for v in ended.verdicts]


def test_a_server_of_which_nothing_is_known_is_asked_to_keep_to_a_schema(tmp_path):
    finished, asked = run(tmp_path / "r", judging())
    assert (finished.stopped, finished.notices) == (None, ())
    assert ["response_format" in body for body in asked] == [True] * 4
    assert forms(tmp_path / "r") == [("schema", "verbalised")] * 4


def test_one_that_refuses_it_is_asked_for_tags_and_the_run_says_so(tmp_path):
    finished, asked = run(tmp_path / "r", judging("response_format"))
    assert finished.stopped is None
    assert forms(tmp_path / "r") == [("tagged", "verbalised")] * 4
    assert len(finished.notices) == 1
    assert "takes no schema" in finished.notices[0]
    assert sum("response_format" in body for body in asked) <= 2
    assert {attempt.kind for lost in of(tmp_path / "r", Lost) for attempt in lost.failed} == {"unsupported"}


def test_one_that_takes_it_and_ignores_it_is_asked_for_tags_and_the_run_says_so(tmp_path):
    finished, asked = run(tmp_path / "r", judging(ignores={"response_format"}))
    assert finished.stopped is None
    assert forms(tmp_path / "r") == [("tagged", "verbalised")] * 4
    (notice,) = finished.notices
    assert "keeps to no schema" in notice
    assert sum("response_format" in body for body in asked) <= 2
    lost = [attempt for lost in of(tmp_path / "r", Lost) for attempt in lost.failed]
    assert {attempt.kind for attempt in lost} == {"unsupported"}
    assert len(asked) == len(lost) + len(of(tmp_path / "r", Called))
    assert all(attempt.usage.output and attempt.cost is None for attempt in lost)


def test_a_judge_is_asked_in_the_form_that_its_seat_sets(tmp_path):
    _, asked = run(tmp_path / "r", judging(), settings="?form=tagged")
    assert not any("response_format" in body for body in asked)
    assert forms(tmp_path / "r") == [("tagged", "verbalised")] * 4


def test_a_server_that_refuses_the_form_that_is_set_stops_the_run(tmp_path):
    finished, asked = run(tmp_path / "r", judging("response_format"), settings="?form=schema")
    assert "is not supported here" in finished.stopped
    assert len(asked) <= 2
    assert of(tmp_path / "r", Called) == []


def test_a_form_of_words_is_refused_where_no_belief_is_put_in_words():
    asked = Experiment(protocol=("naive",), baselines=False, limit=2, belief="tokens")
    with pytest.raises(UsageError, match="form=tagged"):
        resolve(asked.model_copy(update={"judge": "openai/m@http://127.0.0.1:9?form=tagged"}))


def test_a_run_that_is_resumed_remembers_what_was_refused(tmp_path):
    """So what it asks is what is in its log, and a reply that was paid for is found there."""
    _, before = run(tmp_path / "r", judging("response_format"))
    path = next((tmp_path / "r").glob("events-*.jsonl"))
    kept = [line for line in path.read_text().splitlines() if json.loads(line)["type"] not in ("Scored", "Ended")]
    path.write_text("".join(f"{line}\n" for line in kept))
    for index in (tmp_path / "r").glob("index-*"):
        index.unlink()
    with in_a_thread(judging("response_format")) as server:
        spec = json.loads((tmp_path / "r" / "run.json").read_text())["arms"][0]["seats"]["judge"]["model"]
        plan = resolve(Experiment(protocol=("naive",), baselines=False, limit=2, judge=spec, concurrency=1))
        finished = play(plan, tmp_path / "r")
        assert server.asked == []
    assert (finished.stopped, len(before)) == (None, len(of(tmp_path / "r", Called)) + len(of(tmp_path / "r", Lost)))
    assert forms(tmp_path / "r") == [("tagged", "verbalised")] * 4


def test_token_beliefs_over_the_wire_are_logged_with_the_mass_that_fell_outside(tmp_path):
    finished, asked = run(tmp_path / "r", judging(), belief="tokens")
    assert finished.stopped is None
    assert {(body["logprobs"], body["top_logprobs"], "response_format" in body) for body in asked} == {
        (True, 20, False)
    }
    assert forms(tmp_path / "r") == [("letter", "tokens")] * 4
    scores = [score for event in of(tmp_path / "r", Scored) for score in event.scores]
    assert {score.stated for score in scores} == {"tokens"}
    assert [score.outside for score in scores] == pytest.approx([0.2] * 4)
    assert sorted(score.p_correct for score in scores) == pytest.approx([0.25, 0.25, 0.75, 0.75])


@pytest.mark.parametrize("script", [judging("logprobs"), judging(ignores={"logprobs"})], ids=["refused", "left out"])
def test_a_server_without_token_probabilities_stops_the_run_with_one_message(tmp_path, script):
    finished, asked = run(tmp_path / "r", script, belief="tokens")
    assert "--belief verbalised" in finished.stopped
    assert finished.stopped.count("token probabilities") >= 1
    assert of(tmp_path / "r", Scored) == []
    assert len(asked) <= 2


def test_a_judge_that_is_known_to_give_none_is_refused_before_the_run():
    asked = Experiment(protocol=("naive",), baselines=False, limit=2, belief="tokens")
    assert resolve(asked)
    with pytest.raises(UsageError, match="--belief verbalised"):
        resolve(asked.model_copy(update={"judge": "anthropic/m@http://127.0.0.1:9"}))


def test_debaters_may_be_models_that_give_none():
    debater = "anthropic/m@http://127.0.0.1:9"
    asked = Experiment(protocol=("debate",), limit=2, belief="tokens", judge="sim/judge", debater=debater)
    assert {arm.name for arm in resolve(asked).arms} == {"debate", "naive", "expert"}


def test_simulated_judges_state_token_beliefs_under_every_protocol(tmp_path):
    asked = Experiment(
        protocol=("debate", "consultancy", "amplification?iterations=1"),
        dataset="casefiles?hops=4",
        limit=2,
        belief="tokens",
    )
    finished = play(resolve(asked), tmp_path / "r")
    assert finished.stopped is None
    scores = [score for event in of(tmp_path / "r", Scored) for score in event.scores]
    assert len(scores) == 2 * 2 * (1 + 2 + 2 + 1 + 1)
    assert {(score.stated, score.outcome) for score in scores} == {("tokens", "ok")}
    assert max(score.outside for score in scores) < 1e-9
