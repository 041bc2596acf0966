"""The kit has teeth: what is wrong in a protocol or in the engine does not pass it, and the message says what it is."""

import asyncio
import random

import pytest

from arena import Belief, Question, Table
from arena.errors import UsageError
from arena.prompts import orders
from arena.testing import check
from arena.views import knows
from protocols.amplification import Amplification
from protocols.debate import Debate
from protocols.expert import Expert
from tests.protocols import test_amplification, test_consultancy, test_debate, wrong

# Protocols that are wrong


def test_a_protocol_that_keeps_the_rules_passes():
    check(wrong.Right)


FAULTS = {
    wrong.AnnouncesThePassage: r"passage was announced to every seat by \['passage'\]",
    wrong.TellsTheJudgeWhatWasHandedToOthers: "passage was announced to every seat",
    wrong.PassesThePassageInATurn: "judge was sent the passage without having been handed it",
    wrong.PassesOnThinking: "was sent somebody's thinking",
    wrong.DrawsItsOwnRandomness: "depends on",
    wrong.Gathers: "depends on how fast models answer",
    wrong.NamesTheFormItself: r"leave that to its slot \$verdict",
    wrong.FillsASlotThatIsNotThere: r"decide\.md has no slot \$mood",
    wrong.LeavesASlotEmpty: r"speak\.md has the slot \$side",
    wrong.UsesACueWithoutAFile: r"there is no prompts/right/conclude\.md",
    wrong.HasAPromptThatNothingUses: "forgotten",
    wrong.ReturnsANumber: r"0\.75, not a Belief",
    wrong.BelievesInOneOptionOnly: "the belief has 1 numbers for 2 options",
    wrong.LeansOnTheFirstOption: "leans on their order",
    wrong.SwallowsEverything: "was swallowed by the protocol",
    wrong.ChangesItsSettings: "the settings do not come back",
    wrong.RemembersEarlierEpisodes: "depends on",
    wrong.AsksAnewAfterACrash: "a crash after 0 calls paid for others than a game without one",
}


@pytest.mark.parametrize("protocol", FAULTS, ids=lambda protocol: protocol.__name__)
def test_a_protocol_that_breaks_a_rule_is_told_which(protocol):
    with pytest.raises((AssertionError, UsageError), match=FAULTS[protocol]):
        check(protocol)


def test_a_fault_under_one_setting_only_is_found():
    class Sometimes(wrong.Right):
        __module__ = wrong.__name__
        hasty: bool = False

        async def speak(self, question: Question, table: Table) -> None:
            await (wrong.Gathers.speak if self.hasty else wrong.Right.speak)(self, question, table)

    with pytest.raises(AssertionError, match="how fast models answer"):
        check(Sometimes)


def test_replies_in_a_form_of_its_own_are_given_by_the_author():
    def shy(request):
        return "nothing in the usual form"

    with pytest.raises(Exception, match="could be read"):
        check(wrong.Right, replies=shy)


# Engines that are wrong


class ViewOfEachTurn(Table):
    """Takes the view of each turn when its call is made, and lets everybody hear it at once."""

    async def together(self, *turns):
        return tuple(await asyncio.gather(*(self.ask(turn) for turn in turns)))


class HandsToEverybody(Table):
    """Tells every seat what was meant for some."""

    def hand(self, cue, *, to, **fields):
        super().hand(cue, to=self.seats, **fields)


class ChildrenAtOneAddress(Table):
    """Gives the tables of one `each` the same address."""

    async def each(self, items, work, *, inherit=False):
        act = self._act()
        return list(await asyncio.gather(*(work(type(self)(self._episode, f"{act}.0/"), item) for item in items)))


class ChildrenThatInherit(Table):
    """Opens tables that know what the one before them knew."""

    async def each(self, items, work, *, inherit=False):
        return await super().each(items, work, inherit=True)


class RetriesForEver(Table):
    """Asks again for as long as a reply cannot be read."""

    def __init__(self, episode, path="", events=()):
        super().__init__(episode, path, events)
        episode.retries = 1_000_000


class DealsByItself(Table):
    """Deals by a chance that is neither seeded nor logged."""

    def deal(self, items):
        return tuple(random.sample(list(items), len(list(items))))


class HearsTheRawReply(Table):
    """Lets everybody hear what a seat wrote, and not what was read off it."""

    def _said(self, at, turn, fields, known, heard, value, reply):
        return super()._said(at, turn, fields, known, reply.text, value, reply)


def conforms(protocol):
    """The kit, as the one that catches."""
    return pytest.param(lambda: check(protocol), id=f"check({protocol.__name__})")


def rule(test, *arguments):
    """A test of a rule book, as the one that catches."""
    return pytest.param(lambda: test(*arguments), id=test.__name__)


MUTANTS = [
    (ViewOfEachTurn, conforms(Debate)),
    (ViewOfEachTurn, conforms(wrong.Right)),
    (
        ViewOfEachTurn,
        rule(test_debate.test_in_a_simultaneous_round_neither_debater_reads_what_the_other_says_in_it),
    ),
    (HandsToEverybody, rule(test_debate.test_both_debaters_read_the_passage_and_the_judge_never_does)),
    (HandsToEverybody, rule(test_consultancy.test_the_consultant_reads_the_passage_and_the_judge_never_does)),
    (HandsToEverybody, rule(test_amplification.test_the_overseer_never_reads_the_passage_and_every_worker_does, 0, {})),
    (ChildrenAtOneAddress, rule(test_amplification.test_every_act_has_a_place_of_its_own)),
    (ChildrenAtOneAddress, conforms(Amplification)),
    (ChildrenThatInherit, rule(test_amplification.test_the_parts_know_nothing_of_each_other_or_of_the_whole)),
    (RetriesForEver, rule(test_debate.test_a_verdict_that_cannot_be_read_goes_back_with_the_reason_at_most_twice)),
    (DealsByItself, conforms(Debate)),
    (DealsByItself, rule(test_debate.test_the_dealing_is_logged)),
    (HearsTheRawReply, conforms(Debate)),
    (HearsTheRawReply, rule(test_debate.test_thinking_is_heard_by_nobody_not_even_later_by_its_thinker)),
]


@pytest.mark.parametrize(
    "mutant, caught_by",
    [pytest.param(mutant, *by.values, id=f"{mutant.__name__}-{by.id}") for mutant, by in MUTANTS],
)
def test_a_wrong_table_is_caught(mutant, caught_by, monkeypatch):
    monkeypatch.setattr("arena.testing.Table", mutant)
    monkeypatch.setattr("arena.table.Table", mutant)
    with pytest.raises((AssertionError, ValueError)):
        caught_by()


def everything(events, seat):
    """What a seat knows, where audiences are not looked at."""
    names = {name for event in events for name in getattr(event, "to", ())} | {seat}
    return [event for event in events if any(known is event for name in names for known in knows(events, name))]


FUNCTIONS = [
    ("arena.table.knows", everything, conforms(wrong.Right)),
    ("arena.table.knows", everything, rule(test_debate.test_both_debaters_read_the_passage_and_the_judge_never_does)),
    (
        "arena.readers.public",
        str.strip,
        rule(test_debate.test_thinking_is_not_heard_where_the_speech_has_no_tags_either),
    ),
    (
        "arena.episode.orders",
        lambda question: (orders(question)[0],) * 2,
        rule(test_debate.test_the_judge_decides_once_on_each_order_of_the_options),
    ),
    (
        "arena.prompts._arranged",
        lambda known, *_: list(known),
        rule(test_debate.test_the_two_presentations_hold_the_same_speeches_each_round_in_the_order_of_its_options),
    ),
    (
        "arena.prompts._speech",
        lambda seat, text, statuses: f'<speech by="{seat}">\n{text}\n</speech>',
        conforms(Debate),
    ),
]


@pytest.mark.parametrize(
    "place, mutant, caught_by",
    [pytest.param(place, mutant, *by.values, id=f"{place}-{by.id}") for place, mutant, by in FUNCTIONS],
)
def test_a_wrong_function_of_the_engine_is_caught(place, mutant, caught_by, monkeypatch):
    monkeypatch.setattr(place, mutant)
    if place == "arena.readers.public":
        monkeypatch.setattr("arena.table.public", mutant)
    with pytest.raises(AssertionError):
        caught_by()


def test_a_protocol_of_ours_with_randomness_of_its_own_is_caught():
    class Mutant(Debate):
        __module__, prompts = Debate.__module__, "debate"

        async def run(self, question: Question, table: Table) -> Belief:
            options = tuple(random.sample(question.options, 2))
            return await super().run(question.model_copy(update={"options": options}), table)

    with pytest.raises(AssertionError):
        check(Mutant)


def test_the_unchanged_engine_passes_what_the_changed_ones_fail():
    for protocol in (Debate, Amplification, Expert):
        check(protocol, settings={"rounds": 2} if protocol is Debate else {})
