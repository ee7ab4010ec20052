"""Native loops let signals, other threads and asynchronous exceptions in."""

import ctypes
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
import stepwell

LOOP = """
    import signal
    import stepwell

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background may ignore it

    @stepwell.jit(mode={mode!r})
    def spin(n):
        i = 0
        while i >= 0:
            i = (i + n) % 1000
        return i

    print("ready", flush=True)
    try:
        spin(1)
    except KeyboardInterrupt as error:
        line = error.__traceback__.tb_next.tb_lineno - spin.__code__.co_firstlineno
        assert stepwell.stats(spin)["compiled_calls"] == 1
        print("interrupted in line", line)
"""


@pytest.mark.parametrize("mode", ["auto", "object", "int"])
def test_ctrl_c_stops_a_loop(mode):
    code = textwrap.dedent(LOOP.format(mode=mode))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert output in ("interrupted in line 3\n", "interrupted in line 4\n")
    assert process.returncode == 0


def spin_until(stop):
    count = 0
    while not stop:
        count += 1
    return count


def spin_for(n):
    total = 0
    for i in range(n):
        total = (total + i) % 7
    return total


@pytest.mark.parametrize("mode", ["auto", "object", "int"])
def test_other_threads_run_beside_a_loop(mode):
    function = stepwell.jit(spin_for, mode=mode)
    function(10)
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.monotonic()
    n = 100_000
    while time.monotonic() - start < 0.5:
        n *= 2
        loop_start = time.monotonic()
        function(n)
        loop_end = time.monotonic()
    done.set()
    thread.join()
    assert sum(loop_start < tick < loop_end for tick in ticks) >= 3


def test_a_loop_sees_what_other_threads_do():
    function = stepwell.jit(spin_until)
    assert function([1]) == 0
    stop = []
    threading.Timer(0.5, stop.append, [1]).start()
    assert function(stop) > 0


def test_an_asynchronous_exception_ends_a_loop():
    function = stepwell.jit(spin_until)
    outcome = []

    def run():
        try:
            function([])
        except SystemError as error:
            outcome.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemError)) == 1
    thread.join(timeout=60)
    assert outcome == [SystemError]


def test_threads_compile_and_call_at_once():
    def make(index):
        namespace = {}
        exec(f"def f(x):\n    return [x + {index}, {index}]", namespace)
        return stepwell.jit(namespace["f"], opt_level=1)

    functions = [make(index) for index in range(40)]
    failures = []

    def work():
        for index, function in enumerate(functions):
            if function(1) != [1 + index, index] or function(1.5) != [1.5 + index, index]:
                failures.append(index)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
