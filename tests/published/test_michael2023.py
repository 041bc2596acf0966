"""The rooms of Michael et al. 2023 as episodes."""

import json

import pytest

from arena import log
from arena.errors import DataError
from arena.events import Said, Scored
from arena.outline import page
from arena.published import michael2023
from arena.published.record import record
from arena.report import build
from tests.datasets.conftest import SHARED

ROOMS = SHARED / "michael2023"
shared = pytest.mark.skipif(not ROOMS.is_dir(), reason="the published rooms are not on this machine")


@pytest.fixture
def run(published, tmp_path):
    record(*michael2023.read(published), tmp_path / "run")
    return tmp_path / "run"


def told(run, arm):
    """The events of the one episode of an arm whose speeches are known."""
    [name] = [event.episode for event in log.of_kind(run, "Shown") if event.cue == "question" and arm in event.episode]
    return log.episode(run, name)


def spoken(events):
    return [(event.seat, event.text) for event in events if isinstance(event, Said) and event.order is None]


def test_only_rooms_that_the_paper_counts_and_that_were_judged_are_read(published):
    rooms, _ = michael2023.read(published)
    assert [room.source for room in rooms] == ["the-key-0", "the-key-3", "the-key-2", "the-key-1"]


def test_a_room_is_told_speech_by_speech(run):
    assert spoken(told(run, "human debate")) == [
        ("alice", "It was outside: <quote>under the stove</quote>."),
        ("bob", "Read: <quote>the brass key</quote> stood <quote>under the stove</quote>!"),
        ("judge", "And what did she say?"),
        ("alice", "Nothing."),
        ("bob", "<quote>“It was never lost,” she said.</quote>"),
    ]


def test_every_quote_of_a_room_stands_in_its_passage(run):
    events = told(run, "human debate")
    passage = page(events).handed()["passage"]
    found = [quote for event in events if isinstance(event, Said) for quote in event.quotes]
    assert {quote.status for quote in found} == {"exact"}
    assert [passage[slice(*quote.span)] for quote in found] == [quote.text for quote in found]


def test_the_judge_never_hears_the_passage(run):
    handed = [event for event in told(run, "human debate") if getattr(event, "handed", False)]
    assert [event.to for event in handed] == [("alice", "bob")]


def test_beliefs_between_speeches_are_verdicts_that_nobody_hears(run):
    beliefs = [event for event in told(run, "human debate") if isinstance(event, Said) and event.order is not None]
    assert [event.to for event in beliefs] == [(), (), ()]
    assert "A: 40%\nB: 60%" in beliefs[1].text
    assert beliefs[-1].text.startswith("Clear.")


def test_what_was_said_at_one_moment_is_one_act(run):
    first, second = [event.at for event in told(run, "human debate") if getattr(event, "fields", {}).get("round") == 1]
    assert first.partition(":")[0] == second.partition(":")[0]


def test_the_score_is_that_of_the_final_judgement(run):
    scores = {event.episode.partition("~")[0]: event for event in log.of_kind(run, "Scored")}
    assert [score.p_correct for score in scores["AI debate"].scores] == [0.3]
    assert [score.correct for score in scores["AI debate"].scores] == [0.0]


def test_an_even_belief_is_half_right(run):
    [score] = [event for event in log.of_kind(run, "Scored") if event.arm == "AI consultancy"]
    assert (score.scores[0].correct, score.side) == (0.5, "dishonest")


def test_what_people_did_has_no_known_cost(run):
    assert {event.cost for event in log.of_kind(run, "Scored")} == {None}


def test_rooms_on_one_question_are_repeats(run):
    scored = [
        event for event in log.of_kind(run, "Scored") if isinstance(event, Scored) and event.arm == "human debate"
    ]
    assert [event.repeat for event in scored] == [0, 1]
    assert len({event.question for event in scored}) == 1


def test_a_run_of_them_reports(run):
    report = build(run)
    assert [arm.arm.name for arm in report.arms] == ["human debate", "AI debate", "AI consultancy"]
    assert not report.simulated


def test_the_header_says_where_it_is_from(run):
    found = log.header(run)
    assert found["imported"]["format"] == "michael2023"
    assert "arXiv:2311.08702" in found["imported"]["citation"]


def test_a_model_keeps_its_name_and_people_lose_theirs(run):
    text = (run / "run.json").read_text() + (run / "events-0001.jsonl").read_text()
    assert "GPT-4" in text
    assert not any(alias in text for alias in ("Ann Alias", "Ben Byname", "Jo Justice"))


def test_a_folder_without_metadata_is_refused_with_what_is_needed(tmp_path):
    with pytest.raises(DataError, match=r"debates-metadata\.jsonl"):
        michael2023.read(tmp_path)


@pytest.mark.parametrize(
    "broken", ["[]", "{", '{"setup": {}, "rounds": []}', '{"setup": {"answers": 3}, "rounds": [{}]}']
)
def test_a_broken_room_is_named(published, broken):
    path = published / "debates" / "the-key-0.json"
    path.write_text(broken)
    with pytest.raises(DataError, match="the-key-0"):
        michael2023.read(published)


@pytest.mark.parametrize("key", [2, "1", None])
def test_a_key_that_is_no_answer_is_named_with_its_line(published, key):
    metadata = published / "debates-metadata.jsonl"
    first, *rest = metadata.read_text().splitlines(keepends=True)
    line = json.loads(first)
    line["status"]["Complete"]["result"]["judgingInfo"]["correctAnswerIndex"] = key
    metadata.write_text(json.dumps(line) + "\n" + "".join(rest))
    with pytest.raises(DataError, match=r"debates-metadata\.jsonl:1: .*correctAnswerIndex"):
        michael2023.read(published)


@shared
def test_the_paper_counts_413_rooms():
    rooms, _ = michael2023.read(ROOMS)
    assert len(rooms) == 413
    assert sum(room.told for room in rooms) == 48


@shared
def test_a_published_room_has_its_speeches_in_the_order_of_its_file(tmp_path):
    rooms, source = michael2023.read(ROOMS)
    [room] = [room for room in rooms if room.source == "lex-6"]
    record([room], source, tmp_path / "run")
    whole = json.loads((ROOMS / "debates" / "lex-6.json").read_text())
    wanted = [
        part["Text"]["text"].strip()
        for one in whole["rounds"]
        for kind, value in one.items()
        if "speeches" in value
        for _, speech in sorted(value["speeches"].items())
        for part in speech["content"]
        if "Text" in part
    ]
    told_all = " ".join(text for _, text in spoken(log.episode(tmp_path / "run", room.episode)))
    places = [told_all.find(text) for text in wanted]
    assert -1 not in places
