# expect native: limit wall
# expect pyodide: exception .*|violation .*|limit .*
# select is not there in WebAssembly, in one way or another
import select


def f(x):
    select.select([], [], [])
