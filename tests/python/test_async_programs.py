"""Programs over asyncio, contextlib and anyio, with every function of theirs and of contextlib compiled.

Each program runs in a process of its own, interpreted and under `stepwell.install`, and prints the same.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROGRAMS = {
    "tasks": """
        import asyncio

        async def small(n):
            return n + 1

        async def task(n):
            await asyncio.sleep(0)
            return await small(n) + await small(n * 2)

        async def fails(n):
            await asyncio.sleep(0)
            raise ValueError(n)

        async def forever():
            try:
                while True:
                    await asyncio.sleep(0)
            finally:
                print("forever ends")

        async def main():
            for _ in range(5):
                print(sum(await asyncio.gather(*[task(n) for n in range(60)])))
            print(await asyncio.gather(*[fails(n) for n in range(3)], return_exceptions=True))
            async with asyncio.TaskGroup() as group:
                made = [group.create_task(task(n)) for n in range(40)]
            print(sum(one.result() for one in made))
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(forever())
                    group.create_task(fails(7))
            except* ValueError as group:
                print(group.exceptions)
            try:
                async with asyncio.timeout(0.01):
                    await forever()
            except TimeoutError:
                print("timeout")
            waiting = asyncio.create_task(forever())
            await asyncio.sleep(0)
            print(waiting.cancel(), [frame.f_code.co_name for frame in waiting.get_stack()])
            try:
                await waiting
            except asyncio.CancelledError:
                print("cancelled", waiting.cancelled())
            print(await asyncio.wait_for(asyncio.shield(task(1)), 5))

        asyncio.run(main())
    """,
    "queues": """
        import asyncio

        async def numbers(n):
            for i in range(n):
                if i % 10 == 0:
                    await asyncio.sleep(0)
                yield i

        async def keep_odd(source):
            async for n in source:
                if n % 2:
                    yield n

        async def squares(source):
            async for n in source:
                yield n * n

        async def produce(queue, n):
            async for i in squares(keep_odd(numbers(n))):
                await queue.put(i)
            await queue.put(None)

        async def consume(queue):
            total = 0
            while (item := await queue.get()) is not None:
                total += item
                queue.task_done()
            return total

        async def main():
            queue = asyncio.Queue(7)
            _, total = await asyncio.gather(produce(queue, 900), consume(queue))
            print(total)
            print(sum([n async for n in squares(numbers(300))]), {n: n async for n in numbers(3)})
            lock, order = asyncio.Lock(), []

            async def enter(n):
                async with lock:
                    order.append(n)
                    await asyncio.sleep(0)

            await asyncio.gather(*map(enter, range(200)))
            print(order == list(range(200)))
            left = numbers(5)
            print(await anext(left), await anext(left))

        asyncio.run(main())
    """,
    "http": """
        import asyncio

        async def read_request(reader):
            line = await reader.readline()
            headers = {}
            while (header := await reader.readline()).strip():
                name, _, value = header.decode().partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            return line.decode().split(), headers, body

        async def serve(reader, writer):
            try:
                while True:
                    (method, path, _), headers, body = await read_request(reader)
                    answer = f"{method} {path} {len(headers)} ".encode() + body[::-1]
                    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(answer) + answer)
                    await writer.drain()
                    if headers.get("connection") == "close":
                        return
            finally:
                writer.close()

        async def fetch(reader, writer, path, body, last):
            connection = "close" if last else "keep-alive"
            writer.write(
                f"POST {path} HTTP/1.1\\r\\nContent-Length: {len(body)}\\r\\nConnection: {connection}\\r\\n\\r\\n".encode()
                + body
            )
            await writer.drain()
            return await read_request(reader)

        async def client(port, number, count):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answers = []
            for n in range(count):
                _, _, body = await fetch(reader, writer, f"/{number}/{n}", b"x%d" % n, n == count - 1)
                answers.append(body.decode())
            writer.close()
            await writer.wait_closed()
            return answers

        async def main():
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            async with server:
                for answers in await asyncio.gather(*[client(port, number, 40) for number in range(4)]):
                    print(len(answers), answers[0], answers[-1])

        asyncio.run(main())
    """,
    "contexts": """
        import asyncio, contextlib

        @contextlib.contextmanager
        def counted(log, n):
            log.append(("enter", n))
            try:
                yield n + 1
            except KeyError as error:
                log.append(("caught", error.args))
            finally:
                log.append(("exit", n))

        @contextlib.asynccontextmanager
        async def waited(log, n):
            await asyncio.sleep(0)
            try:
                yield n * 2
            finally:
                await asyncio.sleep(0)
                log.append(("left", n))

        @counted([], 0)
        def decorated(n):
            return n * 3

        def with_all(log, n):
            with counted(log, n) as first, contextlib.ExitStack() as stack:
                stack.enter_context(counted(log, -n))
                if n % 50 == 0:
                    raise KeyError(n)
                if n % 70 == 0:
                    raise LookupError(n)
                return first

        async def main(log):
            total = 0
            for n in range(150):
                async with waited(log, n) as value, contextlib.AsyncExitStack() as stack:
                    total += value + await stack.enter_async_context(waited(log, 1))
            return total

        log, results = [], []
        for n in range(1, 400):
            try:
                results.append(with_all(log, n))
            except LookupError as error:
                results.append(repr(error))
        print(results[:80], len(log), log[-4:], sum(decorated(n) for n in range(200)))
        print(asyncio.run(main(log)), len(log), log[-3:])
    """,
    "anyio": """
        import anyio

        async def produce(send, count):
            async with send:
                for n in range(count):
                    await send.send(n)

        async def consume(receive, totals):
            async with receive:
                async for n in receive:
                    totals.append(n)

        async def main():
            send, receive = anyio.create_memory_object_stream(3)
            totals = []
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(produce, send.clone(), 80)
                group.start_soon(consume, receive, totals)
                send.close()
            print(len(totals), sum(totals))
            with anyio.move_on_after(0.01) as scope:
                while True:
                    await anyio.sleep(0)
            print(scope.cancelled_caught)
            try:
                with anyio.fail_after(0.01):
                    await anyio.sleep_forever()
            except TimeoutError:
                print("timeout")
            limiter = anyio.CapacityLimiter(2)
            async with anyio.create_task_group() as group:
                async def limited(n):
                    async with limiter:
                        await anyio.sleep(0)
                        totals.append(n)
                for n in range(100):
                    group.start_soon(limited, n)
            print(len(totals), await anyio.to_thread.run_sync(lambda: sum(totals)))

        anyio.run(main)
    """,
}


# The libraries are there before the program is, so that no function is compiled that only importing calls.
COMPILED = """
import sys, runpy, asyncio, contextlib, anyio, anyio.to_thread, anyio._backends._asyncio
import stepwell
stepwell.install(["__main__", "contextlib"], threshold=2, budget=1)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def printed(*command: str) -> tuple[int, str, str]:
    run = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_compiled_what_it_prints_interpreted(name: str, tmp_path: Path) -> None:
    program = tmp_path / f"{name}_program.py"
    program.write_text(textwrap.dedent(PROGRAMS[name]))
    code, output, errors = printed(str(program))
    assert (code, errors) == (0, "")
    assert printed("-c", COMPILED, str(program)) == (code, output, errors)
