"""Numbers, equations and column names as text for the screen."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real

import numpy as np
import numpy.typing as npt

from animate.draw.language import current_language, translated

MINUS = "\u2212"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
THIN_SPACE = "\u202f"
LARGEST_PLAIN = 1e5
LARGEST_IN_FULL = 1e6
SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"))
"""Words for large numbers: trillions, billions and millions, in the language of the picture."""
LARGEST_IN_WORDS = 1e15
SMALLEST_PLAIN = 1e-3
SMALLEST_FIXED = 1e-4
"""A series whose typical value is smaller is shown with significant digits instead of fixed decimals."""
MOST_DECIMALS = 6


def number(value: float, decimals: int) -> str:
    """Return a number with fixed decimals and a true minus sign; large ones as people write them.

    From 10,000 on thousands are separated, from 1e5 on there are no decimals, from 1e6 on there are three digits and
    M, bn or tn, and from 1e15 on a power of ten.

    >>> number(-3.14159, 2), number(51589.3, 1), number(324474.55, 2)
    ('\u22123.14', '51\u202f589.3', '324\u202f475')
    >>> number(1234567.0, 2), number(4.2e9, 2), number(2e20, 2)
    ('1.23\u202fM', '4.20\u202fbn', '2.00×10²⁰')
    >>> number(float("inf"), 2)
    '\u221e'
    """
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "\u221e" if value > 0 else f"{MINUS}\u221e"
    rounded = abs(float(f"{value:.3g}"))
    if rounded >= LARGEST_IN_WORDS:
        text = f"{value:.2e}"
    elif abs(value) >= LARGEST_IN_FULL:
        scale, word = next((scale, word) for scale, word in SCALES if rounded >= scale)
        text = f"{value / scale:.{decimals_for(rounded / scale)}f}{THIN_SPACE}{translated(word)}"
    elif abs(value) >= 1e4:
        text = f"{value:,.{0 if abs(value) >= LARGEST_PLAIN else decimals}f}".replace(",", THIN_SPACE)
    else:
        text = f"{value:.{decimals}f}"
        if float(text) == 0:
            text = text.lstrip("-")
    return written(text)


def written(text: str) -> str:
    """Return a number as programs write it as people do: minus sign, decimal separator of the language, power of ten.

    >>> written("-0.5"), written("8.85e+60"), written("1e-05")
    ('\u22120.5', '8.85×10⁶⁰', '10⁻⁵')
    """
    mantissa, _, exponent = text.partition("e")
    digits = re.sub(r"(?<=\d)\.(?=\d)", current_language().decimal, mantissa.replace("-", MINUS))
    if not exponent:
        return digits
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return {"1": power, f"{MINUS}1": MINUS + power}.get(digits, f"{digits}×{power}")


def grouped(count: int) -> str:
    """Return a count with thin spaces between its thousands.

    >>> grouped(2400)
    '2\u202f400'
    """
    return f"{count:,}".replace(",", THIN_SPACE)


def decimals_for(value: float, significant: int = 3, *, least: int = 0, most: int = MOST_DECIMALS) -> int:
    """Return how many decimals show ``value`` to a number of significant digits.

    >>> decimals_for(2.16), decimals_for(0.0427), decimals_for(250.0), decimals_for(0.99999)
    (2, 4, 0, 2)
    """
    if not math.isfinite(value) or value == 0:
        return max(least, min(most, significant - 1))
    exponent = int(f"{value:.{max(significant - 1, 0)}e}".partition("e")[2])  # of the rounded value: 0.99999 is 1.00
    return max(least, min(most, significant - 1 - exponent))


def significant(value: float, digits: int = 3) -> str:
    """Return a number with a number of significant digits; with a power of ten below 0.001; large ones as `number`.

    >>> significant(0.9647, 3), significant(250.0, 3), significant(-0.00031, 2), significant(0.0)
    ('0.965', '250', '\u22123.1×10⁻⁴', '0')
    """
    if value == 0:
        return "0"
    if math.isfinite(value) and abs(value) < SMALLEST_PLAIN:
        return written(f"{value:.{digits - 1}e}")
    return number(value, decimals_for(value, digits))


def shortest(value: float, is_so: Callable[[float], bool], digits: int) -> str:
    """Return a number with the fewest decimals, ``digits`` at least, for which something is so of what is shown.

    >>> shortest(0.04996, lambda shown: shown < 0.05, 2), shortest(0.04, lambda shown: shown < 0.05, 2)
    ('0.04996', '0.04')
    >>> shortest(302817000.0, lambda shown: 302e6 < shown < 303e6, 2)
    '302\u202f800\u202f000'
    """
    if LARGEST_IN_FULL <= abs(value) < LARGEST_IN_WORDS:
        rounded = (float(f"{value:.{places}e}") for places in range(2, 15))
        return grouped(round(next((one for one in rounded if is_so(one)), value))).replace("-", MINUS)
    decimals = next((places for places in range(digits, digits + 5) if is_so(round(value, places))), digits)
    return number(value, decimals) if digits < MOST_DECIMALS else significant(value)


def apart(*values: float, digits: int = 3) -> tuple[str, ...]:
    """Return numbers with as many significant digits, `digits` at least, as show which of them differ.

    Numbers that seven digits do not tell apart read the same.

    >>> apart(6.0833, 6.0832), apart(6.0833, 0.8714), apart(2.0, 2.0)
    (('6.0833', '6.0832'), ('6.08', '0.871'), ('2.00', '2.00'))
    """
    few = tuple(significant(value, digits) for value in values)
    more = (tuple(significant(value, places) for value in values) for places in range(digits, digits + 5))
    return next((texts for texts in more if len(set(texts)) == len(set(values))), few)


def fewest_digits(value: float, result: Callable[[float], str], digits: int = 2) -> str:
    """Return a number with the fewest significant digits, some at least, which give the result that is shown of it.

    >>> fewest_digits(0.03877, lambda p: number(-math.log(p), 2)), fewest_digits(0.5, lambda p: number(2 * p, 1))
    ('0.0388', '0.50')
    """
    shown = result(value)
    places = next((one for one in range(digits, 16) if result(float(f"{value:.{one - 1}e}")) == shown), digits)
    if abs(value) < SMALLEST_PLAIN:
        return significant(value, places)
    return number(value, decimals_for(value, places, most=15))


def exponential(power: float) -> str:
    """Return e to a power in three digits, or in more if else it were 1; also where no float holds it.

    >>> exponential(1.5573), exponential(0.00042), exponential(-8988.0)
    ('4.75', '1.0004', '3.64×10⁻³⁹⁰⁴')
    """
    tens = power / math.log(10)
    if abs(tens) < 300:
        return apart(math.exp(power), 1.0)[0]
    return written(f"{10 ** (tens % 1):.2f}e{math.floor(tens)}") if math.isfinite(power) else number(power, 0)


def number_like(value: float, typical: float, digits: int = 3, *, least: int = 0) -> str:
    """Return a number of a series with the decimals that a typical one needs; with significant digits if that is tiny.

    >>> number_like(12.5, 0.0427), number_like(3.2e-7, 2.5e-7), number_like(0.5, 2.0)
    ('12.5000', '3.20×10⁻⁷', '0.50')
    """
    if 0 < abs(typical) < SMALLEST_FIXED:
        return significant(value, digits)
    return number(value, decimals_for(typical, digits, least=least))


_FORM = re.compile(r"[.]\d{1,2}|[%g]?(\d{1,2})?")


def formatted(value: object, form: str = "") -> str:
    """Return a value as text; `form` is what stands after the colon of a template, as `animate.say` describes.

    >>> formatted(12000), formatted(0.9496, "%"), formatted([1.0, 0.25], ".2"), formatted(0.010, "g")
    ('12\u202f000', '95.0 %', '1.00, 0.25', '0.01')
    >>> formatted(1, "update|updates"), formatted(1200, "update|updates"), formatted(-0.5, "(.2)")
    ('1 update', '1\u202f200 updates', '(\u22120.50)')
    """
    if "|" in form:
        return _counted(value, form)
    if form.startswith("(") and form.endswith(")"):
        text = formatted(value, form[1:-1])
        return f"({text})" if text.startswith(MINUS) else text
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return grouped(int(value)).replace("-", MINUS)
    if not isinstance(value, Real):
        if isinstance(value, Iterable):
            return ("; " if current_language().decimal == "," else ", ").join(formatted(one, form) for one in value)
        raise ValueError(f"a value of a text must be a number, a text or several of them; got {value!r}")
    quantity = float(value)
    if not _FORM.fullmatch(form):
        raise ValueError(f"a form must be such as .2 for decimals, 5 for digits, g or %; got {form!r}")
    if form.startswith("%"):
        percent = 100 * (1.0 if math.isclose(quantity, 1.0, rel_tol=1e-11) else quantity)  # all, but for rounding
        is_lossy = not form[1:] or (percent < 100 and significant(percent, int(form[1:])) == "100")
        return f"{_percent(percent) if is_lossy else significant(percent, int(form[1:]))} %"
    if form.startswith("."):
        return number(quantity, int(form[1:]))
    if form.startswith("g"):
        return written(f"{quantity:.{form[1:] or 4}g}")
    return significant(quantity, int(form) if form else 3)


def _percent(percent: float) -> str:
    """Return percent with one decimal, or with more where that would make all of nearly all, or none of a few.

    >>> _percent(99.2), _percent(99.9987), _percent(0.003), _percent(100.0)
    ('99.2', '99.999', '0.003', '100.0')
    """
    lossy = (0.0, 100.0)
    decimals = next((places for places in range(1, 13) if round(percent, places) not in lossy), 1)
    return number(percent, decimals if percent not in lossy else 1)


def _counted(value: object, form: str) -> str:
    """Return a number with the first of two words if it is 1, else with the second."""
    words = form.split("|")
    if len(words) != 2:
        raise ValueError(f"a form with | must have two words, such as update|updates; got {form!r}")
    return f"{formatted(value, 'g')} {words[value != 1]}"


_UNITS = {"mm", "cm", "m", "km", "g", "kg", "s", "ms", "min", "h", "years", "usd", "eur", "c", "k"}


def readable(name: str) -> str:
    """Return a column name in words, with its unit in parentheses.

    >>> readable("bill_length_mm"), readable("x"), readable("Body mass (g)")
    ('bill length (mm)', 'x', 'Body mass (g)')
    """
    words = name.replace("_", " ").split()
    if len(words) > 1 and words[-1].lower() in _UNITS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    return " ".join(words)


def unit_of(name: str) -> str:
    """Return the unit of a readable name, or "".

    >>> unit_of("bill length (mm)"), unit_of("x")
    ('mm', '')
    """
    return name[name.rindex("(") + 1 : -1] if name.endswith(")") and "(" in name else ""


def curvature_ratio(ratio: float) -> str:
    """Return how many times one curvature is another; rounding hides the smaller one where it is over 10¹⁵.

    >>> curvature_ratio(72.3), curvature_ratio(123456.0), curvature_ratio(float("inf"))
    ('72.3', '123\u202f456', 'over 10¹⁵')
    """
    in_full = 1000 <= ratio < 1e6
    digits = grouped(round(ratio)) if in_full else written(f"{ratio:.3g}")
    return digits if ratio < 1e15 else str(translated("over 10¹⁵"))


def condition(condition_number: float) -> tuple[str, str]:
    """Return a condition number in words and in short; rounding hides the smallest curvature where it is over 10¹⁵.

    >>> condition(254.17), condition(float("inf"))
    (('condition number 254', '\u03ba 254'), ('condition number over 10¹⁵', '\u03ba over 10¹⁵'))
    """
    digits = curvature_ratio(condition_number)
    return str(translated("condition number {value}")).format(value=digits), f"\u03ba {digits}"


def equation_decimals(value: float, significant: int) -> int:
    """Return the decimals of a number in an equation: at least two, but none that its size makes meaningless.

    >>> equation_decimals(1.00211682, 4), equation_decimals(12.5, 4), equation_decimals(3428.33, 4)
    (3, 2, 0)
    """
    return decimals_for(value, significant, least=2 if abs(value) < 100 else 0)


def linear_terms(
    params: Sequence[float] | npt.NDArray[np.float64], decimals: Sequence[int] | None = None
) -> str:
    """Return the right side of the equation of a line.

    Parameters
    ----------
    params : sequence of float
        Slope and intercept.
    decimals : sequence of int, optional
        One per parameter; four significant digits if not given.

    >>> linear_terms([1.00211682, -0.262323])
    '1.002\u2009x \u2212 0.2623'
    """
    values = [float(value) for value in params]
    places = decimals or [equation_decimals(value, 4) for value in values]
    texts = [
        significant(abs(value), 4)
        if 0 < abs(value) < SMALLEST_PLAIN and (not decimals or place == MOST_DECIMALS)
        else number(abs(value), place)
        for value, place in zip(values, places, strict=True)
    ]
    signs = [MINUS if value < 0 and text.strip("0.,") else "+" for value, text in zip(values, texts, strict=True)]
    return f"{signs[0].strip('+')}{texts[0]}\u2009x {signs[1]} {texts[1]}"


def short_number(value: float) -> str:
    """Return a number in three digits; small and large ones in two, or one if huge, with their power of ten.

    >>> short_number(0.0123), short_number(39.54), short_number(0.00012), short_number(float("inf"))
    ('0.012', '39.5', '1.2×10⁻⁴', '\u221e')
    """
    value = float(value)
    if 1e-3 <= abs(value) < 1e5 or not np.isfinite(value) or value == 0:
        return number(value, decimals_for(value, 3, most=3))
    return written(f"{value:.{0 if abs(np.log10(abs(value))) >= 99 else 1}e}")
