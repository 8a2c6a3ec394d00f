# expect: drifts
# row: 47
state = {'on': False}


def f(x):
    state['on'] = not state['on']
    return state['on']
