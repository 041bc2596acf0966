"""Figures of a report: which are drawn, what they show, and in which forms."""

import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from arena import log
from arena.cli import verbs
from arena.errors import UsageError
from arena.events import Score, Scored
from arena.folder import create
from arena.plan import Experiment, resolve
from arena.report import build
from arena.report.figures import accuracy, beliefs, cost, figures, forest, save, skill
from arena.report.figures.draw import drawings
from arena.report.figures.style import styled
from arena.runner import play

RIGHT = {"debate": 0.9, "naive": 0.5, "expert": 1.0}
NAMES = ("accuracy", "differences", "pgr", "calibration", "cost")


def seats(model):
    return {"judge": {"role": "judge", "model": model}}


def made(folder, *, right=RIGHT, n=20, p=True, model="sim/judge", stated=("verbalised", "verbalised")):
    """A run in which each arm is right on a share of its questions, in both orders."""
    arms = [{"name": arm, "protocol": arm.partition("[")[0], "seats": seats(model)} for arm in right]
    create(folder, {"schema": 1, "run": "a-run", "simulated": model.startswith("sim/"), "arms": arms})
    with log.Writer(folder) as writer:
        for arm, share in right.items():
            for q in range(n):
                correct = float(q < share * n)
                belief = (0.9 if correct else 0.3) if p else None
                scores = tuple(
                    Score(slot=slot, correct=correct, p_correct=belief, stated=form) for slot, form in enumerate(stated)
                )
                where = {"question": f"q{q}", "group": f"g{q}", "dataset": "d", "key": q % 2}
                writer.append(Scored(episode=f"{arm}~{q}", arm=arm, scores=scores, cost=0.0, **where))
    return build(folder, full=True)


def drawn(make, *args):
    with styled():
        found = make(*args)
    return found and found.figure


def points(figure):
    """The single points of a figure, left to right within each line."""
    return [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() not in ("None", "none", None, "")]


def test_accuracy_shows_each_arm_at_its_headline_with_its_interval(tmp_path):
    report = made(tmp_path / "run")
    figure = drawn(accuracy.by_arm, report)
    assert points(figure) == [arm.headline.accuracy for arm in report.arms]
    ends = [tuple(line.get_xdata()) for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert {arm.headline.ci for arm in report.arms} <= set(ends)
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == list(RIGHT)


def test_differences_put_the_declared_ones_on_top(tmp_path):
    report = made(tmp_path / "run")
    names = [tick.get_text() for tick in drawn(forest.differences, report).axes[0].get_yticklabels()]
    assert names[0] == "debate − naive"


def test_the_gap_is_drawn_where_it_is_defined(tmp_path):
    report = made(tmp_path / "run")
    assert points(drawn(accuracy.recovered, report)) == [pytest.approx(0.8)]


def test_a_run_without_baselines_has_no_figure_of_the_gap(tmp_path):
    report = made(tmp_path / "run", right={"debate": 0.9})
    assert drawn(accuracy.recovered, report) is None
    assert drawn(forest.differences, report) is None


def test_iterations_are_drawn_in_their_order(tmp_path):
    report = made(tmp_path / "run", right={"split[1]": 0.7, "split[0]": 0.5, "split[2]": 0.9})
    [line] = [line for line in drawn(accuracy.by_iteration, report).axes[0].lines if line.get_label() == "split"]
    assert list(line.get_xdata()) == [0, 1, 2]
    assert list(line.get_ydata()) == pytest.approx([0.5, 0.7, 0.9])


def test_calibration_is_left_out_where_no_belief_was_stated(tmp_path):
    report = made(tmp_path / "run", p=False)
    assert drawn(beliefs.calibration, report) is None


def test_a_perfect_judge_lies_in_its_band():
    low, high = beliefs.consistent([0.8] * 200, 0)
    assert low < 0.8 < high
    assert (low, high) == pytest.approx((0.74, 0.86), abs=0.02)


def test_cost_is_in_tokens_where_nothing_was_paid(tmp_path):
    report = made(tmp_path / "run")
    assert drawn(cost.cost, report).axes[0].get_xlabel().startswith("tokens")


def test_every_figure_is_saved_in_every_form(tmp_path):
    paths = save(made(tmp_path / "run"), tmp_path / "figures")
    assert {path.name for path in paths} == {f"{name}.{form}" for name in NAMES for form in ("svg", "pdf", "png")}
    heads = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    assert all(path.read_bytes().startswith(heads[path.suffix[1:]]) for path in paths)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    report = made(tmp_path / "run")
    assert figures(report) == figures(report)


@pytest.mark.parametrize("model, said", [("sim/judge", True), ("openai/gpt-x", False)])
def test_simulated_models_are_named_as_such(tmp_path, model, said):
    with styled():
        captions = [each.drawn.get_supxlabel() for each in drawings(made(tmp_path / "run", model=model))]
    assert captions
    assert all(("Simulated models" in caption) is said for caption in captions)


def test_the_name_of_an_arm_is_text_and_no_formula(tmp_path):
    report = made(tmp_path / "run", right={"a$x^2$ <b> 論": 0.5, "naive": 0.4})
    for figure in figures(report):
        ET.fromstring(figure.svg)  # noqa: S314  # our own


def test_a_folder_that_cannot_be_made_is_one_message(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="cannot write figures"):
        save(made(tmp_path / "run"), tmp_path / "taken")


def test_the_command_writes_figures_and_a_page_that_holds_them(tmp_path):
    made(tmp_path / "run")
    page = tmp_path / "page.html"
    words = ["report", str(tmp_path / "run"), "--figures", str(tmp_path / "f"), "--html", str(page)]
    assert CliRunner().invoke(verbs, words).exit_code == 0
    assert page.read_text(encoding="utf-8").count("data:image/svg+xml") == len(NAMES)
    assert len(list((tmp_path / "f").iterdir())) == 3 * len(NAMES)


def test_belief_by_round_is_that_of_the_shadow_judge(tmp_path):
    run = tmp_path / "run"
    play(resolve(Experiment(limit=6, shadow_judge=True, baselines=False, reproducible=True)), run)
    report = build(run)
    [line] = [line for line in drawn(beliefs.by_round, report).axes[0].lines if line.get_label() == "debate"]
    assert list(line.get_ydata()) == [one.p for one in report.shadow[0].rounds]
    assert list(line.get_xdata()) == [0, 1, 2, 3]


def test_without_a_shadow_judge_there_is_no_belief_by_round(tmp_path):
    report = made(tmp_path / "run")
    assert drawn(beliefs.by_round, report) is None


def test_beliefs_in_words_and_token_probabilities_are_curves_of_their_own(tmp_path):
    report = made(tmp_path / "run", right={"debate": 0.9}, stated=("verbalised", "tokens"))
    assert [panel.get_title(loc="left").replace("\n", ": ") for panel in drawn(beliefs.calibration, report).axes] == [
        "debate, in words: n = 20 verdicts",
        "debate, token probabilities: n = 20 verdicts",
    ]


def test_every_arm_has_a_panel_of_calibration(tmp_path):
    panels = [axes for axes in drawn(beliefs.calibration, made(tmp_path / "run")).axes if axes.axison]
    assert [panel.get_title(loc="left").partition("\n")[0] for panel in panels] == list(RIGHT)


def test_an_arm_looks_the_same_in_every_figure(tmp_path):
    report = made(tmp_path / "run")
    by_arm = [line.get_color() for line in drawn(accuracy.by_arm, report).axes[0].lines if line.get_marker() != "None"]
    costs = {line.get_label(): line.get_color() for line in drawn(cost.cost, report).axes[0].lines}
    assert by_arm == [costs[arm] for arm in RIGHT]
    assert len(set(by_arm)) == len(RIGHT)


def test_a_caption_says_how_many_and_which_interval(tmp_path):
    with styled():
        captions = {each.name: each.caption for each in drawings(made(tmp_path / "run"))}
    assert captions["accuracy"].startswith("n = 20 questions; 95 % cluster-adjusted Wilson intervals; dotted: guessing")
    assert "95 % intervals, CR2 and t" in captions["differences"]
    assert "Fieller" in captions["pgr"]


def test_too_few_passages_have_points_without_intervals(tmp_path):
    lines = drawn(accuracy.by_arm, made(tmp_path / "run", n=4)).axes[0].lines
    assert not [line for line in lines if line.get_marker() == "None" and line.get_linestyle() == "-"]


def test_accuracy_is_drawn_against_the_skill_of_debaters(tmp_path):
    report = skilled(tmp_path / "run")
    [(measure, found)] = skill.skills(report)
    [line] = report.overviews[0].skills
    at = {each.get_label(): (each.get_xdata()[0], each.get_ydata()[0]) for each in found.figure.axes[0].lines}
    assert measure == "elo"
    assert [at[name] for name in line.arms] == list(zip(line.skill, line.accuracy, strict=True))
    assert "same questions" in found.caption


def test_without_several_debaters_there_is_no_figure_of_skill(tmp_path):
    assert list(skill.skills(made(tmp_path / "run"))) == []


def skilled(folder):
    """Two models that met each other, and debated themselves, before one judge."""
    pairs = {"met": ("sim/a", "sim/b"), "a": ("sim/a", "sim/a"), "b": ("sim/b", "sim/b")}
    roles = {"alice": "debater", "bob": "debater", "judge": "judge"}

    def sitting(*models):
        return {seat: {"role": roles[seat], "model": model} for seat, model in zip(roles, models, strict=True)}

    arms = [{"name": name, "protocol": "debate", "seats": sitting(*models, "sim/j")} for name, models in pairs.items()]
    create(folder, {"schema": 1, "run": "a-run", "simulated": True, "arms": arms})
    with log.Writer(folder) as writer:
        for q in range(24):
            for name in pairs:
                correct = float((q + len(name)) % 3 > 0) if name != "b" else float(q % 2)
                where = {"question": f"q{q}", "group": f"g{q}", "dataset": "d", "key": q % 2}
                seats = {"alice": q % 4 // 2, "bob": 1 - q % 4 // 2}
                score = Score(slot=q % 2, correct=correct, p_correct=0.3 + 0.4 * correct)
                writer.append(Scored(episode=f"{name}~{q}", arm=name, scores=(score,), argued=seats, **where))
    return build(folder, full=True)
