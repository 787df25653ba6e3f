"""Whether the numbers of an equation on screen give the result beside them, and whether that is more than 0 or 1."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable

from animate.draw.formatting import MINUS, THIN_SPACE
from animate.draw.language import current_language

_SIGNS = {MINUS: "-", "\u00b7": "*", THIN_SPACE: "", "\u03c3(": "sigmoid("}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[float], float]] = {"tanh": math.tanh, "sigmoid": lambda z: 0.5 + 0.5 * math.tanh(z / 2)}


def reads_as_whole(text: str) -> bool:
    """Return whether the number that a text begins with reads as 0 or as 1, such as a small or a large probability.

    >>> reads_as_whole("0.00"), reads_as_whole("\u22121.00, by the old one"), reads_as_whole("0.004")
    (True, True, False)
    """
    shown = re.match(rf"{MINUS}?(\d+(?:[.,]\d+)?)(?=$|[,;] )", text)
    return shown is not None and float(_plain(shown[1])) in (0.0, 1.0)


def gives_its_result(equation: str) -> bool:
    """Return whether the last part of an equation is what the part before it comes to, in the digits shown.

    It is also True where either cannot be read, such as in large numbers and powers of ten.

    >>> gives_its_result("2 x = 2 \u00b7 0.40 = 0.80"), gives_its_result("p = \u03c3(1.13) = 0.81")
    (True, False)
    """
    *_, numbers, result = equation.split(" = ")
    shown = re.match(rf"{MINUS}?[\d{THIN_SPACE}]+(?:[.,]\d+)?(?=$|[,;] )", result)
    result = shown[0] if shown else ""
    try:
        found, wanted = (_value(ast.parse(_plain(text), mode="eval").body) for text in (numbers, result))
    except (SyntaxError, KeyError, ValueError):
        return True
    decimals = len(result.partition(current_language().decimal)[2])
    return abs(found - wanted) <= 0.5 * 10.0**-decimals * (1 + 1e-9)


def _plain(text: str) -> str:
    """Return an expression on screen as Python writes it."""
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return text.replace(current_language().decimal, ".")


def _value(node: ast.expr) -> float:
    """Return the value of an expression of numbers."""
    match node:
        case ast.Constant(int() | float() as value):
            return float(value)
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand)
        case ast.BinOp(left, sign, right):
            return _OPERATORS[type(sign)](_value(left), _value(right))
        case ast.Call(ast.Name(name), [argument]):
            return _FUNCTIONS[name](_value(argument))
    raise ValueError(f"an expression must be of numbers, + - * and functions; got {ast.dump(node)}")
