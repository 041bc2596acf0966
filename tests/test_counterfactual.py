"""Counterfactual replay: the same debates, one thing changed; what did not change is not asked again."""

import json
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import log
from arena.counterfactual import Twist, ablate, asked_by, changes, parsed, rejudge, stage, with_rounds
from arena.errors import TimedOut, UsageError
from arena.events import Called, Ended, Failed, Opened, Said, Score, Scored, Shadowed, Shown, Verdict
from arena.plan import Experiment, resolve
from arena.report.effect import effect_grid, effects
from arena.runner import play
from protocols.amplification import Amplification
from protocols.debate import Debate
from protocols.naive import Naive
from tests.protocols.running import (
    Model,
    answering,
    calls,
    contents,
    items,
    of,
    planned,
    scores,
    story,
)
from tests.test_reuse import told

SIM = "sim/judge"
SIDES = "rounds=1", "quotes=masked", "quotes=only", "quotes=unmarked", "side=hidden"


@pytest.fixture(scope="module")
def debates(tmp_path_factory):
    """A run of debates, consultancies and a judge alone, judged and argued by simulated models."""
    asked = Experiment(protocol=("debate", "consultancy"), limit=6)
    return play(resolve(asked), tmp_path_factory.mktemp("parent") / "run").run


def events_of(run, arm="debate"):
    """The events of the first episode of an arm."""
    opened = next(event for event in log.of_kind(run, "Opened") if event.arm == arm)
    return log.episode(run, opened.episode)


def before(events):
    return [e for e in events if e.type in ("Dealt", "Shown") or (isinstance(e, Said) and e.order is None)]


def speeches(events):
    return [e for e in events if isinstance(e, Said) and "side" in e.fields]


# What changes nothing


@pytest.mark.parametrize("factor", ["rounds=3", "rounds=20", f"judge.model={SIM}"])
def test_a_change_that_changes_nothing_makes_no_call_and_has_exactly_no_effect(debates, tmp_path, factor):
    """A judge that is the same by its default settings is another spelling: its replies are found by their keys."""
    child = ablate(debates, tmp_path / "child", [factor], offline=True).run
    assert calls(child) == []
    for effect in effects(debates, child):
        pair = effect.treated.wrong
        assert (pair.difference, pair.status, effect.made) == (0.0, "identical", 0)


def test_both_orders_swapped_are_the_same_two_requests(debates, tmp_path):
    child = ablate(debates, tmp_path / "child", ["order=swap"], offline=True).run
    assert calls(child) == []
    assert {effect.treated.wrong.difference for effect in effects(debates, child)} == {0.0}
    orders = [[verdict.order for verdict in ended.verdicts] for ended in of(child, Ended)]
    assert orders == [[(1, 0), (0, 1)]] * len(orders)


@pytest.mark.parametrize("factor", SIDES)
def test_a_judge_who_is_alone_is_asked_nothing_where_speeches_change(debates, tmp_path, factor):
    child = ablate(debates, tmp_path / "child", [factor], arms=["naive", "expert"], offline=True).run
    assert calls(child) == []


def test_a_verdict_that_was_lost_stays_lost_where_nothing_changed(tmp_path):
    """It has no key that could be looked up, and yet it is not asked again."""

    def says(request):
        if "<belief>" in request.messages[-1].text and "house 1" in request.messages[0].text:
            raise TimedOut("no answer in time")
        return answering(request)

    parent = play(planned(Debate(rounds=1), model=Model(says), test=items(3)), tmp_path / "parent").run
    child = ablate(parent, tmp_path / "child", ["rounds=5"], offline=True).run
    assert [(row.outcome, row.question) for row in of(child, Scored) if row.outcome != "ok"] == [("timeout", "house-1")]
    assert calls(child) == []


@pytest.mark.parametrize("lost, shown", [(1, "0.450 0.450 +0.000"), (3, "– – –")])
def test_verdicts_that_are_missing_are_told_and_too_many_leave_no_effect(tmp_path, lost, shown):
    def says(request):
        if any(f"house {n}?" in request.messages[0].text for n in range(lost)):
            raise TimedOut("no answer in time")
        return answering(request)

    parent = play(planned(Naive(), model=Model(says), test=items(10)), tmp_path / "parent").run
    child = ablate(parent, tmp_path / "child", ["rounds=5"], offline=True).run
    (effect,) = effects(parent, child)
    assert effect.missing == (lost / 10, lost / 10)
    ((name, *cells), (_, note)) = (grid := effect_grid([effect])).rows[0], grid.notes[0]
    assert name == "naive@rounds=5"
    assert " ".join(cells[:3]) == shown
    assert f"verdicts missing: was {lost}0.0 %, is {lost}0.0 %" in note


def test_effects_on_several_data_sets_are_told_apart_each_with_its_own_calls(tmp_path):
    quays = [one._replace(question=one.question.model_copy(update={"dataset": "quays"})) for one in items(3)]
    houses = [one._replace(question=one.question.model_copy(update={"dataset": "houses"})) for one in items(2, 3)]
    parent = play(planned(Naive(), test=[*quays, *houses]), tmp_path / "parent").run
    child = rejudge(parent, tmp_path / "child", judge=SIM).run
    found = effects(parent, child)
    assert [(each.dataset, each.made, each.treated.wrong.n_pairs) for each in found] == [
        ("quays", 6, 3),
        ("houses", 4, 2),
    ]
    names = [row[0] for row in effect_grid(found).rows]
    assert names == [f"naive@judge={SIM} · quays", f"naive@judge={SIM} · houses"]


# What changes


def test_another_judge_is_asked_and_nobody_else(debates, tmp_path):
    child = rejudge(debates, tmp_path / "child", judge="sim/judge?noise=2").run
    made = [event for event in of(child, Called) if not event.reused]
    assert {event.seat for event in made} == {"judge"}
    assert len(made) == 2 * sum(log.header(child)["planned"].values())


def test_a_judge_hears_the_identical_transcript(debates, tmp_path):
    child = rejudge(debates, tmp_path / "child", judge="sim/judge?noise=2").run
    was, again = before(events_of(debates)), before(events_of(child, "debate@judge=sim/judge?noise=2"))
    drop = {"episode": "", "t": 0.0, "span": None}
    assert [e.model_copy(update=drop) for e in again] == [e.model_copy(update=drop) for e in was]


def test_the_requests_are_those_of_a_run_with_that_judge(debates, tmp_path):
    """So a rejudged debate and one that was played with the judge from the beginning share their replies."""
    judge = "sim/judge?noise=2"
    child = rejudge(debates, tmp_path / "child", judge=judge, arms=["debate"]).run
    native = play(resolve(Experiment(limit=6, judge=judge, baselines=False)), tmp_path / "native").run
    judged = {event.key for event in of(native, Called) if event.seat == "judge"}
    assert {event.key for event in of(child, Called)} == judged


def test_after_one_round_a_judge_is_asked_as_in_a_debate_of_one_round(debates, tmp_path):
    """The speeches are those of the longer debate; the words around them are those of the shorter."""
    child = ablate(debates, tmp_path / "child", ["rounds=1"], arms=["debate"]).run
    said = speeches(events_of(child, "debate@rounds=1"))
    assert [event.fields["round"] for event in said] == [1, 1]
    assert len(calls(child)) == 12


def test_each_number_of_rounds_is_an_arm(debates, tmp_path):
    child = rejudge(debates, tmp_path / "child", rounds=(1, 2, 3), arms=["debate"]).run
    assert list(log.header(child)["planned"]) == [f"debate@rounds={n}" for n in (1, 2, 3)]
    assert {effect.arm: effect.made for effect in effects(debates, child)}["debate@rounds=3"] == 0


@pytest.mark.parametrize("factor", SIDES)
def test_a_changed_transcript_is_asked_about_and_shown_as_the_judge_had_it(debates, tmp_path, factor):
    child = ablate(debates, tmp_path / "child", [factor], arms=["debate"]).run
    assert len(calls(child)) == 12
    twist = parsed([factor])
    name = next(event for event in log.of_kind(debates, "Opened") if event.arm == "debate").episode
    wanted = twist.told(before(log.episode(debates, name)), name)
    drop = {"episode": "", "t": 0.0, "span": None}
    logged = before(events_of(child, f"debate@{factor}"))
    assert [e.model_copy(update=drop) for e in logged] == [e.model_copy(update=drop) for e in wanted]


def test_the_decision_keeps_its_place_in_the_episode(debates, tmp_path):
    child = ablate(debates, tmp_path / "child", ["rounds=1"], arms=["debate"]).run
    places = [
        {event.at for event in events_of(run, arm) if isinstance(event, Said) and event.order is not None}
        for run, arm in ((debates, "debate"), (child, "debate@rounds=1"))
    ]
    assert places[0] == places[1]


def test_attributions_are_drawn_by_the_seed_and_for_each_episode_anew():
    events, draws = shuffled_debate(), {}
    for seed in range(8):
        twist = parsed(["speeches=attribution-shuffled"], seed)
        for episode in ("one", "two"):
            draws[seed, episode] = tuple(event.text for event in twist.told(events, episode))
    assert any(draws[seed, "one"] != draws[seed, "two"] for seed in range(8))
    assert len({draws[seed, "one"] for seed in range(8)}) > 1


def test_words_are_replaced_by_a_folder_of_prompts(debates, tmp_path):
    (tmp_path / "words" / "debate").mkdir(parents=True)
    (tmp_path / "words" / "debate" / "decide.md").write_text("Now decide.\n\n$verdict")
    child = rejudge(debates, tmp_path / "child", prompts=tmp_path / "words").run
    made = {event.episode.partition("@")[0] for event in of(child, Called) if not event.reused}
    assert made == {"debate"}


def test_several_factors_may_change_at_once():
    twist = parsed(["rounds=1", "quotes=masked", "judge.model=sim/judge?noise=1"])
    assert twist.changed == {"judge.model": "sim/judge?noise=1", "rounds": "1", "quotes": "masked"}
    assert twist.label == "judge=sim/judge?noise=1,rounds=1,quotes=masked"


# The run that comes of it


def test_it_is_a_run_of_its_own_that_names_its_parent_and_what_changed(debates, tmp_path):
    header = log.header(ablate(debates, tmp_path / "child", ["rounds=1"]).run)
    assert header["parent"]["run"] == str(debates)
    assert header["parent"]["hash"] == header["reuse"][0]["hash"]
    assert header["factor"] == {"rounds": "1"}
    assert header["dataset"] == log.header(debates)["dataset"]
    assert {arm["name"]: arm["parent"] for arm in header["arms"]}["debate@rounds=1"] == "debate"
    assert {arm["settings"]["rounds"] for arm in header["arms"] if arm["protocol"] == "debate"} == {1}


def test_its_questions_keys_and_groups_are_those_of_its_parent(debates, tmp_path):
    child = ablate(debates, tmp_path / "child", ["rounds=1"]).run

    def facts(run):
        return {(row.arm.partition("@")[0], row.question, row.dealing, row.key, row.group) for row in of(run, Scored)}

    assert facts(child) == facts(debates)


def test_the_parent_is_left_as_it_was(debates, tmp_path):
    held = contents(debates)
    ablate(debates, tmp_path / "child", ["side=hidden"])
    assert contents(debates) == held


def test_a_parent_with_a_damaged_line_is_told_all_the_same(debates, tmp_path):
    run = copytree(debates, tmp_path / "run")
    path = run / "events-0001.jsonl"
    path.write_text(path.read_text().replace('"type":"Called","episode":"de', '"type":"Called","episode":"\\q', 1))
    child = rejudge(run, tmp_path / "child").run
    assert len(of(child, Scored)) == len(of(debates, Scored))


def test_episodes_whose_beginning_is_damaged_are_left_out_and_counted(debates, tmp_path):
    run = copytree(debates, tmp_path / "run")
    path = run / "events-0001.jsonl"
    path.write_text(path.read_text().replace('"type":"Opened","episode":"de', '"type":"Opened","episode":"\\q', 2))
    staged = stage(run, [Twist(judge=SIM)])
    assert staged.parent.untold == 2
    assert len(staged.staged.waves[0].jobs) == len(of(debates, Scored)) - 2


def test_a_child_can_be_told_again(debates, tmp_path):
    child = ablate(debates, tmp_path / "child", ["rounds=2"], arms=["debate"]).run
    grandchild = ablate(child, tmp_path / "grandchild", ["rounds=1"]).run
    direct = ablate(debates, tmp_path / "direct", ["rounds=1"], arms=["debate"]).run
    assert calls(grandchild) == calls(direct)


def test_it_goes_on_where_it_stopped_and_buys_nothing_twice(tmp_path):
    parent = play(planned(Debate(rounds=1), model=Model(cost=1.0), test=items(4)), tmp_path / "parent").run
    child = tmp_path / "child"
    first, second = Model(cost=1.0), Model(cost=1.0)
    poor = asked_by(stage(parent, [Twist(side="hidden")], concurrency=1, budget=3.0), first)
    assert poor.play(child).stopped
    assert asked_by(stage(parent, [Twist(side="hidden")]), second).play(child).stopped is None
    assert not set(first.keys) & set(second.keys)
    assert len(first.keys) + len(second.keys) == 8


def test_a_parent_that_changed_since_is_not_gone_on_with(tmp_path):
    parent = play(planned(Naive(), test=items(2)), tmp_path / "parent").run
    twists = [Twist(rounds=1)]
    asked_by(stage(parent, twists), Model()).play(tmp_path / "child")
    with (parent / "events-0001.jsonl").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(UsageError, match="begun with other parent"):
        asked_by(stage(parent, twists), Model()).play(tmp_path / "child")


def test_offline_a_call_that_would_be_needed_is_named_and_nothing_is_written(debates, tmp_path):
    with pytest.raises(UsageError, match=r"12 calls would be needed. The first: debate@rounds=1~\S+, seat judge"):
        ablate(debates, tmp_path / "child", ["rounds=1"], arms=["debate"], offline=True)
    assert not (tmp_path / "child").exists()


def test_offline_what_an_earlier_child_paid_for_is_at_hand(debates, tmp_path):
    first = ablate(debates, tmp_path / "first", ["rounds=1"]).run
    again = ablate(debates, tmp_path / "again", ["rounds=1"], offline=True, reuse=(first,)).run
    assert calls(again) == []
    assert told(again) == told(first)


def test_an_episode_that_came_to_no_decision_comes_to_none_again(tmp_path):
    def says(request):
        return "" if "house 2" in request.messages[0].text + request.preface else answering(request)

    parent = play(planned(Debate(rounds=1), model=Model(says), test=items(4)), tmp_path / "parent").run
    child = asked_by(stage(parent, [Twist(side="hidden")]), Model()).play(tmp_path / "child").run
    failed = {event.episode.partition("~")[2]: (event.outcome, event.reason, event.seat) for event in of(child, Failed)}
    assert failed == {
        event.episode.partition("~")[2]: (event.outcome, event.reason, event.seat) for event in of(parent, Failed)
    }
    assert failed


def test_a_verdict_that_could_not_be_read_is_asked_for_again_of_another_judge(tmp_path):
    def says(request):
        return "mumble" if "<belief>" in request.messages[-1].text else answering(request)

    def half(request):
        return says(request) if "house 1" in request.messages[0].text else answering(request)

    parent = play(planned(Debate(rounds=1), model=Model(half), test=items(3)), tmp_path / "parent").run
    assert {row.outcome for row in of(parent, Scored)} == {"ok", "unparsed"}
    model = Model(spec="sim/other")
    asked = asked_by(stage(parent, [Twist(judge=SIM)]), model)
    child = asked.play(tmp_path / "child").run
    assert {row.outcome for row in of(child, Scored)} == {"ok"}


def test_amplification_is_told_with_all_its_tables(tmp_path):
    rules = Amplification(iterations=1, iteration=1)
    parent = play(planned(rules, test=items(2)), tmp_path / "parent").run
    child = asked_by(stage(parent, [Twist(judge=SIM)]), Model(spec="sim/other")).play(tmp_path / "child").run
    assert len(calls(child)) == 4
    assert any("/" in event.at for event in of(child, Said))


def test_an_arm_that_there_is_not_is_refused(debates, tmp_path):
    with pytest.raises(UsageError, match="Did you mean debate"):
        ablate(debates, tmp_path / "child", ["rounds=1"], arms=["debat"])


@pytest.mark.parametrize(
    "factor, message",
    [
        ("round=1", "Did you mean rounds"),
        ("rounds", "has not the form"),
        ("rounds=0", "greater than or equal to 1"),
        ("quotes=gone", "masked"),
        ("order=upwards", "swap"),
    ],
)
def test_a_factor_that_cannot_be_is_refused(factor, message):
    with pytest.raises(UsageError, match=message):
        parsed([factor])


@pytest.mark.parametrize("protocol", ["debate", "debate?turns=sequential", "debate?interactive=true", "consultancy"])
def test_a_judge_asked_round_by_round_is_asked_where_it_would_have_been_while_it_was_played(tmp_path, protocol):
    asked = Experiment(protocol=(protocol,), limit=2, baselines=False, reproducible=True, shadow_judge=True)
    played = play(resolve(asked), tmp_path / "played").run
    told = stage(played, [Twist()], shadow_judge=True, reproducible=True).play(tmp_path / "told").run

    def beliefs(run):
        found = [(e.episode.replace("@again", ""), e.at, e.verdict) for e in of(run, Shadowed)]
        return sorted(found, key=str), sorted([(e.episode.replace("@again", ""), e.verdicts) for e in of(run, Ended)])

    assert beliefs(told) == beliefs(played)
    assert len(beliefs(played)[0]) > 2
    assert all(call.reused for call in of(told, Called))


def test_another_judge_can_be_asked_round_by_round(debates, tmp_path):
    asked = asked_by(stage(debates, [Twist()], arms=["debate"], shadow_judge=True), Model(verdicts))
    child = asked.play(tmp_path / "child").run
    first = of(child, Opened)[0].episode
    assert [e.verdict.round for e in of(child, Shadowed) if e.episode == first] == [0, 0, 1, 1, 2, 2]
    assert {v.round for e in of(child, Ended) for v in e.verdicts} == {3}
    assert {event.seat for event in of(child, Called)} == {"judge"}


def verdicts(request):
    return "<belief>\nA: 60\nB: 40\n</belief>\n<choice>A</choice>"


# The changes, one by one


def test_masked_quotes_leave_no_word_of_the_evidence(debates):
    events = before(events_of(debates))
    quoted = [quote.text for event in speeches(events) for quote in event.quotes]
    text = "\n".join(event.text for event in speeches(changes.quotes_masked(events)))
    assert quoted
    assert not [quote for quote in quoted if quote in text]
    assert text.count(changes.WITHHELD) == len(quoted)


def test_unmarked_quotes_keep_their_words_and_lose_their_marks(debates):
    events = before(events_of(debates))
    changed = speeches(changes.quotes_unmarked(events))
    assert all("<quote>" not in event.text and not event.quotes for event in changed)
    for event, was in zip(changed, speeches(events), strict=True):
        assert all(f"“{quote.text}”" in event.text for quote in was.quotes)


def test_quotes_alone_keep_their_marks_and_nothing_else(debates):
    events = before(events_of(debates))
    for event, was in zip(speeches(changes.quotes_only(events)), speeches(events), strict=True):
        quoted = "\n".join(f"<quote>{quote.text}</quote>" for quote in was.quotes)
        assert event.text == (quoted or changes.NOTHING_QUOTED)
        assert event.quotes == was.quotes


def test_a_speech_without_quotes_has_nothing_to_show_for_itself():
    said = Said(episode="e", at="2", seat="alice", cue="argue", fields={"side": "x"}, text="Trust me.")
    assert changes.quotes_only([said])[0].text == changes.NOTHING_QUOTED


@given(st.text(max_size=8))
def test_shuffled_attributions_keep_each_round_its_words_and_are_drawn_again_from_the_same_seed(seed):
    events = shuffled_debate()
    once, twice = (speeches(changes.attribution_shuffled(events, seed)) for _ in range(2))
    assert once == twice
    for n in (1, 2, 3):
        texts = [sorted(e.text for e in found if e.fields["round"] == n) for found in (once, speeches(events))]
        assert texts[0] == texts[1]
    assert [(e.at, e.seat, e.fields) for e in once] == [(e.at, e.seat, e.fields) for e in speeches(events)]


def test_shuffled_attributions_move_speeches_about_half_of_the_time():
    events = shuffled_debate()
    was = [event.text for event in speeches(events)]
    moved = []
    for n in range(200):
        now = [event.text for event in speeches(changes.attribution_shuffled(events, f"{n}"))]
        moved.append(sum(one != other for one, other in zip(now, was, strict=True)))
    assert set(moved) == {0, 2, 4, 6}
    assert 2.5 < sum(moved) / 200 < 3.5


def shuffled_debate():
    return [
        Said(
            episode="e",
            at=f"{n + 2}:{place}",
            seat=seat,
            cue="argue",
            fields={"side": f"side of {seat}", "round": n},
            text=f"{seat} {n}",
        )
        for n in (1, 2, 3)
        for place, seat in enumerate(("alice", "bob"))
    ]


def test_a_single_advocate_keeps_its_words(debates):
    events = before(events_of(debates, "consultancy"))
    assert changes.attribution_shuffled(events, "any") == events


def test_hidden_sides_are_told_to_nobody(debates):
    events = changes.sides_hidden(before(events_of(debates)))
    values = [value for event in events if isinstance(event, Shown) for value in event.fields.values()]
    told_sides = [value for value in values if isinstance(value, dict)]
    assert [value for value in told_sides if "$sides" in value] == [{"$sides": {}}]


@pytest.mark.parametrize("rules", [Debate(rounds=3), Debate(rounds=3, turns="sequential"), Debate(interactive=True)])
@pytest.mark.parametrize("rounds", [1, 2])
def test_the_first_rounds_are_what_was_said_until_everybody_had_spoken_so_often(tmp_path, rules, rounds):
    run = play(planned(rules, test=items(1)), tmp_path / "run").run
    events = changes.first_rounds(before(events_of(run)), rounds)
    assert [event.fields["round"] for event in speeches(events)] == [n for n in range(1, rounds + 1) for _ in "ab"]
    last = [event for event in events if isinstance(event, Said)][-1]
    assert "side" in last.fields


def test_each_number_of_rounds_makes_a_twist():
    assert [twist.rounds for twist in with_rounds(Twist(judge=SIM), (1, 2))] == [1, 2]
    assert with_rounds(Twist(), ()) == [Twist()]


def test_beliefs_over_one_order_are_the_verdict_of_that_order(debates, tmp_path):
    child = rejudge(debates, tmp_path / "child", orders="forward", offline=True, arms=["debate"]).run
    was = {ended.episode: ended for ended in of(debates, Ended)}
    for ended in of(child, Ended):
        assert ended.verdicts == was[ended.episode.replace("@order=forward", "")].verdicts[:1]
        assert ended.belief == ended.verdicts[0].belief


def test_consultancy_is_told_for_both_sides(debates, tmp_path):
    child = ablate(debates, tmp_path / "child", ["rounds=1"], arms=["consultancy"]).run
    rows = scores(child).values()
    assert {row.side for row in rows} == {"honest", "dishonest"}


def test_the_whole_of_it_is_the_same_when_made_again(debates, tmp_path):
    runs = [ablate(debates, tmp_path / n / "child", ["quotes=only"], reproducible=True).run for n in ("one", "two")]
    assert contents(runs[0]) == contents(runs[1])
    assert story(runs[0]) == story(runs[1])


# Runs that were imported


def imported(run):
    """Two human debates on one question, its options in either order, and a third without its transcript."""
    events = []
    for n, options in enumerate((("yes", "no"), ("no", "yes"), None)):
        name, key = f"human debate~q~0~{n}", n % 2
        shown = {"question": "Is it?", "options": {"$options": list(options or ())}, "sides": {"$sides": {}}}
        belief = (0.9, 0.1) if n == 0 else (0.2, 0.8)
        verdict = Verdict(order=(0, 1), belief=belief, choice=n % 2)
        score = Score(slot=key, correct=1.0, p_correct=max(belief))
        events += [
            Opened(episode=name, arm="human debate", question="q", repeat=n),
            *([Shown(episode=name, at="1", cue="question", fields=shown, to=("ann", "judge"))] if options else []),
            Said(episode=name, at="2", seat="ann", cue="argue", fields={"side": "yes"}, text="It is.", to=("judge",)),
            Said(episode=name, at="3:0", seat="judge", cue="decide", text="<choice>A</choice>", order=(0, 1)),
            Ended(episode=name, belief=belief, choice=n % 2, verdicts=(verdict,)),
            Scored(episode=name, arm="human debate", question="q", group="g", dataset="d", key=key, scores=(score,)),
        ]
    prompts = {
        "judge": "Judge.",
        "decide": "Decide.\n$verdict",
        "argue": "$side",
        "question": "$question\n$options\n$sides",
    }
    seats = {"ann": {"role": "debater", "model": "human"}, "judge": {"role": "judge", "model": "human"}}
    arm = {"name": "human debate", "protocol": "debate", "settings": {}, "seats": seats, "prompts": prompts}
    run.mkdir()
    (run / "run.json").write_text(json.dumps({"schema": 1, "run": "people", "seed": None, "arms": [arm]}))
    with log.Writer(run) as writer:
        for event in events:
            writer.append(event)
    return run


def test_an_imported_run_is_told_with_the_options_of_each_room_and_without_what_has_no_transcript(tmp_path):
    parent = imported(tmp_path / "people")
    asked = []

    def says(request):
        asked.append(request.messages[-1].text)
        return verdicts(request)

    child = asked_by(stage(parent, [Twist(judge=SIM)], concurrency=1), Model(says)).play(tmp_path / "child").run
    assert [text.count("(A) yes") for text in asked] == [1, 0]
    assert [(row.key, row.scores[0].correct) for row in of(child, Scored)] == [(0, 1.0), (1, 0.0)]
    (effect,) = effects(parent, child)
    assert (effect.made, effect.treated.wrong.accuracy_b, effect.treated.wrong.accuracy_a) == (2, 1.0, 0.5)


def test_people_who_judged_are_not_asked_again_where_nothing_changed(tmp_path):
    parent = imported(tmp_path / "people")
    child = ablate(parent, tmp_path / "child", ["rounds=9"], offline=True).run
    assert [row.scores[0].correct for row in of(child, Scored)] == [1.0, 1.0]
    with pytest.raises(UsageError, match=r"name another judge.*: 4 calls would be needed"):
        ablate(parent, tmp_path / "other", ["quotes=masked", "order=both"])


def test_an_imported_run_that_was_judged_in_one_order_can_be_judged_in_both(tmp_path):
    parent = imported(tmp_path / "people")
    asked = asked_by(stage(parent, [Twist(judge=SIM, orders="both")]), Model(verdicts))
    child = asked.play(tmp_path / "child").run
    assert [[verdict.order for verdict in ended.verdicts] for ended in of(child, Ended)] == [[(0, 1), (1, 0)]] * 2
