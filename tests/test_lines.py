"""Lines on disk."""

from arena.lines import Tail


def test_a_tail_gives_each_whole_line_once_whatever_file_it_is_in(tmp_path):
    tail = Tail(tmp_path)
    assert list(tail.read()) == []
    first, second = tmp_path / "events-0001.jsonl", tmp_path / "events-0002.jsonl"
    first.write_bytes(b"one\ntwo")
    assert list(tail.read()) == [b"one\n"]
    first.write_bytes(b"one\ntwo\n")
    second.write_bytes(b"three\n")
    (tmp_path / "texts-0001.jsonl").write_bytes(b"a text\n")
    assert list(tail.read()) == [b"two\n", b"three\n"]
    assert list(tail.read()) == []
