"""What is wrong with a file is said with its name and line, whatever the set, and nothing is written."""

import bz2
import gzip
import io
import json
import lzma
import os
import zipfile

import pytest

from arena.datasets import checked
from arena.datasets.rows import LINE_LIMIT
from arena.errors import DataError
from arena.plan import open_dataset
from tests.datasets.samples import GOOD

SETS = {**GOOD, "": ("mine.jsonl", b'{"question": "Which?", "options": ["a", "b"], "answer": 1}\n')}
WHOLE = (".json",)


def zipped(name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, body)
    return out.getvalue()


def in_utf_16(_, body):
    return body.decode().encode("utf-16")


def bare_utf_16(_, body):
    """Without a mark: every other byte is a zero."""
    return body.decode().encode("utf-16-le")


def in_latin_1(name, body):
    return body.replace(b"red", b"\xe9d", 1) if b"red" in body else body.replace(b"a", b"\xe9", 1)


def cut_off(name, body):
    """In the middle of a record. A table that is cut in a cell without marks lacks the others."""
    return body[: body.rindex(b'"') - 1] if b'"' in body else body[: body.rindex(b",")]


def nested(name, body):
    return b"[" * 100_000 if not name.endswith(".csv") else b'"' + b"[" * 100


def one_giant_line(name, body):
    return body.rstrip(b"\n") + b" " * LINE_LIMIT + b"x"


def other_schema(name, body):
    if name.endswith(".csv"):
        return b"colour,taste\nred,sweet\n"
    made = {"colour": "red", "taste": "sweet"}
    return json.dumps([made] if name.endswith(WHOLE) else made).encode()


BROKEN = {
    "in latin-1": (in_latin_1, "is not UTF-8"),
    "in UTF-16": (in_utf_16, "the file is in UTF-16"),
    "in UTF-16 without a mark": (bare_utf_16, "it is in UTF-16, or no text"),
    "cut off": (cut_off, ""),
    "of another schema": (other_schema, ""),
    "packed with gzip": (lambda name, body: gzip.compress(body), "compressed with gzip; unpack it first"),
    "packed with bzip2": (lambda name, body: bz2.compress(body), "compressed with bzip2; unpack it first"),
    "packed with xz": (lambda name, body: lzma.compress(body), "compressed with xz; unpack it first"),
    "a zip archive": (zipped, "a zip archive; unpack it first"),
    "a Parquet file": (lambda name, body: b"PAR1\x15\x04\x15" + b"\0" * 50 + b"PAR1", "a Parquet file"),
    "empty": (lambda name, body: b"", "holds no records"),
    "blank": (lambda name, body: b" \n\n", "holds no records"),
    "of zeros": (lambda name, body: b"\0" * 300, "begins with zero bytes"),
    "nested deeply": (nested, ""),
    "one giant line": (one_giant_line, "a line of more than 40,000,000 bytes"),
}


def fault(name, path):
    spec = f"{name}?path={path}" if name else str(path)
    with pytest.raises(DataError) as caught:
        list(checked(open_dataset(spec).items(limit=None, seed=0), "set"))
    return str(caught.value)


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("name", SETS)
def test_a_file_that_is_broken_is_named_with_its_line(name, what, write, tmp_path):
    file, body = SETS[name]
    spoil, reason = BROKEN[what]
    path = write(f"set/{file}", spoil(file, body))
    said = fault(name, path)
    assert said.startswith((f"{path}:", f"{path}, record "))
    assert reason in said
    assert "\n" not in said
    assert len(said) < 600
    assert sorted(one.name for one in tmp_path.rglob("*")) == sorted(["set", file])


@pytest.mark.parametrize("name", SETS)
def test_a_file_of_five_gigabytes_without_a_line_is_refused_at_once(name, write):
    path = write(*SETS[name])
    os.truncate(path, 5_000_000_000)
    said = fault(name, path)
    assert said.startswith(f"{path}:")
    assert "a line of more than 40,000,000 bytes" in said


@pytest.mark.parametrize("name", SETS)
def test_a_file_with_a_mark_and_other_line_ends_and_blank_lines_is_read(name, write):
    file, body = SETS[name]
    path = write(file, b"\xef\xbb\xbf" + body.removeprefix(b"\xef\xbb\xbf").replace(b"\n", b"\r\n") + b"\r\n")
    spec = f"{name}?path={path}" if name else str(path)
    assert len(list(checked(open_dataset(spec).items(limit=None, seed=0)))) == 1


@pytest.mark.parametrize("name", [name for name in SETS if SETS[name][0].endswith(".jsonl")])
class TestALine:
    @staticmethod
    def spoiled(name, write, change):
        file, body = SETS[name]
        return write(file, body + change(body))

    @pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 400, "9" * 5000, "-1"])
    def test_with_a_number_that_is_none_is_read_or_refused(self, name, number, write):
        """No field holds one, so that only a set that takes the field for another value is offended."""
        path = self.spoiled(name, write, lambda body: b'{"extra": %s, ' % number.encode() + body[1:])
        spec = f"{name}?path={path}" if name else str(path)
        try:
            assert len(list(checked(open_dataset(spec).items(limit=None, seed=0)))) == 2
        except DataError as refused:
            assert str(refused).startswith(f"{path}:2: ")  # noqa: PT017 - ids that stand twice, or too long a number

    def test_with_a_name_twice_is_refused(self, name, write):
        first = next(iter(json.loads(SETS[name][1])))
        path = self.spoiled(name, write, lambda body: f'{{"{first}": "Other?", '.encode() + body[1:])
        assert fault(name, path).startswith(f"{path}:2: JSON that cannot be read: the name '{first}' stands twice")

    def test_with_a_zero_in_it_is_refused_or_keeps_it_to_itself(self, name, write):
        path = self.spoiled(name, write, lambda body: body.replace(b'"', b'"\0', 1))
        assert fault(name, path).startswith(f"{path}:2: byte 3 of the line is a zero")


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e999", "9" * 400, "true", "null", "[]", "{}", "1.5", '"\\ud83d"']
)
@pytest.mark.parametrize("field", ["question", "options", "answer", "id", "passage", "group"])
def test_a_field_of_ones_own_file_may_hold_any_value_and_makes_no_traceback(field, value, write):
    good = {"id": '"x"', "question": '"?"', "options": '["1", "2"]', "answer": "1", "passage": '"p"', "group": '"g"'}
    body = "{" + ", ".join(f'"{name}": {text}' for name, text in {**good, field: value}.items()) + "}\n"
    path = write("mine.jsonl", body)
    try:
        [one] = checked(open_dataset(str(path)).items(limit=None, seed=0))
    except DataError as refused:
        assert str(refused).startswith(f"{path}:1: ")  # noqa: PT017 - some of these are texts and answers
    else:
        assert one.question.options
