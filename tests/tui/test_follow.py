"""Following a log: what is new is read once, in whatever pieces it comes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena.tui.estimates import estimates
from arena.tui.follow import Follower, heard

from .conftest import Script, debate, header, naive, write


def read(follower):
    return any(list(follower.read()))


def test_episodes_stand_in_the_order_in_which_they_began(small):
    follower = Follower(small)
    read(follower)
    assert [row.question for row in follower.rows] == ["q1", "q1", "q2", "q2", "q3", "q3"]


def test_a_second_look_at_the_same_log_has_no_news(small):
    follower = Follower(small)
    assert read(follower)
    assert not read(follower)


def test_a_later_process_of_the_run_is_followed_too(small):
    follower = Follower(small)
    read(follower)
    write(small, header(debate=3, naive=3), debate("q4", 0, 0))
    read(follower)
    assert follower.rows[-1].episode == "debate~q4~0"


def test_an_episode_that_ends_keeps_its_place(tmp_path):
    run = write(tmp_path / "run", header(debate=2), debate("q1"), debate("q2", 0, 0))
    follower = Follower(run)
    read(follower)
    assert [row.outcome for row in follower.rows] == ["playing", "ok"]
    ended = debate("q1", 0, 0)
    ended.events = ended.events[-2:]
    write(run, header(debate=2), ended)
    read(follower)
    assert [row.outcome for row in follower.rows] == ["ok", "ok"]


@pytest.mark.parametrize("reading, said", [(True, []), (False, ["the log was cut or replaced; it is read anew"])])
def test_a_header_that_tells_of_more_questions_is_taken_without_alarm(tmp_path, reading, said):
    """A run that begins while its questions are read writes its header again; any other that changes is another."""
    first = header(debate=2)
    run = write(tmp_path / "run", {**first, "dataset": {**first["dataset"], "reading": reading}}, debate("q1", 0, 0))
    follower = Follower(run)
    read(follower)
    (run / "run.json").write_text(json.dumps(header(debate=40)))
    read(follower)
    assert follower.board.total == 40
    assert [row.question for row in follower.rows] == ["q1"]
    assert follower.notices == said


def test_calls_are_counted(small):
    follower = Follower(small)
    read(follower)
    assert follower.calls == sum(row.calls for row in follower.rows) == 3 * 6 + 2 * 2


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(1, 20_000), max_size=6))
def test_it_reads_the_same_in_whatever_pieces_the_log_grows(tmp_path_factory, cuts):
    run = write(
        tmp_path_factory.mktemp("cut") / "run", header(debate=1, naive=1), debate("q1", 0, 1), naive("q1", 1, 1)
    )
    path = next(run.glob("events-*.jsonl"))
    data = path.read_bytes()
    whole = Follower(run)
    read(whole)
    path.write_bytes(b"")
    follower = Follower(run)
    for end in [*sorted(cuts), len(data)]:
        path.write_bytes(data[:end])
        read(follower)
    assert (follower.rows, follower.calls, follower.notices) == (whole.rows, whole.calls, [])


def test_lines_that_are_longer_than_what_is_read_at_once_are_put_together(small):
    whole, pieces = Follower(small), Follower(small, chunk=100)
    assert read(whole)
    assert read(pieces)
    assert (pieces.rows, pieces.calls, pieces.notices) == (whole.rows, whole.calls, [])


def test_words_are_found_in_replies_whatever_their_case(tmp_path):
    said = debate("q1", 0, 0, text='He said "Pelican\u00e9"!')
    run = write(tmp_path / "run", header(debate=2), said, debate("q2", 0, 0))
    assert set(heard(run, 'said "pelican\u00c9"')) == {"debate~q1~0"}
    assert set(heard(run, "toucan")) == set()


def arms(*scripts, groups=None, **planned):
    def at(folder):
        head = header(**planned)
        head["dataset"]["groups"] = groups or head["dataset"]["n"]
        follower = Follower(write(folder, head, *scripts))
        read(follower)
        return estimates(follower.board)

    return at


def test_a_run_that_is_done_ends_at_its_score_and_the_population_stays_open(tmp_path):
    found = arms(debate("q1", 0, 0), debate("q2", 1, 1), debate=2)(tmp_path / "run")["debate"]
    assert found.final == (0.5, 0.5)
    assert found.population[0] < 0.1
    assert found.population[1] > 0.9


def test_a_difference_rests_on_the_questions_that_both_arms_have_done(tmp_path):
    scripts = debate("q1", 0, 0), naive("q1", 1, 1), debate("q2", 0, 0), naive("q2")
    found = arms(*scripts, debate=2, naive=2)(tmp_path / "run")
    assert found["debate"].difference == 1.0
    assert found["naive"].difference is None
    assert found["debate"].n == 2


def test_more_arms_widen_each_interval_for_all_hold_at_once(tmp_path):
    one = arms(debate("q1", 0, 0), debate("q2", 0, 0), debate=9)(tmp_path / "one")["debate"]
    two = arms(debate("q1", 0, 0), debate("q2", 0, 0), debate=9, naive=9)(tmp_path / "two")["debate"]
    assert two.population[0] < one.population[0]


def test_nothing_is_said_of_an_arm_that_has_done_nothing(tmp_path):
    found = arms(debate("q1"), debate=1)(tmp_path / "run")["debate"]
    assert (found.score, found.final, found.population) == (None, None, None)


def test_a_single_verdict_a_question_is_right_or_wrong_and_counted_as_such(tmp_path):
    single = [Script("debate", f"q{n}").decided(0) for n in range(8)]
    found = arms(*single, debate=10)(tmp_path / "run")["debate"]
    assert found.final[1] == 1.0
    assert found.final[0] >= 0.4
