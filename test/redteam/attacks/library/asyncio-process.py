# expect: exception .*|violation .*|crash .*
# row: 21
import asyncio


def f(x):
    async def start():
        return await asyncio.create_subprocess_exec('true')
    return str(asyncio.run(start()))
