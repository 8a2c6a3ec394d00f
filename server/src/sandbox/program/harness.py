"""Runs one program inside the sandbox: canonical values in, canonical values out.

The interpreter that runs this is put back to the state before the program after each run, so nothing that a program does
to this module outlives it. What it can forge is its own result only, which is the same as returning that value.

A result is one letter and what belongs to it:
    v value     it returned the value, in canonical form
    x name      it raised; the name of the nearest builtin exception
    u what      it returned what has no canonical form
    l limit     `memory` or `output`
    r reason    it was refused: `syntax`, `no-entry`, `arguments`
    d           two calls in this one process gave different results
    t lines     executed lines of the program, separated by commas
"""

import builtins
import functools
import importlib
import inspect
import math
import sys
from collections.abc import Callable
from types import FrameType, FunctionType, ModuleType
from typing import Any

DEPTH = 32
NODES = 4096
INT_BITS = 4096
SIZE = 16384

PROGRAM_FILE = "<program>"

# Taken now, so that a program that patches `builtins` breaks its own result and nothing else.
_type_of = type
_len = len
_format = format
_sorted = sorted
_mro: Any = type.__dict__["__mro__"]

_exceptions: dict[type, str] = {
    thing: name
    for name, thing in vars(builtins).items()
    if type(thing) is type
    and issubclass(thing, BaseException)
    # A warning is no output: it counts as the nearest that is one.
    and not issubclass(thing, Warning)
    and thing.__name__ == name
}


# Modules of the standard library that programs use most. Each makes putting the memory back slower for all programs.
_PRELOADED = """
abc bisect collections collections.abc contextlib copy dataclasses datetime decimal enum functools heapq inspect itertools
json math operator random re string textwrap typing
"""


def preload() -> None:
    """Loads the library's modules, before the state that each program begins with is taken: no run loads them."""
    for name in _PRELOADED.split():
        importlib.import_module(name)


_kept: list[object] = []


def scatter(seed: int) -> None:
    """Leaves holes in memory: what a program makes later may then stand before what it made earlier."""
    chance = importlib.import_module("random").Random(seed)
    sizes = [functools.partial(bytes, size) for size in range(16, 480, 16)]
    makers: list[Callable[[], object]] = [object, list, dict, set, functools.partial(complex, 0.5), *sizes]
    for make in makers:
        blocks = [make() for _ in range(24)]
        chance.shuffle(blocks)
        _kept.extend(blocks[::3])


def toss(heads: int) -> None:
    """Seeds chance anew, so that a coin first falls on this side, 0 or 1: images of different sides never agree on it."""
    chance = importlib.import_module("random")
    while True:
        chance.seed()
        state = chance.getstate()
        if chance.getrandbits(1) == heads:
            chance.setstate(state)
            return


class UnencodableError(Exception):
    """A value without a canonical form."""


def encode(value: Any) -> bytes:
    """Encodes a value in its canonical form; calls no method that a program wrote."""
    out: list[bytes] = []
    nodes = 0

    def write(value: Any, depth: int, out: list[bytes]) -> None:
        nonlocal nodes
        nodes += 1
        if nodes > NODES:
            raise UnencodableError("nodes")
        kind = _type_of(value)
        if value is None:
            out.append(b"N")
        elif value is True:
            out.append(b"T")
        elif value is False:
            out.append(b"F")
        elif kind is int:
            if int.bit_length(value) > INT_BITS:
                raise UnencodableError("int")
            out.append(b"i%s;" % _format(value, "x").encode())
        elif kind is float:
            out.append(b"f%s;" % _number(value))
        elif kind is complex:
            out.append(b"c%s,%s;" % (_number(value.real), _number(value.imag)))
        elif kind is str:
            out.append(_text(value))
        elif kind is bytes:
            if _len(value) > SIZE:
                raise UnencodableError("size")
            out.append(b"b%s;" % bytes.hex(value).encode())
        elif kind is list or kind is tuple:
            container(value, b"[]" if kind is list else b"()", depth, out)
        elif kind is set or kind is frozenset:
            if depth > DEPTH:
                raise UnencodableError("depth")
            members = []
            for member in value:
                part: list[bytes] = []
                write(member, depth + 1, part)
                members.append(b"".join(part))
            out.append(b"<" if kind is set else b"z<")
            out.extend(_sorted(members))
            out.append(b">")
        elif kind is dict:
            if depth > DEPTH:
                raise UnencodableError("depth")
            out.append(b"{")
            for key, item in dict.items(value):
                write(key, depth + 1, out)
                write(item, depth + 1, out)
            out.append(b"}")
        else:
            raise UnencodableError(_type_name(kind))

    def container(value: Any, brackets: bytes, depth: int, out: list[bytes]) -> None:
        if depth > DEPTH:
            raise UnencodableError("depth")
        out.append(brackets[:1])
        for item in value:
            write(item, depth + 1, out)
        out.append(brackets[1:])

    write(value, 1, out)
    encoded = b"".join(out)
    if _len(encoded) > SIZE:
        raise UnencodableError("size")
    return encoded


def _number(value: float) -> bytes:
    return b"nan" if math.isnan(value) else float.hex(value).encode()


def _text(value: str) -> bytes:
    if _len(value) > SIZE:
        raise UnencodableError("size")
    previous = ""
    for character in value:
        if "\ud800" <= previous <= "\udbff" and "\udc00" <= character <= "\udfff":
            raise UnencodableError("surrogates")
        previous = character
    encoded = str.encode(value, "utf-8", "surrogatepass")
    return b"s%d:%s" % (_len(encoded), encoded)


def _type_name(kind: type) -> str:
    """The name of a type that Python itself brings; `object` for every other, whose name a program chose."""
    module = type.__dict__["__module__"].__get__(kind)
    name = type.__dict__["__name__"].__get__(kind)
    known = type(module) is str and module in ("builtins", "collections", "types", "itertools", "decimal")
    return name if known and type(name) is str else "object"


def decode(data: bytes) -> Any:
    """Decodes a canonical form that the other side wrote; it is well-formed."""
    position = 0

    def until(end: bytes) -> bytes:
        nonlocal position
        stop = data.index(end, position)
        part = data[position:stop]
        position = stop + 1
        return part

    def items(end: int) -> list[Any]:
        nonlocal position
        found = []
        while data[position] != end:
            found.append(read())
        position += 1
        return found

    def read() -> Any:
        nonlocal position
        kind = data[position : position + 1]
        position += 1
        if kind == b"N":
            return None
        if kind == b"T":
            return True
        if kind == b"F":
            return False
        if kind == b"i":
            return int(until(b";"), 16)
        if kind == b"f":
            return float.fromhex(until(b";").decode())
        if kind == b"c":
            real, imag = until(b";").decode().split(",")
            return complex(float.fromhex(real), float.fromhex(imag))
        if kind == b"s":
            size = int(until(b":"))
            position += size
            return data[position - size : position].decode("utf-8", "surrogatepass")
        if kind == b"b":
            return bytes.fromhex(until(b";").decode())
        if kind == b"[":
            return items(ord("]"))
        if kind == b"(":
            return tuple(items(ord(")")))
        if kind == b"<":
            return set(items(ord(">")))
        if kind == b"z":
            position += 1
            return frozenset(items(ord(">")))
        if kind == b"{":
            flat = items(ord("}"))
            return dict(zip(flat[::2], flat[1::2], strict=True))
        raise ValueError("no canonical form")

    return read()


def run(source: str, entry: str, call: bytes, mode: str) -> bytes:
    """Runs a program. `mode`: `once`, `twice` (and compares), `trace` (the call), `cover` (from the program's first line on)."""
    # The module in which classes and hints of the program look for themselves.
    module = ModuleType("program")
    sys.modules["program"] = module
    scope: dict[str, Any] = vars(module)
    try:
        try:
            code = compile(source, PROGRAM_FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return b"rsyntax"
        if mode == "cover":
            arguments = decode(call)

            def whole() -> Any:
                exec(code, scope)
                return scope[entry](*arguments)

            return _traced(whole)
        exec(code, scope)
        function = scope.get(entry)
        if not callable(function):
            return b"rno-entry"
        if not _fits(function, decode(call)):
            return b"rarguments"
        if mode == "trace":
            return _traced(functools.partial(function, *decode(call)))
        first = _result(function, call)
        if mode == "twice" and _result(function, call) != first:
            return b"d"
        return first
    except BaseException as error:  # noqa: BLE001 - whatever a program does at import is its result
        return _raised(error)


def _fits(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether the call fits the parameters, decided before the body runs."""
    if _type_of(function) is FunctionType and not function.__dict__:
        # As `inspect` finds it, without what that touches: each page of it is copied for each program.
        code, defaults = function.__code__, function.__defaults__ or ()
        given, most = _len(arguments), code.co_argcount
        required_by_name = code.co_kwonlyargcount - _len(function.__kwdefaults__ or ())
        fits_most = given <= most or code.co_flags & inspect.CO_VARARGS != 0
        return fits_most and given >= most - _len(defaults) and required_by_name <= 0
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        # Some callables of C have no signature; the call itself tells then.
        return True
    try:
        signature.bind(*arguments)
    except TypeError:
        return False
    return True


def _result(function: Callable[..., Any], call: bytes) -> bytes:
    try:
        return b"v" + encode(function(*decode(call)))
    except UnencodableError as error:
        return b"u" + str(error).encode()
    except BaseException as error:  # noqa: BLE001 - what it raises is its result
        return _raised(error)


def _raised(error: BaseException) -> bytes:
    for kind in _mro.__get__(type(error)):
        if kind is MemoryError:
            return b"lmemory"
        if kind in _exceptions:
            return b"x" + _exceptions[kind].encode()
    return b"xBaseException"


def _traced(work: Callable[[], Any]) -> bytes:
    lines: set[int] = set()
    steps = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != PROGRAM_FILE:
            return None
        nonlocal steps
        if event == "line":
            steps += 1
            lines.add(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        result = work()
        # A generator runs its lines only when something takes from it.
        if inspect.isgenerator(result):
            next(result, None)
    except BaseException:  # noqa: BLE001, S110 - which lines ran is known all the same
        pass
    finally:
        sys.settrace(None)
    return b"t" + f"{steps}:{','.join(map(str, sorted(lines)))}".encode()


# The other side writes a run into `inbox` and reads its result from `outbox`, both straight from memory: no object of the
# other side ever comes within reach of a program.
inbox = bytearray(1 << 18)
outbox = bytearray(1 << 16)


def step() -> None:
    """Runs what stands in `inbox`: four lengths of 4 bytes, then source, entry, call and mode."""
    sizes = [int.from_bytes(inbox[at : at + 4], "little") for at in (0, 4, 8, 12)]
    parts = []
    at = 16
    for size in sizes:
        parts.append(bytes(inbox[at : at + size]))
        at += size
    source, entry, call, mode = parts
    result = run(source.decode("utf-8", "surrogatepass"), entry.decode(), call, mode.decode())
    outbox[0:4] = len(result).to_bytes(4, "little")
    outbox[4 : 4 + len(result)] = result
