"""Bad input: one line that says what was asked and what would work, exit code 2, and nothing written or changed."""

import json
import socket

import pytest

GOOD = {"id": "q1", "question": "Which?", "options": ["the left one", "the right one"], "answer": 0}


def refused(done, *said):
    """Whether a command was refused in one line that holds all of these words."""
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("arena: ")
    assert "Traceback" not in line
    for words in said:
        assert words in line
    return line


@pytest.mark.parametrize(
    "words, said",
    [
        (["--protocol", "debat"], ("'debat'", "Did you mean debate?")),
        (["--protocl", "debate"], ("'--protocl'", "Did you mean '--protocol'?")),
        (["--judge", "sim/jugde"], ("'jugde'", "judge")),
        (["--judge", "simm/judge"], ("'simm'", "Did you mean sim?")),
        (["--judge", "judge"], ("'judge'", "provider/name")),
        (["--dataset", "casefile"], ("'casefile'", "Did you mean casefiles?")),
        (["--dataset", "nowhere/questions.jsonl"], ("nowhere/questions.jsonl",)),
        (["--protocol", "debate?round=1"], ("'round'", "rounds")),
        (["--set", "round=1"], ("round",)),
        (["--set", "rounds"], ("'rounds'", "--set rounds=2")),
        (["--seat", "jugde=sim/judge"], ("'jugde'", "judge")),
        (["--seat", "judge"], ("--seat judge=",)),
        (["--set", "rounds=three"], ("rounds = 'three'", "integer")),
        (["--set", "rounds=0"], ("rounds = '0'", "greater than or equal to 1")),
        (["--set", "turns=both"], ("turns", "simultaneous", "sequential")),
        (["--judge", "sim/judge?noise=-1"], ("noise", "greater than or equal to 0")),
        (["--judge", "sim/judge?nois=1"], ("'nois'", "noise")),
        (["--dataset", "casefiles?hop=2"], ("'hop'", "hops")),
        (["--dataset", "casefiles?difficulty=hardest"], ("difficulty", "hard")),
        (["--limit", "many"], ("limit = 'many'", "integer")),
        (["--limit", "0"], ("limit = '0'", "greater than or equal to 1")),
        (["--budget", "-1"], ("budget", "greater than 0")),
        (["--budget", "nan"], ("budget",)),
        (["--concurrency", "0"], ("concurrency",)),
        (["--prompts", "nowhere"], ("nowhere", "prompts")),
        (["--protocol", "debate", "--protocol", "debate"], ("debate", "once")),
        (["--protcol", "debate"], ("--protcol", "--protocol")),
        (["debate"], ("'debate'", "arena run --protocol debate")),
        (["nowhere.toml"], ("nowhere.toml",)),
        (["--resume", "nothing"], ("'nothing'", "arena list runs")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_with_what_would_work(arena, unchanged, words, said):
    with unchanged:
        refused(arena("run", *words), *said)


def without(field):
    return {key: value for key, value in GOOD.items() if key != field}


@pytest.mark.parametrize(
    "lines, said",
    [
        ([], ("questions.jsonl",)),
        ([GOOD, without("options")], ("questions.jsonl:2", "options")),
        ([GOOD, GOOD | {"id": "q2"}, '{"id": "q3", '], ("questions.jsonl:3",)),
        ([GOOD | {"options": ["Yes.", "yes"]}], ("questions.jsonl:1", "equal")),
        ([GOOD | {"answer": 2}], ("questions.jsonl:1", "names no option")),
        ([GOOD | {"options": ["the only one"]}], ("questions.jsonl:1", "two options")),
        ([GOOD, GOOD], ("'q1'", "questions.jsonl:2")),
        ([GOOD | {"passage": "x" * 20_000_001}], ("questions.jsonl:1", "20,000,000")),
    ],
    ids=["empty", "field", "json", "equal", "key", "few", "twice", "long"],
)
def test_a_data_file_is_refused_with_the_line_that_is_at_fault(arena, rows, unchanged, lines, said):
    file = rows(*lines)
    with unchanged:
        refused(arena("run", "--dataset", file), *said)


@pytest.mark.parametrize(
    "text, said",
    [
        ("protocl = 'debate'", ("'protocl'", "Did you mean protocol")),
        ("limit = 'many'", ("experiment.toml", "limit = 'many'")),
        ("set = 3", ("set", "table")),
        ("set = { rounds = [1, 2] }", ("set.rounds",)),
        ("limit = \nseed = 1", ("experiment.toml", "TOML", "line 1")),
        ("prompts = 'nowhere'", ("nowhere",)),
    ],
)
def test_an_experiment_file_is_refused_with_what_is_wrong_in_it(arena, place, unchanged, text, said):
    (place / "experiment.toml").write_text(text)
    with unchanged:
        refused(arena("run", "experiment.toml"), *said)


@pytest.mark.parametrize("file", ["argue.md", "judge.md"])
@pytest.mark.parametrize("option", ["--dry-run", "--no-baselines"])
def test_prompts_that_do_not_fit_their_protocol_are_refused_before_anything_is_played(
    arena, place, unchanged, file, option
):
    (place / "mine" / "debate").mkdir(parents=True)
    (place / "mine" / "debate" / file).write_text("You are $nothing, $side, $against.")
    with unchanged:
        refused(arena("run", "--limit", "2", "--prompts", "mine", option), f"debate/{file}", "slot")


@pytest.mark.parametrize("option", ["--dry-run", "--no-baselines"])
def test_a_protocol_without_its_prompts_is_refused_before_anything_is_played(arena, stranger, unchanged, option):
    with unchanged:
        refused(arena("run", "--protocol", "gap", "--limit", "2", option), "'decide'", "prompts/gap")


def test_a_folder_that_holds_something_else_is_left_alone(arena, place, unchanged):
    (place / "photos").mkdir()
    (place / "photos" / "me.jpg").write_bytes(b"me")
    with unchanged:
        refused(arena("run", "--limit", "1", "--out", "photos"), "photos", "--out")


def test_a_folder_of_another_run_is_left_alone(arena, one_run, unchanged):
    with unchanged:
        refused(arena("run", "--limit", "2", "--seed", "9", "--out", str(one_run)), str(one_run), "seed")


def test_a_place_where_no_folder_can_be_made_is_refused(arena, place, unchanged):
    (place / "file").write_text("in the way")
    with unchanged:
        refused(arena("run", "--limit", "1", "--out", "file/run"), "file/run")


@pytest.mark.parametrize("option", [("--limit", "3"), ("--no-baselines",), ("--out", "x"), ("--seed", "0")])
def test_a_run_is_not_resumed_as_another_one(arena, one_run, unchanged, option):
    with unchanged:
        refused(arena("run", "--resume", "one", *option), option[0], "--budget")


@pytest.mark.parametrize("verb", [("report",), ("replay",), ("run", "--resume")])
class TestARunFolder:
    def test_from_a_newer_arena_is_refused(self, arena, one_run, unchanged, verb):
        header = json.loads((one_run / "run.json").read_text())
        (one_run / "run.json").write_text(json.dumps(header | {"schema": 99}))
        with unchanged:
            refused(arena(*verb, "one"), "schema 99", "Upgrade")

    def test_without_its_header_is_no_run(self, arena, one_run, unchanged, verb):
        (one_run / "run.json").unlink()
        with unchanged:
            refused(arena(*verb, "transcripts/one"), "run.json")

    def test_with_a_broken_header_is_refused(self, arena, one_run, unchanged, verb):
        (one_run / "run.json").write_text('{"schema": 1, ')
        with unchanged:
            refused(arena(*verb, "one"), "run.json")

    def test_that_does_not_exist_is_answered_with_the_nearest(self, arena, one_run, unchanged, verb):
        with unchanged:
            refused(arena(*verb, "onne"), "'onne'", "Did you mean one?")


@pytest.mark.parametrize("verb", ["report", "replay"])
def test_where_there_are_no_runs_yet_the_way_to_one_is_named(arena, unchanged, verb):
    with unchanged:
        refused(arena(verb), "arena run")


@pytest.mark.parametrize(
    "words, said",
    [
        (["rn"], ("'rn'", "Did you mean run?")),
        (["list", "prtocols"], ("'prtocols'", "Did you mean protocols?")),
        (["report", "--josn"], ("--josn", "--json")),
        (["report", "--json", "--csv", "-"], ("--json", "--csv")),
        (["list", "protocols", "more"], ("more",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_word_that_is_not_known_is_answered_with_the_nearest(arena, unchanged, words, said):
    with unchanged:
        refused(arena(*words), *said)


def test_no_message_can_carry_an_escape_or_break_its_line(arena):
    done = arena("run", "--protocol", "de\x1b[2Jbate\nall is well")
    assert "\x1b" not in refused(done, "bate")


@pytest.mark.parametrize(
    "words",
    [
        "run --limit 2 --judge",
        "run --limit 2 --watch --judge",
        "run --limit 2 --budget 1 --judge",
        "run --limit 2 --yes --judge",
        "data check casefiles --limit 20 --yes --judge",
        "data write --from casefiles --limit 2 --out questions.jsonl --yes --writer",
        "data write --from casefiles --limit 2 --out questions.jsonl --yes --filter",
    ],
)
def test_a_server_that_is_down_is_found_out_before_anything_is_written(arena, unchanged, words):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        spec = f"openai/gpt-6-luna@http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with unchanged:
            refused(arena(*words.split(), spec), spec, "Is the server up", "Nothing was called")


def test_a_key_in_the_place_of_a_model_is_refused_and_not_repeated(arena, unchanged, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-fake-recognise")
    with unchanged:
        line = refused(
            arena("run", "--judge", "openai/sk-fake-recognise", "--yes"), "openai/[key]", "a key never belongs"
        )
    assert "sk-fake-recognise" not in line
