"""The tour that `make demo` takes: real functions, compiled; then one of them at every level; then a pass of our own."""

import time
import traceback

from programs import invoices, mandelbrot, nbody, pipeline, wordcount, workers

import stepwell


def heading(text):
    print(f"\n\033[1m{text}\033[0m\n{'─' * len(text)}")


def best_of(function, arguments, rounds=30):
    """The result, and the shortest of some CPU times in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        result = function(*arguments)
        times.append(time.process_time() - start)
    return result, min(times)


def race(title, function, *arguments):
    """Runs a program interpreted and compiled, insists on the same result, prints both times."""
    with stepwell.disabled():
        expected, interpreted = best_of(function, arguments)
    function(*arguments)
    result, compiled = best_of(function, arguments)
    assert repr(result) == repr(expected), f"{title}: {result!r} is not CPython's {expected!r}"
    print(
        f"{title:<34} CPython {interpreted * 1e3:8.2f} ms   Stepwell {compiled * 1e3:8.2f} ms"
        f"   {interpreted / compiled:6.1f} times"
    )
    return result


def traceback_of(function, *arguments):
    try:
        function(*arguments)
    except Exception:
        return traceback.format_exc()
    raise AssertionError("the program was expected to fail")


def run_programs():
    heading("Programs, each with CPython's result")
    rows = race("mandelbrot, complex numbers", mandelbrot.picture, 78, 24, 60)
    before, after = race("n-body, lists of floats", nbody.simulate, 1000)
    words = race("word count, a real text", wordcount.run, 8)
    race("a pipeline of generators", pipeline.total, 30_000)
    sums = race("producers and consumer, asyncio", workers.run, 800)
    print()
    print(mandelbrot.draw(rows, 60))
    print(f"\nEnergy of the solar system: {before:.9f}, ten years later {after:.9f}")
    print(f"Words: {', '.join(words)}")
    print(f"Sums: {sums}")


def run_failure():
    heading("An exception, with CPython's traceback")
    with stepwell.disabled():
        expected = traceback_of(invoices.report, invoices.INVOICES)
    text = traceback_of(invoices.report, invoices.INVOICES)
    assert text == expected, f"{text}\nis not CPython's\n{expected}"
    print(text, end="")


def show_statistics():
    heading("What ran in compiled code, and what left it")
    programs = [
        mandelbrot.escape, mandelbrot.picture, nbody.energy, nbody.advance, wordcount.count_words,
        wordcount.most_frequent, pipeline.numbers, pipeline.not_divisible, pipeline.in_pairs,
        pipeline.total, workers.produce, workers.consume, workers.main, invoices.unit_price, invoices.report,
    ]
    for function in programs:
        record = stepwell.stats(function)
        left = "; ".join(f"line {e['line']}: {e['reason']} ({e['count']} times)" for e in record["exits"])
        print(f"{function.__qualname__:<16} {record['compiled_calls']:>8} calls compiled, exits: {left or 'none'}")


@stepwell.jit
def mean_square(a, b):
    return (a * a + b * b) / 2


def show_levels():
    heading("One function, level by level")
    mean_square(3.0, 4.0)
    for level in ("bytecode", "py", "typed", "state", "calls", "llvm", "llvmir", "asm"):
        text = stepwell.dump_ir(mean_square, level)
        lines = text.splitlines()
        print(f"\n\033[1m{level}\033[0m  ({len(lines)} lines)")
        print("\n".join(lines[:40] + (["    …"] if len(lines) > 40 else [])))


def write_a_pass():
    heading("A pass of our own: x * 2 becomes x + x")

    @stepwell.rewrite("py.binary", after="py")
    def double_by_adding(op, rewriter):
        multiply, add = 5, 0
        left, right, state = op.operands
        constant = right.owner
        if op.attributes["kind"].value != multiply or constant.name != "py.constant":
            return
        if str(constant.attributes["value"]) == "2 : i64":
            new = stepwell.ir.Operation.create(
                "py.binary",
                results=[result.type for result in op.results],
                operands=[left, left, state],
                attributes={"kind": stepwell.ir.Attribute.parse(f"{add} : i32")},
                loc=op.location,
            )
            rewriter.replace_op(op, new)

    def twice(x):
        return x * 2

    twice = stepwell.jit(twice, passes=[double_by_adding])
    print(f"twice(21) = {twice(21)}, twice('ha') = {twice('ha')!r}\n")
    for record in stepwell.passes(twice):
        if record.name == "double_by_adding":
            print(record.ir)


def main():
    print(f"Stepwell {stepwell.__version__}")
    run_programs()
    run_failure()
    show_statistics()
    show_levels()
    write_a_pass()


if __name__ == "__main__":
    main()
