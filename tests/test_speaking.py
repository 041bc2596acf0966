"""What is said while it is said, and what a reader makes of the lines of it."""

import json
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from arena.live import MOST_TEXT, Words
from arena.speaking import Speaking


class Folder:
    """A live side on disk to which the lines of some speaking go, and somebody who reads it."""

    def __init__(self, path, most=1 << 20):
        (path / "live").mkdir(parents=True)
        self.path, self.speaking, self.words = path, Speaking(most), Words(path)

    def flush(self):
        if taken := self.speaking.take():
            number, data = taken
            with (self.path / "live" / f"words-{number:04}.jsonl").open("ab") as file:
                file.write(data)
        return taken

    def read(self):
        self.flush()
        return self.words.read()

    def heard(self, episode="e"):
        self.read()
        return {place: heard.text for place, heard in self.words.of(episode).items()}


def test_pieces_between_two_looks_are_one_line(tmp_path):
    folder = Folder(tmp_path)
    hear = folder.speaking.hearer("e", "1:0", 0, "alice")
    hear("Good ")
    hear("morning")
    _, data = folder.flush()
    assert json.loads(data) == {"episode": "e", "at": "1:0", "attempt": 0, "seat": "alice", "text": "Good morning"}
    assert folder.flush() is None


def test_a_reader_has_what_was_said_so_far_at_each_place(tmp_path):
    folder = Folder(tmp_path)
    alice, bob = (folder.speaking.hearer("e", f"1:{i}", 0, seat) for i, seat in enumerate(("alice", "bob")))
    alice("It ")
    assert folder.read() == {("e", "1:0")}
    alice("was.")
    bob("No.")
    assert folder.heard() == {"1:0": "It was.", "1:1": "No."}
    assert folder.words.at("e", "1:1") == ("bob", 0, "No.")
    assert folder.words.at("e", "7") is None


def test_what_is_void_is_heard_no_longer(tmp_path):
    folder = Folder(tmp_path)
    hear = folder.speaking.hearer("e", "1", 0, "alice")
    hear("It wa")
    folder.read()
    hear(None)
    assert folder.heard() == {}
    hear("It is.")
    assert folder.heard() == {"1": "It is."}


def test_what_is_void_before_anybody_could_hear_it_was_never_said(tmp_path):
    folder = Folder(tmp_path)
    hear = folder.speaking.hearer("e", "1", 0, "alice")
    hear("It wa")
    hear(None)
    hear("It is.")
    _, data = folder.flush()
    assert [json.loads(line)["text"] for line in data.splitlines()] == ["It is."]


def test_a_second_attempt_takes_the_place_of_the_first(tmp_path):
    folder = Folder(tmp_path)
    folder.speaking.hearer("e", "1", 0, "alice")("Mumble.")
    folder.read()
    folder.speaking.whole("e", "1", 0)
    folder.speaking.hearer("e", "1", 1, "alice")("Clear.")
    assert folder.heard() == {"1": "Clear."}
    assert folder.words.at("e", "1").attempt == 1


def test_a_file_that_is_full_is_followed_by_one_that_stands_alone(tmp_path):
    folder = Folder(tmp_path, most=200)
    hear = folder.speaking.hearer("e", "1", 0, "alice")
    done = folder.speaking.hearer("e", "2", 0, "bob")
    done("All of it.")
    for n in range(10):
        hear(f"word{n} ")
        folder.read()
        folder.speaking.whole("e", "2", 0)
    said = "".join(f"word{n} " for n in range(10))
    assert folder.words.at("e", "1").text == said
    assert folder.speaking.number > 2
    for path in sorted((tmp_path / "live").iterdir())[:-1]:
        path.unlink()
    late = Words(tmp_path)
    late.read()
    assert late.of("e") == {"1": ("alice", 0, said)}


def test_an_endless_reply_is_not_told_for_ever(tmp_path):
    folder = Folder(tmp_path)
    hear = folder.speaking.hearer("e", "1", 0, "alice")
    for _ in range(5):
        hear("x" * (MOST_TEXT // 3))
    assert folder.heard() == {"1": "x" * MOST_TEXT}


def test_nothing_is_kept_of_an_episode_that_is_over(tmp_path):
    folder = Folder(tmp_path)
    folder.speaking.hearer("e", "1", 0, "alice")("Bye.")
    folder.speaking.hearer("f", "1", 0, "alice")("Still here.")
    folder.flush()
    folder.speaking.over("e")
    folder.speaking.begin()
    _, data = folder.flush()
    assert [json.loads(line)["episode"] for line in data.splitlines()] == ["f", "f"]
    folder.words.read()
    folder.words.forget("e")
    assert (folder.words.of("e"), list(folder.words.of("f"))) == ({}, ["1"])


PLACES = st.tuples(st.sampled_from("ef"), st.sampled_from(["1", "2:0"]))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), PLACES, st.none() | st.text(max_size=9)), st.just(("flush",)), st.just(("cut",))
    )
)


@given(ACTS)
def test_whatever_was_said_and_taken_back_a_reader_hears_what_is_left(tmp_path_factory, acts):
    folder = Folder(tmp_path_factory.mktemp("run"), most=150)
    hearers = defaultdict(lambda: None)
    left = defaultdict(str)
    for act in acts:
        if act[0] == "say":
            _, place, text = act
            hearers[place] = hearers[place] or folder.speaking.hearer(*place, 0, "alice")
            hearers[place](text)
            left[place] = left[place] + text if text is not None else ""
        elif act[0] == "flush":
            folder.read()
        else:
            folder.speaking.begin()
    found = {(episode, at): text for episode in "ef" for at, text in folder.heard(episode).items() if text}
    assert found == {place: text for place, text in left.items() if text}


def test_half_a_surrogate_pair_can_be_told(tmp_path):
    folder = Folder(tmp_path)
    folder.speaking.hearer("e", "1", 0, "alice")("a\ud83db")
    assert folder.heard() == {"1": "a\ud83db"}


def test_lines_that_are_none_are_passed_over_and_a_line_that_is_cut_waits_for_its_end(tmp_path):
    folder = Folder(tmp_path)
    line = b'{"episode":"e","at":"1","attempt":0,"seat":"a","text":"Yes."}\n'
    path = tmp_path / "live" / "words-0001.jsonl"
    path.write_bytes(b'nonsense\n\xff\xfe\n[]\n{"episode":"e"}\n' + b"[" * 50_000 + b"\n" + line[:20])
    assert folder.words.read() == set()
    with path.open("ab") as file:
        file.write(line[20:])
    assert folder.words.read() == {("e", "1")}


def test_files_of_another_engine_are_read_anew(tmp_path):
    folder = Folder(tmp_path)
    folder.speaking.hearer("e", "1", 0, "alice")("A long speech of old.")
    folder.read()
    (tmp_path / "live" / "words-0001.jsonl").unlink()
    again = Folder.__new__(Folder)
    again.path, again.speaking, again.words = tmp_path, Speaking(), folder.words
    again.speaking.hearer("g", "1", 0, "alice")("New.")
    assert again.heard("g") == {"1": "New."}


def test_without_a_live_side_there_is_nothing_to_hear(tmp_path):
    words = Words(tmp_path / "nowhere")
    assert words.read() == set()
    assert words.of("e") == {}
