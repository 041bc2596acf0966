"""OpenAI's models and every compatible server: `openai/<id>` and `openai/<id>@URL`.

A server at an address of its own (vLLM, Ollama, llama.cpp, LiteLLM) is taken as it comes. Where it refuses a request
for a part of its form that is ours to choose, the request is sent again in the other form, and that is kept to; such an
answer costs nothing. A setting that somebody chose is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from arena import plugins
from arena.models import keys, prices
from arena.models.accounts import Account, account, address
from arena.models.base import Feature
from arena.models.chat import OTHER, Chat, Manner, OpenAISettings
from arena.models.failures import CallFailed
from arena.models.prices import Rates
from arena.models.provider import Body, Provider, Wire
from arena.models.responses import Responses
from arena.models.settings import refused

THINKING_ROOM = 8_192
"""Tokens on top of a reply's own for models that think: thinking counts to what is allowed."""

_FREE = re.compile(r"(chatgpt-4o|gpt-(3\.5|4))")
"""Families that take temperature, top_p, seed and logprobs, and do not reason."""

_IF_NONE = re.compile(r"gpt-(5\.[1-6]|6-(sol|luna)|6\.1-terra)(-|$)")
"""Families that take them with effort=none only."""

_NEVER = re.compile(r"(o\d|gpt-5(-(mini|nano|pro|\d{4}))?($|-\d)|gpt-6-astra|gpt-6\.1-sol|gpt-6\.2-)")
"""Families that never do; nor do they take the effort `none`."""

_RESPONSES = re.compile(r"(o\d+|gpt-[\d.]+)-(pro|codex|deep-research)|codex|computer-use")
_UNKNOWN = re.compile(
    r"unsupported|not supported|unexpected|unrecogni[sz]ed|unknown|extra|not permitted", re.IGNORECASE
)
_OPTIONAL = ("prompt_cache_key", "stream_options")


class OpenAI(Provider):
    """A model that speaks Chat Completions or Responses; see `Provider`."""

    def __init__(self, spec: str, model: str, account: Account, settings: OpenAISettings, rates: Rates | None) -> None:
        ours = account.url is None
        room = THINKING_ROOM if ours and not _FREE.match(model) and settings.effort != "none" else 0
        self._manner = Manner(ours=ours)
        self._model, self._settings = model, settings
        self._chat = Chat(model, settings, self._manner, room=room, ours=ours)
        self._responses = Responses(model, settings, self._manner, room=room)
        chosen = settings.api or ("responses" if ours and _RESPONSES.match(model) else "chat")
        super().__init__(spec, account, self._chat if chosen == "chat" else self._responses, settings, rates)

    def _able(self, feature: Feature) -> bool | None:
        """Whether the model gives token probabilities: those that take no sampling settings do not."""
        if self._account.url is not None:
            return None
        if feature == "schema":
            return True
        if _FREE.match(self._model):
            return True
        if _IF_NONE.match(self._model):
            return self._settings.effort == "none"
        return False if _NEVER.match(self._model) else None

    def _at(self, path: str) -> Wire:
        """The wire that is spoken at a path."""
        return self._responses if path == self._responses.path else self._chat

    def _learn(self, failure: CallFailed, body: Body) -> bool:
        """Take a refusal for what it says of the form that this server wants.

        Other calls may have learnt the same since this request was sent, so it is the request that is looked at.
        """
        said = str(failure)
        if failure.kind in ("bad_request", "server") and "json_object" in said and self._manner.age(body):
            return True
        if failure.kind not in ("bad_request", "not_found"):
            return False
        if self._settings.api is None and "messages" in body and "v1/responses" in said:
            self._wire = self._responses
            return True
        unwanted = {name for name in _OPTIONAL if name in body and name in said}
        self._manner.left_out |= unwanted
        if unwanted:
            return True
        limit = next((name for name in OTHER if name in body and _unknown(name, said)), None)
        return limit is not None and (self._manner.limit != limit or self._manner.turn())


def _unknown(limit: str, said: str) -> bool:
    """Whether a refusal is about the name of the limit, and not about how high it is."""
    return re.search(rf"\b{limit}\b", said) is not None and (OTHER[limit] in said or _UNKNOWN.search(said) is not None)


def open_model(name: str, params: Mapping[str, str], env: Mapping[str, str] | None = None) -> OpenAI:
    """Open `openai/<id>` or `openai/<id>@URL`; no SDK is imported yet, and nothing is sent.

    Raises `UsageError` for a missing key, an address that is none, and a setting that the model is known to refuse.
    `env` stands for the environment and `.env`.
    """
    env = keys.environment() if env is None else env
    model, url = address("openai", name)
    spec = f"openai/{model}" + (f"@{url}" if url else "")
    where = account("openai", url, params.get("key"), env)
    where.apart(spec)
    settings = plugins.build(OpenAISettings, params, spec)
    if where.url is None:
        _check(spec, model, settings)
    elif url is None:
        spec = f"{spec}@{where.url}"
    if settings.api == "responses" and settings.seed is not None:
        raise refused(spec, "seed", "the Responses interface has none. Leave it out, or choose api=chat")
    rates = prices.load(env).find(spec, model)
    return OpenAI(spec + settings.spelt(), model, where, settings, rates)


def _check(spec: str, model: str, settings: OpenAISettings) -> None:
    given = [name for name in ("temperature", "top_p", "seed") if getattr(settings, name) is not None]
    given = [name for name in given if not (name == "temperature" and settings.temperature == 1)]
    if _FREE.match(model) and settings.effort is not None:
        raise refused(spec, "effort", "it does not reason. Leave it out")
    if _NEVER.match(model):
        if given:
            raise refused(spec, given[0], "models of this family take no sampling settings. Leave it out")
        if settings.effort == "none" or (settings.effort == "minimal" and model.startswith("gpt-6")):
            raise refused(spec, f"effort={settings.effort}", "it always reasons. effort=low makes it reason little")
    if _IF_NONE.match(model) and given and settings.effort != "none":
        raise refused(spec, given[0], f"it does so only with effort=none: {spec}?effort=none&{given[0]}=…")
