"""Numbers as people read them."""

from __future__ import annotations

import math

from ngn_core.statistics.verdicts import Interval

_SMALL, _LARGE = 1e-6, 1e15
"""Below and above, numbers are written with powers of ten."""

_DIGITS = 15
"""Dex beyond which a factor is none that anybody reads."""


def format_number(value: float | None, digits: int = 4) -> str:
    """Return a number with so many significant digits.

    Only the very small and the very large are written with powers of ten.
    """
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "undefined"
    if _is_scientific(value):
        return _scientific(value, digits)
    return f"{value:z,.{_decimals(value, digits)}f}"


def format_spread(mean: float, std: float) -> str:
    """Return `mean ± std`, both with the decimals that both need.

    The mean is to have four significant digits and the standard deviation up to two.
    """
    if not math.isfinite(mean):
        return format_number(mean)
    vanishes = abs(mean) < _SMALL <= std
    if not math.isfinite(std) or _is_scientific(std):
        return f"{format_number(mean)} ± {format_number(std, 2)}"
    if _is_scientific(mean) and not vanishes:
        return f"{format_number(mean)} ± {format_number(std)}"
    decimals = max(0 if vanishes else _decimals(mean, 4), _shortest(std))
    return f"{mean:z,.{decimals}f} ± {std:,.{decimals}f}"


def factor(dex: float) -> str:
    """Return the factor that an error of a logarithm to base 10 is: `x 1.12`."""
    return f"x {format_number(10**dex, 3)}" if dex <= _DIGITS else "undefined"


def format_percent(share: float, sign: str = "+") -> str:
    """Return a share as a percentage, `+6.3 %`; the sign is `-` for none before it."""
    if not math.isfinite(share):
        return "undefined"
    value = 100 * share
    decimals = 0 if abs(value) >= 9.95 or value == round(value) else 1
    return f"{value:{sign}z,.{decimals}f} %"


def format_percents(interval: Interval) -> str:
    """Return `-1.0 % to +2.5 %`."""
    return f"{format_percent(interval.low)} to {format_percent(interval.high)}"


def p_value(value: float | None) -> str:
    """Return a p-value with two digits, `< 0.0001` below that."""
    if value is None:
        return "-"
    return "< 0.0001" if value < 1e-4 else format_number(value, 2)


def signed(value: float) -> str:
    """Return a difference with its sign and three significant digits."""
    return f"{'+' if value > 0 else ''}{format_number(value, 3)}"


def format_duration(seconds: float) -> str:
    """Return seconds as people say them: `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def memory(mebibytes: float) -> str:
    """Return memory as people say it: `340 MiB`, `2.1 GiB`."""
    if mebibytes < 1000:
        return f"{mebibytes:.0f} MiB" if mebibytes >= 10 else f"{mebibytes:.1f} MiB"
    return f"{mebibytes / 1024:.1f} GiB"


def unit_behind(unit: str) -> str:
    """Return a unit behind a number, nothing where there is none."""
    return f" {unit}" if unit not in ("", "?") else ""


def plural(number: int, noun: str) -> str:
    """Return `1 fold`, `5 folds`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _is_scientific(value: float) -> bool:
    return 0 < abs(value) < _SMALL or abs(value) > _LARGE


def _scientific(value: float, digits: int) -> str:
    """Return a number with a power of ten and one decimal or more."""
    number, _, power = f"{value:.{max(digits - 1, 1)}e}".partition("e")
    whole, _, decimals = number.partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}e{power}"


def _decimals(value: float, digits: int) -> int:
    """Return how many decimals show so many significant digits, none of integers."""
    if value == round(value):
        return 0
    return min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), 8)


def _shortest(value: float) -> int:
    """Return how many decimals two digits need, without zeros at the end."""
    text = f"{value:.{_decimals(value, 2)}f}"
    return len(text.partition(".")[2].rstrip("0"))
