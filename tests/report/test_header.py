"""What a report takes from `run.json`."""

from __future__ import annotations

import json

import pytest

from arena.errors import DataError
from arena.report.header import header


def of(folder, found):
    (folder / "run.json").write_text(found if isinstance(found, str) else json.dumps(found))
    return header(folder)


def test_it_reads_arms_seats_plan_and_declaration(tmp_path):
    seats = {"alice": {"role": "debater", "model": "sim/advocate"}, "judge": {"role": "judge", "model": "openai/x"}}
    found = of(
        tmp_path,
        {
            "schema": 1,
            "run": "r",
            "created": "2026-01-01",
            "seed": 7,
            "arms": [{"name": "debate", "protocol": "debate", "seats": seats}],
            "planned": {"debate": 40},
            "dataset": {"name": "casefiles", "options": 4},
            "analysis": {"missing": "wrong"},
        },
    )
    assert (found.run, found.created, found.seed, found.options) == ("r", "2026-01-01", 7, 4)
    assert found.declared == {"missing": "wrong"}
    (arm,) = found.arms
    assert (arm.name, arm.planned, arm.judge, arm.simulated) == ("debate", 40, "openai/x", False)


def test_a_header_with_nothing_but_a_schema_is_enough(tmp_path):
    found = of(tmp_path, {"schema": 1})
    assert (found.run, found.arms, found.options, found.declared) == (tmp_path.name, (), 2, None)


@pytest.mark.parametrize(
    "odd",
    [
        {"arms": "debate"},
        {"arms": [1, {}, {"name": ""}]},
        {"arms": [{"name": "a", "seats": ["judge"]}]},
        {"arms": [{"name": "a", "seats": {"judge": "sim/judge"}}]},
        {"planned": [1]},
        {"planned": {"a": "many"}, "arms": [{"name": "a"}]},
        {"dataset": "casefiles"},
        {"dataset": {"options": "two"}},
        {"seed": "x", "simulated": "yes", "analysis": 3, "created": None},
    ],
)
def test_what_is_not_of_the_expected_form_counts_as_absent(tmp_path, odd):
    found = of(tmp_path, {"schema": 1, **odd})
    assert found.options == 2
    assert not found.simulated
    assert all(arm.planned is None for arm in found.arms)


def test_what_json_or_utf8_cannot_say_is_taken_out(tmp_path):
    text = '{"schema": 1, "run": "a\\ud800b", "analysis": {"alpha": NaN, "x": [Infinity, 1]}}'
    found = of(tmp_path, text)
    assert found.run == "a\ufffdb"
    assert found.declared == {"alpha": None, "x": [None, 1]}


def test_two_arms_of_one_name_are_one(tmp_path):
    assert len(of(tmp_path, {"schema": 1, "arms": [{"name": "a"}, {"name": "a"}]}).arms) == 1


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", "{}", '{"schema": "1"}'])
def test_what_is_no_header_is_refused_in_words(tmp_path, broken):
    with pytest.raises(DataError, match="header"):
        of(tmp_path, broken)


def test_a_newer_schema_is_refused_with_what_would_work(tmp_path):
    with pytest.raises(DataError, match=r"schema 99.*Upgrade"):
        of(tmp_path, {"schema": 99})


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no run\.json"):
        header(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        header(tmp_path / "absent")


def test_the_judge_is_who_decides_whatever_the_seat_is_called(tmp_path):
    seats = {"o": {"role": "overseer", "model": "sim/overseer"}, "w": {"role": "worker", "model": "sim/worker"}}
    found = of(tmp_path, {"schema": 1, "arms": [{"name": "amplification", "seats": seats}]})
    assert found.arms[0].judge == "sim/overseer"
    assert found.arms[0].simulated


@pytest.mark.parametrize("model", ["simulacrum/x", "recorded/human", "human", "sim", ""])
def test_only_a_model_of_the_provider_sim_is_simulated(tmp_path, model):
    seats = {"judge": {"role": "judge", "model": model}}
    assert not of(tmp_path, {"schema": 1, "arms": [{"name": "a", "seats": seats}]}).arms[0].simulated


def test_an_arm_of_unknown_seats_is_not_called_simulated(tmp_path):
    assert not of(tmp_path, {"schema": 1, "arms": [{"name": "debate"}]}).arms[0].simulated
