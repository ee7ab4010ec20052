"""Passes written in Python: what they can do, where they run, and that no mistake in one is more than an exception."""

import re
import threading
import traceback
import types
from pathlib import Path

import pytest
import stepwell
from stepwell import ir

ADD, MULTIPLY = 0, 5


def integer(value):
    return ir.Attribute.parse(f"{value} : i32")


def double_by_adding(op, rewriter):
    """x * 2 becomes x + x."""
    left, right, state = op.operands
    if op.attributes["kind"].value != MULTIPLY or not isinstance(right.owner, ir.Operation):
        return
    if right.owner.name == "py.constant" and right.owner.attributes["value"].value == 2:
        new = ir.Operation.create(
            "py.binary",
            results=[result.type for result in op.results],
            operands=[left, left, state],
            attributes={"kind": integer(ADD)},
        )
        rewriter.replace_op(op, new)


def rewrite(function, root="py.binary", **anchor):
    return stepwell.rewrite(root, **(anchor or {"after": "py"}))(function)


def module_pass(function, **anchor):
    return stepwell.module_pass(**(anchor or {"after": "py"}))(function)


def subject():
    """A new function, with a code object of its own."""

    def twice(x):
        return x * 2

    twice.__code__ = twice.__code__.replace(co_name="twice")
    return twice


def run(*passes, function=None, level="py"):
    return stepwell.dump_ir(stepwell.jit(function or subject(), passes=list(passes)), level)


def run_on_binary(function):
    """Calls the function with each `py.binary` and the rewriter."""
    return run(rewrite(function))


# What passes can do


def test_strength_reduction():
    assert "py.binary multiply %x" in run()
    text = run(rewrite(double_by_adding))
    assert "py.binary add %x, %x" in text
    assert "multiply" not in text


def test_the_function_computes_the_same():
    twice = stepwell.jit(subject(), passes=[rewrite(double_by_adding)])
    assert [twice(21), twice(1.5), twice("ha"), twice(10**30)] == [42, 3.0, "haha", 2 * 10**30]
    assert stepwell.stats(twice)["compiled_calls"] > 0


def test_counting_operations():
    names = []
    run(module_pass(lambda module: module.walk(lambda op: names.append(op.name))))
    assert names.count("py.binary") == 1
    assert names[-2:] == ["func.func", "builtin.module"], "what is inside comes first"


def test_what_an_operation_tells():
    seen = {}

    def look(op, rewriter):
        left, right, state = op.operands
        seen.update(
            names=[op.name, op.parent.name, op.parent.parent.name, op.parent.parent.parent],
            types=[str(value.type) for value in (left, right, state, *op.results)],
            left=(left.get_name(), left.owner == op.block, left.index),
            right=(right.owner.name, right.index),
            used=[(use.owner.name, use.operand_number) for use in op.results[0].uses],
            kind=op.attributes["kind"].value,
            line=op.location.source,
            ip=rewriter.ip.ref_operation == op,
            slices=[len(op.operands), op.operands[-1] == state, op.operands[:2] == [left, right]],
            function=[len(op.parent.regions), len(op.parent.blocks), op.block.successors],
        )

    function = subject()
    run(rewrite(look), function=function)
    assert seen["names"] == ["py.binary", "func.func", "builtin.module", None]
    assert seen["types"] == ["!py.object", "!py.object", "!py.state", "!py.object"]
    assert seen["left"] == ("%x", True, 0)
    assert seen["right"] == ("py.constant", 0)
    assert seen["used"] == [("func.return", 0)]
    assert seen["kind"] == MULTIPLY
    assert f".py:{function.__code__.co_firstlineno + 1}:" in seen["line"]
    assert seen["ip"] is True
    assert seen["slices"] == [3, True, True]
    assert seen["function"] == [1, 1, []]


def test_attributes_are_a_mapping():
    def change(op, rewriter):
        attributes = op.attributes
        assert "kind" in attributes and "mine" not in attributes
        attributes["mine"] = ir.Attribute.parse('"yes"')
        assert attributes["mine"].value == "yes"
        assert set(attributes) == set(attributes.keys()) == {"kind", "mine"}
        assert dict(attributes.items())["mine"] == ir.Attribute.parse('"yes"')
        assert len(attributes) == len(attributes.values()) == 2
        assert attributes.get("other") is None
        attributes["other"] = ir.Attribute.parse("unit")
        del attributes["other"]
        with pytest.raises(KeyError):
            attributes["other"]
        with pytest.raises(KeyError):
            del attributes["other"]

    assert '{mine = "yes"}' in run_on_binary(change)


def test_operands_can_be_assigned():
    def change(op, rewriter):
        op.operands[1] = op.operands[0]
        with pytest.raises(IndexError):
            op.operands[3] = op.operands[0]

    assert "py.binary multiply %x, %x" in run_on_binary(change)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7 : i32", 7), ("-1", -1), ("2.5 : f64", 2.5), ("true", True), ('"text"', "text"), (f"{2**70} : i128", 2**70)],
)
def test_values_of_attributes(text, value):
    attribute = ir.Attribute.parse(text)
    assert attribute.value == value and type(attribute.value) is type(value)
    assert attribute == ir.Attribute.parse(text) and hash(attribute) == hash(ir.Attribute.parse(text))


def test_types_attributes_and_locations_outlive_passes():
    kept = []
    run_on_binary(lambda op, rewriter: kept.extend([op.results[0].type, op.attributes["kind"], op.location]))
    assert kept[0] == ir.Type.parse("!py.object")
    assert kept[1] == integer(MULTIPLY)
    assert ir.Location.name("x", ir.Location.file("f.py", 3, 5)).source == "f.py:3:5"
    assert ir.Location.unknown() != kept[2]


@pytest.mark.parametrize("parse", [ir.Type.parse, ir.Attribute.parse])
def test_text_that_is_not_ir(parse):
    with pytest.raises(ValueError, match='cannot parse "nonsense'):
        parse("nonsense!")


def test_operations_go_where_the_insertion_point_is():
    def add(module):
        function = module.body.operations[0]
        entry = function.regions[0].blocks[0]
        with ir.InsertionPoint.at_block_begin(entry):
            first = ir.Operation.create("py.null", results=[ir.Type.parse("!py.object")])
        with ir.InsertionPoint.at_block_terminator(entry) as point:
            assert point.block == entry
            state = entry.operations[-1].operands[0].owner.operands[2]
            ir.Operation.create("py.poll", operands=[state])
        loose = first.clone()
        assert loose.block is None and loose.parent is None
        ir.InsertionPoint.after(first).insert(loose)
        names = [op.name for op in entry.operations]
        assert names[:2] == ["py.null", "py.null"] and names[-2:] == ["py.poll", "func.return"]
        loose.erase()
        first.erase()

    assert run(module_pass(add)).count("py.poll") == 2


def test_operations_can_be_moved():
    def move(op, rewriter):
        constant = op.operands[1].owner
        constant.move_before(op)
        assert op.block.operations.index(constant) + 1 == op.block.operations.index(op)
        constant.detach_from_parent()
        rewriter.insert(constant)
        rewriter.ip = ir.InsertionPoint.at_block_begin(op.block)
        constant.move_after(op.block.operations[0])

    lines = run_on_binary(move).splitlines()
    assert "py.constant" in lines[3]


def test_blocks_can_be_added():
    def branch(module):
        function = module.body.operations[0]
        entry = function.body
        target = entry.create_after(ir.Type.parse("!py.object"))
        last = entry.operations[-1]
        value = last.operands[0]
        last.detach_from_parent()
        target.append(last)
        last.operands[0] = target.arguments[0]
        with ir.InsertionPoint(entry):
            ir.Operation.create("cf.br", operands=[value], successors=[target], loc=last.location)
        assert entry.successors == [target] and target.predecessors == [entry]

    assert "^bb1(" in run(module_pass(branch))


@pytest.mark.parametrize(
    ("order", "expected"),
    [(ir.WalkOrder.PRE_ORDER, ["builtin.module", "func.func"]), (ir.WalkOrder.POST_ORDER, ["py.frame_state", "py.poll"])],
)
def test_walks_can_be_interrupted(order, expected):
    names = []

    def callback(op):
        names.append(op.name)
        return ir.WalkResult.INTERRUPT if len(names) == 2 else None

    run(module_pass(lambda module: module.walk(callback, order)))
    assert names == expected


def test_walks_can_skip():
    names = []

    def callback(op):
        names.append(op.name)
        return ir.WalkResult.SKIP if op.name == "func.func" else ir.WalkResult.ADVANCE

    run(module_pass(lambda module: module.walk(callback, ir.WalkOrder.PRE_ORDER)))
    assert names == ["builtin.module", "func.func"]


def test_walks_survive_erasing():
    def erase_polls(module):
        module.walk(lambda op: op.erase() if op.name == "py.poll" else None)

    assert "py.poll" not in run(module_pass(erase_polls))


def test_the_example_of_the_documentation(capsys):
    page = Path(__file__).resolve().parents[2] / "docs" / "custom-passes.md"
    example = re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    exec(compile(example[1], str(page), "exec"), {})
    assert "py.binary add %x, %x" in capsys.readouterr().out


# Where they run


def test_a_pass_belongs_to_the_functions_it_is_given_to():
    function = subject()
    twin = types.FunctionType(function.__code__, globals())
    plain, reduced = stepwell.jit(twin), stepwell.jit(function, passes=[rewrite(double_by_adding)])
    assert reduced is function, "the function stays the function"
    assert "multiply" in stepwell.dump_ir(plain, "py")
    assert "multiply" not in stepwell.dump_ir(reduced, "py")
    assert reduced.__code__ == plain.__code__ and reduced.__code__ is not plain.__code__
    assert (plain(3), reduced(3)) == (6, 6)


def test_a_decorator_that_runs_again_finds_the_same_code():
    reduce = rewrite(double_by_adding)
    function = subject()
    codes = {
        id(stepwell.jit(types.FunctionType(function.__code__, globals()), passes=[reduce]).__code__) for _ in range(10)
    }
    assert len(codes) == 1


def test_a_pass_for_every_function():
    reduce = rewrite(double_by_adding)
    reduce.register()
    try:
        assert "multiply" not in stepwell.dump_ir(subject(), "py")
    finally:
        reduce.unregister()
    assert "multiply" in stepwell.dump_ir(subject(), "py")


def test_everywhere_registers():
    seen = []
    pass_ = stepwell.module_pass(after="py", everywhere=True)(seen.append)
    try:
        stepwell.dump_ir(stepwell.jit(subject(), passes=[pass_]), "py")
        assert len(seen) == 1, "a pass that is given as well runs once"
    finally:
        pass_.unregister()


def test_anchors_are_levels_and_passes():
    order = []

    def noting(name, **anchor):
        return module_pass(lambda module: order.append(name), **anchor)

    run(
        noting("after typed", after="typed"),
        noting("before cse", before="cse"),
        noting("after py", after="py"),
        noting("before typed", before="typed"),
        level="typed",
    )
    assert order == ["after py", "before typed", "before cse", "after typed"]


def test_a_pass_below_the_level_that_is_shown_does_not_run():
    run(module_pass(lambda module: pytest.fail("it ran"), after="typed"), level="py")


def test_passes_are_named_in_the_record():
    twice = stepwell.jit(subject(), passes=[rewrite(double_by_adding)])
    records = {record.name: record for record in stepwell.passes(twice)}
    assert records["double_by_adding"].changed
    assert "py.binary add" in records["double_by_adding"].ir


def test_a_pass_that_only_looks_changes_nothing():
    twice = stepwell.jit(subject(), passes=[module_pass(lambda module: str(module))])
    assert [record.changed for record in stepwell.passes(twice) if record.name == "<lambda>"] == [False]


def test_what_the_decorator_makes():
    reduce = rewrite(double_by_adding)
    assert reduce.__name__ == "double_by_adding"
    assert reduce.__wrapped__ is double_by_adding
    line = double_by_adding.__code__.co_firstlineno
    assert repr(reduce) == f"<rewrite of py.binary double_by_adding after py, {__file__}:{line}>"


def test_a_decorator_shows_its_passes():
    assert repr(stepwell.jit(passes=[rewrite(double_by_adding)])).endswith("passes=[double_by_adding])")


# Passes that are wrong


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stepwell.rewrite("py.binary"), "give one of the two"),
        (lambda: stepwell.rewrite("py.binary", before="py", after="py"), "give one of the two"),
        (lambda: stepwell.rewrite("py.binary", after="parse"), "no level and no pass called \"parse\""),
        (lambda: stepwell.module_pass(after="asm"), "the levels are py, typed, state, calls, llvm"),
        (lambda: stepwell.rewrite("py.bynary", after="py"), "there is no operation \"py.bynary\""),
        (lambda: stepwell.rewrite("binary", after="py"), "there is no operation \"binary\""),
    ],
)
def test_wrong_decorators(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_rewrite_of_an_operation_that_upstream_does_not_have():
    with pytest.raises(ValueError, match="there is no operation \"cf.jump\""):
        run(rewrite(double_by_adding, root="cf.jump", after="py"))


@pytest.mark.parametrize("passes", [double_by_adding, [double_by_adding], [None], 3])
def test_things_that_are_not_passes(passes):
    with pytest.raises(TypeError, match="passes is a list of what @stepwell.rewrite"):
        stepwell.jit(subject(), passes=passes)


def test_an_exception_reaches_the_caller_unchanged():
    error = LookupError("mine")

    def fail(op, rewriter):
        raise error

    function = stepwell.jit(subject(), passes=[rewrite(fail)])
    with pytest.raises(LookupError) as caught:
        stepwell.dump_ir(function, "py")
    assert caught.value is error
    assert traceback.extract_tb(error.__traceback__)[-1].name == "fail"


def test_an_exception_reaches_the_caller_of_the_function():
    error = LookupError("mine")

    def fail(module):
        raise error

    function = stepwell.jit(subject(), passes=[module_pass(fail)])
    for _ in range(2):
        with pytest.raises(LookupError) as caught:
            function(3)
        assert caught.value is error


def test_invalid_ir_names_the_pass_the_operation_and_the_line():
    def break_it(op, rewriter):
        op.operands[0] = op.operands[2]

    with pytest.raises(stepwell.InvalidIRError) as caught:
        run_on_binary(break_it)
    message = str(caught.value)
    assert f"pass break_it ({__file__}:{break_it.__code__.co_firstlineno})" in message
    assert "'py.binary' op operand #0 must be Python object" in message
    assert "test_custom_passes.py" in message.splitlines()[0]


def missing_terminator(module):
    module.body.operations[0].body.operations[-1].erase()


def used_before_its_definition(module):
    block = module.body.operations[0].body
    binary = next(op for op in block.operations if op.name == "py.binary")
    binary.operands[1].owner.move_after(binary)


def missing_attribute(module):
    module.walk(lambda op: op.attributes.__delitem__("kind") if op.name == "py.binary" else None)


def attribute_of_another_kind(module):
    def change(op):
        if op.name == "py.binary":
            op.attributes["kind"] = ir.Attribute.parse('"add"')
            str(op), repr(op.results)

    module.walk(change)


def too_few_operands(module):
    block = module.body.operations[0].body
    with ir.InsertionPoint.at_block_begin(block):
        str(ir.Operation.create("py.binary", results=[ir.Type.parse("!py.object")]))


def too_many_regions(module):
    with ir.InsertionPoint.at_block_begin(module.body.operations[0].body):
        str(ir.Operation.create("py.null", results=[ir.Type.parse("!py.object")], regions=3))


def used_and_not_inserted(module):
    loose = ir.Operation.create("py.null", results=[ir.Type.parse("!py.object")])
    module.body.operations[0].body.operations[-1].operands[0] = loose.result


def below_its_level(module):
    block = module.body.operations[0].body
    with ir.InsertionPoint.at_block_begin(block):
        ir.Operation.create("py.incref", operands=[block.arguments[0]])


@pytest.mark.parametrize(
    "pass_",
    [
        missing_terminator,
        used_before_its_definition,
        missing_attribute,
        attribute_of_another_kind,
        too_few_operands,
        too_many_regions,
        used_and_not_inserted,
        below_its_level,
    ],
)
def test_invalid_ir(pass_):
    with pytest.raises(stepwell.InvalidIRError, match=f"pass {pass_.__name__} "):
        run(module_pass(pass_))


def test_operations_that_are_not_inserted_are_no_mistake():
    def make(module):
        one = ir.Operation.create("py.null", results=[ir.Type.parse("!py.object")])
        ir.Operation.create("py.incref", operands=[one.result])

    assert "py.null" not in run(module_pass(make))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda op, rewriter: rewriter.erase_op(op), "py.binary is still used"),
        (lambda op, rewriter: rewriter.replace_op(op, []), "has 1 results, and 0 values"),
        (lambda op, rewriter: rewriter.replace_op(op, op), "cannot be replaced with a value of its own"),
        (lambda op, rewriter: op.results[0].replace_all_uses_with(op.result), "replaced with itself"),
        (lambda op, rewriter: op.parent.parent.erase(), "what the pass works on"),
        (lambda op, rewriter: ir.Operation.create("py.bynary"), "there is no operation"),
        (lambda op, rewriter: rewriter.insert(op), "has its place already"),
        (lambda op, rewriter: rewriter.insert(op.parent.parent), "has its place already"),
        (lambda op, rewriter: op.parent.move_before(op), "cannot be put into itself"),
        (lambda op, rewriter: op.clone().move_before(op.parent.parent), "in no block"),
        (lambda op, rewriter: op.body, "has no block"),
    ],
)
def test_changes_that_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        run_on_binary(change)


# Handles of what is gone


def handles(op):
    """One of each kind, of an operation and what it is in."""
    function = op.parent
    region = function.regions[0]
    block = region.blocks[0]
    return {
        "operation": (op, lambda op: op.name),
        "operands": (op.operands, len),
        "operand": (op.operands[0], lambda value: value.type),
        "result": (op.results[0], lambda value: value.uses),
        "use": (op.results[0].uses[0], lambda use: use.owner),
        "attributes": (op.attributes, lambda attributes: attributes["kind"]),
        "region": (region, lambda region: region.blocks),
        "block": (block, lambda block: block.operations),
        "argument": (block.arguments[0], lambda value: value.get_name()),
        "insertion point": (ir.InsertionPoint(op), lambda point: point.block),
        "end of a block": (block, ir.InsertionPoint),
        "creation": (None, lambda _: ir.Operation.create("py.null")),
    }


def test_handles_end_with_the_pass():
    kept = {}
    run_on_binary(lambda op, rewriter: kept.update(handles(op)))
    assert len(kept) == 12
    for kind, (handle, use) in kept.items():
        with pytest.raises(stepwell.StaleHandleError):
            pytest.fail(f"{kind} can still be used: {use(handle)}")
        assert repr(handle)


def test_handles_of_one_pass_are_no_good_in_the_next():
    kept = []

    def use(module):
        kept[0].name

    with pytest.raises(stepwell.StaleHandleError, match="belongs to a pass that is over"):
        run(module_pass(kept.append), module_pass(use))


def test_handles_of_what_was_erased():
    def erase(op, rewriter):
        result = op.results[0]
        attributes, operands = op.attributes, op.operands
        rewriter.replace_op(op, op.operands[0])
        for use in (
            lambda: op.name,
            lambda: result.type,
            lambda: attributes["kind"],
            lambda: operands[0],
            lambda: op.erase(),
            lambda: ir.Operation.create("py.null"),
        ):
            with pytest.raises(stepwell.StaleHandleError, match="erased"):
                use()
        assert repr(op) == "<Operation that is gone>" and repr(result) == "<Value that is gone>"

    assert "py.binary" not in run_on_binary(erase)


def test_handles_of_what_was_inside():
    def erase(module):
        function = module.body.operations[0]
        with ir.InsertionPoint(function):
            copy = function.clone()
        copy.attributes["sym_name"] = ir.Attribute.parse('"copy"')
        block = copy.body
        inside = block.operations[0]
        copy.erase()
        for use in (
            lambda: inside.name,
            lambda: inside.results,
            lambda: block.arguments,
            lambda: block.create_after(),
        ):
            with pytest.raises(stepwell.StaleHandleError):
                use()

    assert "@copy" not in run(module_pass(erase))


def test_memory_that_is_used_again_does_not_revive_a_handle():
    def churn(op, rewriter):
        gone = []
        for _ in range(200):
            null = ir.Operation.create("py.null", results=[ir.Type.parse("!py.object")])
            gone.append(null)
            null.erase()
        for null in gone:
            with pytest.raises(stepwell.StaleHandleError):
                null.name

    run_on_binary(churn)


def test_handles_are_no_good_in_another_thread():
    caught = []

    def share(op, rewriter):
        def use():
            try:
                op.name
            except stepwell.StaleHandleError as error:
                caught.append(error)

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()

    run_on_binary(share)
    assert len(caught) == 1


def test_a_pass_may_compile():
    inner = []

    def compile_another(op, rewriter):
        inner.append(run(rewrite(double_by_adding)))
        assert op.name == "py.binary", "the handle is good again"

    run_on_binary(compile_another)
    assert "py.binary add" in inner[0]
