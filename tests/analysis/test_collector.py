"""What a table keeps of what the judge heard, and the names behind its codes."""

from __future__ import annotations

import pytest

from arena.analysis.collector import Collector
from arena.events import Spend, dump

HASHES = ("ff" * 8, "ff" * 8, "01" * 8, "")


def test_rows_point_at_their_episode_even_where_another_was_scored_twice(make):
    table = make.table(make.episode("q", "error", "error"), make.episode("r", 1), make.episode("q", 1, 0))
    names = [table.names.episodes[code] for code in table.rows.episode]
    assert names == ["debate~r~0~", "debate~q~0~", "debate~q~0~"]
    assert [table.names.questions[code] for code in table.episodes.question] == ["r", "q"]


@pytest.mark.parametrize("by_line", [False, True])
def test_a_table_stays_as_it_was_when_more_is_taken_in(make, by_line):
    collector, seen = Collector(), []
    for question in "qrs":
        event = make.episode(question, 1, 0, spend={"judge": Spend(calls=2)})
        if by_line:
            assert collector.add_lines([dump(event).encode()])
        else:
            collector.add(event)
        seen.append(collector.table())
    assert [table.rows.correct.tolist() for table in seen] == [[1, 0], [1, 0] * 2, [1, 0] * 3]
    assert [len(table.episodes) for table in seen] == [len(table.spends) for table in seen] == [1, 2, 3]
    assert [len(table.names.episodes) for table in seen] == [1, 2, 3]


def test_words_are_told_by_who_was_right(make):
    table = make.table(make.episode("q", 1, key=1, words=(30, 50)), make.episode("r", 1, key=0, words=(30, 50)))
    assert table.episodes.honest_words.tolist() == [50, 30]
    assert table.episodes.dishonest_words.tolist() == [30, 50]


def test_words_for_every_wrong_option_are_words_against_the_truth(make):
    table = make.table(make.episode("q", 1, key=1, words=(10, 50, 7)))
    assert (table.episodes.honest_words[0], table.episodes.dishonest_words[0]) == (50, 17)


@pytest.mark.parametrize("last, code", [(1, 0), (0, 1), (None, -1)])
def test_the_last_word_is_that_of_a_side(make, last, code):
    assert make.table(make.episode("q", 1, key=1, last=last)).episodes.last.tolist() == [code]


def test_seats_are_told_by_who_was_right(make):
    table = make.table(
        make.episode("q", 1, key=1, argued={"alice": 0, "bob": 1}),
        make.episode("r", 1, key=0, argued={"alice": 0, "bob": 1}),
        make.episode("s", 1, key=0, argued={}),
    )
    seats = ("nobody", *table.seats)
    honest = [seats[code + 1] for code in table.episodes.honest_seat]
    dishonest = [seats[code + 1] for code in table.episodes.dishonest_seat]
    assert (honest, dishonest) == (["bob", "alice", "nobody"], ["alice", "bob", "nobody"])


def test_equal_transcripts_have_equal_codes_and_none_is_0(make):
    table = make.table(*(make.episode(q, 1, transcript=t) for q, t in zip("abcd", HASHES, strict=True)))
    first, second, third, none = table.episodes.transcript.tolist()
    assert first == second != third
    assert none == 0


@pytest.mark.parametrize("wrong", [{"transcript": "no hash"}, {"words": (-1, 2)}, {"rounds": -1}, {"key": -1}])
def test_an_impossible_number_leaves_the_episode_out(make, wrong):
    with pytest.raises(ValueError):
        make.table(make.episode("q", 1, **wrong))


def test_the_slot_chosen_is_kept_where_there_is_a_verdict(make):
    from arena.events import Score

    rows = make.rows(make.episode("q", Score(slot=0, correct=0, chosen=1), Score(slot=1, correct=0.5), "refused"))
    assert rows.chosen.tolist() == [1, -1, -1]
