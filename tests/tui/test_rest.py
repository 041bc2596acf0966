"""How the tests of the screens wait: for what is done, and never for a clock."""

import asyncio

import pytest
from textual import work
from textual.app import App
from textual.widgets import Footer, Input, Label, TextArea

from . import rest


class Chain(App):
    """Each part of a work tells the next one to begin, more often than any fixed number of looks would see."""

    LINKS = 40

    def __init__(self):
        super().__init__()
        self.done = 0

    def compose(self):
        yield Label("0")

    def key_g(self):
        self.link()

    def link(self):
        self.done += 1
        if self.done < self.LINKS:
            then = self.call_after_refresh if self.done % 2 else self.query_one(Label).call_later
            then(self.link)
        self.query_one(Label).update(f"link {self.done}")


class Changing(App):
    """Its keys come and go, and the footer is made anew each time, after the screen was drawn."""

    BINDINGS = [("a", "one", "First"), ("b", "two", "Second")]
    shown = "one"

    def compose(self):
        yield Footer()

    def check_action(self, action, parameters):
        return action == self.shown or action not in {"one", "two"}


class Writing(App):
    """A box to write in."""

    def __init__(self, box):
        super().__init__()
        self.box = box

    def compose(self):
        yield self.box


def during(app, act):
    async def play():
        async with app.run_test() as pilot:
            await rest.at_rest(app)
            return await act(pilot)

    return asyncio.run(play())


@pytest.fixture
def starved(monkeypatch):
    """A machine that gives the process no time: a wait that goes by the processor's clock is over at once."""

    async def at_once(*_):
        await asyncio.sleep(0)

    monkeypatch.setattr("textual.pilot.wait_for_idle", at_once)


def test_a_screen_is_at_rest_when_all_that_follows_from_a_key_is_done(starved):
    app = Chain()

    async def act(_):
        app.link()
        await rest.at_rest(app)
        return app.done, str(app.query_one(Label).render())

    assert during(app, act) == (Chain.LINKS, f"link {Chain.LINKS}")


def test_a_footer_that_changes_is_waited_for(starved):
    app = Changing()

    async def act(_):
        found = []
        for shown in ("two", "one", "two"):
            app.shown = shown
            app.refresh_bindings()
            await rest.at_rest(app)
            found.append([key.description for key in app.screen.query("FooterKey") if key.region.width])
        return found

    told = during(app, act)
    assert ["Second" in names for names in told] == [True, False, True]
    assert ["First" in names for names in told] == [False, True, False]


@pytest.mark.parametrize("box", [Input, TextArea])
def test_a_cursor_is_seen_and_does_not_blink(box):
    app = Writing(box())

    async def act(_):
        app.box.cursor_blink = True
        app.box._cursor_visible = False  # as after half a second
        await rest.at_rest(app)
        timer = app.box._blink_timer if box is Input else app.box.blink_timer
        return app.box._cursor_visible, app.box.cursor_blink, timer._active.is_set()

    assert during(app, act) == (True, False, False)


class Working(App):
    """Works for as long as it is there."""

    @work
    async def on_mount(self):
        await asyncio.Event().wait()


def test_work_that_ends_with_its_app_is_no_failure():
    app = Working()

    async def act(_):
        app.workers.cancel_all()
        await rest.worked(app)
        return [worker.is_finished for worker in app.workers]

    assert all(during(app, act))


def test_nothing_is_waited_for_in_an_app_that_has_ended():
    app = Chain()

    async def act(_):
        app.exit()
        await rest.at_rest(app)
        return app.done

    assert during(app, act) == 0
