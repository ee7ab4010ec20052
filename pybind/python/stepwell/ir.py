"""The IR as passes see it, named as upstream MLIR's Python bindings name it.

Operations, blocks, regions and values exist while a pass is running. Their handles know when what they stand for is
gone: using one raises `stepwell.StaleHandleError`.
"""

from stepwell._stepwell import (
    Attribute,
    Block,
    InsertionPoint,
    Location,
    OpAttributeMap,
    Operation,
    OpOperand,
    OpOperandList,
    Region,
    Rewriter,
    Type,
    Value,
    WalkOrder,
    WalkResult,
)

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
