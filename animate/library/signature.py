"""Parameters read from the typed signature of a scene's ``build``, and its keywords made of their values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from animate.errors import UsageError
from animate.library.parameters import Parameter, Range, is_table_type

SCALAR_KINDS = {float: "float", int: "int", bool: "bool", str: "str"}
ALLOWED_TYPES = "float, int, bool, str, Literal['a', 'b'], tuple[float, float] or Table | None, each also as `T | None`"


class SignatureError(Exception):
    """A signature that does not define parameters; `load` adds file and line."""


def parameters_of(build: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the parameters defined by the signature of *build*, in order.

    A parameter whose type is a dataclass is a group: each field with an `Annotated` type is a parameter in its place.

    Raises
    ------
    SignatureError
        If a parameter has no type or no default, is positional-only or variadic, stands twice, or has a type, range or
        default that is not allowed.
    """
    hints = _type_hints(build)
    found: list[Parameter] = []
    for given in inspect.signature(build).parameters.values():
        _check_kind(given, hints)
        if _is_group(hints[given.name]):
            found += _fields_of_group(given, hints[given.name])
        else:
            found.append(_parameter(given.name, hints[given.name], given.default))
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise SignatureError(f"parameter {name} of build stands twice: give its group or the parameter")
    return tuple(found)


def keywords_of(
    build: Callable[..., Any], parameters: Sequence[Parameter], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the keywords of *build* for values of its parameters: a group is its default with the values in it."""
    groups = {one.name: one.group for one in parameters if one.group}
    given = inspect.signature(build).parameters
    keywords = {name: value for name, value in values.items() if name not in groups}
    for group in set(groups.values()):
        inside = {name: value for name, value in values.items() if groups.get(name) == group}
        if inside:
            keywords[group] = replace(given[group].default, **inside)
    return keywords


def _type_hints(thing: Any) -> dict[str, Any]:
    try:
        return get_type_hints(thing, include_extras=True)
    except Exception as error:
        raise SignatureError(f"the type of a parameter of build cannot be read: {error}") from error


def _is_group(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint) and not is_table_type(hint)


def _check_kind(given: inspect.Parameter, hints: Mapping[str, Any]) -> None:
    """Raise SignatureError unless a parameter is given by name, and has a type and a default."""
    if given.kind not in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY):
        raise SignatureError(f"build takes {given}; it must take parameters by name, each with a type and a default")
    if given.name not in hints:
        raise SignatureError(f"parameter {given.name} of build must have a type: {ALLOWED_TYPES}")
    if given.default is given.empty:
        raise SignatureError(f"parameter {given.name} of build must have a default")


def _fields_of_group(given: inspect.Parameter, group: type) -> Iterator[Parameter]:
    """Yield a parameter for each field of a group that is annotated; what it holds is the default."""
    if not isinstance(given.default, group):
        got = type(given.default).__name__
        raise SignatureError(f"the default of parameter {given.name} of build must be {group.__name__}(...); got {got}")
    hints = _type_hints(group)
    for one in fields(group):
        if get_origin(hints[one.name]) is Annotated:
            yield replace(_parameter(one.name, hints[one.name], getattr(given.default, one.name)), group=given.name)


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    core, optional, extras = _unwrap(hint)
    parameter = Parameter(
        name=name,
        optional=optional,
        # The outermost: a script may give an alias another range or help.
        range=next((extra for extra in reversed(extras) if isinstance(extra, Range)), None),
        help=next((extra for extra in reversed(extras) if isinstance(extra, str)), ""),
        **_type_fields(name, core),
    )
    return _with_default(parameter, default)


def _unwrap(annotation: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """Return the bare type, whether None is allowed, and the metadata of `Annotated` from inside to outside."""
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        core, optional, deeper = _unwrap(inner)
        return core, optional, (*deeper, *extras)
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        if len(rest) == 1 and len(rest) < len(get_args(annotation)):
            core, _, extras_inside = _unwrap(rest[0])
            return core, True, extras_inside
    return annotation, False, ()


def _type_fields(name: str, core: Any) -> dict[str, Any]:
    arguments = get_args(core)
    if core in SCALAR_KINDS:
        return {"kind": SCALAR_KINDS[core]}
    if get_origin(core) is Literal and all(isinstance(choice, str) for choice in arguments):
        return {"kind": "choice", "choices": arguments}
    if get_origin(core) is tuple and set(arguments) <= {float, Ellipsis} and float in arguments:
        return {"kind": "floats", "n_values": None if Ellipsis in arguments else len(arguments)}
    if is_table_type(core):
        if name != "data":
            raise SignatureError(f"the Table parameter of build must be named data; got {name}")
        return {"kind": "data"}
    shown = core.__name__ if isinstance(core, type) and not arguments else str(core).removeprefix("typing.")
    raise SignatureError(f"the type of parameter {name} of build must be {ALLOWED_TYPES}; got {shown}")


def _with_default(parameter: Parameter, default: Any) -> Parameter:
    if parameter.range is not None and parameter.kind not in ("float", "int", "floats"):
        raise SignatureError(f"parameter {parameter.name} of build has a Range, which only numbers can have")
    if parameter.kind == "data" and not (parameter.optional and default is None):
        raise SignatureError("the parameter data of build must be written `data: Table | None = None`")
    try:
        checked = parameter.check(default)
    except UsageError as error:
        raise SignatureError(f"the default of a parameter of build does not fit its type: {error}") from error
    return replace(parameter, default=checked)
