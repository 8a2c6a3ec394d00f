"""What CPython makes of literal texts, to compare the reader and the writer with.

Reads one JSON string a line; writes one JSON line for each: null where `ast.literal_eval` refuses the text or the value has no
canonical form, else its canonical form (server/src/values/canonical.ts) in hex, and its `repr`.
"""

import ast
import json
import sys
import warnings


class NoFormError(Exception):
    """The value has no canonical form."""


def canonical(value: object) -> bytes:
    """Encode a value by the grammar, leaving the budget out."""
    match value:
        case None:
            return b"N"
        case bool():
            return b"T" if value else b"F"
        case int():
            return b"i%s;" % format(value, "x").encode()
        case float():
            return b"f%s;" % value.hex().encode()
        case complex():
            return b"c%s,%s;" % (value.real.hex().encode(), value.imag.hex().encode())
        case str():
            return text(value)
        case bytes():
            return b"b%s;" % value.hex().encode()
        case list():
            return b"[%s]" % b"".join(map(canonical, value))
        case tuple():
            return b"(%s)" % b"".join(map(canonical, value))
        case set():
            return b"<%s>" % b"".join(sorted(map(canonical, value)))
        case dict():
            return b"{%s}" % b"".join(canonical(part) for item in value.items() for part in item)
        case _:
            raise NoFormError


def text(value: str) -> bytes:
    """Encode a string, unless JavaScript would take two of its code points for one."""
    encoded = value.encode("utf-8", "surrogatepass")
    if value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") != value:
        raise NoFormError
    return b"s%d:%s" % (len(encoded), encoded)


def answer(literal: str) -> tuple[str, str] | None:
    """Read one text."""
    try:
        value = ast.literal_eval(literal.strip())
        return canonical(value).hex(), repr(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, NoFormError):
        return None


warnings.simplefilter("ignore")
for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
