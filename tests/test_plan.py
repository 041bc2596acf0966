"""Plans: what was asked for is resolved, or refused with one message, before anything is written or bought."""

import json
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from arena.errors import DataError, UsageError
from arena.manifest import header
from arena.plan import Experiment, open_model, questions, resolve, seated
from arena.plugins import load


def experiment(**asked):
    return Experiment.model_validate({"limit": 4, **asked})


def plan(**asked):
    return resolve(experiment(**asked))


def refused(**asked):
    with pytest.raises(UsageError) as why:
        plan(**asked)
    return str(why.value)


def records(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def row(n, group=None, options=("yes", "no")):
    made = {"id": f"q{n}", "question": f"Is it {n}?", "options": list(options), "answer": 0}
    return made | ({"group": group} if group else {})


# Arms

REAL = "openai/m@http://127.0.0.1:9/v1"


def test_a_newcomers_run_is_a_debate_with_its_baselines_by_simulated_models():
    made = plan()
    assert [arm.name for arm in made.arms] == ["debate", "naive", "expert"]
    assert len(made.test) == 4
    assert made.train == ()
    assert made.simulated


def test_baselines_are_left_out_where_that_was_asked_for():
    assert [arm.name for arm in plan(baselines=False).arms] == ["debate"]


def test_a_baseline_that_was_asked_for_is_not_played_twice():
    assert [arm.name for arm in plan(protocol=["naive"]).arms] == ["naive", "expert"]
    assert [arm.name for arm in plan(protocol=["debate", "expert"]).arms] == ["debate", "expert", "naive"]


def test_one_protocol_with_other_settings_is_another_arm():
    made = plan(protocol=["debate", "debate?rounds=1"], baselines=False)
    assert [(arm.name, arm.rules.rounds) for arm in made.arms] == [("debate", 3), ("debate(rounds=1)", 1)]


def test_a_setting_for_all_holds_where_it_exists_and_gives_way_to_an_arms_own():
    made = plan(protocol=["debate", "debate?rounds=1"], set={"rounds": "2"})
    assert [arm.rules.rounds for arm in made.arms if arm.protocol == "debate"] == [2, 1]


def test_an_iterated_protocol_is_an_arm_for_each_stage():
    made = plan(protocol=["amplification"], baselines=False)
    assert [arm.name for arm in made.arms[:2]] == ["amplification[0]", "amplification[1]"]
    assert {arm.teacher for arm in made.arms} == {None}
    assert made.train == ()


def test_a_stage_that_learns_is_taught_by_the_one_before_on_questions_kept_apart():
    made = plan(protocol=["amplification?distil=true"], baselines=False, train=2)
    names = [arm.name for arm in made.arms]
    assert [arm.teacher for arm in made.arms] == [None, *names[:-1]]
    assert len(made.train) == 2


def test_models_are_opened_once_for_each_spec():
    made = plan(judge="sim/judge?noise=0.5", debater="sim/advocate?skill=0.5")
    assert set(made.models) == {"sim/judge?noise=0.5", "sim/advocate?skill=0.5"}


@pytest.mark.parametrize(
    "asked, seats",
    [
        ({}, {"alice": "sim/advocate", "bob": "sim/advocate", "judge": "sim/judge"}),
        ({"debater": "x/d", "judge": "x/j"}, {"alice": "x/d", "bob": "x/d", "judge": "x/j"}),
        ({"debater": "x/d", "seat": {"bob": "x/b"}}, {"alice": "x/d", "bob": "x/b", "judge": "sim/judge"}),
        ({"seat": {"debater": "x/r", "alice": "x/a"}}, {"alice": "x/a", "bob": "x/r", "judge": "sim/judge"}),
    ],
)
def test_a_seat_is_filled_by_name_else_by_role_else_by_kind_else_by_a_simulated_model(asked, seats):
    assert seated(load("protocols", "debate")(), experiment(**asked)) == seats


def test_the_number_of_episodes_counts_dealings_and_repeats():
    made = plan(protocol=["consultancy", "debate"], baselines=False, repeats=3)
    assert made.planned() == {"consultancy": 4 * 2 * 3, "debate": 4 * 1 * 3}


# Questions


def test_all_arms_play_the_same_questions_and_the_same_seed_draws_them_again():
    assert [item.question for item in plan(seed=5).test] == [item.question for item in plan(seed=5).test]
    assert [item.question for item in plan(seed=5).test] != [item.question for item in plan(seed=6).test]


@pytest.mark.parametrize("groups", [1, 2, 3, 5])
@pytest.mark.parametrize("limit", [None, 4, 10])
def test_training_questions_never_share_a_passage_with_those_of_the_test(tmp_path, groups, limit):
    path = records(tmp_path / "q.jsonl", [row(n, f"story {n // groups}") for n in range(30)])
    test, train = questions(path, limit, seed=1, train=3)
    assert len(train) == 3
    assert len(test) == limit or limit is None
    assert not {i.question.group for i in test} & {i.question.group for i in train}


def test_the_test_questions_do_not_depend_on_whether_others_are_kept_apart(tmp_path):
    """An arm that learns plays the questions of the arms that do not."""
    path = records(tmp_path / "q.jsonl", [row(n, f"story {n // 3}") for n in range(30)])
    assert tuple(questions(path, 7, seed=1)[0]) == questions(path, 7, seed=1, train=4)[0]


def test_too_few_questions_to_keep_some_apart_are_refused_with_the_way_out(tmp_path):
    path = records(tmp_path / "q.jsonl", [row(n, "one story") for n in range(9)])
    with pytest.raises(DataError, match="--train"):
        questions(path, 4, seed=1, train=3)


def test_a_question_of_more_options_than_a_protocol_takes_is_refused_by_its_id(tmp_path):
    path = records(tmp_path / "q.jsonl", [row(0, options=("a", "b", "c"))])
    said = refused(dataset=f"{path}?distractors=2")
    assert "debate" in said
    assert "q0" in said
    assert "3" in said


def test_a_protocol_that_takes_any_number_of_options_plays_them(tmp_path):
    path = records(tmp_path / "q.jsonl", [row(0, options=("a", "b", "c"))])
    made = plan(protocol=["naive"], dataset=f"{path}?distractors=2", baselines=False)
    assert len(made.test[0].question.options) == 3


# What cannot be


@pytest.mark.parametrize(
    "asked, wanted",
    [
        ({"protocol": ["debat"]}, ["'debat'", "Did you mean debate"]),
        ({"protocol": ["debate?round=2"]}, ["'round'", "Did you mean rounds"]),
        ({"protocol": ["debate?rounds=two"]}, ["rounds = 'two'", "integer"]),
        ({"protocol": ["debate?rounds=0"]}, ["rounds = '0'", "1"]),
        ({"protocol": ["debate?turns=paralel"]}, ["turns = 'paralel'", "simultaneous"]),
        ({"protocol": ["debate?rounds"]}, ["key=value"]),
        ({"protocol": ["debate", "debate"]}, ["two arms", "debate"]),
        ({"set": {"round": "2"}}, ["round", "rounds"]),
        ({"set": {"rounds": "many"}}, ["rounds = 'many'", "integer"]),
        ({"dataset": "casefile"}, ["'casefile'", "Did you mean casefiles"]),
        ({"dataset": "casefiles?hop=2"}, ["'hop'", "hops"]),
        ({"dataset": "nowhere/data.jsonl"}, ["nowhere/data.jsonl"]),
        ({"dataset": ""}, ["key=value"]),
        ({"judge": "simm/judge"}, ["'simm'", "Did you mean sim"]),
        ({"judge": "sim/juge"}, ["'juge'", "judge"]),
        ({"judge": "sim"}, ["judge"]),
        ({"judge": "gpt"}, ["'gpt'", "provider/name", "sim/…"]),
        ({"judge": "sim/judge?nois=1"}, ["'nois'", "noise"]),
        ({"judge": "sim/judge?noise=loud"}, ["noise", "loud"]),
        ({"judge": "sim/judge?temperature=0"}, ["'temperature'", "noise"]),
        ({"debater": "sim/advocate?max_tokens=50"}, ["'max_tokens'", "skill"]),
        ({"debater": "recorded/human?effort=low"}, ["'effort'", "path"]),
        (
            {"belief": "tokens", "judge": "anthropic/m@http://127.0.0.1:9"},
            ["token probabilities", "--belief"],
        ),
        ({"seat": {"jugde": "sim/judge"}}, ["'jugde'", "judge"]),
        ({"seat": {"alice": ""}}, ["alice"]),
        ({"prompts": "no-such-folder"}, ["no-such-folder"]),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_asked_and_what_would_work(asked, wanted):
    said = refused(**asked)
    assert [part for part in wanted if part not in said] == []
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": "many"},
        {"budget": 0},
        {"budget": float("nan")},
        {"concurrency": 0},
        {"repeats": 0},
        {"train": 0},
        {"protocol": []},
        {"colour": "red"},
    ],
)
def test_an_experiment_out_of_range_is_none(asked):
    with pytest.raises(ValidationError):
        experiment(**asked)


def test_an_experiment_file_says_the_same_as_the_command_line():
    text = 'protocol = ["debate"]\nlimit = 4\nset = { rounds = "2" }\nseat = { alice = "sim/advocate?skill=0.9" }\n'
    assert Experiment.model_validate(tomllib.loads(text)) == experiment(
        protocol=["debate"], set={"rounds": "2"}, seat={"alice": "sim/advocate?skill=0.9"}
    )


def test_a_folder_of_prompts_for_no_protocol_of_the_run_is_refused(tmp_path):
    (tmp_path / "debates").mkdir()
    (tmp_path / "debates" / "argue.md").write_text("Shout.")
    (tmp_path / "debate").mkdir()
    assert "debate" in refused(prompts=tmp_path)


def test_a_folder_of_prompts_replaces_those_of_the_protocols_that_it_names(tmp_path):
    (tmp_path / "naive").mkdir()
    (tmp_path / "naive" / "judge.md").write_text("Guess well.")
    made = plan(prompts=tmp_path)
    assert {arm.name: arm.prompts.templates["judge"] == "Guess well." for arm in made.arms} == {
        "debate": False,
        "naive": True,
        "expert": False,
    }


def test_a_model_is_opened_by_its_spec():
    assert open_model("sim/judge").simulated


# The header


def test_a_header_says_everything_that_made_the_run():
    made = header(plan(judge="sim/judge?noise=0.5", seed=3), "run-1", created=0)
    assert (made["schema"], made["run"], made["seed"], made["simulated"]) == (1, "run-1", 3, True)
    debate = made["arms"][0]
    assert debate["settings"]["rounds"] == 3
    assert debate["seats"]["judge"] == {"role": "judge", "model": "sim/judge?noise=0.5"}
    assert debate["prompt_hashes"].keys() == debate["prompts"].keys()
    assert made["dataset"]["n"] == 4
    assert made["dataset"]["hash"]
    assert made["versions"]["oversight-arena"]
    assert made["created"] == "1970-01-01T00:00:00+00:00"


def test_a_header_says_by_which_prices_the_run_is_counted_and_of_when_they_are(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-1234567")
    unknown = "openai/nobody-knows@http://127.0.0.1:9/v1"
    made = header(plan(debater="anthropic/claude-sonnet-5", judge=unknown), "r", created=0)["prices"]
    assert made.keys() == {"anthropic/claude-sonnet-5", unknown}
    assert made["anthropic/claude-sonnet-5"].keys() >= {"input", "output", "cache_read", "date"}
    assert made[unknown] is None
    assert "prices" not in header(plan(), "r", created=0)


def test_a_header_is_plain_json():
    made = header(plan(), "r", created=0)
    assert json.loads(json.dumps(made, allow_nan=False)) == json.loads(json.dumps(made))


def test_a_header_declares_what_is_compared_before_the_first_call():
    made = header(plan(), "r", created=0)["analysis"]
    assert made["primary"] == ["debate", "naive"]
    assert made["n"] == 4


def test_a_run_without_its_floor_has_no_primary_comparison():
    assert header(plan(baselines=False), "r", created=0)["analysis"]["primary"] is None


def test_a_reproducible_header_does_not_depend_on_clock_and_machine():
    one = header(plan(reproducible=True), "r", created=1)
    assert one == header(plan(reproducible=True), "r", created=2)
    assert not one.keys() & {"created", "python", "platform"}


@pytest.mark.parametrize(
    "asked, width",
    [
        ({}, 32),
        ({"concurrency": 5}, 5),
        ({"reproducible": True, "concurrency": 5}, 1),
        ({"judge": REAL}, 150),
        ({"judge": REAL, "connections": 400}, 600),
        ({"judge": REAL, "connections": 10}, 32),
        ({"judge": REAL, "concurrency": 5}, 5),
    ],
)
def test_more_episodes_are_open_than_calls_may_be_under_way_to_a_real_model(asked, width):
    assert plan(**asked).width == width


def test_a_header_says_nothing_of_how_wide_or_how_dear_the_run_may_be():
    """A run may be resumed with another concurrency or a larger budget."""
    one = header(plan(concurrency=1, budget=1), "r", created=0)
    assert one == header(plan(concurrency=9, budget=9), "r", created=0)


def test_a_header_changes_with_the_questions():
    one, two = (header(plan(seed=seed), "r", created=0)["dataset"]["hash"] for seed in (1, 2))
    assert one != two


def test_no_key_and_no_passage_is_in_a_header():
    made = plan()
    text = json.dumps(header(made, "r", created=0))
    assert not [item for item in made.test if item.question.passage and item.question.passage[:80] in text]


def test_nothing_is_written_by_planning(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan()
    refused(protocol=["debat"])
    assert list(Path().iterdir()) == []
