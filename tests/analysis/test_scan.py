"""The `Scored` lines of a file are found whole, with their numbers, wherever the blocks end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.scan import blocks, scored_lines

SCORED = b'{"type":"Scored","episode":"e"}'
CALLED = b'{"type":"Called","text":"{\\"type\\":\\"Scored\\",\\n"}'
RUINED = b"\x00\x00ored,"
KINDS = {"scored": SCORED, "called": CALLED, "ruined": RUINED, "blank": b"", "joined": CALLED + SCORED}


def found(path, block=1 << 22):
    return [(line.number, line.text, line.cut) for line in scored_lines(path, block)]


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12), st.integers(1, 200))
def test_it_finds_what_reading_line_by_line_finds(tmp_path_factory, kinds, block):
    path = tmp_path_factory.mktemp("log") / "events.jsonl"
    path.write_bytes(b"".join(KINDS[kind] + b"\n" for kind in kinds))
    wanted = [
        (number, SCORED if kind == "scored" else None, False)
        for number, kind in enumerate(kinds, 1)
        if kind in {"scored", "ruined", "joined"}
    ]
    assert found(path, block) == wanted


def test_a_last_line_without_its_end_is_cut(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(SCORED + b"\n" + SCORED)
    assert found(path) == [(1, SCORED, False), (2, None, True)]


def test_two_scored_lines_that_lost_the_line_end_between_them_are_damaged(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(SCORED + SCORED + b"\n" + SCORED + b"\n")
    assert found(path) == [(1, None, False), (2, SCORED, False)]


def test_an_empty_file_has_no_lines(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"")
    assert found(path) == []


@given(st.lists(st.sampled_from([*sorted(KINDS), "scored", "called"]), min_size=1, max_size=8), st.integers(1, 200))
def test_a_block_without_damage_gives_its_scored_lines_at_once(tmp_path_factory, kinds, size):
    path = tmp_path_factory.mktemp("log") / "events.jsonl"
    path.write_bytes(b"".join(KINDS[kind] + b"\n" for kind in kinds))
    for block in blocks(path, size):
        plain = all(line in (SCORED, CALLED) for line in block.data.split(b"\n")[:-1])
        assert block.scored() == ([line.text for line in block.lines()] if plain else None)


def test_a_last_line_without_its_end_is_no_plain_block(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(SCORED + b"\n" + SCORED)
    assert [block.scored() for block in blocks(path)] == [[SCORED], None]


@given(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=8), st.data(), st.integers(1, 200))
def test_lines_that_begin_outside_of_a_stretch_are_not_of_it(tmp_path_factory, kinds, data, size):
    path = tmp_path_factory.mktemp("log") / "events.jsonl"
    texts = [KINDS[kind] + b"\n" for kind in kinds]
    path.write_bytes(b"".join(texts))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(texts))] * 2)))
    start, stop = (sum(map(len, texts[:n])) for n in (first, last))
    within = path.with_name("within.jsonl")
    within.write_bytes(b"".join(texts[first:last]))
    got = [(line.number, line.text) for block in blocks(path, size, start, stop) for line in block.lines()]
    assert got == [(number, text) for number, text, _ in found(within, size)]
    assert (
        b"".join(block.data[: block.ends[-1] + 1] for block in blocks(path, size, start, stop)) == within.read_bytes()
    )
