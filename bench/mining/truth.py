"""Runs seeds against the installed package that they were mined from.

Reads seeds as JSON lines, writes one JSON line each: `{"id", "agrees", "why"}`. A seed's program is taken apart: what it defines
under a name that the package has is replaced by the package's own; only the rest (the wrapper, helpers of tests) is taken from
the program. So a mistake in slicing, cutting or ordering shows as a difference.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def load(file: str) -> ModuleType | None:
    """The installed module of a file of the source distribution; `src/` and the like stand above packages."""
    parts = file.removesuffix(".py").removesuffix("/__init__").split("/")
    tried = (imported(".".join(parts[start:])) for start in range(len(parts)))
    return next((module for module in tried if module is not None), None)


def imported(name: str) -> ModuleType | None:
    """The module of this name; None where it cannot be imported."""
    try:
        return importlib.import_module(name)
    except Exception:  # noqa: BLE001 - whatever it raises, it is not there
        return None


def places(module: ModuleType | None) -> list[ModuleType]:
    """The module, then all others of its package that are loaded."""
    if module is None:
        return []
    package = module.__name__.split(".")[0]
    others = [each for name, each in sorted(sys.modules.items()) if name.split(".")[0] == package]
    return [module, *(each for each in others if each is not module)]


def bound(node: ast.stmt) -> list[str]:
    """The names that a top-level statement binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [each.id for each in node.targets if isinstance(each, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def held(name: str, modules: list[ModuleType]) -> Any:
    """What the first module that has the name holds under it; None where none has it."""
    return next((vars(each)[name] for each in modules if name in vars(each)), None)


def assigned(node: ast.stmt) -> list[str]:
    """The names that a statement assigns, in its blocks too."""
    return [
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    ]


def namespace(seed: dict[str, Any], module: ModuleType | None) -> dict[str, Any]:
    """The program's names, as many as possible from the package."""
    scope: dict[str, Any] = {"__name__": "program"}
    around = places(module)
    replaced = 0
    for node in ast.parse(seed["program"]).body:
        names = bound(node)
        real = [held(name, around) for name in names]
        if names and all(each is not None for each in real):
            scope.update(zip(names, real, strict=True))
            replaced += 1
        elif (
            isinstance(node, ast.Expr | ast.AugAssign | ast.For | ast.If | ast.Try)
            and replaced
            and all(any(name in vars(each) for each in around) for name in assigned(node))
        ):
            # What it would change was made by the package's own import; imports in it still bring names.
            scope.update((name, held(name, around)) for name in assigned(node))
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    run(inner, scope)
        else:
            run(node, scope)
    return scope if replaced else {}


def run(node: ast.stmt, scope: dict[str, Any]) -> None:
    """Executes one statement of a program."""
    with contextlib.suppress(ImportError):
        exec(compile(ast.Module([node], []), "program", "exec"), scope)  # noqa: S102


def canonical(value: Any) -> str:
    """A text that is equal for equal values only: types, signs and bits of floats count, order of sets and dicts does not."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str | bytes):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, float):
        return f"float:{value.hex()}"
    if isinstance(value, complex):
        return f"complex:{value.real.hex()},{value.imag.hex()}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}:[{','.join(map(canonical, value))}]"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}:[{','.join(sorted(map(canonical, value)))}]"
    if isinstance(value, dict):
        return f"dict:[{','.join(sorted(f'{canonical(k)}={canonical(v)}' for k, v in value.items()))}]"
    return f"?{type(value).__name__}"


def read(text: str) -> Any:
    """The value of a literal of our grammar."""
    return eval(text, {"__builtins__": {}, "set": set, "frozenset": frozenset, "float": float})  # noqa: S307


def check(seed: dict[str, Any]) -> tuple[bool | None, str]:
    """Whether the package gives what the seed says; None where there is nothing to compare with."""
    try:
        scope = namespace(seed, load(seed["provenance"]["file"]))
    except Exception as error:  # noqa: BLE001 - whatever it raises, it is a difference
        return False, f"the rest of the program does not run on the package: {error!r}"[:200]
    if seed["entry"] not in scope:
        return None, "not of the installed package"
    try:
        result = scope[seed["entry"]](*read(seed["call"]))
        got = canonical(result)
    except BaseException as error:  # noqa: BLE001 - what it raises is its result
        kind = next(each for each in type(error).__mro__ if each.__module__ == "builtins")
        got = f"raise {kind.__name__}"
    expected = seed["output"] if seed["output"].startswith("raise ") else canonical(read(seed["output"]))
    return got == expected, "" if got == expected else f"{got[:200]} is not {expected[:200]}"


def main() -> None:
    """Checks each line of standard input."""
    for line in sys.stdin:
        seed = json.loads(line)
        agrees, why = check(seed)
        sys.stdout.write(json.dumps({"id": seed["id"], "agrees": agrees, "why": why}) + "\n")


if __name__ == "__main__":
    main()
