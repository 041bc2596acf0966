"""`arena data`: sets looked at, checked and made."""

import io
import json
import sys
from pathlib import Path

import pytest

from arena.cli import data_fetch


def questions(path, n=60, right="yes indeed", wrong="us", first=False):
    """A file of two-option questions in groups of two; the right option is second in every other group, or never."""
    lines = []
    for i in range(n):
        key = 0 if first else i // 2 % 2
        options = [right, wrong] if key == 0 else [wrong, right]
        options = [f"{option} {i}" for option in options]
        lines.append(
            {"id": f"q{i}", "question": f"What of {i}?", "options": options, "answer": key, "group": f"g{i // 2}"}
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


class TestList:
    def test_names_every_set_and_says_whether_it_is_at_hand(self, arena, monkeypatch):
        monkeypatch.delenv("ARENA_DATA", raising=False)
        rows = {line.split()[0]: line for line in arena("data", "list").stdout.splitlines()}
        assert rows["casefiles"].split()[1] == "here"
        assert "not here" in rows["gpqa"]
        assert "give a path" in rows["hub"]


class TestShow:
    def test_prints_the_first_questions_with_their_keys(self, arena, place):
        shown = arena("data", "show", questions(place / "q.jsonl")).stdout
        assert "q0  (group g0)" in shown
        assert "→" in shown
        assert "q3" not in shown

    def test_prints_one_question_whole(self, arena, place):
        path = place / "q.jsonl"
        record = {"id": "x", "question": "Which?", "options": ["a", "b"], "answer": 1, "passage": "A\x1b[31m story."}
        path.write_text(json.dumps(record))
        shown = arena("data", "show", str(path), "x").stdout
        assert "story." in shown
        assert "\x1b" not in shown

    def test_of_an_id_that_is_not_there_says_so(self, arena, place):
        done = arena("data", "show", questions(place / "q.jsonl"), "zzz")
        assert done.exit_code == 2
        assert "no question with the id 'zzz'" in done.stderr


class TestCheck:
    def test_of_a_clean_set_flags_nothing(self, arena, place):
        done = arena("data", "check", questions(place / "q.jsonl", right="so"))
        assert done.exit_code == 0, done.stdout
        assert "nothing that was tested tells the key" in done.stdout

    def test_reports_right_answers_that_are_longer(self, arena, place):
        done = arena("data", "check", questions(place / "q.jsonl"), "--json")
        found = json.loads(done.stdout)
        assert done.exit_code == 1
        assert "is longer, in characters" in found["flagged"]
        assert next(leak["auc"] for leak in found["leaks"] if leak["feature"] == "is longer, in characters") == 1.0

    def test_reports_right_answers_that_stand_first_in_the_source(self, arena, place):
        done = arena("data", "check", questions(place / "q.jsonl", right="so", first=True), "--json")
        assert json.loads(done.stdout)["flagged"] == ["is listed earlier by the source"]

    def test_names_questions_that_stand_twice(self, arena, place):
        record = {"question": "Which?", "options": ["a", "b"], "answer": 1}
        other = {**record, "options": ["a", "c"]}
        (place / "q.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (record, record, other)))
        found = json.loads(arena("data", "check", "q.jsonl", "--json").stdout)
        assert found["twins"] == [["q-1", "q-2"]]
        assert found["restated"] == [["q-1", "q-3"]]

    @pytest.mark.parametrize(
        "change, reason",
        [
            ({"options": ["yes", "Yes."]}, "q.jsonl:2: two options are equal"),
            ({"answer": 7}, "q.jsonl:2: the answer 7 in 'answer' names no option"),
            ({"id": "one"}, "q.jsonl:2: the id 'one' stands at"),
            ({"options": "a"}, "q.jsonl:2: "),
        ],
    )
    def test_of_a_broken_record_names_its_file_and_line(self, arena, place, change, reason):
        record = {"id": "one", "question": "Which?", "options": ["a", "b"], "answer": 1}
        lines = [record, {**record, "id": "two", **change}]
        (place / "q.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
        done = arena("data", "check", "q.jsonl")
        assert done.exit_code == 2
        assert reason in done.stdout
        assert "1 question in 1 group" in done.stdout

    def test_names_every_broken_record_and_audits_the_others(self, arena, place):
        """Each kind of fault a reader can go on after, in one file: bad bytes, broken JSON, another form, no key."""
        path = place / "q.jsonl"
        good = Path(questions(path, n=20, right="so")).read_bytes().splitlines()
        lines = [*good[:3], b'{"a": "\xff"}', b'{"id": "z"', b"[1]", b'{"question": "Which?"}', good[0], *good[3:]]
        path.write_bytes(b"\n".join(lines))
        done = arena("data", "check", str(path))
        assert done.exit_code == 2
        assert "5 faults" in done.stdout
        assert [f"q.jsonl:{n}: " in done.stdout for n in range(3, 10)] == [False, True, True, True, True, True, False]
        assert "20 questions in 10 groups" in done.stdout

    def test_counts_the_faults_that_it_does_not_name(self, arena, place):
        (place / "q.jsonl").write_text('{"no": 1}\n' * 1500)
        done = arena("data", "check", "q.jsonl")
        assert done.exit_code == 2
        assert done.stdout.count("q.jsonl:") == 20
        assert "… and 1,480 more; --json has the first 1,000" in done.stdout
        found = json.loads(arena("data", "check", "q.jsonl", "--json").stdout)["broken"]
        assert (found["count"], len(found["said"])) == (1500, 1000)

    def test_of_a_set_in_several_files_goes_on_with_the_next_file(self, arena, place):
        row = 'Which?,"a","b","c","d",A\n'
        (place / "test").mkdir()
        (place / "test" / "one_test.csv").write_bytes(b"\x1f\x8b\x08 and so on")
        (place / "test" / "two_test.csv").write_text(row + "Which?,a,b\n" + row.replace("Which", "Who") + '"cut,1')
        done = arena("data", "check", f"mmlu?path={place}")
        assert done.exit_code == 2
        for told in (
            "one_test.csv:1: the file is compressed with gzip",
            "two_test.csv:2: 3 cells",
            "two_test.csv:4: the record",
        ):
            assert told in done.stdout
        assert "2 questions" in done.stdout

    def test_with_a_judge_names_what_needs_no_debate(self, arena, place, stranger):
        path = questions(place / "q.jsonl", n=4, right="so")
        done = arena("data", "check", path, "--judge", "odd/judge", "--json", "--out", "runs")
        known = json.loads(done.stdout)["known"]
        assert {row["id"] for row in known} == {"q0", "q1", "q2", "q3"}
        assert not any(row["right"] for row in known)  # it says A in both orders
        assert (place / "runs" / "run.json").is_file()


class TestMake:
    def test_writes_casefiles_that_are_played_as_a_file(self, arena, place):
        done = arena("data", "make", "casefiles", "--out", "c.jsonl", "--limit", "3", "--set", "exhibits=4")
        assert done.exit_code == 0, done.stderr
        assert len((place / "c.jsonl").read_text().splitlines()) == 3
        played = arena("run", "--dataset", "c.jsonl", "--no-baselines", "--out", "r")
        assert played.exit_code == 0, played.stderr

    def test_writes_over_nothing(self, arena, place):
        (place / "c.jsonl").write_text("mine")
        done = arena("data", "make", "casefiles", "--out", "c.jsonl")
        assert done.exit_code == 2
        assert "is there already" in done.stderr
        assert (place / "c.jsonl").read_text() == "mine"

    def test_leaves_nothing_behind_where_a_dial_is_wrong(self, arena, place):
        done = arena("data", "make", "casefiles", "--out", "c.jsonl", "--set", "exhibits=0")
        assert done.exit_code == 2
        assert list(place.iterdir()) == []


class TestTheFilterOfARun:
    def test_keeps_the_records_of_which_it_is_true(self, arena, place):
        path = questions(place / "q.jsonl", n=6)
        done = arena("run", "--dataset", path, "--filter", "group=g1|g2", "--no-baselines", "--out", "r")
        assert done.exit_code == 0, done.stderr
        header = json.loads((place / "r" / "run.json").read_text())
        assert [header["dataset"][name] for name in ("n", "groups", "largest")] == [4, 2, 2]

    @pytest.mark.parametrize("words", [["--filter", "a=b"], ["--filter", "a", "--dataset", "q.jsonl"]])
    def test_that_cannot_be_is_refused_and_nothing_written(self, arena, place, words):
        questions(place / "q.jsonl")
        assert arena("run", *words, "--out", "r").exit_code == 2
        assert not (place / "r").exists()


class TestALargeSet:
    def test_that_is_broken_far_below_ends_its_run_with_the_line_and_how_to_go_on(self, arena, place):
        good = [f'{{"id": "q{n}", "question": "?", "options": ["a", "b"], "answer": 0}}' for n in range(10_050)]
        (place / "q.jsonl").write_text("\n".join([*good, '{"id": "z"']))
        words = ["--dataset", "q.jsonl", "--limit", "all", "--protocol", "naive", "--no-baselines", "--out", "r"]
        done = arena("run", *words)
        assert done.exit_code == 2
        assert "playing naive on 10,000 questions and more, which are still being read" in done.stderr
        assert "what was played before this is kept; mend the data, then go on with: arena run --resume" in done.stderr
        assert "q.jsonl:10051: broken JSON" in done.stderr.splitlines()[-1]
        assert json.loads((place / "r" / "run.json").read_text())["dataset"]["reading"] is True

    def test_is_read_whole_before_anybody_says_what_it_would_take(self, arena, place):
        record = '{"id": "q%s", "question": "?", "options": ["a", "b"], "answer": 0}'
        (place / "q.jsonl").write_text("\n".join([record % n for n in range(10_050)]))
        done = arena("run", "--dataset", "q.jsonl", "--limit", "all", "--protocol", "naive", "--dry-run")
        assert "Questions: 10,050 of q.jsonl" in done.stdout


class TestAPrivateSet:
    def test_is_named_so_in_the_header_and_said_to_whoever_plays_it(self, arena, place):
        path = questions(place / "q.jsonl", n=2)
        done = arena("run", "--dataset", f"{path}?share=false", "--no-baselines", "--out", "r")
        assert json.loads((place / "r" / "run.json").read_text())["dataset"]["private"] is True
        assert "share no log" in done.stderr

    def test_is_on_no_page_unless_that_is_asked_for(self, arena, place):
        path = questions(place / "q.jsonl", n=2)
        arena("run", "--dataset", f"{path}?share=false", "--no-baselines", "--out", "r")
        refused = arena("report", "r", "--html", "page.html")
        assert refused.exit_code == 2
        assert "not for publication" in refused.stderr
        assert not (place / "page.html").exists()
        assert arena("report", "r", "--html", "page.html", "--private").exit_code == 0

    def test_is_every_copy_of_gpqa(self, arena, place):
        path = questions(place / "gpqa_mine.jsonl", n=2)
        arena("run", "--dataset", path, "--no-baselines", "--out", "r")
        assert json.loads((place / "r" / "run.json").read_text())["dataset"]["private"] is True

    def test_is_no_other(self, arena, place):
        arena("run", "--dataset", questions(place / "q.jsonl", n=2), "--no-baselines", "--out", "r")
        assert "private" not in json.loads((place / "r" / "run.json").read_text())["dataset"]


class TestFetch:
    def test_shows_licence_size_and_checksum_before_anything_is_fetched(self, arena, place, monkeypatch):
        monkeypatch.setenv("ARENA_CACHE", str(place / "cache"))
        done = arena("data", "fetch", "gsm8k", "--from", "http://127.0.0.1:9")
        assert done.exit_code == 2
        shown, _, failed = done.stderr.partition("arena: ")
        assert "licence: MIT" in shown
        assert "749,738 bytes" in shown
        assert "sha256 3730d312f6e34405" in shown
        assert "cannot be reached" in failed

    def test_may_only_show_it(self, arena, place, monkeypatch):
        monkeypatch.setenv("ARENA_CACHE", str(place / "cache"))
        done = arena("data", "fetch", "arc", "--dry-run")
        assert done.exit_code == 0
        assert "size unknown  checksum unknown until first fetched" in done.stderr
        assert not (place / "cache").exists()

    def test_keeps_nothing_on_a_terminal_without_a_yes(self, place, monkeypatch):
        for answer, wanted in (("n\n", False), ("y\n", True), ("\n", True)):
            monkeypatch.setattr(sys, "stdin", Terminal(answer))
            monkeypatch.setattr(sys, "stderr", Terminal())
            assert data_fetch.agreed() is wanted

    def test_is_not_asked_about_in_a_pipe(self, place, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
        assert data_fetch.agreed()

    def test_says_since_when_a_checksum_is_known(self, arena, place, monkeypatch):
        monkeypatch.setenv("ARENA_CACHE", str(place))
        (place / "boolq").mkdir()
        note = {"size": 7, "sha256": "ab" * 32, "fetched": "2026-01-02"}
        (place / "boolq" / ".fetched").write_text(json.dumps({"dev.jsonl": note}))
        shown = arena("data", "fetch", "boolq", "--dry-run").stderr
        assert "7 bytes" in shown
        assert "sha256 abababababababab… (since 2026-01-02)" in shown
        assert "checksum unknown until first fetched" in shown  # the other file


class Terminal(io.StringIO):
    """Where somebody sits."""

    def isatty(self):
        return True


class TestWrite:
    TEXT = (
        "The ship left on a Monday with Doctor Adams aboard. It came back after the storm with Captain Brown alone. "
        "Nobody asked what Mister Clark had seen there."
    )

    def test_makes_a_file_that_a_run_takes_and_says_how_far_the_two_agree(self, arena, place):
        (place / "story.txt").write_text(self.TEXT)
        done = arena("data", "write", "--from", "story.txt", "--count", "3", "--out", "q.jsonl")
        assert done.exit_code == 0, done.stderr
        assert "filter and writer agree with the passage: 100.0%" in done.stdout
        assert "filter and writer agree without a passage: 50.0%" in done.stdout
        record = json.loads((place / "q.jsonl").read_text().splitlines()[0])
        assert (record["written_by"], record["simulated"]) == ("sim/writer?seed=0", True)
        assert arena("run", "--dataset", "q.jsonl", "--no-baselines", "--out", "r").exit_code == 0

    def test_tells_texts_apart_that_are_called_alike(self, arena, place):
        for folder, who in (("a", "Adams"), ("b", "Evans"), ("c", "Young")):
            (place / folder).mkdir()
            (place / folder / "story.txt").write_text(self.TEXT.replace("Adams", who))
        texts = [word for folder in "abc" for word in ("--from", f"{folder}/story.txt")]
        assert arena("data", "write", *texts, "--count", "2", "--out", "q.jsonl").exit_code == 0
        groups = {json.loads(line)["group"] for line in (place / "q.jsonl").read_text().splitlines()}
        assert groups == {"story", "story-2", "story-3"}
        assert arena("run", "--dataset", "q.jsonl", "--no-baselines", "--out", "r").exit_code == 0

    def test_takes_the_passages_of_a_set(self, arena, place):
        done = arena("data", "write", "--from", "casefiles", "--limit", "2", "--count", "1", "--out", "q.jsonl")
        assert "of 2 in q.jsonl" in done.stdout

    def test_names_a_log_whose_header_is_damaged(self, arena, place):
        (place / "story.txt").write_text(self.TEXT)
        (place / "q.log").mkdir()
        (place / "q.log" / "write.json").write_text("{")
        done = arena("data", "write", "--from", "story.txt", "--out", "q.jsonl")
        assert done.exit_code == 2
        assert "write.json cannot be read" in done.stderr

    @pytest.mark.parametrize(
        "words, reason",
        [
            (["--topic", "tides"], "knows no topic"),
            ([], "nothing to write about"),
            (["--from", "none.txt"], "there is no file none.txt"),
            (["--from", "q.txt", "--writer", "sim/nobody"], "no simulated model"),
        ],
    )
    def test_writes_nothing_where_it_cannot_begin(self, arena, place, words, reason):
        (place / "q.txt").write_text(self.TEXT)
        done = arena("data", "write", "--out", "new.jsonl", *words)
        assert done.exit_code == 2
        assert reason in done.stderr
        assert [path.name for path in place.iterdir()] == ["q.txt"]
