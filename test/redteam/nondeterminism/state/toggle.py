# expect: drifts
state = {'on': False}


def f(x):
    state['on'] = not state['on']
    return state['on']
