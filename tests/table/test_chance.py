"""Chance, and what one iteration leaves for the next."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.events import Dealt
from arena.turns import Lesson
from tests.table.game import QUESTION, Scripted, done, fixed, play

# Chance


@given(st.integers(1, 6), st.integers(), st.integers(0, 1000))
def test_the_first_deal_is_balanced_over_consecutive_turns(count, seed, start):
    """Each item comes to each place once in as many turns as there are items: by enumeration, not by hope."""
    deals = [done(play(fixed(count), seed=seed, turn=start + n)).value for n in range(count)]
    for place in range(count):
        assert sorted(deal[place] for deal in deals) == list(range(count))


@given(st.lists(st.text(), max_size=5), st.integers(), st.integers(0, 9))
def test_a_deal_gives_each_item_once_and_logs_the_order(items, seed, turn):
    async def rules(table):
        return table.deal(items)

    game = done(play(rules, seed=seed, turn=turn))
    (dealt,) = game.only(Dealt)
    assert game.value == tuple(items[i] for i in dealt.order)
    assert sorted(dealt.order) == list(range(len(items)))


def test_the_first_deal_depends_on_the_seed_and_the_turn_and_on_no_question():
    """So that all arms and, turn for turn, all questions are dealt alike."""
    other = QUESTION.model_copy(update={"id": "another", "options": ("x", "y")})
    assert done(play(fixed(5), seed=3)).value == done(play(fixed(5), seed=3, question=other)).value
    assert len({done(play(fixed(5), seed=seed)).value for seed in range(9)}) > 1


def test_later_deals_differ_by_place_and_question_and_are_the_same_when_played_again():
    async def rules(table):
        return [table.deal(range(9)) for _ in range(3)]

    game = done(play(rules)).value
    assert game == done(play(rules)).value
    assert game[1] != game[2]
    other = QUESTION.model_copy(update={"id": "another"})
    assert game[1:] != done(play(rules, question=other)).value[1:]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_dealt_at_other_tables_does_not_depend_on_who_answers_first(seed):
    async def work(table, item):
        await table.ask(table.seats[0]("answer", part=item))
        return table.deal(range(7))

    async def rules(table):
        return await table.each(range(4), work)

    late = {"alice": Scripted(lateness=random.Random(seed))}
    assert done(play(rules, models=late)).value == done(play(rules)).value


# Learning


def test_lessons_of_an_earlier_iteration_are_at_the_table():
    async def rules(table):
        return table.lessons

    lessons = (Lesson("Who?", "He."),)
    assert done(play(rules, lessons=lessons)).value == lessons
    assert done(play(rules)).value == ()


def test_what_is_taught_is_left_for_the_next_iteration():
    async def rules(table):
        table.teach("He did it, for the lamp was lit at nine.")

    assert done(play(rules)).episode.lesson == "He did it, for the lamp was lit at nine."
    assert done(play(fixed(2))).episode.lesson is None
