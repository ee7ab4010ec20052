"""Passes that do anything at all to the IR: whatever they do is an exception at worst, never a crash.

Each seed is one random pass, and the loop over seeds is in one test, so that there is one process to crash.
"""

import random
import types

import pytest
import stepwell
from stepwell import ir

SEEDS = 150
TYPES = [ir.Type.parse(text) for text in ("!py.object", "!py.state", "i1")]
ATTRIBUTES = [
    ir.Attribute.parse(text)
    for text in ("0 : i32", "-7 : i64", '"x"', "unit", "i64", "@f", "[1, 2]", "array<i32: 1, 2>", "array<i32: 0, 1000>")
]
KEYS = ["kind", "index", "name", "value", "operandSegmentSizes", "resultSegmentSizes", "sym_name", "offsets", "reason"]
NAMES = """py.null py.binary py.incref py.frame_state py.exit py.propagate py.unpack_ex state.dispatch cf.br cf.cond_br
    cf.switch func.func func.return scf.if scf.for builtin.module arith.constant arith.addi llvm.func""".split()

# What a wrong change may be answered with.
REFUSALS = (stepwell.StepwellError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def subject(x, y):
    total = 0
    try:
        for i in range(x):
            if i % 2:
                total += y
    except ValueError as error:
        return str(error)
    return [total, x]


class Vandal:
    """Keeps handles of everything it sees, and uses any of them for anything."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.ops, self.values, self.blocks, self.points = [], [], [], [None]

    def pick(self, items):
        return self.random.choice(items)

    def some(self, items, most=3):
        return [self.pick(items) for _ in range(self.random.randrange(most + 1))] if items else []

    def see(self, op):
        self.ops.append(op)
        self.values += op.results
        self.blocks += op.blocks
        return self.pick([None, None, None, ir.WalkResult.SKIP])

    def __call__(self, op, rewriter=None):
        op.walk(self.see)
        actions = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        for _ in range(self.pick([0, 1, 3, 10, 60])):
            try:
                self.pick(actions)(rewriter or ir.Rewriter)
            except REFUSALS:
                pass

    def do_create(self, _):
        attributes = {self.pick(KEYS): self.pick(ATTRIBUTES) for _ in range(3)}
        what = (self.some(TYPES), self.some(self.values), attributes, self.some(self.blocks, 2))
        regions = self.random.randrange(3)
        self.see(ir.Operation.create(self.pick(NAMES), *what, regions=regions, ip=self.pick(self.points)))

    def do_erase(self, _):
        self.pick(self.ops).erase()

    def do_move(self, _):
        self.pick([ir.Operation.move_before, ir.Operation.move_after])(self.pick(self.ops), self.pick(self.ops))

    def do_detach(self, _):
        self.pick(self.ops).detach_from_parent()

    def do_insert(self, _):
        self.pick(self.points).insert(self.pick(self.ops))

    def do_append(self, _):
        self.pick(self.blocks).append(self.pick(self.ops))

    def do_stand(self, _):
        self.points.append(ir.InsertionPoint(self.pick(self.ops + self.blocks)))

    def do_replace(self, rewriter):
        op = self.pick(self.ops)
        rewriter.replace_op(op, self.pick([self.pick(self.ops), [self.pick(self.values) for _ in op.results]]))

    def do_replace_uses(self, _):
        self.pick(self.values).replace_all_uses_with(self.pick(self.values))

    def do_assign(self, _):
        operands = self.pick(self.ops).operands
        operands[self.random.randrange(len(operands))] = self.pick(self.values)

    def do_set(self, _):
        self.pick(self.ops).attributes[self.pick(KEYS)] = self.pick(ATTRIBUTES)

    def do_delete(self, _):
        attributes = self.pick(self.ops).attributes
        del attributes[self.pick(attributes.keys())]

    def do_add_block(self, _):
        self.blocks.append(self.pick(self.blocks).create_after(*self.some(TYPES)))

    def do_add_argument(self, _):
        self.values.append(self.pick(self.blocks).add_argument(self.pick(TYPES), ir.Location.unknown()))

    def do_clone(self, _):
        self.see(self.pick(self.ops).clone(ip=self.pick(self.points)))

    def do_walk(self, _):
        self.pick(self.ops).walk(lambda op: op.erase() if self.random.random() < 0.1 else None, ir.WalkOrder.PRE_ORDER)

    def do_look(self, _):
        op, value, block = self.pick(self.ops), self.pick(self.values), self.pick(self.blocks)
        str(op), op.get_asm(print_generic_op_form=True), op.parent, op.successors
        value.get_name(), [use.owner for use in value.uses]
        block.owner, block.successors, block.predecessors


@pytest.mark.parametrize("kind", ["module pass", "rewrite", "both"])
def test_random_passes(kind):
    outcomes = set()
    for seed in range(SEEDS):
        module = stepwell.module_pass(after="py")(Vandal(seed))
        rewrite = stepwell.rewrite("py.binary", after="py")(Vandal(seed))
        passes = {"module pass": [module], "rewrite": [rewrite], "both": [module, rewrite]}[kind]
        function = types.FunctionType(subject.__code__.replace(), globals())
        try:
            stepwell.dump_ir(stepwell.jit(function, passes=passes), "py")
            outcomes.add("valid")
        except stepwell.InvalidIRError:
            outcomes.add("invalid")
    assert outcomes == {"valid", "invalid"}
