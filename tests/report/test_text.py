"""The report in a terminal."""

from __future__ import annotations

import re

import pytest

from arena.events import Spend, Usage
from arena.report import to_text


def line(text, start):
    return next(line for line in text.splitlines() if line.startswith(start))


def test_an_accuracy_stands_with_its_interval_questions_passages_and_rows(runs):
    shown = line(to_text(runs.usual()), "debate ")
    assert re.fullmatch(r"debate +sim +0\.750 \[0\.\d{3}, 0\.\d{3}\] +24 +24 +48 +0\.0 %", shown)


def test_a_difference_has_its_sign_and_says_which_minus_which(runs):
    shown = line(to_text(runs.usual()), "debate − naive")
    assert re.search(r"\+0\.250 \[[+-]0\.\d{3}, \+0\.\d{3}\] ", shown)


def test_simulated_models_are_named_in_the_title_and_on_every_arm(runs):
    text = to_text(runs.usual())
    assert text.splitlines()[0] == "Run r1 · casefiles · seed 3 · simulated models"
    assert "Models of debate, naive, expert: judge sim/judge?skill=0.7" in text


def test_a_run_of_real_models_is_not_called_simulated(runs):
    text = to_text(runs.report(runs.episode("debate", "q", 1), arms=[runs.arm("debate", judge="openai/x")]))
    assert "simulated" not in text
    assert re.search(r"debate +openai ", text)


def test_notices_come_before_any_number(runs):
    lines = to_text(runs.report(runs.episode("debate", "q", 1), planned={"debate": 2})).splitlines()
    assert lines[1] == "! unfinished: 1 of 2 episodes (debate 1 of 2)"


@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_no_number_is_cut_however_narrow_the_terminal(runs, width):
    text = to_text(runs.usual(), width)
    assert "…" not in text
    for number in ("0.750 [", "+0.250 [", "0.0 %", "casefiles"):
        assert number in text


def test_the_usual_report_fits_eighty_columns(runs):
    assert max(len(line) for line in to_text(runs.usual(), 80).splitlines()) <= 80


def test_below_five_passages_only_estimates_are_printed(runs):
    text = to_text(
        runs.report(*(runs.episode(arm, f"q{n}", 1, n % 2) for arm in ("debate", "naive") for n in range(4)))
    )
    assert re.search(r"debate +sim +0\.750 +4 +4", text)
    assert "debate, naive: too few passages for inference" in text
    assert "[" not in text
    assert re.search(r"debate − naive +\+0\.000 +– +– ", text)


def test_few_passages_are_said_beside_the_interval(runs):
    text = to_text(runs.report(*(runs.episode("debate", f"q{n}", 1, n % 2) for n in range(8))))
    assert "debate: few passages" in text


def test_no_results_are_a_report_in_words(runs):
    text = to_text(runs.report(arms=[runs.arm("debate")]))
    assert "no results yet" in text
    assert "debate: no results" in text
    assert "0.000" not in text


def test_a_refused_headline_shows_no_accuracy_but_why_and_the_treatments(runs):
    text = to_text(runs.report(*(runs.episode("debate", f"q{n}", "refused", 1) for n in range(12))))
    assert re.search(r"debate +sim +– +12", text)
    assert "undefined: more than 20 % of the verdicts are missing" in text
    assert re.search(r"debate +12 +0\.500 +1\.000 +0\.750 +0\.500 to 1\.000", text)
    assert "debate: 12 refused; right option first, second: 100.0 %, 0.0 %" in text


def test_a_refused_headline_comes_back_under_no_other_name(runs):
    events = [
        runs.episode("consultancy", f"q{n}", "refused", 1, n=k, side=side)
        for n in range(12)
        for k, side in enumerate(("honest", "dishonest"))
    ]
    text = to_text(runs.report(*events))
    assert re.search(r"consultancy +– ", text[text.index("Both orders") : text.index("Sides of")])
    assert re.search(r"consultancy +– +– +–", text[text.index("Sides of") :])


def test_p_is_adjusted_by_holm_against_naive_and_by_benjamini_and_hochberg_elsewhere(runs):
    right = {"debate": 11, "consultancy": 9, "self_play": 8, "expert": 12, "naive": 3}
    events = [runs.episode(arm, f"q{n}", int(n < k), int(n < k)) for arm, k in right.items() for n in range(12)]
    report = runs.report(*events)
    text = to_text(report)
    for each in report.comparisons:
        adjusted = each.p_holm if each.b == "naive" else each.p_bh
        shown = re.search(rf"{each.a} − {each.b} +\S+ \[.*\] +(\S+) +(\S+)", text)
        assert (float(shown[1]), float(shown[2])) == pytest.approx((each.headline.p, adjusted), abs=0.00051)


def test_an_amber_arm_and_a_red_comparison_are_said_in_words(runs):
    refusing = [runs.episode("debate", f"q{n}", "refused" if n < 4 else 1, 1) for n in range(24)]
    naive = [runs.episode("naive", f"q{n}", 1, 0 if n > 21 else 1) for n in range(24)]
    text = to_text(runs.report(*refusing, *naive))
    assert "debate: AMBER: over 5 % missing" in text
    assert "debate − naive: RED: depends on how missing verdicts are treated" in text


def test_identical_arms_show_bonett_price(runs):
    text = to_text(runs.report(*(runs.episode(arm, f"q{n}", 1, 0) for arm in ("debate", "naive") for n in range(20))))
    assert re.search(r"debate − naive +\+0\.000 \[-0\.126, \+0\.126\] +1\.000", text)
    assert "interval by Bonett-Price; identical on every question" in text


def test_an_undefined_gap_has_its_reason(runs):
    events = [runs.episode(arm, f"q{n}", 1, 0) for arm in ("debate", "naive", "expert") for n in range(12)]
    assert "debate: undefined: the expert is no better than the naive judge" in to_text(runs.report(*events))


def test_iterations_have_a_table_of_their_own(runs):
    text = to_text(runs.report(*(runs.episode(f"amp[{k}]", f"q{n}", 1, k) for k in (1, 0) for n in range(12))))
    table = text[text.index("Accuracy per iteration") :].split("\n\n")[0]
    assert re.search(r"amp +0 +0\.500 .*\namp +1 +1\.000 ", table)


def test_a_difference_is_shown_under_each_treatment_of_missing_verdicts(runs):
    debate = [runs.episode("debate", f"q{n}", "refused" if n < 2 else 1, 1) for n in range(20)]
    naive = [runs.episode("naive", f"q{n}", 1, 0) for n in range(20)]
    text = to_text(runs.report(*debate, *naive), 100)
    table = text[text.index("Differences under each treatment") :].split("\n\n")[0]
    assert re.search(r"debate − naive +\+0\.450 +\+0\.500 +\+0\.475 +\+0\.450 to \+0\.500", table)
    assert "A and B miss verdicts at the same rate: p 0.500" in table


def test_a_design_effect_is_said_with_its_icc(runs):
    text = to_text(runs.report(*(runs.episode("a", f"q{n}", n < 15, group=f"p{n // 5}") for n in range(50))))
    assert re.search(r"a: design effect \d\.\d\d, ICC 1\.000", text)


def test_arms_of_the_same_models_are_named_together(runs):
    arms = [runs.arm("debate", alice="sim/a", bob="sim/a"), runs.arm("naive"), runs.arm("expert")]
    text = to_text(runs.report(runs.episode("debate", "q", 1), arms=arms))
    assert "Models of debate: alice, bob sim/a; judge sim/judge?skill=0.7\n" in text
    assert "Models of naive, expert: judge sim/judge?skill=0.7\n" in text


def test_equal_notes_are_said_once(runs):
    text = to_text(runs.report(*(runs.episode(arm, f"q{n}", 1, 0) for arm in ("a", "b") for n in range(8))))
    assert "a, b: few passages" in text


def test_failed_episodes_are_counted_by_outcome(runs):
    text = to_text(
        runs.report(*(runs.episode("debate", f"q{n}", "timeout", "timeout", outcome="timeout") for n in range(3)))
    )
    assert "debate: 3 timeout" in text


def test_a_perfect_reader_is_told_where_it_is_known(runs):
    text = to_text(runs.report(*(runs.episode("a", f"q{n}", 1, posterior=(0.9, 0.1)) for n in range(10))))
    assert "Accuracy of a perfect reader: 0.900, exact." in text


def test_declared_plans_are_kept_or_the_departures_listed(runs):
    event = runs.episode("debate", "q", 1)
    assert "Analysed as declared." in to_text(runs.report(event, analysis={"missing": "wrong"}))
    assert "Departures: missing: declared 'drop'" in to_text(runs.report(event, analysis={"missing": "drop"}))


HOSTILE = "[bold red]x[/] :smile: \x1b[31mred\x1b[0m \u202egnp\u200b\nnew line"


def test_hostile_names_are_text(runs):
    text = to_text(runs.report(runs.episode(HOSTILE, "q", 1, dataset=HOSTILE), run=HOSTILE), 300)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\u200b" not in text
    assert "[bold red]x[/] :smile:" in text
    assert not any(line.startswith("new line") for line in text.splitlines())


def test_without_colour_there_is_no_escape_and_with_it_there_is(runs):
    report = runs.report(runs.episode("debate", "q", 1), planned={"debate": 2})
    assert "\x1b" not in to_text(report)
    assert "\x1b[33m! unfinished" in to_text(report, colour=True)


def test_mixed_data_sets_are_named_on_every_row(runs):
    text = to_text(
        runs.report(
            *(runs.episode("debate", f"q{n}", 1, dataset="easy") for n in range(10)),
            *(runs.episode("debate", f"q{n}", 0, dataset="hard", n=1) for n in range(10)),
        ),
        120,
    )
    assert re.search(r"debate · easy +sim +1\.000", text)
    assert re.search(r"debate · hard +sim +0\.000", text)


def test_what_seats_of_real_models_bought_has_a_table_and_what_simulated_ones_did_has_none(runs):
    spend = {"judge": Spend(calls=2, reused=1, usage=Usage(input=1900, output=3, cache_read=400), cost=0.25)}
    real = runs.report(runs.episode("debate", "q", 1, spend=spend), arms=[runs.arm("debate", judge="openai/x")])
    assert re.fullmatch(r"debate: judge +2 +1 +1,900 +400 +3 +0\.25", line(to_text(real), "debate: judge"))
    assert "by seat" not in to_text(runs.report(runs.episode("debate", "q", 1, spend=spend)))


def test_failed_attempts_of_unknown_cost_are_told_beside_what_is_known(runs):
    def told(blind):
        spend = {"judge": Spend(calls=2, cost=0.25, blind=blind)}
        real = runs.report(runs.episode("debate", "q", 1, spend=spend), arms=[runs.arm("debate", judge="openai/x")])
        return to_text(real)

    assert "2 failed attempts of unknown cost on top" in told(2)
    assert "1 failed attempt of unknown cost on top" in told(1)
    assert "unknown cost" not in told(0)


def test_beside_a_difference_that_is_not_significant_stands_what_could_have_been_detected(runs):
    close = [runs.episode("debate", f"q{n}", n % 3 > 0, n % 2) for n in range(24)]
    naive = [runs.episode("naive", f"q{n}", n % 2, n % 5 > 0) for n in range(24)]
    text = " ".join(to_text(runs.report(*close, *naive)).split())
    assert re.search(r"debate − naive: not significant; this design could have detected \d+\.\d points", text)


def test_a_significant_difference_needs_no_such_word(runs):
    clear = [runs.episode("debate", f"q{n}", 1, n % 3 > 0) for n in range(24)]
    naive = [runs.episode("naive", f"q{n}", 0, n % 5 > 3) for n in range(24)]
    assert "could have detected" not in to_text(runs.report(*clear, *naive))


@pytest.mark.parametrize(
    "planned, words", [(1, "no look ended the run early"), (2, "hold only if no look"), (None, "is not known")]
)
def test_it_says_whether_a_look_can_have_ended_the_run(runs, planned, words):
    head = {"planned": {"debate": planned}} if planned else {}
    assert words in " ".join(to_text(runs.report(runs.episode("debate", "q", 1), **head)).split())


def test_what_a_shadow_judge_took_is_told_apart_even_of_simulated_models(runs):
    spend = {"judge": Spend(calls=2), "judge (shadow)": Spend(calls=5, usage=Usage(input=70, output=9), cost=0.0)}
    text = to_text(runs.report(runs.episode("debate", "q", 1, calls=2, spend=spend)))
    assert re.search(r"debate: judge \(shadow\) +5 +0 +70", text)
    assert re.search(r"^debate: judge +\d", text, re.MULTILINE) is None
    assert "(shadow)" not in to_text(runs.report(runs.episode("debate", "q", 1, spend={"judge": Spend(calls=2)})))
