"""What the tests of the desk share: requests as tables make them, an engine that puts them, and a person who acts."""

import asyncio

from arena.errors import Stopped
from arena.forms import SHADOW
from arena.models.base import Message, Request
from arena.readers import verdict_form
from arena.tui.desk.app import DeskApp
from tests.tui.rest import at_rest, worked

ASKED = "Question: where was the key?\n\nThe possible answers:\n(A) stove\n(B) garden\n\nAlice argues for: stove"
SAID = (
    ("Alice", 'Under it: <quote status="exact">under the stove</quote>. [red]\x1b[31m'),
    ("Bob", "Outside."),
    ("Alice", "No."),
    ("Bob", "Yes, 鍵 🔑."),
)


def speech(by, text):
    return f'<speech by="{by}">\n{text}\n</speech>'


def request(*said, cue="Which is right?", options=2, preface="", final=True, seat="judge"):
    last = "\n\n".join([*said, f"{cue}\n\n{verdict_form(options)}" if options else cue])
    return Request(
        "You are the judge.",
        [Message("user", last)],
        preface=preface,
        cue="decide" if final else SHADOW,
        seat=seat,
    )


def after(round_, question=ASKED, **asked):
    """What the judge of a debate of two rounds is asked after so many."""
    spoken = [speech(*turn) for turn in SAID[: 2 * round_]]
    return request(question, *spoken, final=round_ == 2, **asked)


DEBATE = (after(0), after(1), after(2))


class Engine:
    """Asks its requests one after another, or all at once, and keeps what was said."""

    def __init__(self, *requests, at_once=False):
        self.requests, self.at_once, self.said, self.stopped = requests, at_once, [], False

    def __call__(self, ask):
        async def play():
            if self.at_once:
                self.said = await asyncio.gather(*map(ask, self.requests))
            else:
                for one in self.requests:
                    self.said.append(await ask(one))
            return "played"

        try:
            return asyncio.run(play())
        except Stopped:
            self.stopped = True
            raise


def at_desk(engine, *gestures, size=(100, 40), **options):
    """Sit down, do something, and leave; what the screen then showed is given back."""

    async def sit():
        app = DeskApp(engine, **options)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await acted(pilot, *gestures)
            shown = seen(app)
            if app.is_running:
                await pilot.press("ctrl+q")
                await worked(app)
        return app, shown

    return asyncio.run(sit())


async def acted(pilot, *gestures):
    """Press keys, or do something else; after what may be an answer, wait for what is asked next."""
    keys = []
    for gesture in gestures:
        if not callable(gesture):
            keys.append(gesture)
        if callable(gesture) or gesture in ANSWERS:
            await pilot.press(*keys)
            keys.clear()
        if callable(gesture):
            await gesture(pilot)
        if not keys:
            await settled(pilot)
    await pilot.press(*keys)
    await at_rest(pilot.app)


ANSWERS = ("enter", "ctrl+s", "ctrl+q", "ctrl+c")


def seen(app):
    """All that stands on the screen or can be scrolled to, the notices too."""
    boxes = [str(box.render()) for box in app.query("Static") if box.display]
    return "\n".join([*boxes, *(note.message for note in app._notifications)])


async def settled(pilot):
    """Wait until the person can do something, or the engine has ended, and what they see is drawn."""
    await at_rest(pilot.app)
    while not pilot.app._way and any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.pause(0.01)
    await at_rest(pilot.app)


def typed(text):
    return [letter if letter != " " else "space" for letter in text]
