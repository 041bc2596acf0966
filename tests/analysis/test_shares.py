"""A log is cut into shares of whole lines, which together are all of it, in its order."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.scan import blocks
from arena.analysis.shares import Stretch, cores, shares

LINES = st.lists(st.sampled_from([b"\n", b"one\n", b"a longer line\n"]), max_size=9).map(b"".join)
TAILS = st.sampled_from([b"", b"torn"])
every = partial(shares, large=0)


def written(folder, files):
    paths = [folder / f"events-{n:04}.jsonl" for n in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    return paths


def held(stretch):
    return stretch.path.read_bytes()[stretch.start : stretch.stop]


@given(st.lists(st.builds(bytes.__add__, LINES, TAILS), min_size=1, max_size=4), st.integers(1, 6))
def test_the_shares_together_are_the_files(tmp_path_factory, files, workers):
    paths = written(tmp_path_factory.mktemp("log"), files)
    found = every(paths, workers)
    stretches = [stretch for share in found for stretch in share]
    assert len(found) in {1, min(workers, 4)}
    for path, data in zip(paths, files, strict=True):
        parts = [held(stretch) for stretch in stretches if stretch.path == path]
        assert b"".join(parts) == data
        assert all(part.endswith(b"\n") for part in parts[:-1])
    assert [stretch.path for stretch in stretches] == sorted(stretch.path for stretch in stretches)


@given(LINES, TAILS, st.integers(1, 4), st.integers(1, 30))
def test_a_stretch_is_read_to_its_end_and_no_further(tmp_path_factory, whole, tail, workers, size):
    (path,) = written(tmp_path_factory.mktemp("log"), [whole + tail])
    texts, numbers = [], []
    for stretch in (stretch for share in every([path], workers) for stretch in share):
        for block in blocks(path, size, stretch.start, stretch.stop):
            ends = [0, *(block.ends + 1).tolist()] if not block.cut else [0, len(block.data)]
            texts += [block.data[a:b] for a, b in pairwise(ends)]
            numbers += [stretch.before + block.first + n for n in range(len(ends) - 1)]
    assert b"".join(texts) == whole + tail
    assert numbers == [*range(1, len(texts) + 1)]


def test_a_log_of_many_lines_is_cut_into_as_many_shares_as_there_are_workers(tmp_path):
    paths = written(tmp_path, [b"a line\n" * 90, b"a line\n" * 60])
    lengths = [sum(len(held(stretch)) for stretch in share) for share in every(paths, 3)]
    assert lengths == [350, 350, 350]


def test_more_than_four_workers_are_not_made_use_of(tmp_path):
    assert len(every(written(tmp_path, [b"a line\n" * 90]), 64)) == 4


def test_a_small_log_is_one_share(tmp_path):
    paths = written(tmp_path, [b"a line\n" * 90, b""])
    assert shares(paths, 2) == [[Stretch(path) for path in paths]]
    assert len(shares(paths, 2, large=630)) == 2
    assert len(shares(paths, 2, large=631)) == 1


@pytest.mark.parametrize("large, lengths", [(630, [472, 158]), (63, [330, 300]), (0, [315, 315])])
def test_the_first_share_is_larger_by_what_is_read_while_a_process_starts(tmp_path, large, lengths):
    paths = written(tmp_path, [b"\n" * 630])
    assert [sum(len(held(stretch)) for stretch in share) for share in shares(paths, 2, large)] == lengths


def test_without_files_there_is_one_share_of_nothing():
    assert not any(every([], 2))
    assert shares([], 2) == [[]]


def test_a_file_that_is_not_there_is_left_to_who_reads_it(tmp_path):
    gone = tmp_path / "events-0001.jsonl"
    assert every([gone], 2) == [[Stretch(gone)]]


def test_there_is_a_processor():
    assert cores() >= 1
