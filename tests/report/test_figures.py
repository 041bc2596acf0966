"""Figures of a report: which are drawn, what they show, and in which forms."""

import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from arena import log
from arena.analysis.reading import read
from arena.cli import verbs
from arena.errors import UsageError
from arena.events import Score, Scored
from arena.folder import create
from arena.plan import Experiment, resolve
from arena.report import build
from arena.report.figures import accuracy, beliefs, cost, figures, forest, save
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
    return build(folder), read(folder).table


def drawn(make, *args):
    with styled():
        return make(*args)


def points(figure):
    """The single points of a figure, left to right within each line."""
    return [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() not in ("None", "none", None, "")]


def test_accuracy_shows_each_arm_at_its_headline_with_its_interval(tmp_path):
    report, _ = made(tmp_path / "run")
    figure = drawn(accuracy.by_arm, report)
    assert points(figure) == [arm.headline.accuracy for arm in report.arms]
    ends = [tuple(line.get_xdata()) for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert {arm.headline.ci for arm in report.arms} <= set(ends)
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == list(RIGHT)


def test_differences_put_the_declared_ones_on_top(tmp_path):
    report, _ = made(tmp_path / "run")
    names = [tick.get_text() for tick in drawn(forest.differences, report).axes[0].get_yticklabels()]
    assert names[0] == "debate − naive"


def test_the_gap_is_drawn_where_it_is_defined(tmp_path):
    report, _ = made(tmp_path / "run")
    assert points(drawn(accuracy.recovered, report)) == [pytest.approx(0.8)]


def test_a_run_without_baselines_has_no_figure_of_the_gap(tmp_path):
    report, _ = made(tmp_path / "run", right={"debate": 0.9})
    assert drawn(accuracy.recovered, report) is None
    assert drawn(forest.differences, report) is None


def test_iterations_are_drawn_in_their_order(tmp_path):
    report, _ = made(tmp_path / "run", right={"split[1]": 0.7, "split[0]": 0.5, "split[2]": 0.9})
    [line] = [line for line in drawn(accuracy.by_iteration, report).axes[0].lines if line.get_label() == "split"]
    assert list(line.get_xdata()) == [0, 1, 2]
    assert list(line.get_ydata()) == pytest.approx([0.5, 0.7, 0.9])


def test_calibration_is_left_out_where_no_belief_was_stated(tmp_path):
    report, table = made(tmp_path / "run", p=False)
    assert drawn(beliefs.calibration, report, table) is None


def test_a_perfect_judge_lies_in_its_band():
    low, high = beliefs.consistent([0.8] * 200, 0)
    assert low < 0.8 < high
    assert (low, high) == pytest.approx((0.74, 0.86), abs=0.02)


def test_cost_is_in_tokens_where_nothing_was_paid(tmp_path):
    report, _ = made(tmp_path / "run")
    assert drawn(cost.cost, report).axes[0].get_xlabel().startswith("tokens")


def test_every_figure_is_saved_in_every_form(tmp_path):
    paths = save(*made(tmp_path / "run"), tmp_path / "figures")
    assert {path.name for path in paths} == {f"{name}.{form}" for name in NAMES for form in ("svg", "pdf", "png")}
    heads = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    assert all(path.read_bytes().startswith(heads[path.suffix[1:]]) for path in paths)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    report, table = made(tmp_path / "run")
    assert figures(report, table) == figures(report, table)


@pytest.mark.parametrize("model, said", [("sim/judge", True), ("openai/gpt-x", False)])
def test_simulated_models_are_named_as_such(tmp_path, model, said):
    with styled():
        titles = {figure.axes[0].get_title(loc="right") for _, figure in drawings(*made(tmp_path / "run", model=model))}
    assert all(("simulated" in title) is said for title in titles)


def test_the_name_of_an_arm_is_text_and_no_formula(tmp_path):
    report, table = made(tmp_path / "run", right={"a$x^2$ <b> 論": 0.5, "naive": 0.4})
    for svg in figures(report, table).values():
        ET.fromstring(svg)  # noqa: S314  # our own


def test_a_folder_that_cannot_be_made_is_one_message(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="cannot write figures"):
        save(*made(tmp_path / "run"), tmp_path / "taken")


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
    report, _ = made(tmp_path / "run")
    assert drawn(beliefs.by_round, report) is None


def test_beliefs_in_words_and_token_probabilities_are_curves_of_their_own(tmp_path):
    report, table = made(tmp_path / "run", right={"debate": 0.9}, stated=("verbalised", "tokens"))
    labels = [line.get_label() for line in drawn(beliefs.calibration, report, table).axes[0].lines]
    assert [label for label in labels if label.startswith("debate")] == [
        "debate, in words (n = 20)",
        "debate, token probabilities (n = 20)",
    ]
