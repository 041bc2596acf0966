"""Every set is played from one end to the other by simulated models: debate, consultancy and the baselines."""

import json

import pytest

from arena import log
from arena.plan import Experiment, resolve
from arena.runner import play

PUBLISHED = (
    "anthropic_evals", "arc", "bbh", "boolq_eraser", "commonsenseqa", "folio", "gsm8k", "mmlu", "mmlu_redux", "musr",
    "prontoqa", "quality", "quality_debates", "strategyqa", "truthfulqa",
)  # fmt: skip
GPQA = "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3\n" + "".join(
    f"rec{i},Which of {i}?,right {i},a {i},b {i},c {i}\n" for i in range(3)
)


def outcomes(dataset, run, **more):
    """Play three questions; gives how the episodes came out, and the header."""
    experiment = Experiment(protocol=("debate", "consultancy"), dataset=dataset, limit=3, **more)
    finished = play(resolve(experiment), run)
    assert finished.stopped is None
    scored = list(log.of_kind(run, "Scored"))
    return {event.outcome for event in scored}, len(scored), json.loads((run / "run.json").read_text())


@pytest.mark.parametrize("folder", PUBLISHED)
def test_a_published_set_is_played_without_a_failure(folder, shared, tmp_path):
    name = folder.removesuffix("_eraser")
    found, count, header = outcomes(f"{name}?path={shared(folder)}", tmp_path / "run")
    assert found == {"ok"}
    assert count == sum(header["planned"].values()) == 15


def test_arguments_that_people_wrote_are_played_on_their_questions(quality_debates, tmp_path):
    path = f"?path={quality_debates}"
    experiment = Experiment(
        dataset=f"quality_debates{path}",
        limit=3,
        set={"rounds": "1", "words": "250"},
        debater=f"recorded/human{path}",
        baselines=False,
    )
    play(resolve(experiment), tmp_path / "run")
    assert [event.outcome for event in log.of_kind(tmp_path / "run", "Scored")] == ["ok"] * 3


def test_a_copy_of_gpqa_is_played_and_its_run_is_private(write, tmp_path):
    folder = write("set/gpqa_diamond.csv", GPQA).parent
    found, _, header = outcomes(f"gpqa?path={folder}", tmp_path / "run")
    assert found == {"ok"}
    assert header["dataset"]["private"] is True
    assert "right 0" not in json.dumps(header)


@pytest.mark.parametrize("options", [["yes", "no"], ["18", "-7"], ["( [ ]", "( [ ] )"], ["⊕", "∀x∃y"], ["A", "B"]])
def test_a_simulated_judge_states_a_belief_on_questions_that_are_no_casefiles(options, write, tmp_path):
    records = [{"question": f"{i} " + "?" * (i + 1), "options": options, "answer": i % 2} for i in range(3)]
    found, _, _ = outcomes(str(write("odd.jsonl", records)), tmp_path / "run")
    assert found == {"ok"}
