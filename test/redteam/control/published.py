"""The checks of the published executor, written anew from their description, as a control.

Everything happens in one process that is used again, and text is pasted into code. What it loses to the corpora is told beside
what our judge and our sandbox lose.
"""


def pays(kind, program, gold, answer, pairs):
    """Whether an answer gets the reward."""
    names = {}
    try:
        if kind == "deduction":
            exec(program, names)
            return bool(eval(answer, names) == eval(gold, {}))
        if kind == "abduction":
            exec(program, names)
            return bool(eval(f"{gold} == f({answer}\n)", names))
        exec(answer, names)
        return all(bool(eval(f"{output} == f(*{call})", names)) for call, output in pairs)
    except Exception:
        return False


def accepts(program, call):
    """Whether a program counts as deterministic: two calls in one process give equal results."""
    names = {}
    exec(program, names)
    first = eval(f"f(*{call})", names)
    return bool(eval(f"f(*{call})", names) == first)


def after(program, call, canary, argument):
    """What the canary says once a program has run in the same process."""
    names = {}
    try:
        exec(program, names)
        eval(f"f(*{call})", names)
    except Exception:
        pass
    names = {}
    exec(canary, names)
    return names["f"](argument)


def output(program, call):
    """What a program gives for a call."""
    names = {}
    exec(program, names)
    return eval(f"f(*{call})", names)
