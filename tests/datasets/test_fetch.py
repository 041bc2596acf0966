"""Fetching a set: from a server on loopback, whole or not at all, into the place where its loader looks."""

import functools
import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from arena.datasets.fetch import NOTES, File, Source, fetch, noted, source
from arena.datasets.gsm8k import Gsm8k
from arena.datasets.places import cache
from arena.errors import UsageError

NAMES = (
    "anthropic_evals", "arc", "bbh", "boolq", "commonsenseqa", "folio", "gsm8k", "mmlu", "mmlu_redux", "musr",
    "prontoqa", "quality", "strategyqa", "truthfulqa",
)  # fmt: skip
TEXT = b'{"question": "How many?", "answer": "#### 18"}\n'


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, with an ETag and parts of them; some names play tricks."""

    asked, codes = [], []

    def log_message(self, *args):
        pass

    def log_request(self, code="-", size="-"):
        self.codes.append(int(code))

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Range")))
        match self.path.split("/")[1]:
            case "moved":
                self._moved(self.path.replace("/moved", ""))
            case "astray":
                self._moved("http://example.org/test.jsonl")
            case "local":
                self._moved("file:///etc/passwd")
            case "login":
                self._send(b"<html>Sign in</html>", "text/html")
            case "short":
                self._short()
            case "resumed":
                self._resumed()
            case _:
                super().do_GET()

    def _moved(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _send(self, body, kind, length=None):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _short(self):
        """Break off after ten bytes."""
        self._send(TEXT[:10], "text/plain", len(TEXT))

    def _resumed(self):
        """Break off the first time; go on from there the second, unless the file changed meanwhile."""
        if self.headers.get("Range") is None:
            return self._short()
        if self.headers.get("If-Range") != '"one"' or "changed" in self.path:
            return self._send(TEXT, "text/plain")
        begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self.send_response(206)
        self.send_header("Content-Length", str(len(TEXT) - begin))
        self.end_headers()
        self.wfile.write(TEXT[begin:])
        return None


@pytest.fixture
def server(tmp_path):
    """Serve a folder on loopback; gives the folder and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    Quiet.asked.clear()
    Quiet.codes.clear()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
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


class TestADownload:
    def test_follows_where_it_is_sent(self, server, tmp_path):
        folder, url = server
        (folder / "test.jsonl").write_bytes(TEXT)
        list(fetch(one(f"{url}/moved"), tmp_path / "kept"))
        assert (tmp_path / "kept" / "test.jsonl").read_bytes() == TEXT

    @pytest.mark.parametrize("way", ["astray", "local"])
    def test_follows_to_no_address_that_is_not_allowed(self, server, tmp_path, way):
        _, url = server
        with pytest.raises(UsageError, match=r"is no https address|HTTP 302"):
            list(fetch(one(f"{url}/{way}"), tmp_path / "kept"))
        assert list((tmp_path / "kept").iterdir()) == []

    def test_that_is_a_web_page_is_refused(self, server, tmp_path):
        _, url = server
        with pytest.raises(UsageError, match="sends a web page and no data"):
            list(fetch(one(f"{url}/login"), tmp_path / "kept"))
        assert not list((tmp_path / "kept").glob("test.jsonl*"))

    def test_that_turns_out_to_be_of_another_file_leaves_nothing_behind(self, server, tmp_path):
        _, url = server
        wanted = one(f"{url}/resumed/changed", sha256="0" * 64)
        with pytest.raises(UsageError, match="broke off"):
            list(fetch(wanted, tmp_path / "kept"))
        with pytest.raises(UsageError, match="nothing was kept"):
            list(fetch(wanted, tmp_path / "kept"))
        assert list((tmp_path / "kept").iterdir()) == []

    def test_that_is_a_web_page_leaves_nothing_of_what_came_before(self, server, tmp_path):
        _, url = server
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "test.jsonl.part").write_bytes(TEXT[:10])
        with pytest.raises(UsageError, match="nothing was kept"):
            list(fetch(one(f"{url}/login"), tmp_path / "kept"))
        assert list((tmp_path / "kept").iterdir()) == []

    def test_that_breaks_off_is_no_file(self, server, tmp_path):
        _, url = server
        with pytest.raises(UsageError, match="it broke off after 10 bytes; the same command goes on"):
            list(fetch(one(f"{url}/short"), tmp_path / "kept"))
        assert not (tmp_path / "kept" / "test.jsonl").exists()

    @pytest.mark.parametrize("way", ["resumed", "resumed/changed"])
    def test_goes_on_where_it_broke_off_if_the_file_is_still_the_same(self, server, tmp_path, way):
        _, url = server
        with pytest.raises(UsageError, match="broke off"):
            list(fetch(one(f"{url}/{way}"), tmp_path / "kept"))
        [(_, digest)] = fetch(one(f"{url}/{way}"), tmp_path / "kept")
        assert digest == hashlib.sha256(TEXT).hexdigest()
        assert (tmp_path / "kept" / "test.jsonl").read_bytes() == TEXT
        assert [begin for _, begin in Quiet.asked] == [None, "bytes=10-"]
        assert Quiet.codes == [200, 206 if way == "resumed" else 200]
        assert not list((tmp_path / "kept").glob("*.part*"))


class TestAFileOfWhichNobodyKnowsTheChecksum:
    @pytest.fixture
    def fetched(self, server, tmp_path):
        folder, url = server
        (folder / "test.jsonl").write_bytes(TEXT)
        list(fetch(one(url), tmp_path / "kept"))
        return folder / "test.jsonl", tmp_path / "kept", one(url)

    def test_has_it_noted_when_it_is_first_fetched(self, fetched):
        _, kept, wanted = fetched
        [file] = noted(wanted, kept).files
        assert (file.size, file.sha256) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
        assert file.since

    def test_is_held_against_it_where_it_lies(self, fetched):
        _, kept, wanted = fetched
        (kept / "test.jsonl").write_bytes(TEXT.replace(b"18", b"19"))
        with pytest.raises(UsageError, match=r"is not the file that was fetched on .* delete it to fetch it again"):
            list(fetch(wanted, kept))

    def test_is_held_against_it_when_it_is_fetched_again(self, fetched):
        served, kept, wanted = fetched
        (kept / "test.jsonl").unlink()
        served.write_bytes(TEXT.replace(b"18", b"19"))
        with pytest.raises(UsageError, match=r"It was another when it was first fetched, on .*; to trust the new one"):
            list(fetch(wanted, kept))
        assert not (kept / "test.jsonl").exists()
        (kept / NOTES).unlink()
        list(fetch(wanted, kept))
        assert (kept / "test.jsonl").read_bytes() == served.read_bytes()

    def test_that_was_put_there_by_hand_is_noted_as_it_is(self, fetched):
        _, kept, wanted = fetched
        (kept / NOTES).unlink()
        assert [told for _, told in fetch(wanted, kept)] == ["there already"]
        assert noted(wanted, kept).files[0].sha256

    def test_is_fetched_although_a_note_says_nothing(self, fetched):
        _, kept, wanted = fetched
        (kept / NOTES).write_text('{"test.jsonl": 3}')
        assert [told for _, told in fetch(wanted, kept)] == ["there already"]

    def test_of_which_the_notes_are_broken_is_told_with_what_to_do(self, fetched):
        _, kept, wanted = fetched
        (kept / NOTES).write_text("{")
        with pytest.raises(UsageError, match=r"cannot be read: .* Delete it"):
            list(fetch(wanted, kept))


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
        assert {path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()} == {"all", "x.jsonl", NOTES}

    @pytest.mark.parametrize("kind", ["zip", "tar"])
    def test_writes_nothing_outside_its_folder(self, server, tmp_path, kind):
        folder, url = server
        (folder / "all").write_bytes(self.packed(kind, ["../out/x.jsonl"]))
        with pytest.raises(UsageError, match="wants to lie elsewhere"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("kind", ["zip", "tar"])
    @pytest.mark.parametrize(
        "name", ["/a/x.jsonl", "a/../../x.jsonl", "a/b\\..\\x.jsonl", "a/C:x.jsonl", "a/\x1bx.jsonl"]
    )
    def test_with_a_hostile_name_in_it_is_refused_whole(self, server, tmp_path, kind, name):
        folder, url = server
        (folder / "all").write_bytes(self.packed(kind, ["a/good.jsonl", name]))
        with pytest.raises(UsageError, match="wants to lie elsewhere"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert not [path for path in tmp_path.rglob("*.jsonl") if path.is_file()]

    def test_gives_no_links_and_devices(self, server, tmp_path):
        folder, url = server
        body = io.BytesIO()
        with tarfile.open(fileobj=body, mode="w") as file:
            for name, kind in (("a/link.jsonl", tarfile.SYMTYPE), ("a/hard.jsonl", tarfile.LNKTYPE)):
                info = tarfile.TarInfo(name)
                info.type, info.linkname = kind, "/etc/passwd"
                file.addfile(info)
        (folder / "all").write_bytes(body.getvalue())
        with pytest.raises(UsageError, match="holds no file such as"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))

    def test_of_more_than_is_taken_is_refused_whole(self, server, tmp_path, monkeypatch):
        folder, url = server
        monkeypatch.setattr("arena.datasets.unpack.MOST", 2 * len(TEXT))
        (folder / "all").write_bytes(self.packed("zip", ["a/1.jsonl", "a/2.jsonl", "a/3.jsonl"]))
        with pytest.raises(UsageError, match="holds more than 94 bytes; nothing was kept"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert not list((tmp_path / "kept").rglob("*.jsonl"))

    def test_that_is_cut_off_is_told_so(self, server, tmp_path):
        folder, url = server
        (folder / "all").write_bytes(self.packed("tar", ["a/1.jsonl", "a/2.jsonl"])[:1550])
        with pytest.raises(UsageError, match="cannot be kept"):
            list(fetch(self.packed_source(url), tmp_path / "kept"))
        assert not list((tmp_path / "kept").rglob("*.jsonl"))

    def test_has_its_members_taken_again_where_one_is_gone_or_changed(self, server, tmp_path):
        folder, url = server
        (folder / "all").write_bytes(self.packed("zip", ["a/x.jsonl"]))
        list(fetch(self.packed_source(url), tmp_path / "kept"))
        inside = tmp_path / "kept" / "a" / "x.jsonl"
        for spoil in (inside.unlink, lambda: inside.write_text("other")):
            spoil()
            list(fetch(self.packed_source(url), tmp_path / "kept"))
            assert inside.read_bytes() == TEXT

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
