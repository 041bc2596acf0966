"""A run that is being played: how its engine is, what it can be asked for, and words as they are spoken."""

import inspect
import json
from pathlib import Path

import pytest

from arena import log
from arena.events import Opened, dump
from arena.live import Status, Wait
from arena.tui.app import ArenaApp
from arena.tui.messages import Beaten
from arena.tui.widgets.pulse import figures, waits
from arena.tui.widgets.turn import TurnBox

from .conftest import (
    ENGINE,
    WAIT,
    Script,
    debate,
    gestures,
    header,
    hidden,
    naive,
    opened,
    say,
    seen,
    settled,
    tell,
    text_of,
    write,
)

STYLES = Path(inspect.getfile(ArenaApp)).with_name("arena.tcss")


@pytest.fixture
def run(tmp_path):
    """A run that somebody plays: one question is done, and the second debate is in its second round."""
    folder = write(
        tmp_path / "run", header(debate=3, naive=3), debate("q1", 0, 0), naive("q1", 1, 1), debate("q2", rounds=1)
    )
    with log.Writer(folder):
        yield folder


def asked(run):
    """What the engine was asked for."""
    lines = [line for path in (run / "live").glob("control-*.jsonl") for line in path.read_text().splitlines()]
    return [tuple(json.loads(line).values()) for line in lines]


def watched(run, *keys, size=(120, 40)):
    return seen(opened(run, size=size), *keys)


class Deaf(ArenaApp):
    """An app whose screens hear how the engine is before it does itself: as late as can be, never."""

    CSS_PATH = STYLES

    def post_message(self, message):
        return isinstance(message, Beaten) or super().post_message(message)


def test_a_screen_that_hears_of_the_engine_before_the_app_does_can_control_it(run):
    tell(run)
    text = seen(opened(run, kind=Deaf))
    assert "p Pause" in text
    assert "1.25 of 5.00 USD" in text


def test_calls_in_flight_and_their_pace_are_shown(run):
    tell(run)
    text = watched(run)
    assert "3/16 in flight" in text
    assert "12 calls/s" in text
    assert "23k tokens/s" in text
    assert "4 × 429" in text


def test_spend_is_shown_against_the_budget(run):
    tell(run)
    assert "1.25 of 5.00 USD" in watched(run)


def test_a_wait_says_for_what_and_until_when(run):
    tell(run, waits=[WAIT])
    text = watched(run)
    assert "12 calls wait for openai gpt-x: rate limit, until " in text
    assert "(in 44 s)" in text


def test_of_many_waits_the_longest_are_named_and_the_others_counted():
    status = Status(pid=1, **{**ENGINE, "waits": tuple(Wait(**{**WAIT, "until": 1000.0 + n}) for n in range(5))})
    lines = [line.plain for line in waits(status, 1000.0)]
    assert "(in 4 s)" in lines[0]
    assert lines[-1].endswith("and 3 waits more")


def test_a_wait_of_which_nobody_knows_the_end_says_none(run):
    tell(run, waits=[{**WAIT, "until": None, "calls": 1}])
    text = watched(run)
    assert "1 call waits for" in text
    assert "until" not in text


def test_a_run_without_an_engine_shows_no_figures_and_no_key_that_needs_one(small):
    text = watched(small)
    assert "in flight" not in text
    assert "Pause" not in text


def test_a_status_that_was_left_behind_is_not_taken_for_an_engine(small):
    tell(small)
    assert "in flight" not in watched(small)


@pytest.mark.parametrize("text", ["{", "[]", '{"pid": "x"}', '{"waits": 3}', "\xff"])
def test_a_status_that_cannot_be_read_is_none(run, text):
    (run / "live").mkdir()
    (run / "live" / "status.json").write_text(text, encoding="latin-1")
    assert "1 of 3" not in watched(run)


def test_hostile_words_of_a_wait_are_shown_and_not_obeyed():
    evil = Wait(account="[red]\x1b[2J", model="\u202e", calls=1, why="a\nb" * 300, until=1e300)
    (line,) = waits(Status(pid=1, **{**ENGINE, "waits": (evil,)}), 0.0)
    assert "[red]⟨U+001B⟩" in line.plain
    assert "\n" not in line.plain
    assert len(line.plain) < 400


def test_p_pauses_and_goes_on_after_a_pause(run):
    tell(run)
    watched(run, "p")
    assert asked(run) == [("pause",)]
    tell(run, state="paused")
    assert "paused: p goes on" in watched(run, "p")
    assert asked(run)[-1] == ("resume",)


def test_x_stops_the_run_after_it_has_asked(run):
    tell(run)
    assert "Stop the run?" in watched(run, "x")
    watched(run, "x", "escape")
    assert asked(run) == []
    watched(run, "x", "s")
    assert asked(run) == [("stop",)]


def test_plus_and_minus_double_and_halve_how_many_play_at_once(run):
    tell(run)
    watched(run, "plus")
    watched(run, "minus")
    assert asked(run) == [("concurrency", 16), ("concurrency", 4)]


@pytest.mark.parametrize("now, wanted", [(1_000_000, [10_000]), (16_000, [8_000]), (8_000, [10_000, 4_000])])
def test_no_more_is_asked_for_than_an_engine_takes_and_never_fewer_where_more_are_wanted(run, now, wanted):
    tell(run, concurrency=now)
    watched(run, "plus")
    watched(run, "minus")
    assert asked(run) == [("concurrency", value) for value in wanted]


def test_an_engine_that_stops_says_what_it_waits_for():
    assert "calls under way come back" in figures(Status(pid=1, **{**ENGINE, "state": "stopping"})).plain


@pytest.mark.parametrize(
    "told, shown", [({}, False), ({"wave": 2, "waves": 4}, "wave 2 of 4"), ({"wave": 2}, "wave 2")]
)
def test_a_run_in_batches_says_which_wave_is_under_way(told, shown):
    text = figures(Status(pid=1, **{**ENGINE, "wave": 0, "waves": 0, **told})).plain
    assert shown in text if shown else "wave" not in text


def test_every_key_of_the_footer_is_seen_on_a_small_screen(run):
    tell(run)

    async def look(pilot):
        return hidden(pilot.app)

    assert gestures(opened(run, size=(80, 24)), look) == []


# Words as they are spoken


def listening(run, act, *, episode="debate~q2~0", size=(120, 40)):
    """The screen of an episode that is played, before and after something happens."""

    async def play(pilot):
        for _ in range(2):
            pilot.app.listen(episode)
            await settled(pilot)
        before = text_of(pilot.app)
        act()
        pilot.app.look()
        await settled(pilot)
        pilot.app.listen(episode)
        await settled(pilot)
        return before, text_of(pilot.app)

    app = opened(run, episode=episode, size=size)
    return gestures(app, play, "9")


def test_words_are_shown_as_they_are_spoken(run):
    tell(run)
    say(run, "debate~q2~0", "4:0", "alice", "<argument>It is clear")

    def more():
        say(run, "debate~q2~0", "4:0", "alice", " that <quote>the ship")

    before, after = listening(run, more)
    assert "Alice speaks" in before
    assert "It is clear▌" in before
    assert "It is clear that “the ship▌" in after


def test_thinking_is_not_among_the_words(run):
    tell(run)
    say(run, "debate~q2~0", "4:1", "bob", "<thinking>I know that I am wrong")
    before, after = listening(run, lambda: say(run, "debate~q2~0", "4:1", "bob", "</thinking>Trust me"))
    assert "Bob thinks" in before
    assert "I know" not in before + after
    assert "Trust me▌" in after


def test_words_of_an_attempt_that_failed_are_taken_back(run):
    tell(run)
    say(run, "debate~q2~0", "4:0", "alice", "It is")
    before, after = listening(run, lambda: say(run, "debate~q2~0", "4:0", "alice", None))
    assert "It is▌" in before
    assert "It is" not in after


def test_a_speech_that_is_logged_takes_the_place_of_its_words(tmp_path):
    folder = write(tmp_path / "run", header(debate=1), debate("q2", rounds=1))
    tell(folder)
    say(folder, "debate~q2~0", "4:0", "alice", "Half a")
    longer = debate("q2", rounds=2)
    rest = Script("debate", "q2")
    rest.events = longer.events[len(debate("q2", rounds=1).events) :]
    with log.Writer(folder) as writer:
        before, after = listening(folder, lambda: [writer.append(event) for event in rest.events])
    assert "Half a▌" in before
    assert "▌" not in after
    assert "(round 2)" in after


def test_a_judge_s_words_stand_in_the_judge_s_column(run):
    tell(run)
    say(run, "debate~q2~0", "4", "judge", "I weigh")
    before, _ = listening(run, lambda: None)
    line = next(line for line in before.splitlines() if "I weigh▌" in line)
    assert line.index("I weigh") > 70


def test_nobody_speaks_in_a_run_that_was_stopped(tmp_path):
    folder = write(tmp_path / "run", header(debate=1), debate("q2", rounds=1))
    say(folder, "debate~q2~0", "4:0", "alice", "Half a")
    before, _ = listening(folder, lambda: None)
    assert "Half a" not in before


def test_words_are_shown_again_when_an_episode_is_opened_again(run):
    async def again(pilot):
        texts = []
        for _ in range(2):
            await pilot.press("end", "enter")
            await settled(pilot)
            pilot.app.listen("debate~q2~0")
            await settled(pilot)
            texts.append(text_of(pilot.app))
            await pilot.press("escape")
            await settled(pilot)
        return texts

    tell(run)
    say(run, "debate~q2~0", "4:0", "alice", "Half a")
    assert ["Half a▌" in text for text in gestures(opened(run), again)] == [True, True]


class Meanwhile(ArenaApp):
    """Between the reading of an episode and what is told of it something happens, once, and the log is looked at."""

    CSS_PATH = STYLES
    happens = None

    def _events(self, name, notices):
        events = super()._events(name, notices)
        if self.happens is not None:
            self.happens, happens = None, self.happens
            happens()
            look = self.call_from_thread(self.look)
            self.call_from_thread(look.wait)
        return events


def test_what_is_logged_while_an_episode_is_read_for_the_first_time_is_shown_too(tmp_path):
    folder = write(tmp_path / "run", header(debate=1), debate("q2", rounds=1))
    rest = Script("debate", "q2")
    rest.events = debate("q2", 0, 0).events[len(debate("q2", rounds=1).events) :]

    async def act(pilot):
        pilot.app.happens = lambda: write(folder, {}, rest)
        await pilot.press("end", "enter")
        await settled(pilot)
        return text_of(pilot.app)

    text = gestures(opened(folder, kind=Meanwhile), act)
    assert "(round 2)" in text
    assert "decision: (A)" in text


def test_growing_leaves_the_boxes_that_are_there(run):
    """What has the focus keeps it, and nothing flickers."""
    tell(run)

    async def play(pilot):
        first = list(pilot.app.screen.query(TurnBox))
        say(run, "debate~q2~0", "4:0", "alice", "More")
        pilot.app.listen("debate~q2~0")
        await settled(pilot)
        boxes = list(pilot.app.screen.query(TurnBox))
        return first, boxes

    first, boxes = gestures(opened(run, episode="debate~q2~0"), play, "9")
    assert boxes[: len(first)] == first
    assert len(boxes) == len(first) + 1


def test_the_engine_is_asked_once_to_tell_words_and_told_when_nobody_listens_any_more(run):
    tell(run)
    listening(run, lambda: None)
    assert asked(run) == [("stream", True), ("stream", False)]


def test_words_are_no_longer_wanted_when_the_episode_is_left(run):
    async def act(pilot):
        pilot.app.listen("debate~q2~0")
        before = asked(run)
        await pilot.press("escape")
        await settled(pilot)
        return before, asked(run)

    tell(run)
    before, after = gestures(opened(run, episode="debate~q2~0"), act)
    assert (before, after) == ([("stream", True)], [("stream", True), ("stream", False)])


class Engine:
    """An engine that this app has started, and that goes on."""

    def running(self):
        return True

    def stop(self):
        raise AssertionError


def test_whoever_started_the_run_wants_words_before_an_episode_is_opened_and_none_when_it_is_left_going(run):
    tell(run)

    async def act(pilot):
        first = asked(run)
        await pilot.press("q", "l")
        return first

    assert gestures(opened(run, engine=Engine()), act) == [("stream", True)]
    assert asked(run) == [("stream", True), ("stream", False)]


def test_an_engine_that_is_gone_is_asked_for_nothing(run):
    tell(run)

    async def act(pilot):
        pilot.app.listen("debate~q2~0")
        tell(run, state="ended")
        pilot.app.look()
        await settled(pilot)
        await pilot.press("escape")

    gestures(opened(run, episode="debate~q2~0"), act)
    assert asked(run) == [("stream", True)]


def test_an_episode_that_only_began_can_be_watched(run):
    with (run / "events-0001.jsonl").open("ab") as file:
        event = Opened(episode="debate~q9~0", t=1.0, arm="debate", question="q9")
        file.write(dump(event).encode() + b"\n")
    tell(run)
    before, _ = listening(run, lambda: None, episode="debate~q9~0")
    assert "debate~q9~0" in before
    assert "nothing was said yet" in before
