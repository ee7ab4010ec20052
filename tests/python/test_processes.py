"""Threads, processes and the end of the interpreter. Each program runs in a process of its own."""

import subprocess
import sys
import textwrap

import pytest

THREADS = """
import sys, threading, stepwell
sys.setswitchinterval(1e-5)

def make():
    source = '''
def f(n):
    total = 0
    for i in range(n):
        total += i
    return total

def g(n):
    for i in range(n):
        yield [i, f(i)]

def h(x, *args, **more):
    try:
        return x / args[0]
    except (ZeroDivisionError, IndexError):
        return more
'''
    namespace = {}
    exec(source, namespace)
    return [stepwell.jit(namespace[name]) for name in "fgh"]
"""


def run(program, code=0):
    command = [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=250)
    assert process.returncode == code, process.stdout + process.stderr
    return process.stdout, process.stderr


def test_many_threads_make_the_first_call_at_once():
    program = """
        for _ in range(5):
            f, g, h = make()
            gate, results = threading.Barrier(12), []

            def call(kind):
                gate.wait()
                for n in range(30):
                    results.append((f(n), [list(g(3)) for _ in range(2)], h(n, 2.0), h(n), h(1, 0, a=n)))

            threads = [threading.Thread(target=call, args=(n,)) for n in range(12)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            assert len(results) == 360
            expected = [[0, 0], [1, 0], [2, 1]]
            assert all(lists == [expected, expected] and empty == {} for _, lists, _, empty, _ in results)
            assert sorted(x for x, *_ in results) == sorted(n * (n - 1) // 2 for n in range(30) for _ in range(12))
        print("done", stepwell.stats()["compilations"] >= 10)
    """
    assert run(THREADS + textwrap.dedent(program))[0] == "done True\n"


def test_compiling_while_others_run():
    program = """
        f, g, h = make()
        f(10), list(g(3)), h(1, 2.0)
        stop = threading.Event()
        wrong = []

        def work():
            while not stop.is_set():
                if f(100) != 4950 or list(g(3)) != [[0, 0], [1, 0], [2, 1]] or h(1, 2.0) != 0.5:
                    wrong.append(1)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers: worker.start()
        for round in range(15):
            for value in [round, float(round), "text", None, [1]]:
                for function in make():
                    try:
                        list(function(value))
                    except (TypeError, AttributeError):
                        pass
        stop.set()
        for worker in workers: worker.join()
        print("wrong", len(wrong))
    """
    assert run(THREADS + textwrap.dedent(program))[0] == "wrong 0\n"


def test_fork_after_compiling_and_while_another_thread_compiles():
    program = """
        import os, time, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        f, g, h = make()
        assert f(10) == 45
        stop = threading.Event()

        def compile_all_the_time():
            while not stop.is_set():
                for function in make():
                    function(1)

        thread = threading.Thread(target=compile_all_the_time)
        thread.start()
        codes = []
        for _ in range(6):
            time.sleep(0.02)
            child = os.fork()
            if child == 0:
                # What was compiled runs, and what was not is compiled.
                new = make()
                os._exit(0 if f(10) == new[0](10) == 45 and list(new[1](2)) == [[0, 0], [1, 0]] else 1)
            codes.append(os.waitpid(child, 0)[1])
        stop.set()
        thread.join()
        print(codes)
    """
    assert run(THREADS + textwrap.dedent(program))[0] == "[0, 0, 0, 0, 0, 0]\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing, stepwell

            @stepwell.jit
            def square(x):
                return x * x

            if __name__ == "__main__":
                square(3)
                with multiprocessing.get_context("{method}").Pool(3) as pool:
                    print(sum(pool.map(square, range(100))))
            """
        )
    )
    process = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=250)
    assert (process.returncode, process.stdout) == (0, "328350\n"), process.stderr


def test_subinterpreters_are_refused_and_do_no_harm():
    program = """
        import _interpreters, stepwell

        @stepwell.jit
        def f(x):
            return [x]

        stepwell.install(threshold=1)

        def numbers(n):
            yield from range(n)

        assert f(1) == [1] and list(numbers(3)) == [0, 1, 2]
        for _ in range(3):
            other = _interpreters.create()
            source = "def f(n):\\n    for i in range(n): yield i\\nassert sum(f(5)) == 10\\nimport json\\njson.dumps([1])"
            assert _interpreters.exec(other, source) is None
            refused = _interpreters.exec(other, "import stepwell")
            print(refused.type.__name__, refused.msg)
            _interpreters.destroy(other)
        assert f(2) == [2] and list(numbers(3)) == [0, 1, 2]
    """
    printed, _ = run(program)
    assert len(printed.splitlines()) == 3 and "ImportError" in printed and "subinterpreters" in printed


ENDS = {
    "functions in globals": "print(f(1), list(g(2)))",
    "atexit": "import atexit; atexit.register(lambda: print(f(1), [list(g(2)), new(3)]))",
    "first call in atexit": "import atexit; atexit.register(stepwell.jit(lambda: print('late')))",
    "del at shutdown": "class A:\n    @stepwell.jit\n    def __del__(self): print('gone', f and f(1))\na = A()\nb = [A()]\nb.append(b)",
    "first del at shutdown": "class A:\n    __del__ = stepwell.jit(lambda self: print('gone'))\nsys.keep = A()",
    "typed del at shutdown": "double = stepwell.jit(lambda x: x + x, mode='int', lazy=True)\n"
    "class A:\n    def __del__(self, double=double): print('gone', double(4))\nsys.keep = A()",
    "daemon": "def forever():\n    while True: f(1), list(g(2))\nthreading.Thread(target=forever, daemon=True).start()\n"
    "f(1)\nimport time; time.sleep(.3)",
    "daemon that compiles": "def forever():\n    while True: [list(x(2)) for x in make()[1:2]]\n"
    "threading.Thread(target=forever, daemon=True).start()\nimport time; time.sleep(.2)",
    "suspended generator": "h = g(3); next(h); sys.keep = g(2); next(sys.keep)",
    "suspended coroutine": "@stepwell.jit\nasync def c():\n    try: await s()\n    finally: print('closed')\n"
    "import types\n@types.coroutine\ndef s(): yield\nk = c(); k.send(None)",
    "weak reference": "import weakref; weakref.finalize(f, print, 'finalized')",
    "thread that outlives main": "import time\nthreading.Thread(target=lambda: (time.sleep(.3), print(f(1), new(2)))).start()",
    "installed": "stepwell.install(threshold=1)\nimport json, logging\nprint(json.dumps([1]))",
    "exception": "@stepwell.jit\ndef r(x): return 1 / x\nr(0)",
    "exit in compiled code": "@stepwell.jit\ndef r(x): raise SystemExit(x)\nr(0)",
    "cycle of function and code": "f.me = f; new.me = [new, f]; del f, new",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_interpreter_ends_with_compiled_code_alive(end):
    setup = "f, g, h = make()\nnew = stepwell.jit(lambda x: [x])\nf(3), list(g(2)), h(1, 2.0)\n"
    compiled = run(THREADS + "0\n" + setup + ENDS[end], code=end == "exception")
    interpreted = run(THREADS + "stepwell.disabled().__enter__()\n" + setup + ENDS[end], code=end == "exception")
    if "typed" not in end:
        assert compiled == interpreted


# What a daemon thread is doing when the interpreter, which takes the lock away from it, ends it in the middle of it.
# `Gives` gives the lock to others in every operator.
DAEMONS = """
import time, stepwell, threading, sys
sys.setswitchinterval(1e-5)

class Gives:
    def __add__(self, other): time.sleep(0); return self
    def __getitem__(self, key): time.sleep(0); return key
    def __getattr__(self, name): time.sleep(0); return name
    def __lt__(self, other): time.sleep(0); return True
    def __bool__(self): time.sleep(0); return True
    def __enter__(self): time.sleep(0)
    def __exit__(self, *_): time.sleep(0)
    def __del__(self): time.sleep(0)
    def __iter__(self): return self
    def __next__(self): time.sleep(0); return 1
    def __call__(self, *args, **more): time.sleep(0)

@stepwell.jit
def recurse(n):
    return n if n < 2 else recurse(n - 1) + recurse(n - 2)

@stepwell.jit
def numbers(n):
    for i in range(n):
        yield i
        time.sleep(0)

@stepwell.jit
def leaf(x):
    return x

@stepwell.jit
def loop():
    while True:
        leaf(1)

@stepwell.jit
def sleep():
    while True:
        time.sleep(0)

@stepwell.jit
def operators(x):
    while True:
        x + x, x[1], x.name, x < x, not x, [x for x, _ in zip(x, "ab")], x(1), x(*[1]), x(a=1)
        with x:
            Gives()

@stepwell.jit
def callbacks():
    while True:
        sorted([3, 1, 2], key=lambda x: time.sleep(0) or leaf(x))

@stepwell.jit
def generators():
    while True:
        sum(numbers(3))
        for x in numbers(2):
            leaf(x)

@stepwell.jit
def calls_itself():
    while True:
        recurse(12)

@stepwell.jit
def in_handler():
    while True:
        try:
            {}[1]
        except KeyError:
            time.sleep(0)

@stepwell.jit
def imports():
    while True:
        import json.decoder
        from time import sleep
        sleep(0)

@stepwell.jit
def makes_classes():
    while True:
        class A(list):
            time.sleep(0)

@stepwell.jit
def leaves(x=2**62):
    while True:
        x = x + x
        time.sleep(0)
        x = 2**62

def compiles():
    look = stepwell.module_pass(after="py")(lambda module: module.walk(lambda op: time.sleep(0)))
    while True:
        stepwell.jit(lambda x: x + 1, passes=[look])(1)

WORK = [loop, sleep, lambda: operators(Gives()), callbacks, generators, calls_itself, in_handler, imports, makes_classes, leaves, compiles]
for work in WORK * 2:
    threading.Thread(target=work, daemon=True).start()
time.sleep(1)
"""


@pytest.mark.parametrize("times", range(6))
def test_daemon_threads_end_anywhere_in_compiled_code(times):
    assert run(DAEMONS) == ("", "")


def test_memory_that_is_short_while_a_function_is_compiled():
    program = """
        import _testcapi, stepwell

        source = "def f(n): return [(i, str(i), {i: [i]}) for i in range(n)]"
        for failing in range(0, 1500, 37):
            namespace = {}
            exec(source, namespace)
            f = stepwell.jit(namespace["f"])
            _testcapi.set_nomemory(failing, failing + 1)
            try:
                f(2)
            except MemoryError:
                pass
            finally:
                _testcapi.remove_mem_hooks()
            assert f(2) == [(0, "0", {0: [0]}), (1, "1", {1: [1]})]
        print("done")
    """
    pytest.importorskip("_testcapi")
    assert run(program)[0] == "done\n"


DEPTHS = """
import sys, stepwell
sys.setrecursionlimit(100_000)

def depths(jit):
    class Builtins:
        @jit
        def __hash__(self):
            nonlocal depth
            depth += 1
            return hash((self,))

        @jit
        def __repr__(self):
            nonlocal depth
            depth += 1
            return repr([self])

    for operation in hash, repr:
        depth = 0
        try:
            operation(Builtins())
        except RecursionError as error:
            yield operation.__name__, depth, str(error)
"""


def test_recursion_through_builtin_functions_ends_where_the_interpreter_ends_it():
    program = DEPTHS + "\nprint([list(depths(jit)) for jit in (lambda f: f, stepwell.jit)])"
    interpreted, compiled = eval(run(program)[0])
    assert len(interpreted) == 2
    assert compiled == interpreted


def test_others_who_keep_something_at_code_objects_may_be_gone_at_the_end():
    """The interpreter tells all of them when a code object dies, also those that keep nothing at it."""
    program = """
import ctypes, stepwell
Free = ctypes.CFUNCTYPE(None, ctypes.c_voidp)
told = []
free = Free(told.append)
api = ctypes.pythonapi
api.PyUnstable_Eval_RequestCodeExtraIndex.argtypes = (Free,)
api.PyUnstable_Eval_RequestCodeExtraIndex.restype = ctypes.c_ssize_t
api.PyUnstable_Code_SetExtra.argtypes = (ctypes.py_object, ctypes.c_ssize_t, ctypes.c_voidp)
index = api.PyUnstable_Eval_RequestCodeExtraIndex(free)
class Holder:
    @stepwell.jit
    def method(self):
        return 1
assert Holder().method() == 1
mine = eval("lambda: 42")
assert stepwell.jit(mine)() == 42
api.PyUnstable_Code_SetExtra(mine.__code__, index, 7)
assert mine() == 42
del mine
assert told == [7]
Holder.this = Holder
"""
    subprocess.run([sys.executable, "-c", program], check=True)
