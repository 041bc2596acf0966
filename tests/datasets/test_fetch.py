"""Fetching a set: from a server on loopback, whole or not at all, into the place where its loader looks."""

import functools
import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from arena.datasets.fetch import File, Source, fetch, source
from arena.datasets.gsm8k import Gsm8k
from arena.datasets.places import cache
from arena.errors import UsageError

NAMES = (
    "anthropic_evals", "arc", "bbh", "boolq", "commonsenseqa", "folio", "gsm8k", "mmlu", "mmlu_redux", "musr",
    "prontoqa", "quality", "strategyqa", "truthfulqa",
)  # fmt: skip
TEXT = b'{"question": "How many?", "answer": "#### 18"}\n'


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path):
    """Serve a folder on loopback; gives the folder and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def one(url, **known):
    return Source("gsm8k", "MIT", [File("test.jsonl", f"{url}/test.jsonl", **known)])


class TestAFile:
    def test_is_kept_with_its_checksum(self, server, tmp_path):
        folder, url = server
        (folder / "test.jsonl").write_bytes(TEXT)
        known = {"size": len(TEXT), "sha256": hashlib.sha256(TEXT).hexdigest()}
        [(_, digest)] = fetch(one(url, **known), tmp_path / "kept")
        assert digest == known["sha256"]
        assert (tmp_path / "kept" / "test.jsonl").read_bytes() == TEXT

    def test_that_is_there_is_not_fetched_again(self, server, tmp_path):
        folder, url = server
        (folder / "test.jsonl").write_bytes(TEXT)
        list(fetch(one(url), tmp_path / "kept"))
        (folder / "test.jsonl").unlink()
        assert [told for _, told in fetch(one(url), tmp_path / "kept")] == ["there already"]

    @pytest.mark.parametrize(
        "known, reason",
        [
            ({"sha256": "0" * 64}, "and not 0000000000000000…"),
            ({"size": len(TEXT) + 1}, "bytes and not"),
            ({"size": len(TEXT) - 1}, "more than the"),
        ],
    )
    def test_that_is_another_than_is_known_is_not_kept(self, server, tmp_path, known, reason):
        folder, url = server
        (folder / "test.jsonl").write_bytes(TEXT)
        with pytest.raises(UsageError, match=reason):
            list(fetch(one(url, **known), tmp_path / "kept"))
        assert list((tmp_path / "kept").iterdir()) == []

    def test_that_is_not_there_is_told_with_where_to_put_it_by_hand(self, server, tmp_path):
        _, url = server
        with pytest.raises(UsageError, match=r"cannot be reached: HTTP 404.*put it at .*kept/test\.jsonl"):
            list(fetch(one(url), tmp_path / "kept"))

    def test_of_no_network_is_told_so(self, server, tmp_path):
        with pytest.raises(UsageError, match="Where there is no network"):
            list(fetch(one("http://127.0.0.1:9"), tmp_path / "kept"))


class TestAnArchive:
    @staticmethod
    def packed(kind, names):
        body = io.BytesIO()
        if kind == "zip":
            with zipfile.ZipFile(body, "w") as file:
                for name in names:
                    file.writestr(name, TEXT)
        else:
            with tarfile.open(fileobj=body, mode="w") as file:
                for name in names:
                    info = tarfile.TarInfo(name)
                    info.size = len(TEXT)
                    file.addfile(info, io.BytesIO(TEXT))
        return body.getvalue()

    @staticmethod
    def packed_source(url):
        return Source("arc", "x", [File("all", f"{url}/all", unpack="*/*.jsonl")])

    @pytest.mark.parametrize("kind", ["zip", "tar"])
    def test_is_unpacked_as_far_as_it_is_wanted(self, server, tmp_path, kind):
        folder, url = server
        (folder / "all").write_bytes(self.packed(kind, ["a/x.jsonl", "a/y.txt", "a/._x.jsonl"]))
        list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert {path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()} == {"all", "x.jsonl"}

    @pytest.mark.parametrize("kind", ["zip", "tar"])
    def test_writes_nothing_outside_its_folder(self, server, tmp_path, kind):
        folder, url = server
        (folder / "all").write_bytes(self.packed(kind, ["../out/x.jsonl"]))
        with pytest.raises(UsageError, match="wants to lie elsewhere"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert not (tmp_path / "out").exists()

    def test_that_is_none_is_told_so(self, server, tmp_path):
        folder, url = server
        (folder / "all").write_bytes(TEXT)
        with pytest.raises(UsageError, match="cannot be kept"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))


class TestTheSources:
    @pytest.mark.parametrize("name", ["gpqa", "casefiles", "hub", "quality_debates"])
    def test_say_why_a_set_cannot_be_fetched(self, name):
        with pytest.raises(UsageError, match=f"{name} cannot be fetched: "):
            source(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_of_a_set_have_a_licence_and_https_addresses(self, name):
        found = source(name)
        assert found.licence
        assert all(file.url.startswith("https://") for file in found.files)

    def test_are_refused_without_encryption_but_on_this_machine(self):
        with pytest.raises(UsageError, match="no https address"):
            source("gsm8k", "http://example.org")

    def test_that_are_pinned_are_the_files_of_the_shared_data(self, shared):
        for name in ("gsm8k", "bbh", "musr", "folio", "strategyqa"):
            for file in source(name).files:
                body = (shared(name) / file.path).read_bytes()
                assert (len(body), hashlib.sha256(body).hexdigest()) == (file.size, file.sha256)


def test_a_loader_finds_what_was_fetched(server, tmp_path, monkeypatch):
    monkeypatch.setenv("ARENA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ARENA_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    folder, url = server
    (folder / "test.jsonl").write_bytes(TEXT)
    list(fetch(one(url)))
    [item] = Gsm8k().items(limit=None, seed=0)
    assert item.question.text == "How many?"
    assert cache() == tmp_path / "cache"
