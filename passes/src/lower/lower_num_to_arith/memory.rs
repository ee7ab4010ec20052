//! Records, and memory behind an address. A length that is negative is not known.

use super::emit::Emitter;
use crate::{builder::CmpiPredicate, cursor::result_of};
use melior::ir::{
    OperationRef, Type, Value, ValueLike,
    attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute, TypeAttribute},
    operation::OperationLike,
};

/// The attribute of ops that do not check indices.
pub(super) const UNCHECKED: &str = "unchecked";

/// `num.load`
pub(super) fn load<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
    pointer: Value<'c, 'a>,
    index: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let place = place(emitter, op, pointer, index, state);
    emitter.value("llvm.load", &[place], emitter.types().f64)
}

/// `num.store`
pub(super) fn store<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) {
    let operands: Vec<_> = op.operands().collect();
    if let &[value, pointer, index, state] = &operands[..] {
        let place = place(emitter, op, pointer, index, state);
        emitter.op("llvm.store", &[value, place], &[], &[]);
    }
}

/// `num.offset`: what is behind the end, or in front of the start, is not reached.
pub(super) fn offset<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
    pointer: Value<'c, 'a>,
    count: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let types = *emitter.types();
    let length = part(emitter, pointer, 1);
    let unknown = emitter.cmpi(CmpiPredicate::Slt, length, emitter.int(0));
    if !op.has_attribute(UNCHECKED) {
        let inside = emitter.cmpi(CmpiPredicate::Ule, count, length);
        let allowed = emitter.either(unknown, inside);
        emitter.guard_raising(allowed, state, "the address is out of bounds", "IndexError");
    }
    let rest = emitter.i64("arith.subi", length, count);
    let rest = emitter.select(unknown, length, rest);
    let address = element(emitter, part(emitter, pointer, 0), count);
    pack(emitter, &[address, rest], types.pointer)
}

/// `num.pack`
pub(super) fn pack<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    parts: &[Value<'c, 'a>],
    record: Type<'c>,
) -> Value<'c, 'a> {
    let types = *emitter.types();
    let empty = emitter.value("llvm.mlir.undef", &[], record);
    (0..).zip(parts).fold(empty, |record, (index, part)| {
        let is_address = index == 0 && record.r#type() == types.pointer;
        let part = match is_address && part.r#type() == types.i64 {
            true => emitter.value("llvm.inttoptr", &[*part], types.ptr),
            false => *part,
        };
        let position = DenseI64ArrayAttribute::new(emitter.site.context, &[index]).into();
        let position = [("position", position)];
        let operands = [record, part];
        result_of(
            emitter.op("llvm.insertvalue", &operands, &[record.r#type()], &position),
            0,
        )
    })
}

/// Where an element is. A negative index counts from the end, if that is known.
fn place<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
    pointer: Value<'c, 'a>,
    index: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let zero = emitter.int(0);
    let length = part(emitter, pointer, 1);
    let unknown = emitter.cmpi(CmpiPredicate::Slt, length, zero);
    let negative = emitter.cmpi(CmpiPredicate::Slt, index, zero);
    let from_end = emitter.i64("arith.addi", index, length);
    let counts = emitter.both(negative, emitter.not(unknown));
    let index = emitter.select(counts, from_end, index);
    if !op.has_attribute(UNCHECKED) {
        let inside = emitter.cmpi(CmpiPredicate::Ult, index, length);
        let allowed = emitter.either(unknown, inside);
        emitter.guard_raising(allowed, state, "the index is out of bounds", "IndexError");
    }
    element(emitter, part(emitter, pointer, 0), index)
}

fn element<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    address: Value<'c, 'a>,
    index: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let types = *emitter.types();
    let dynamic = DenseI32ArrayAttribute::new(emitter.site.context, &[i32::MIN]).into();
    let attributes = [
        ("rawConstantIndices", dynamic),
        ("elem_type", TypeAttribute::new(types.f64).into()),
    ];
    result_of(
        emitter.op(
            "llvm.getelementptr",
            &[address, index],
            &[types.ptr],
            &attributes,
        ),
        0,
    )
}

/// A part of a pointer, wherever it comes from.
fn part<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    pointer: Value<'c, 'a>,
    index: i64,
) -> Value<'c, 'a> {
    let types = *emitter.types();
    let r#type = match index {
        0 => types.ptr,
        _ => types.i64,
    };
    emitter.member(pointer, index, r#type)
}
