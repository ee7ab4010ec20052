"""The event loop of asyncio, whose innermost functions the runtime does itself once a coroutine has been compiled.

Each scenario runs in a process of its own, interpreted and with its coroutines compiled, and prints the same.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

BEGIN = """
    import asyncio, ctypes, contextvars, gc, sys, traceback, weakref
    from asyncio import base_events, events

    if sys.argv[1] == "compiled":
        from stepwell import jit
    else:
        jit = lambda function: function

    @jit
    async def turn(n):
        for _ in range(n):
            await asyncio.sleep(0)
        return n

    print(asyncio.run(turn(2000)))

    def vectorcall(function):
        return ctypes.c_void_p.from_address(id(function) + 128).value

    def plain(): ...

    for function in (base_events.BaseEventLoop.call_soon, events.Handle._run):
        is_own = vectorcall(function) == vectorcall(plain)
        assert is_own == (sys.argv[1] != "compiled"), function

    def stack(depth=1):
        frame, names = sys._getframe(depth), []
        while frame is not None and len(names) < 4:
            names.append((frame.f_code.co_name, frame.f_lineno, sorted(frame.f_locals)))
            frame = frame.f_back
        return names

    def names(error):
        return [(one.name, one.lineno) for one in traceback.extract_tb(error.__traceback__)]

    def told(action):
        try:
            return action()
        except BaseException as error:
            return type(error).__name__, error.args, names(error)[1:]

    def run(loop, *waits):
        for _ in range(3):
            loop.call_soon(loop.stop)
            loop.run_forever()
"""

SCENARIOS = {
    "handles": """
        loop = asyncio.new_event_loop()
        context = contextvars.copy_context()
        seen = []
        handle = loop.call_soon(seen.append, 5, context=context)
        print(type(handle), handle._callback == seen.append, handle._args, handle._loop is loop, handle._cancelled)
        print(handle._repr, handle._source_traceback, handle._context is context, handle.get_context() is context)
        print(repr(handle)[:30], handle in loop._ready, len(loop._ready), loop._ready[-1] is handle)
        cancelled = loop.call_soon(seen.append, 6, context=context)
        cancelled.cancel()
        loop.call_soon(seen.append, 7)
        loop.call_soon(seen.extend, [8, 9], context=None)
        run(loop)
        print(seen, cancelled.cancelled(), handle.cancelled())
        print(told(lambda: loop.call_soon()), told(lambda: loop.call_soon(print, contexts=1)))
        loop.close()
        print(told(lambda: loop.call_soon(print, context=context)))
    """,
    "contexts": """
        variable = contextvars.ContextVar("variable", default=0)
        loop = asyncio.new_event_loop()
        seen = []

        def add():
            variable.set(variable.get() + 1)
            seen.append(variable.get())

        context = contextvars.copy_context()
        for _ in range(3):
            loop.call_soon(add, context=context)
            loop.call_soon(add)
        run(loop)
        print(seen, variable.get(), context[variable])

        def again():
            context.run(add)

        loop.set_exception_handler(lambda loop, told: print(told["message"][:20], type(told["exception"])))
        loop.call_soon(again, context=context)
        run(loop)
        loop.call_soon(add, context=context)
        run(loop)
        print(seen)
    """,
    "errors": """
        loop = asyncio.new_event_loop()
        context = contextvars.copy_context()

        def fails(n):
            raise ValueError(n)

        def tell(loop, told):
            print(told["message"][:21], repr(told["exception"]), names(told["exception"]), "source_traceback" in told)
            print(type(told["handle"]).__name__, told["handle"]._args)

        loop.set_exception_handler(tell)
        for n in range(3):
            loop.call_soon(fails, n, context=context)
        loop.call_soon(fails, context=context)
        loop.call_soon(5, context=context)
        run(loop)

        def leaves(error):
            raise error

        for error in (SystemExit(3), KeyboardInterrupt("now")):
            loop.call_soon(leaves, error, context=context)
            print(told(lambda: loop.run_until_complete(asyncio.sleep(0))))
            loop.call_soon(print, "goes on", context=context)
            run(loop)
    """,
    "frames": """
        loop = asyncio.new_event_loop()
        context = contextvars.copy_context()

        def look():
            print(stack(2)[:2], sys._getframe(1).f_locals["self"]._args)

        def write():
            sys._getframe(1).f_locals["self"] = 5
            print(stack(2)[:1], sys._getframe(1).f_locals["self"])

        def calls():
            loop.call_soon(look, context=context)
            look()

        for callback in (look, write, calls):
            loop.call_soon(callback, context=context)
        run(loop)
        events_seen = []

        def profile(frame, event, arg):
            if frame.f_code.co_filename.endswith(("base_events.py", "events.py")):
                events_seen.append((event, frame.f_code.co_name))

        def watched():
            sys.setprofile(profile)
            loop.call_soon(print, "profiled", context=context)
            loop.call_soon(sys.setprofile, None, context=context)

        loop.call_soon(watched, context=context)
        run(loop)
        print(events_seen)
    """,
    "lifetimes": """
        loop = asyncio.new_event_loop()
        context = contextvars.copy_context()

        class Callback:
            def __init__(self, name):
                self.name = name

            def __call__(self, *args):
                print("called", self.name, len(args))

            def __del__(self):
                print("dropped", self.name)

        for n in range(3):
            loop.call_soon(Callback(n), n, context=context)
        run(loop)
        one = Callback("kept")
        handle = loop.call_soon(one, one, context=context)
        counts = sys.getrefcount(one), sys.getrefcount(handle), sys.getrefcount(context)
        known = weakref.ref(handle)
        print(counts, known() is handle, gc.is_tracked(handle))
        run(loop)
        print(sys.getrefcount(one), sys.getrefcount(handle), sys.getrefcount(context))
        del handle
        print(known(), sys.getrefcount(one), sys.getrefcount(context))

        def cancels():
            own.cancel()
            print(own._callback, own._args)

        own = loop.call_soon(cancels, context=context)
        del cancels
        run(loop)
        queued = loop.call_soon(one, context=context)
        del queued, one
        loop.close()
        print("closed")
    """,
    "other loops": """
        context = contextvars.copy_context()

        class Loop(asyncio.SelectorEventLoop):
            def _call_soon(self, callback, args, context):
                print("queues", args)
                return super()._call_soon(callback, args, context)

        class Checked(asyncio.SelectorEventLoop):
            def _check_closed(self):
                print("checks", stack(2)[0][0])
                super()._check_closed()

        class Debugs(asyncio.SelectorEventLoop):
            def get_debug(self):
                return True

        for kind in (Loop, Checked, Debugs):
            loop = kind()
            handle = loop.call_soon(print, "called", context=context)
            print(handle._source_traceback is None)
            run(loop)
            loop.close()
        loop = asyncio.new_event_loop()
        loop._check_closed = lambda: print("own check")
        loop.call_soon(print, "called", context=context)
        run(loop)
        del loop._check_closed
        loop.set_debug(True)
        handle = loop.call_soon(print, "debugged", context=context)
        print([frame.name for frame in handle._source_traceback][-2:])
        print(told(lambda: loop.call_soon(5, context=context)))
        run(loop)
        loop.set_debug(False)
        loop._ready = [*loop._ready]
        loop.call_soon(print, context=context)
        print(len(loop._ready))
    """,
    "other handles": """
        context = contextvars.copy_context()
        loop = asyncio.new_event_loop()
        own = events.Handle

        class Handle(own):
            def _run(self):
                print("runs", self._args)
                super()._run()

        events.Handle = Handle
        loop.call_soon(print, 1, context=context)
        run(loop)
        events.Handle = own
        loop.call_soon(print, 2, context=context)
        run(loop)
        begin = own.__init__

        def init(self, *args):
            print("begins", args[1])
            begin(self, *args)

        own.__init__ = init
        loop.call_soon(print, 3, context=context)
        own.__init__ = begin
        loop.call_soon(print, 4, context=context)
        run(loop)

        def other(self):
            print("other", self._args)

        code = own._run.__code__
        own._run.__code__ = other.__code__
        loop.call_soon(print, 5, context=context)._run()
        own._run.__code__ = code
        loop.call_soon(print, 6, context=context)
        loop.call_later(0, print, 7)
        run(loop)
    """,
    "deep": """
        context = contextvars.copy_context()
        loop = asyncio.new_event_loop()
        seen = []

        def deeper(n):
            try:
                loop.call_soon(seen.append, n, context=context)
                return deeper(n + 1)
            except RecursionError as error:
                return len(names(error)) > 100

        print(deeper(0), len(seen) == len(loop._ready))
        run(loop)
        print(seen == list(range(len(seen))))
    """,
    "sleepers": """
        @jit
        async def sleeper(n, seen):
            try:
                while True:
                    await asyncio.sleep(0)
                    seen.append(n)
            except asyncio.CancelledError as error:
                seen.append(names(error))
                raise

        @jit
        async def main():
            seen = []
            tasks = [asyncio.create_task(sleeper(n, seen)) for n in range(3)]
            for _ in range(400):
                await asyncio.sleep(0)
            print(len(seen), seen[:7])
            print([(frame.f_code.co_name, frame.f_lineno) for frame in tasks[1].get_stack()])
            inner = tasks[0].get_coro().cr_await
            print(inner.__qualname__, inner.cr_frame.f_lineno, inner.cr_await.__name__, inner.cr_running)
            del seen[:]
            for task in tasks:
                task.cancel()
            print(await asyncio.gather(*tasks, return_exceptions=True), seen)
            print(await asyncio.sleep(0, "result"), await asyncio.sleep(0.001, "later"))
            pending = asyncio.sleep(5)
            pending.close()
            print(told(lambda: asyncio.sleep()), await asyncio.sleep(-1))

        for _ in range(3):
            asyncio.run(main())
            gc.collect()
            print(sys.getrefcount(asyncio.sleep))
    """,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(name: str) -> None:
    program = textwrap.dedent(BEGIN) + textwrap.dedent(SCENARIOS[name])

    def printed(engine: str) -> str:
        command = [sys.executable, "-W", "error", "-c", program, engine]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert printed("compiled") == printed("interpreted")
