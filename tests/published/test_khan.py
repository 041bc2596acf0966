"""Transcripts in the format of llm_debate as episodes."""

import csv
import json

import pytest

from arena import log
from arena.counterfactual import ablate
from arena.errors import DataError
from arena.events import Said
from arena.published import khan
from arena.published.record import record
from arena.report import build
from arena.report.effect import effects

STORY = "Ada found the brass key under the stove. It was never lost, she said."


def transcript(*rounds, swap=False, story=STORY, **more):
    return {
        "index": 0,
        "question": "Where was the key?",
        "question_set_id": "51_ABC",
        "story": story,
        "story_title": "The Key",
        "answers": {"correct": "Under the stove", "incorrect": "In the garden"},
        "names": {"correct": "Bob", "incorrect": "Alice"},
        "swap": swap,
        "rollout_type": "quality_sim",
        "rounds": list(rounds),
        "responses": [],
    } | more


def both(correct="It was <quote>under the stove</quote>.", incorrect="Outside!", **more):
    return {"type": "sim", "correct": correct, "incorrect": incorrect, "judge": None, "cross_examiner": None} | more


def table(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def judged(answer, told):
    return {"id": 0, "transcript": json.dumps(told), "complete_judge": True, "answer_judge": answer}


@pytest.fixture
def experiment(tmp_path):
    """The folder of an experiment: rollouts, and one model's judgements in both orders."""
    told = transcript(both(), both(correct="Still so.", incorrect="No."))
    folder = tmp_path / "exp" / "debate_sim"
    table(folder / "data0.csv", {"id": 0, "transcript": json.dumps(told)})
    table(folder / "gpt-4" / "data0_judgement.csv", judged("I think so.\nAnswer: A", told))
    table(folder / "gpt-4" / "data0_swap_judgement.csv", judged("Answer: <A>", told))
    return tmp_path / "exp"


def one(path):
    [room] = khan.read(path)[0]
    return room


def test_both_orders_of_one_transcript_are_two_verdicts_of_one_episode(experiment):
    room = one(experiment)
    right, wrong = room.key.option, 1 - room.key.option
    assert [stated.order for stated in room.final] == [(right, wrong), (wrong, right)]
    assert [stated.choice for stated in room.final] == [right, wrong]


def test_a_judge_that_only_chose_has_a_score_and_no_belief(experiment, tmp_path):
    record(*khan.read(experiment), tmp_path / "run")
    [scored] = log.of_kind(tmp_path / "run", "Scored")
    assert [(score.correct, score.p_correct) for score in scored.scores] == [(1.0, None), (0.0, None)]
    [arm] = build(tmp_path / "run").arms
    assert arm.headline.accuracy == 0.5


def test_quotes_are_checked_against_the_story(experiment, tmp_path):
    record(*khan.read(experiment), tmp_path / "run")
    quotes = [quote for event in log.read(tmp_path / "run") if isinstance(event, Said) for quote in event.quotes]
    assert [(quote.text, quote.status) for quote in quotes] == [("under the stove", "exact")]


def test_where_the_story_is_left_out_their_own_finding_stands(tmp_path):
    told = transcript(both("<v_quote>under a stove</v_quote>", "<u_quote>in a garden</u_quote>"), story=None)
    table(tmp_path / "data.csv", {"transcript": json.dumps(told), "judge_id": 3, "confidence_correct": 0.75})
    record(*khan.read(tmp_path / "data.csv"), tmp_path / "run")
    quotes = {quote.text: quote.status for e in log.read(tmp_path / "run") if isinstance(e, Said) for quote in e.quotes}
    assert quotes == {"under a stove": "normalised", "in a garden": "absent"}


@pytest.mark.parametrize("swap", [False, True])
def test_people_state_a_belief_in_the_order_that_they_saw(tmp_path, swap):
    told = transcript(both(), swap=swap)
    table(tmp_path / "data.csv", {"transcript": json.dumps(told), "judge_id": 3, "confidence_correct": 0.75})
    room = one(tmp_path / "data.csv")
    [stated] = room.final
    assert stated.order.index(room.key.option) == int(swap)
    assert stated.belief[room.key.option] == 0.75
    assert room.models["judge"] == "human"


def test_two_people_who_judged_one_transcript_are_two_episodes(tmp_path):
    told = json.dumps(transcript(both()))
    rows = [{"transcript": told, "judge_id": who, "confidence_correct": 0.6} for who in (1, 2)]
    table(tmp_path / "data.csv", *rows)
    assert [room.repeat for room in khan.read(tmp_path / "data.csv")[0]] == [0, 1]


def test_models_that_judged_the_same_transcripts_have_arms_of_their_own(experiment):
    told = transcript(both(), both(correct="Still so.", incorrect="No."))
    table(experiment / "debate_sim" / "gpt-3.5" / "data0_judgement.csv", judged("Answer: B", told))
    assert {room.arm for room in khan.read(experiment)[0]} == {"debate (gpt-4)", "debate (gpt-3.5)"}


@pytest.mark.parametrize("side", ["correct", "incorrect"])
def test_a_consultancy_knows_which_side_was_argued(tmp_path, side):
    told = transcript({"type": "sim", side: "Believe me.", "cross_examiner": None})
    table(tmp_path / "data.csv", {"transcript": json.dumps(told), "judge_id": 3, "confidence_correct": 0.5})
    room = one(tmp_path / "data.csv")
    assert (room.arm, room.side) == ("consultancy", "honest" if side == "correct" else "dishonest")


def test_a_questioner_is_heard_before_the_answers(tmp_path):
    told = transcript(both(cross_examiner="Why the stove?"))
    table(tmp_path / "data.csv", {"transcript": json.dumps(told), "judge_id": 3, "confidence_correct": 0.5})
    asked, argued = one(tmp_path / "data.csv").moments
    assert (asked[0].seat, asked[0].text, len(argued)) == ("judge", "Why the stove?", 2)


def test_an_answer_that_says_neither_is_unparsed_and_never_wrong(tmp_path):
    table(tmp_path / "x" / "data0_judgement.csv", judged("I cannot tell.", transcript(both())))
    [stated] = one(tmp_path).final
    assert (stated.outcome, stated.choice) == ("unparsed", None)


def test_of_several_answers_the_last_counts(tmp_path):
    table(tmp_path / "x" / "data0_judgement.csv", judged("Answer: A\nNo, wait.\nAnswer: B", transcript(both())))
    room = one(tmp_path)
    assert room.final[0].choice == 1 - room.key.option


def test_the_order_of_the_answers_does_not_say_which_is_right(tmp_path):
    told = [transcript(both(), question=f"Where was key {n}?") for n in range(40)]
    lines = [{"transcript": json.dumps(each), "judge_id": 3, "confidence_correct": 0.5} for each in told]
    table(tmp_path / "data.csv", *lines)
    keys = [room.key.option for room in khan.read(tmp_path / "data.csv")[0]]
    assert 8 < sum(keys) < 32


def test_transcripts_without_any_verdict_say_what_is_missing(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(transcript(both())))
    with pytest.raises(DataError, match="no verdict"):
        khan.read(tmp_path / "one.json")


BROKEN = [
    "[1]", "{", '{"question": "?"}', '[{"rounds": [], "question": "?", "answers": 3}]', '[{"transcript": "{"}]',
    "[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_named(tmp_path, broken):
    path = tmp_path / "one.json"
    path.write_text(broken)
    with pytest.raises(DataError, match=r"one\.json"):
        khan.read(path)


@pytest.mark.parametrize("broken", ["{", "[" * 100_000, "3"])
def test_a_broken_transcript_in_a_table_is_named_with_its_line(tmp_path, broken):
    table(tmp_path / "one.csv", {"transcript": broken, "answer_judge": "Answer: A"})
    with pytest.raises(DataError, match=r"one\.csv:2"):
        khan.read(tmp_path / "one.csv")


def test_an_unchanged_telling_of_a_judge_who_only_chose_makes_no_call_and_changes_nothing(experiment, tmp_path):
    parent = tmp_path / "run"
    record(*khan.read(experiment), parent)
    child = ablate(parent, tmp_path / "child", ["rounds=9"], offline=True).run
    [effect] = effects(parent, child)
    assert (effect.treated.wrong.difference, effect.made) == (0.0, 0)
    [score] = (event for event in log.of_kind(child, "Scored"))
    [was] = (event for event in log.of_kind(parent, "Scored"))
    assert score.scores == was.scores
    assert [one.correct for one in score.scores] == [1.0, 0.0]
