"""Producers and a consumer under asyncio, through a bounded queue."""

import asyncio

from stepwell import jit


@jit
async def produce(queue, name, how_many):
    for n in range(how_many):
        await queue.put((name, n))
        if n % 16 == 0:
            await asyncio.sleep(0)
    await queue.put((name, None))


@jit
async def consume(queue, producers):
    sums = {}
    while producers:
        name, n = await queue.get()
        if n is None:
            producers -= 1
        else:
            sums[name] = sums.get(name, 0) + n
    return sums


@jit
async def main(how_many):
    queue = asyncio.Queue(maxsize=8)
    names = ["left", "middle", "right"]
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(produce(queue, name, how_many))
        result = group.create_task(consume(queue, len(names)))
    return result.result()


def run(how_many):
    return asyncio.run(main(how_many))
