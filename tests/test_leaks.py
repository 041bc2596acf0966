"""A preface that holds what its reader may not know fails every test of who may read what."""

import random
from dataclasses import replace

import pytest

from arena.events import Said, Shown
from arena.table import Table
from arena.testing import FORGED, THOUGHT, check
from protocols.amplification import Amplification
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.naive import Naive
from tests import test_information
from tests.protocols import test_amplification, test_consultancy, test_debate, test_naive, wrong
from tests.table import test_audiences, test_failures, test_moments, test_requests, test_verdicts

REQUEST, CALL = Table._request, Table._call


def leaky(leak):
    """A way to make requests that puts into each preface what `leak` finds at the table."""

    def request(self, turn, known, fields, order):
        right = REQUEST(self, turn, known, fields, order)
        return replace(right, preface=f"{right.preface}\n\n{leak(self)}", _content="")

    return request


def all_that_was_told(table):
    """The passage, and all that was shown or said to whomever."""
    texts = [str(table._episode.question.passage)]
    for event in table._events:
        if isinstance(event, Shown):
            texts += [value for value in event.fields.values() if isinstance(value, str)]
        elif isinstance(event, Said):
            texts.append(event.text)
    return "\n".join(texts)


@pytest.fixture
def leaking(monkeypatch, request):
    """A table whose prefaces hold what the test is given for."""
    replies = []

    async def call(self, *arguments):
        reply = await CALL(self, *arguments)
        replies.append(reply.text)
        return reply

    leaks = {
        "what was told": all_that_was_told,
        "the passage": lambda table: str(table._episode.question.passage),
        "a thought": lambda _: THOUGHT,
        "a forged speech": lambda _: FORGED,
        "what was replied": lambda _: "\n".join(replies),
        "what nobody knows": lambda _: str(random.random()),
        "a posterior": lambda _: "0.123456789",
    }
    monkeypatch.setattr(Table, "_call", call)
    monkeypatch.setattr(Table, "_request", leaky(leaks[request.param]))


def conforms(otherwise):
    """The kit, which must say what it saw, for each of these protocols."""

    def checked(protocol):
        with pytest.raises(AssertionError, match=otherwise):
            check(protocol)
        raise AssertionError

    protocols = (Debate, Consultancy, Amplification, Naive, wrong.Right)
    return [pytest.param(lambda _, each=each: checked(each), id=f"check({each.__name__})") for each in protocols]


def rule(test, *arguments):
    return pytest.param(lambda _: test(*arguments), id=test.__name__)


def played(test, *arguments):
    """A test that plays a run into a folder."""
    return pytest.param(lambda folder: test(folder, *arguments), id=test.__name__)


HOSTILE = "a forged quote mark", "the end of the speech", "a right-to-left override"

CAUGHT = {
    "the passage": conforms("was sent the passage without having been handed it"),
    "a thought": conforms("was sent somebody's thinking"),
    "a forged speech": conforms("a forged speech reached"),
    "what was told": [
        rule(test_debate.test_both_debaters_read_the_passage_and_the_judge_never_does),
        rule(test_consultancy.test_the_consultant_reads_the_passage_and_the_judge_never_does),
        rule(test_amplification.test_the_overseer_never_reads_the_passage_and_every_worker_does, 0, {}),
        rule(test_amplification.test_the_overseer_never_reads_the_passage_and_every_worker_does, 3, {"distil": True}),
        rule(test_naive.test_the_judge_never_reads_the_passage),
        rule(test_audiences.test_what_is_handed_is_told_to_those_it_names_and_to_no_other),
        rule(test_audiences.test_a_private_turn_is_known_to_its_speaker_alone),
        rule(test_audiences.test_a_turn_is_heard_by_those_it_names),
        rule(test_requests.test_a_text_reaches_its_audience_and_nobody_else),
        rule(test_information.test_a_passage_cannot_leave_its_fence),
        rule(
            test_information.test_a_hostile_passage_stays_inside_its_fence_before_everything, Debate(rounds=1), "a null"
        ),
    ],
    "what was replied": [
        rule(test_debate.test_in_a_simultaneous_round_neither_debater_reads_what_the_other_says_in_it),
        rule(test_debate.test_thinking_is_heard_by_nobody_not_even_later_by_its_thinker),
        rule(test_debate.test_thinking_is_not_heard_where_the_speech_has_no_tags_either),
        rule(test_debate.test_words_beyond_the_limit_are_not_heard),
        rule(test_debate.test_neither_verdict_is_known_to_the_other),
        rule(test_debate.test_a_reply_that_cannot_be_read_is_heard_by_nobody),
        rule(test_consultancy.test_thinking_is_heard_by_nobody),
        rule(test_consultancy.test_words_beyond_the_limit_are_not_heard),
        rule(test_amplification.test_thinking_is_heard_by_nobody),
        rule(test_amplification.test_the_parts_know_nothing_of_each_other_or_of_the_whole),
        rule(test_moments.test_together_nobody_hears_another_even_if_replies_come_back_at_once, None),
        rule(test_moments.test_each_item_is_worked_on_at_a_blank_table),
        rule(test_moments.test_what_is_said_at_a_table_of_its_own_is_not_heard_elsewhere),
        rule(test_audiences.test_a_private_turn_is_known_to_its_speaker_alone),
        rule(test_audiences.test_a_turn_is_heard_by_those_it_names),
        rule(test_audiences.test_thinking_is_in_no_other_request_not_even_of_the_same_seat),
        rule(test_audiences.test_thinking_is_not_heard_through_a_reader_that_lets_it_pass),
        rule(test_requests.test_a_text_reaches_its_audience_and_nobody_else),
        rule(test_failures.test_what_could_not_be_read_is_part_of_no_later_conversation),
        rule(test_verdicts.test_a_verdict_is_heard_by_nobody_and_part_of_no_later_conversation),
        *(
            rule(
                test_information.test_a_hostile_text_changes_nothing_but_its_own_speech_in_what_others_are_sent,
                *(Debate(rounds=2), "alice", hostile),
            )
            for hostile in HOSTILE
        ),
        rule(test_information.test_nothing_hidden_reaches_another_seat, "a right-to-left override"),
        rule(test_information.test_no_mark_of_the_verifier_can_be_forged, "a forged quote mark"),
        rule(test_information.test_a_hostile_answer_of_a_part_stays_inside_its_finding, "a verdict"),
    ],
    "what nobody knows": [
        *conforms("depends on"),
        played(test_information.test_with_other_keys_nothing_that_a_model_sees_changes_by_a_byte, "by hand"),
    ],
    "a posterior": [played(test_information.test_the_posterior_of_a_perfect_reader_is_told_to_nobody)],
}


@pytest.mark.parametrize(
    "leaking, caught_by",
    [pytest.param(leak, *by.values, id=f"{leak}-{by.id}") for leak, catchers in CAUGHT.items() for by in catchers],
    indirect=["leaking"],
)
def test_a_preface_that_tells_too_much_is_caught(leaking, caught_by, tmp_path):
    with pytest.raises((AssertionError, ExceptionGroup)):  # hypothesis groups two ways to fail
        caught_by(tmp_path)
