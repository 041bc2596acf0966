"""When a screen has come to rest: nobody has anything left to do, and all is drawn.

Textual's own `pilot.pause` takes a process that gets no processor for one that has nothing to do. Here every part is
asked instead, over and over, until a round in which none of them did anything but answer.
"""

import asyncio
from contextlib import suppress

from textual._context import message_hook
from textual.events import Callback, Timer
from textual.widgets import Input, TextArea
from textual.worker import WorkerCancelled


class Ear:
    """Counts what is done by the parts of an app, its own questions left out, and the ticks of clocks."""

    def __init__(self):
        self.heard, self._asking, self._own = 0, [], set()

    def __call__(self, message):
        self.heard += not isinstance(message, Timer) and id(message) not in self._own

    async def round(self, app):
        """Have every part do what it was told before, and answer; whether anything was done besides."""
        before, left, answered = self.heard, 0, asyncio.Event()

        def answer():
            nonlocal left
            left -= 1
            if not left:
                answered.set()

        asked = parts(app)
        asking = [Callback(callback=answer) for _ in asked]
        self._asking, self._own = asking, {id(question) for question in asking}
        for part, question in zip(asked, asking, strict=True):
            left += part.post_message(question)
        if left:
            waits = [asyncio.create_task(event.wait()) for event in (answered, app._exception_event)]
            _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for each in pending:
                each.cancel()
        return self.heard > before


def listened():
    """An ear for all that apps do from now on."""
    ear = Ear()
    message_hook.set(ear)
    return ear


def parts(app):
    """The app, its screens, and all that is on them."""
    return [app, *(part for screen in app.screen_stack for part in screen.walk_children(with_self=True))]


async def at_rest(app):
    """Wait until nothing is under way but work on threads, and draw it; cursors stand still, as clocks do in tests."""
    ear, busy = message_hook.get(), True
    while busy and app.is_running and not app._exception:
        steady(app.focused)
        draw(app)
        await app.animator.wait_until_complete()
        busy = await ear.round(app) or pending(app)
    draw(app)


async def worked(app):
    """Wait until no work is under way; what an app that ends gives up is none any more."""
    with suppress(WorkerCancelled):
        await app.workers.wait_for_complete()


def draw(app):
    """Draw what changed, without waiting for the clock that does so sixty times a second."""
    for screen in app.screen_stack:
        screen._on_timer_update()


def pending(app):
    """Whether anything was told to a part that it has not done yet, or a screen has to be laid out anew."""
    told = any(part._next_callbacks or any(map(matters, part._message_queue.values)) for part in parts(app))
    later = any(screen._callbacks for screen in app.screen_stack)
    return told or later or any(moved(screen) for screen in app.screen_stack if screen.is_current)


def matters(message):
    """Whether a message has anything done; `None` ends a part. A screen below another wakes that one for ever."""
    return message is None or not message.no_dispatch


def moved(screen):
    """Whether anything on a screen has another place or size than it was drawn with."""
    return screen._layout_required or screen._scroll_required or screen._recompose_required


def steady(box):
    """Where there is a cursor, let it be seen and not blink."""
    if isinstance(box, Input | TextArea) and box.cursor_blink:
        box.cursor_blink = False
        box._restart_blink()
