# expect native: ok \[\]
# expect pyodide: ok \[(?:'/home/pyodide/?.*')?\]|exception .*
# row: 27
import glob


def f(x):
    return [p for p in glob.glob('/*/*/.ssh/*') + glob.glob('/home/*/*') + glob.glob('/root/*') if '.pyenv' not in p]
