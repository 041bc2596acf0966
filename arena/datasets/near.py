"""Wrong answers made by rule, where a set has right ones only, and options that name other options."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from random import Random

_BRACKETS = "()[]{}<>"

_LIST = r"\(?[A-H]\)?(?:, ?\(?[A-H]\b\)?)*,? (?:and|or|nor|&) \(?[A-H]\b\)?"
_LETTERS = re.compile(
    rf"(?i:both|neither|either|only)\s+{_LIST}|{_LIST}(?=\.?$| only\b| are (?:correct|true)\b)|(?=\(.*\(){_LIST}(?<=\))"
)
_SURELY = re.compile("both|neither|either", re.IGNORECASE)
_ABOVE = re.compile(r"^(all|none|both|neither|any) (?:of )?the above\b", re.IGNORECASE)


def number(text: str) -> Decimal | None:
    """Read a number as people write it, with commas, a currency or a percent sign; `None` where it is none."""
    plain = text.strip().rstrip(".").replace(",", "").replace("$", "").replace("%", "").strip()
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None  # noqa: PLR2004 - 1e9999 is no answer


def plain(value: Decimal) -> str:
    """Write a number without commas, exponent or closing zeros, so that its form gives nothing away."""
    return f"{value.normalize() + 0:f}"


def near_misses(right: str, chance: Random, count: int = 3) -> list[str]:
    """Make up to `count` wrong answers that resemble a right one, drawn by `chance`; none where no rule applies.

    To a number: one, two or ten more or less, a tenth more or less, its half and its double, in whole numbers where it
    is whole, and of its sign. To brackets: one of them replaced. To a list of words: two neighbours exchanged.
    """
    words = right.split()
    if (value := number(right)) is not None:
        made = _numbers(value)
    elif words and all(word in _BRACKETS for word in words):
        made = [_replaced(words, i, other) for i in range(len(words)) for other in _BRACKETS]
    else:
        made = [" ".join([*words[:i], words[i + 1], words[i], *words[i + 2 :]]) for i in range(len(words) - 1)]
    others = [one for one in dict.fromkeys(made) if one != (" ".join(words) if value is None else plain(value))]
    return chance.sample(others, min(count, len(others)))


def _numbers(value: Decimal) -> list[str]:
    tenth, whole = value / 10, value == value.to_integral_value()
    made = [
        value + 1,
        value - 1,
        value + 2,
        value - 2,
        value + 10,
        value - 10,
        value + tenth,
        value - tenth,
        value / 2,
        value * 2,
    ]
    kept = [one.to_integral_value() if whole else one for one in made]
    return [plain(one) for one in kept if (one < 0) == (value < 0)]


def _replaced(words: Sequence[str], place: int, word: str) -> str:
    return " ".join([*words[:place], word, *words[place + 1 :]])


def spelled(options: Sequence[str]) -> list[str]:
    """Write out options that name others by letter or place (`both A and B`, `none of the above`).

    Once the options are shuffled a letter names another, and nothing may stand above. What is named is put in its
    place, in quotes, so that the option means in any order what it meant in the first. One that names itself, or
    none that is there, means nothing, and comes out empty.
    """
    return [_spelled(option.strip(), i, options) for i, option in enumerate(options)]


def _spelled(option: str, place: int, options: Sequence[str]) -> str:
    if found := _ABOVE.match(option):
        above = options[:place] or options[1:]
        named = "; ".join(_quoted(one) for one in above if not _names_others(one.strip()))
        return f"{found[1]} of these: {named}{option[found.end() :]}" if named else ""
    if (found := _LETTERS.match(option)) is None:
        return option
    places = [ord(one) - ord("A") for one in re.findall(r"\b[A-H]\b", found[0])]
    if place in places or max(places) >= len(options):
        return "" if _SURELY.match(option) else option
    written = re.sub(r"\(?\b([A-H])\b\)?", lambda m: _quoted(options[ord(m[1]) - ord("A")]), found[0])
    return written + option[found.end() :]


def _names_others(option: str) -> bool:
    return bool(_ABOVE.match(option) or _LETTERS.match(option))


def _quoted(option: str) -> str:
    return f"“{option.strip()}”"
