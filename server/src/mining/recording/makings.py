"""Writes down what functions of a workspace are given: literals, and how the objects of its classes were made.

Shown to the sandbox of workspaces as the module ``makings``.
"""

import contextlib
import dataclasses
import inspect
import os
import sys
import weakref
from collections.abc import Collection, Iterator
from types import CodeType, FrameType
from typing import Any, NamedTuple, TypeAlias, cast

MOST_TEXT = 2_000
"""Characters of one literal."""
MOST_DEPTH = 12
MOST_MADE_DEPTH = 3
"""Objects within objects."""
MOST_LEAVES = 24
"""Literals that one object is made of."""

Argument: TypeAlias = "str | dict[str, Any]"
"""A literal, or how an object was made: ``class``, ``file`` and what `Making` holds."""


class Making(NamedTuple):
    """What an object was made with."""

    args: list[Argument]
    names: list[str]
    """Of the parameters that take them."""
    given: int
    """How many of the arguments there are without those at the end that are defaults."""
    keywords: dict[str, Argument]
    """By name only, without defaults."""


class NotAValueError(Exception):
    """Of an argument that cannot be written."""


def literal(value: object, depth: int = 0) -> str:
    """The Python literal of a value of exactly the built-in types; raises where it has none."""
    kind = type(value)
    if value is None or kind in (bool, int, str, bytes):
        if kind in (str, bytes) and len(cast("str | bytes", value)) > MOST_TEXT:
            raise NotAValueError
        return repr(value)
    if kind in (float, complex):
        text = repr(value)
        if "n" in text and text not in ("inf", "-inf"):
            raise NotAValueError
        return f"float({text!r})" if "n" in text else text
    if depth == MOST_DEPTH or kind not in (list, tuple, dict, set, frozenset):
        raise NotAValueError
    held = cast("Collection[object]", value)
    if len(held) > MOST_TEXT // 2:
        raise NotAValueError
    if kind is dict:
        pairs = [
            (literal(key, depth + 1), literal(each, depth + 1))
            for key, each in cast("dict[object, object]", value).items()
        ]
        return "{" + ", ".join(f"{key}: {each}" for key, each in pairs) + "}"
    items = [literal(each, depth + 1) for each in held]
    if kind is list:
        return "[" + ", ".join(items) + "]"
    if kind is tuple:
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    if kind is set:
        return "{" + ", ".join(sorted(items)) + "}" if items else "set()"
    return "frozenset({" + ", ".join(sorted(items)) + "})" if items else "frozenset()"


def is_default(value: object, default: object) -> bool:
    """Whether an argument says what would hold without it."""
    if value is default:
        return True
    try:
        return literal(value) == literal(default)
    except NotAValueError:
        return False


def size_of(argument: Argument) -> tuple[int, int]:
    """How many objects stand within each other, and how many literals they are made of."""
    if isinstance(argument, str):
        return 0, 1
    sizes = [size_of(each) for each in (*argument["args"], *argument["keywords"].values())]
    return 1 + max((depth for depth, _ in sizes), default=0), sum(leaves for _, leaves in sizes)


class Makings:
    """How objects were made: as their makers were called, or as the fields tell from which a class has its maker."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.made: dict[int, Making | None] = {}

    def remember(self, owner: object, code: CodeType, frame: FrameType) -> None:
        """Keeps what an object is made with for as long as it lives; the outermost maker's arguments count."""
        key = id(owner)
        if key in self.made:
            return
        try:
            weakref.finalize(owner, self.made.pop, key, None).atexit = False
        except TypeError:
            return
        maker = type(owner).__init__
        is_plain = getattr(maker, "__code__", None) is code
        values = frame.f_locals
        self.made[key] = None
        with contextlib.suppress(NotAValueError):
            self.made[key] = self.making(maker if is_plain else None, code, values)

    def making(self, maker: Any, code: CodeType, values: dict[str, Any]) -> Making:
        """What a maker was called with. Where it is known, what may be left out is left out if it cannot be written."""
        names = code.co_varnames
        count = code.co_argcount
        only = names[count : count + code.co_kwonlyargcount]
        after = count + code.co_kwonlyargcount
        defaults = dict(
            zip(reversed(names[:count]), reversed(getattr(maker, "__defaults__", None) or ()), strict=False)
        )
        defaults.update(getattr(maker, "__kwdefaults__", None) or {})
        rest = values[names[after]] if code.co_flags & inspect.CO_VARARGS else ()
        after += bool(code.co_flags & inspect.CO_VARARGS)
        if code.co_flags & inspect.CO_VARKEYWORDS and values[names[after]]:
            raise NotAValueError
        given = [(name, values[name], False) for name in names[1:count]]
        given += [(name, values[name], True) for name in only]
        making = self.of_parameters(given, defaults)
        if not rest:
            return making
        if len(making.args) < count - 1:
            raise NotAValueError
        more = [self.argument(each, 1) for each in rest]
        args = [*making.args, *more]
        places = [*making.names, *(names[count + code.co_kwonlyargcount] for _ in more)]
        return Making(args, places, len(args), making.keywords)

    def of_parameters(
        self, given: list[tuple[str, object, bool]], defaults: dict[str, object], depth: int = 0
    ) -> Making:
        """Of parameters with their values, and whether these are given by name only."""
        args: list[Argument] = []
        names: list[str] = []
        keywords: dict[str, Argument] = {}
        count = 0
        is_cut = False
        for name, value, is_keyword in given:
            default = name in defaults and is_default(value, defaults[name])
            if default and is_keyword:
                continue
            try:
                argument = self.argument(value, depth + 1)
            except NotAValueError:
                if name not in defaults:
                    raise
                is_cut = is_cut or not is_keyword
                continue
            if is_keyword:
                keywords[name] = argument
            elif not is_cut:
                args.append(argument)
                names.append(name)
                count = count if default else len(args)
        return Making(args, names, count, keywords)

    def argument(self, value: object, depth: int = 0) -> Argument:
        """A value as it is written down; raises where it cannot be."""
        try:
            return literal(value)
        except NotAValueError:
            return self.how_made(value, depth)

    def how_made(self, owner: object, depth: int = 0) -> dict[str, Any]:
        """How an object of a class of the workspace was made; raises where that is not known, or more than can be asked."""
        if depth == MOST_MADE_DEPTH:
            raise NotAValueError
        name, file = self.place_of(type(owner))
        making = self.made[id(owner)] if id(owner) in self.made else self.of_fields(owner, depth)
        if making is None:
            raise NotAValueError
        made = {"class": name, "file": file, **making._asdict()}
        deep, leaves = size_of(made)
        if deep > MOST_MADE_DEPTH or leaves > MOST_LEAVES:
            raise NotAValueError
        return made

    def place_of(self, kind: type) -> tuple[str, str]:
        """The name that a class has at the top of its module, and the file of that."""
        module = sys.modules.get(kind.__module__)
        file = getattr(module, "__file__", None)
        if module is None or not isinstance(file, str) or not file.startswith(self.root):
            raise NotAValueError
        names = vars(module)
        own = kind.__qualname__
        if names.get(own) is not kind:
            # Made by a function, and bound to a name then.
            own = next((name for name, value in list(names.items()) if value is kind), "")
        if not own.isidentifier():
            raise NotAValueError
        return own, file[len(self.root) :].replace(os.sep, "/")

    def of_fields(self, owner: object, depth: int) -> Making:
        """Of an object whose class says what it is made of by its fields, or that is made of nothing."""
        kind = type(owner)
        if isinstance(owner, tuple):
            names = getattr(kind, "_fields", None)
            if not isinstance(names, tuple) or len(names) != len(owner):
                raise NotAValueError
            defaults = getattr(kind, "_field_defaults", {})
            return self.of_parameters(
                [(name, value, False) for name, value in zip(names, owner, strict=True)], defaults, depth
            )
        maker: Any = kind.__init__
        if maker is object.__init__:
            if kind.__new__ is not object.__new__:
                raise NotAValueError
            return Making([], [], 0, {})
        code = getattr(maker, "__code__", None)
        if code is None or code.co_filename.startswith(self.root):
            raise NotAValueError
        attributes = dict(init_fields(kind))
        given: list[tuple[str, object, bool]] = []
        defaults = {}
        for parameter in list(inspect.signature(maker).parameters.values())[1:]:
            field = attributes.get(parameter.name)
            if field is None or not hasattr(owner, field):
                raise NotAValueError
            given.append((parameter.name, getattr(owner, field), parameter.kind is parameter.KEYWORD_ONLY))
            if parameter.default is not parameter.empty:
                defaults[parameter.name] = parameter.default
        return self.of_parameters(given, defaults, depth)


def init_fields(kind: type) -> Iterator[tuple[str, str]]:
    """Parameters of the maker that dataclasses or attrs wrote for a class, each with the attribute that holds its value."""
    for field in vars(kind).get("__attrs_attrs__", ()):
        if field.init:
            yield getattr(field, "alias", None) or field.name.lstrip("_"), field.name
    if "__dataclass_params__" in vars(kind):
        for field in dataclasses.fields(kind):
            if field.init:
                yield field.name, field.name
