"""A fake provider: a server on this machine that speaks as Anthropic and OpenAI do, and costs nothing.

It tries the shape, pace and cost of a run before it is paid for, and lets the tests see every failure. Its models are
the arena's simulated ones behind ids that begin with `fake-`; behind that stands the id of a real model, whose prices
and rules of caching count. Nothing that it says is ever about that model.
"""
