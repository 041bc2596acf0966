"""Accounts: where a provider's calls go and with which key, and the one client that they share.

A client is made at the first call, inside the loop that runs then, and is closed with the last model that used it or
with the loop, whichever comes first. The SDKs are imported with the first client, and not before.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from arena.errors import UsageError
from arena.models import keys
from arena.models.keys import Secret

if TYPE_CHECKING:
    from arena.models.transport import Client

Vendor = Literal["anthropic", "openai"]

VARIABLES: dict[Vendor, tuple[str, ...]] = {
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    "openai": ("OPENAI_API_KEY",),
}
"""The variables in which each vendor's key is looked for, in this order."""

BASE: dict[Vendor, str] = {"anthropic": "ANTHROPIC_BASE_URL", "openai": "OPENAI_BASE_URL"}
"""The variables that give another address than the vendor's own."""

NO_KEY = "none"
"""What is sent as the key to a server that needs none."""

_HERE = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_EXAMPLE = "http://127.0.0.1:8000/v1"


class Address(NamedTuple):
    """A model's name, and the address of its server; `None` is the vendor's own."""

    model: str
    url: str | None


def address(vendor: Vendor, name: str) -> Address:
    """Read `<id>` or `<id>@URL`; raises `UsageError` where the URL is none. A password in it is not repeated."""
    model, at, url = name.partition("@http")
    url = f"http{url}" if at else ""
    if not at and "@" in name:
        model, _, rest = name.rpartition("@")
        raise UsageError(
            f"{vendor}/{model}@…: {_short(rest)!r} is no address of a server. Write it with http:// or https://, as in "
            f"{vendor}/{model}@{_EXAMPLE}"
        )
    if not model:
        raise UsageError(f"{vendor}/ names no model; write {vendor}/<id>, or {vendor}/<id>@{_EXAMPLE}")
    return Address(model, _checked(vendor, model, url) if at else None)


def _short(text: str) -> str:
    return text.rpartition("@")[2][:60]


def _checked(vendor: Vendor, model: str, url: str) -> str:
    what = f"{vendor}/{model}@…"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError) as why:
        raise UsageError(f"{what}: {_short(url)!r} is no address of a server: {why}. One is {_EXAMPLE}") from None
    if parts.username or parts.password:
        raise UsageError(
            f"{what}: no key or password belongs in an address. Name the variable that holds it: ?key=NAME"
        )
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url) or parts.query or parts.fragment:
        raise UsageError(f"{what}: {_short(url)!r} is no address of a server. One is {_EXAMPLE}")
    base = url.rstrip("/")
    return base.removesuffix("/v1") if vendor == "anthropic" else base


@dataclass(frozen=True)
class Account:
    """A server and a key. `label` names it in messages and is what pacing goes by; it holds no key.

    `url` is `None` for the vendor's own address; `chosen` says that the environment gives another one in its place.
    Accounts that are equal share a client.
    """

    vendor: Vendor
    url: str | None
    label: str
    secret: Secret = field(repr=False)
    chosen: bool = False

    def __hash__(self) -> int:
        """Quick: every call looks its client up."""
        return hash(self.label)

    @property
    def keyed(self) -> bool:
        """Whether there is a key to send, and not only something in its place."""
        return self.secret != Secret(NO_KEY)

    def apart(self, spec: str) -> None:
        """Raise `UsageError` where the key stands in a spec, which would be logged and printed."""
        if self.secret.hide(spec) != spec:
            raise UsageError(f"{self.secret.hide(spec)}: a key never belongs into a spec. Write the id of a model")

    async def client(self) -> Client:
        """The client of this account in the running loop, made if there is none yet."""
        shared = _shared()
        lease = shared.get(self)
        if lease is None:
            lease = shared[self] = _Lease(self)
            await lease.begin()
        return lease.client

    async def close(self) -> None:
        """Close the client of this account in the running loop, if there is one; no call may be under way."""
        lease = _shared().get(self)
        if lease is not None:
            await lease.end()


def account(vendor: Vendor, url: str | None, variable: str | None, env: Mapping[str, str]) -> Account:
    """The account behind an address. `variable` names the one that holds its key, where that is not the usual one.

    The vendor's own address needs the vendor's key. That key also goes to servers on this machine and to the address
    that the vendor's variable for one gives, but to no other: another server gets the key that `variable` names, or
    none. Raises `UsageError` where a key is missing.
    """
    if variable is not None and not _VARIABLE.fullmatch(variable):
        raise UsageError(f"{vendor}: key= takes the name of a variable, such as {VARIABLES[vendor][0]}, never the key")
    given = env.get(BASE[vendor], "").strip()
    chosen = url is None and bool(given)
    if chosen:
        url = _checked(vendor, "…", given)
    label = vendor if url is None else f"{vendor}@{urlsplit(url).netloc}"
    if variable is not None:
        secret = keys.need((variable,), label, env)
        return Account(vendor, url, f"{label}:{variable}", secret, chosen)
    if url is None:
        return Account(vendor, url, label, keys.need(VARIABLES[vendor], label, env))
    trusted = chosen or here(url)
    found = keys.find(VARIABLES[vendor], env) if trusted else None
    return Account(vendor, url, label, found or Secret(NO_KEY), chosen)


def here(url: str | None) -> bool:
    """Whether an address is on this machine."""
    return url is not None and _HERE.fullmatch(urlsplit(url).hostname or "") is not None


class _Lease:
    """A client that is closed when it is given up, or when its loop ends.

    A loop that ends closes every asynchronous generator that was begun in it, and with it the client that it holds.
    """

    def __init__(self, account: Account) -> None:
        from arena.models.transport import connect  # noqa: PLC0415  # imports the SDK

        self.client = connect(account)
        self._held = self._hold(account)

    async def begin(self) -> None:
        await anext(self._held)

    async def end(self) -> None:
        await self._held.aclose()

    async def _hold(self, account: Account) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            _shared().pop(account, None)
            await self.client.close()


_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Account, _Lease]] = WeakKeyDictionary()


def _shared() -> dict[Account, _Lease]:
    return _LOOPS.setdefault(asyncio.get_running_loop(), {})
