# expect: exception GeneratorExit
def f(x):
    raise GeneratorExit
