"""Whether servers of one's own are there, asked before a run: a retry is for what passes, not for a wrong address.

One request without a key and without a model is sent to each address. Whatever an HTTP server answers will do, except a
page for people. The vendors' own addresses are not asked.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies

from arena.errors import UsageError
from arena.models.accounts import here
from arena.models.base import Named

PATIENCE = 5.0
"""Seconds to wait for a server; one that is there and says nothing is busy."""


def check(models: Iterable[Named]) -> None:
    """Raise `UsageError` where a server of one's own is down, or speaks something else."""
    found = {url: model.spec for model in models if (url := getattr(model, "url", None))}
    for url, spec in found.items():
        if here(url) or not getproxies():
            _asked(url, spec)


def _asked(url: str, spec: str) -> None:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        _connected(connection, url, spec)
        connection.request("GET", f"{parts.path.removesuffix('/v1')}/v1/models")
        answer = connection.getresponse()
        page = answer.status == http.client.OK and "html" in (answer.getheader("content-type") or "")
    except http.client.HTTPException as why:
        raise _other(url, spec, f"its answer is no HTTP ({type(why).__name__})") from None
    except OSError:
        return  # it is there, and busy or shy
    finally:
        connection.close()
    if page:
        raise _other(url, spec, "it answers with a page for people")


def _connected(connection: http.client.HTTPConnection, url: str, spec: str) -> None:
    try:
        connection.connect()
    except OSError as why:
        raise UsageError(
            f"{spec}: there is no server at {url} ({why.strerror or why}). Start it, or mend the address."
        ) from None


def _other(url: str, spec: str, why: str) -> UsageError:
    return UsageError(
        f"{spec}: what is at {url} speaks something else: {why}. The address ends before /v1/messages for "
        "anthropic/…, and before /chat/completions for openai/…, most often with /v1."
    )
