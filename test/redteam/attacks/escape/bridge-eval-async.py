# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    import asyncio
    asyncio.run(asyncio.sleep(0))
    return False
