"""From the typed signature of a scene's ``build`` to its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from animate.errors import UsageError
from animate.library.parameters import Parameter, Range, is_table_type

SCALARS = {float: "float", int: "int", bool: "bool", str: "str"}
ALLOWED = "float, int, bool, str, Literal['a', 'b'], tuple[float, float] or Table | None, each also as `T | None`"


class SignatureError(Exception):
    """A signature that cannot be turned into parameters; who loads the script adds its file and line."""


def parameters_of(build: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the parameters that the signature of *build* states, in its order.

    Raises
    ------
    SignatureError
        If a parameter has no type or no default, cannot be given by name, or has a type, range or default
        that does not fit.
    """
    try:
        hints = get_type_hints(build, include_extras=True)
    except Exception as error:
        raise SignatureError(f"the type of a parameter of build cannot be read: {error}") from error
    return tuple(_parameter(given, hints) for given in inspect.signature(build).parameters.values())


def _parameter(given: inspect.Parameter, hints: dict[str, Any]) -> Parameter:
    name = given.name
    if given.kind not in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY):
        raise SignatureError(f"build takes {given}; it must take parameters by name, each with a type and a default")
    if name not in hints:
        raise SignatureError(f"parameter {name} of build must have a type: {ALLOWED}")
    if given.default is given.empty:
        raise SignatureError(f"parameter {name} of build must have a default")
    core, optional, extras = _unwrap(hints[name])
    parameter = Parameter(
        name=name,
        optional=optional,
        range=next((extra for extra in extras if isinstance(extra, Range)), None),
        help=next((extra for extra in extras if isinstance(extra, str)), ""),
        **_type_fields(name, core),
    )
    return _with_default(parameter, given.default)


def _unwrap(annotation: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """Return the bare type, whether None is allowed, and what `Annotated` adds, however they are nested."""
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        core, optional, deeper = _unwrap(inner)
        return core, optional, (*extras, *deeper)
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        if len(rest) == 1 and len(rest) < len(get_args(annotation)):
            core, _, extras_inside = _unwrap(rest[0])
            return core, True, extras_inside
    return annotation, False, ()


def _type_fields(name: str, core: Any) -> dict[str, Any]:
    arguments = get_args(core)
    if core in SCALARS:
        return {"kind": SCALARS[core]}
    if get_origin(core) is Literal and all(isinstance(choice, str) for choice in arguments):
        return {"kind": "choice", "choices": arguments}
    if get_origin(core) is tuple and set(arguments) <= {float, Ellipsis} and float in arguments:
        return {"kind": "floats", "n_values": None if Ellipsis in arguments else len(arguments)}
    if is_table_type(core):
        if name != "data":
            raise SignatureError(f"the Table parameter of build must be named data; got {name}")
        return {"kind": "data"}
    shown = core.__name__ if isinstance(core, type) and not arguments else str(core).removeprefix("typing.")
    raise SignatureError(f"the type of parameter {name} of build must be {ALLOWED}; got {shown}")


def _with_default(parameter: Parameter, default: Any) -> Parameter:
    if parameter.range is not None and parameter.kind not in ("float", "int", "floats"):
        raise SignatureError(f"parameter {parameter.name} of build has a Range, which only numbers can have")
    if parameter.kind == "data" and not (parameter.optional and default is None):
        raise SignatureError("the parameter data of build must be written `data: Table | None = None`")
    try:
        checked = parameter.check(default)
    except UsageError as error:
        raise SignatureError(f"the default of a parameter of build does not fit its type: {error}") from error
    return Parameter(**{**parameter.__dict__, "default": checked})
