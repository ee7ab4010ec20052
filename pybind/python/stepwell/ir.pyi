"""The types of the IR as passes see it, named as upstream MLIR's Python bindings name it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import ClassVar, final, overload

__all__ = [
    "Attribute",
    "Block",
    "InsertionPoint",
    "Location",
    "OpAttributeMap",
    "OpOperand",
    "OpOperandList",
    "Operation",
    "Region",
    "Rewriter",
    "Type",
    "Value",
    "WalkOrder",
    "WalkResult",
]

@final
class Type:
    """A type: `!py.object`, `i64`."""

    @staticmethod
    def parse(asm: str) -> Type: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Attribute:
    """An attribute: `1 : i64`, `"name"`, `unit`."""

    @staticmethod
    def parse(asm: str) -> Attribute: ...
    @property
    def value(self) -> int | float | bool | str:
        """The Python value of an integer, float, boolean or string; any other kind has none (AttributeError)."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Location:
    """Where an operation comes from."""

    @staticmethod
    def unknown() -> Location: ...
    @staticmethod
    def file(filename: str, line: int, col: int) -> Location: ...
    @staticmethod
    def name(name: str, child_loc: Location | None = None) -> Location: ...
    @property
    def source(self) -> str:
        """The place in the user's source, as `file.py:3:5`."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Value:
    """A value: the result of an operation, or the argument of a block."""

    @property
    def type(self) -> Type: ...
    @property
    def owner(self) -> Operation | Block: ...
    @property
    def index(self) -> int:
        """Its number among the results or arguments of its owner."""

    @property
    def uses(self) -> list[OpOperand]: ...
    def replace_all_uses_with(self, with_: Value) -> None: ...
    def get_name(self) -> str:
        """Its name in the text of the whole, such as `%x`."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class OpOperand:
    """A use of a value."""

    @property
    def owner(self) -> Operation: ...
    @property
    def operand_number(self) -> int: ...

@final
class OpOperandList:
    """The operands of an operation, as a sequence whose items can be assigned."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> Value: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Value]: ...
    def __setitem__(self, index: int, value: Value, /) -> None: ...
    def __delitem__(self, index: int, /) -> None: ...
    def __iter__(self) -> Iterator[Value]: ...

@final
class OpAttributeMap:
    """The attributes of an operation, as a mapping from names."""

    def __len__(self) -> int: ...
    def __contains__(self, name: str, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Attribute: ...
    def __setitem__(self, name: str, attr: Attribute, /) -> None: ...
    def __delitem__(self, name: str, /) -> None: ...
    def __iter__(self) -> Iterator[str]: ...
    def get(self, name: str, default: Attribute | None = None) -> Attribute | None: ...
    def keys(self) -> list[str]: ...
    def values(self) -> list[Attribute]: ...
    def items(self) -> list[tuple[str, Attribute]]: ...

@final
class Region:
    """A region of an operation."""

    @property
    def owner(self) -> Operation: ...
    @property
    def blocks(self) -> list[Block]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Block:
    """A block: arguments, operations, and a terminator at the end."""

    @property
    def arguments(self) -> list[Value]: ...
    @property
    def operations(self) -> list[Operation]: ...
    @property
    def owner(self) -> Operation: ...
    @property
    def successors(self) -> list[Block]: ...
    @property
    def predecessors(self) -> list[Block]: ...
    def append(self, operation: Operation) -> None:
        """Puts an operation that is in no block at the end of this one."""

    def create_before(self, *arg_types: Type) -> Block: ...
    def create_after(self, *arg_types: Type) -> Block: ...
    def add_argument(self, type: Type, loc: Location) -> Value:
        """A new argument at the end. The branches to the block are the caller's to complete."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Operation:
    """An operation."""

    @staticmethod
    def create(
        name: str,
        results: Sequence[Type] | None = None,
        operands: Sequence[Value] | None = None,
        attributes: Mapping[str, Attribute] | None = None,
        successors: Sequence[Block] | None = None,
        regions: int = 0,
        loc: Location | None = None,
        ip: InsertionPoint | None = None,
    ) -> Operation:
        """Makes an operation and puts it at `ip`, else where the innermost `with InsertionPoint(...)` or the rewriter
        stands. In a module pass without either it is in no block until it is inserted somewhere."""

    @property
    def name(self) -> str: ...
    @property
    def operands(self) -> OpOperandList: ...
    @property
    def results(self) -> list[Value]: ...
    @property
    def result(self) -> Value:
        """Its only result."""

    @property
    def attributes(self) -> OpAttributeMap: ...
    @property
    def location(self) -> Location: ...
    @location.setter
    def location(self, value: Location, /) -> None: ...
    @property
    def parent(self) -> Operation | None: ...
    @property
    def block(self) -> Block | None: ...
    @property
    def regions(self) -> list[Region]: ...
    @property
    def blocks(self) -> list[Block]:
        """The blocks of all its regions."""

    @property
    def body(self) -> Block:
        """The first block of its first region, such as that of a module."""

    @property
    def successors(self) -> list[Block]: ...
    def walk(
        self,
        callback: Callable[[Operation], WalkResult | None],
        walk_order: WalkOrder = ...,
    ) -> None:
        """Calls `callback` with this operation and every one in it. It may change and erase what it likes."""

    def clone(self, ip: InsertionPoint | None = None) -> Operation: ...
    def erase(self) -> None: ...
    def detach_from_parent(self) -> None:
        """Takes it out of its block. It is destroyed at the end of the pass unless it is put somewhere."""

    def move_before(self, other: Operation) -> None: ...
    def move_after(self, other: Operation) -> None: ...
    def get_asm(self, *, print_generic_op_form: bool = False, enable_debug_info: bool = False) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class InsertionPoint:
    """Where new operations go. As a context manager it is the default for `Operation.create`."""

    def __new__(cls, before_operation_or_block: Operation | Block, /) -> InsertionPoint: ...
    @staticmethod
    def after(operation: Operation) -> InsertionPoint: ...
    @staticmethod
    def at_block_begin(block: Block) -> InsertionPoint: ...
    @staticmethod
    def at_block_terminator(block: Block) -> InsertionPoint: ...
    @property
    def block(self) -> Block: ...
    @property
    def ref_operation(self) -> Operation | None:
        """The operation that it is in front of, or None at the end of a block."""

    def insert(self, operation: Operation) -> None: ...
    def __enter__(self) -> InsertionPoint: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Rewriter:
    """What a rewrite changes the IR with."""

    @property
    def ip(self) -> InsertionPoint:
        """Where new operations go: at first in front of the operation that is rewritten."""

    @ip.setter
    def ip(self, value: InsertionPoint, /) -> None: ...
    def insert(self, op: Operation) -> None:
        """Puts an operation that is in no block to where new operations go."""

    def replace_op(self, op: Operation, new: Operation | Value | Sequence[Value]) -> None:
        """Uses other values, or the results of another operation, instead of the results of `op`, and erases it."""

    def erase_op(self, op: Operation) -> None:
        """Erases an operation, with everything in it. It must not be used any more."""

@final
class WalkOrder:
    """Whether an operation comes before or behind what is in it."""

    PRE_ORDER: ClassVar[WalkOrder]
    POST_ORDER: ClassVar[WalkOrder]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __int__(self) -> int: ...

@final
class WalkResult:
    """How a walk goes on."""

    ADVANCE: ClassVar[WalkResult]
    INTERRUPT: ClassVar[WalkResult]
    SKIP: ClassVar[WalkResult]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __int__(self) -> int: ...
