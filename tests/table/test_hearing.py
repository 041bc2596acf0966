"""Who hears a reply while it is made, and that nothing depends on it."""

from dataclasses import dataclass

from arena.events import Called, dump
from tests.table.game import VERDICT, Scripted, by_content, done, play


@dataclass
class Aloud(Scripted):
    """Speaks its reply in two pieces before it gives it."""

    async def __call__(self, request):
        reply = await super().__call__(request)
        if request.hear:
            request.hear(reply.text[:3])
            request.hear(reply.text[3:])
        return reply


class Room:
    """Hears everything, and remembers whose it was and where."""

    def __init__(self):
        self.heard = {}

    def __call__(self, at, attempt, seat):
        pieces = self.heard[at, attempt, seat] = []
        return pieces.append


async def debate(table):
    alice, bob, judge = table.seats
    await table.together(alice("argue"), bob("argue"))
    await table.decide(judge)


def seats():
    judge = Aloud(VERDICT.format(60, 40, "A"))
    return {"alice": Aloud(by_content), "bob": Aloud(by_content), "judge": judge}


def test_each_reply_is_heard_at_the_place_of_its_call_and_under_its_seat():
    room = Room()
    game = done(play(debate, models=seats(), hear=room))
    spoken = {(call.at, call.attempt, call.seat): call.text for call in game.only(Called)}
    assert {place: "".join(pieces) for place, pieces in room.heard.items()} == spoken
    assert set(spoken) == {("1:0", 0, "alice"), ("1:1", 0, "bob"), ("2:0", 0, "judge"), ("2:1", 0, "judge")}


def test_a_reply_that_is_asked_for_again_is_heard_as_another_attempt():
    room = Room()

    async def rules(table):
        await table.ask(table.seats[0]("argue"))

    done(play(rules, models={"alice": Aloud(["<thinking>open", "Yes."])}, hear=room))
    assert {place: "".join(pieces) for place, pieces in room.heard.items()} == {
        ("1", 0, "alice"): "<thinking>open",
        ("1", 1, "alice"): "Yes.",
    }


def test_who_hears_changes_nothing_that_is_logged():
    alone = done(play(debate, models=seats()))
    watched = done(play(debate, models=seats(), hear=Room()))
    nobody = done(play(debate, models=seats(), hear=lambda *_: None))
    assert [dump(event) for event in watched.events] == [dump(event) for event in alone.events]
    assert [dump(event) for event in nobody.events] == [dump(event) for event in alone.events]
