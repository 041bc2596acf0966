"""How files of records are read, and what is said of those that cannot be."""

import bz2
import csv
import gzip
import io
import json
import lzma
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena.datasets.rows import LINE_LIMIT, Row, rows
from arena.errors import DataError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3))
RECORDS = st.lists(st.dictionaries(TEXTS, VALUES, max_size=4), min_size=1, max_size=5)

shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def fields(path: Path) -> list[dict[str, object]]:
    return [dict(row.fields) for row in rows(path)]


def fault(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        list(rows(path))
    return str(caught.value)


class TestJsonLines:
    @shared_folder
    @given(records=RECORDS)
    def test_give_back_what_was_written(self, write, records):
        assert fields(write("q.jsonl", records)) == records

    @shared_folder
    @given(records=RECORDS, ends=st.sampled_from(["\n", "\r\n"]), blank=st.sampled_from(["", " \t", "\n"]))
    def test_may_have_a_byte_order_mark_blank_lines_and_any_line_ends(self, write, records, ends, blank):
        text = "\ufeff" + "".join(blank + ends + json.dumps(one) + ends for one in records)
        assert fields(write("q.jsonl", text)) == records

    @shared_folder
    @given(records=RECORDS, place=st.integers(0, 5), junk=st.binary(min_size=1, max_size=30))
    def test_that_are_broken_are_refused_with_the_line_or_are_records_after_all(self, write, records, place, junk):
        """Whatever bytes stand in a line, nothing but a `DataError` that names it comes out."""
        lines = [json.dumps(one).encode() for one in records]
        place = min(place, len(lines))
        lines.insert(place, junk.replace(b"\n", b" "))
        path = write("q.jsonl", b"\n".join(lines))
        try:
            found = fields(path)
        except DataError as error:
            assert str(error).startswith(f"{path}:{place + 1}: ")  # noqa: PT017 - junk may be a blank line, too
        else:
            spare = lines[place].decode("utf-8-sig").strip()
            assert found == [*records[:place], *([json.loads(spare)] if spare else []), *records[place:]]

    @pytest.mark.parametrize("ending", [".jsonl", ".ndjson", ".JSONL"])
    def test_are_known_by_the_name_of_the_file(self, write, ending):
        assert fields(write(f"q{ending}", '{"a": 1}')) == [{"a": 1}]

    def test_know_the_line_they_stand_on(self, write):
        path = write("q.jsonl", '\n{"a": 1}\n\n{"a": 2}\n')
        assert [(row.where, row.number) for row in rows(path)] == [(f"{path}:2", 2), (f"{path}:4", 4)]

    @pytest.mark.parametrize(
        "line, reason",
        [
            ('{"a": 1', "broken JSON at character 8"),
            ('{"a": 1} {"a": 2}', "broken JSON at character 10: Extra data"),
            ("[1, 2]", "expected an object with named fields, found a list"),
            ("null", "found nothing (null)"),
            ('"text"', "found a text"),
            ("17", "found a number"),
            ("1" * 5000, "JSON that cannot be read: Exceeds the limit"),
            ("[" * 100_000, "nested too deeply"),
        ],
    )
    def test_that_are_no_objects_are_refused_with_the_line(self, write, line, reason):
        path = write("q.jsonl", f'{{"a": 1}}\n{line}\n{{"a": 2}}\n')
        assert fault(path).startswith(f"{path}:2: ")
        assert reason in fault(path)

    def test_that_are_cut_off_are_refused_with_the_last_line(self, write):
        path = write("q.jsonl", '{"a": 1}\n{"a": \n')
        assert fault(path).startswith(f"{path}:2: broken JSON")

    def test_in_another_encoding_are_refused_with_line_and_byte(self, write):
        path = write("q.jsonl", b'{"a": 1}\n{"a": "caf\xe9"}\n')
        assert fault(path).startswith(f"{path}:2: byte 11 of the line is not UTF-8")

    def test_that_are_too_long_are_refused_without_reading_on(self, write):
        """Sparse files cost nothing on the disk: 200 MB of which a fifth is read, by memory used."""
        path = write("q.jsonl", '{"a": 1}\n{"a": "')
        with path.open("r+b") as file:
            file.truncate(200_000_000)
        tracemalloc.start()
        assert fault(path) == f"{path}:2: a line of more than {LINE_LIMIT:,} bytes; cut the passage in it"
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 4 * LINE_LIMIT

    def test_are_read_one_at_a_time(self, write):
        assert next(rows(write("q.jsonl", '{"a": 1}\n{"broken\n'))).fields == {"a": 1}


class TestJson:
    @shared_folder
    @given(records=RECORDS)
    def test_may_be_a_list_of_objects(self, write, records):
        assert fields(write("q.json", json.dumps(records, indent=1))) == records

    def test_may_hold_its_list_in_the_one_field_that_is_one(self, write):
        text = json.dumps({"canary": "leave it", "examples": [{"a": 1}]})
        assert fields(write("q.json", text)) == [{"a": 1}]

    @pytest.mark.parametrize(
        "text, place, reason",
        [
            ('[{"a": 1},\n{"a" 2}]', ":2: ", "broken JSON at character 6"),
            ('{"a": 1}\n{"a": 2}', ":2: ", "a file with one object a line is named .jsonl"),
            ('{"a": [1], "b": [2]}', ":1: ", "expected a list of objects, found an object"),
            ('{"a": 1}', ":1: ", "expected a list of objects, found an object"),
            ("3", ":1: ", "expected a list of objects, found a number"),
            ('[{"a": 1}, 3]', ", record 2: ", "expected an object with named fields, found a number"),
        ],
    )
    def test_of_another_shape_is_refused(self, write, text, place, reason):
        path = write("q.json", text)
        assert fault(path).startswith(f"{path}{place}")
        assert reason in fault(path)

    def test_too_large_to_be_read_at_once_is_refused(self, write):
        path = write("q.json", b"[" + (b" " * 1_000_000 + b"\n") * 41)
        assert f"more than {LINE_LIMIT:,} characters; write JSONL" in fault(path)


class TestTables:
    @shared_folder
    @given(
        records=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
        comma=st.sampled_from([",", "\t"]),
        end=st.sampled_from(["\n", "\r\n"]),
        mark=st.sampled_from(["", "\ufeff"]),
    )
    def test_give_back_what_was_written(self, write, records, comma, end, mark):
        """Commas, quotation marks and line breaks in cells, any line ends, byte order marks: whatever `csv` writes."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=comma, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writerows([["a", "b", "c"], *records])
        path = write("q.csv" if comma == "," else "q.tsv", mark + text.getvalue())
        read = [list(row.fields.values()) for row in rows(path)]
        assert read == [[cell.replace("\r\n", "\n") for cell in record] for record in records]

    @shared_folder
    @given(junk=st.binary(max_size=60), ending=st.sampled_from(["csv", "tsv"]))
    def test_of_any_bytes_are_read_or_refused_with_a_line(self, write, junk, ending):
        path = write(f"q.{ending}", b"a,b\tc\n" + junk)
        try:
            list(rows(path))
        except DataError as error:
            assert str(error).startswith(str(path))  # noqa: PT017 - some of these bytes are a table

    def test_name_the_line_on_which_a_record_begins(self, write):
        path = write("q.csv", 'a,b\n"two\nlines",1\n\nx,2\n')
        assert [(row.number, row.fields["b"]) for row in rows(path)] == [(2, "1"), (5, "2")]

    @pytest.mark.parametrize(
        "text, line, reason",
        [
            ("a,b\n1,2\n3\n", 3, "1 cells, and the first line names 2 columns"),
            ("a,b\n1,2\n3,4,5\n", 3, "3 cells, and the first line names 2 columns"),
            ('a,b\n1,2\n"3,4\n5,6\n', 3, "the record that begins here is broken"),
            ('a,b\n1,2\n"3"x,4\n', 3, "the record that begins here is broken"),
            ("a,a\n1,2\n", 1, "two columns are called 'a'"),
            ("a,b\n1,caf\udce9\n", 2, "byte 6 of the line is not UTF-8"),
        ],
    )
    def test_that_are_broken_are_refused_with_the_line(self, write, text, line, reason):
        path = write("q.csv", text.encode(errors="surrogateescape"))
        assert fault(path).startswith(f"{path}:{line}: ")
        assert reason in fault(path)

    def test_may_have_cells_as_long_as_a_story(self, write):
        path = write("q.csv", f"a,b\n1,{'x' * 300_000}\n")
        assert [len(row.fields["b"]) for row in rows(path)] == [300_000]


class TestAFile:
    @pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \n"])
    @pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv"])
    def test_without_records_is_refused(self, write, content, ending):
        path = write(f"q.{ending}", content)
        assert str(path) in fault(path)

    def test_with_nothing_but_a_head_is_refused(self, write):
        assert "holds no records" in fault(write("q.csv", "question,answer\n"))

    def test_that_is_not_there_is_refused(self, tmp_path):
        assert "there is no such file" in fault(tmp_path / "none.jsonl")

    def test_that_is_a_folder_is_refused_with_what_lies_in_it(self, write):
        path = write("folder/b.csv", "a\n1\n")
        write("folder/a.jsonl", "")
        write("folder/readme.md", "")
        assert fault(path.parent) == f"{path.parent} is a folder; give a file in it: a.jsonl, b.csv"

    @pytest.mark.parametrize("name", ["q.txt", "q", "q.parquet"])
    def test_of_an_unknown_kind_is_refused_with_the_known_ones(self, write, name):
        assert "should end in .jsonl, .ndjson, .json, .csv, .tsv" in fault(write(name, "x"))

    @pytest.mark.parametrize(
        "pack, reason",
        [
            (gzip.compress, "compressed with gzip"),
            (bz2.compress, "compressed with bzip2"),
            (lzma.compress, "compressed with xz"),
            (lambda data: data.decode().encode("utf-16"), "in UTF-16; save it as UTF-8"),
            (lambda data: b"PAR1" + data, "a Parquet file"),
            (lambda data: b"\x28\xb5\x2f\xfd" + data, "compressed with zstandard"),
        ],
    )
    @pytest.mark.parametrize("name", ["q.jsonl", "q.csv", "q.jsonl.gz"])
    def test_that_is_not_plain_text_is_refused_with_what_to_do(self, write, pack, reason, name):
        path = write(name, pack(b'{"a": 1}\n'))
        assert fault(path).startswith(f"{path}:1: the file is {reason}")

    def test_that_is_a_zip_archive_is_refused_with_what_to_do(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "q.jsonl", "w") as archive:
            archive.writestr("q.jsonl", '{"a": 1}\n')
        assert "a zip archive; unpack it first" in fault(tmp_path / "q.jsonl")

    def test_is_left_as_it_was_and_nothing_is_written_beside_it(self, write, tmp_path):
        path = write("q.jsonl", '{"a": 1}\n{"broken')
        fault(path)
        assert [p.name for p in tmp_path.iterdir()] == ["q.jsonl"]
        assert path.read_text() == '{"a": 1}\n{"broken'


class TestARow:
    ROW = Row(
        "q.jsonl:3", 3, {"a.b": "dotted", "a": {"b": "deep"}, "list": [{"t": "x"}, {"t": "y"}], "n": None, "yes": True}
    )

    @pytest.mark.parametrize(
        "name, value",
        [
            ("a.b", "dotted"),
            ("a", {"b": "deep"}),
            ("list.1.t", "y"),
            ("list.t", ["x", "y"]),
            ("list.0", {"t": "x"}),
            ("n", None),
        ],
    )
    def test_is_read_by_dotted_paths(self, name, value):
        assert self.ROW.get(name) == value

    @pytest.mark.parametrize(
        "name, reason",
        [
            ("lst", "no field 'lst'; the fields are 'a.b', 'a', 'list', 'n', 'yes'. Did you mean 'list'?"),
            ("a.c", "no field 'a.c'; the fields are 'b'"),
            ("list.2", "there is a list where '2' should lie"),
            ("list.u", "no field 'list.u'; the fields are 't'"),
            ("yes.b", "there is a boolean where 'b' should lie"),
            ("", "no field ''"),
        ],
    )
    def test_says_which_fields_there_are_where_one_is_missing(self, name, reason):
        with pytest.raises(DataError) as caught:
            self.ROW.get(name)
        assert str(caught.value).startswith("q.jsonl:3: ")
        assert reason in str(caught.value)

    @pytest.mark.parametrize("value, text", [("x", "x"), (3, "3"), (2.5, "2.5"), (True, "true"), ("", "")])
    def test_takes_numbers_and_booleans_for_texts(self, value, text):
        assert self.ROW.as_text("field", value) == text

    @pytest.mark.parametrize(
        "value, reason",
        [
            (None, "is nothing (null)"),
            ([1], "is a list"),
            ({}, "is an object"),
            ("x" * 20_000_001, "20,000,001 characters is more than"),
            ("a\ud83d", "'\\ud83d', half of a character"),
        ],
        ids=["null", "list", "object", "long", "surrogate"],
    )
    def test_takes_nothing_else_for_a_text(self, value, reason):
        with pytest.raises(DataError) as caught:
            self.ROW.as_text("field", value)
        assert str(caught.value).startswith("q.jsonl:3: field 'field'")
        assert reason in str(caught.value)


class TestATableWithoutNames:
    def test_has_its_cells_called_as_the_columns_say(self, write):
        [row] = rows(write("a.csv", "red,1\n"), columns=("colour", "count"))
        assert (row.fields, row.number, row.stem) == ({"colour": "red", "count": "1"}, 1, "a")

    def test_is_read_by_its_own_names_where_it_has_some_of_them(self, write):
        [row] = rows(write("a.csv", "count,colour\n1,red\n"), columns=("colour", "count"))
        assert (row.fields, row.number) == ({"colour": "red", "count": "1"}, 2)


def test_a_form_may_be_given_where_the_name_does_not_say_it(write):
    [row] = rows(write("set.v1.dev", [{"a": 1}]), "lines")
    assert row.get("a") == 1
