//! The native form of a function.

use super::{all_operations, drop_polls, unseen};
use crate::{
    PassError,
    analysis::{fact::Kind, slots::defining_op},
    builder::Builder,
    cfg::{name_of, operand_of},
    cursor::result_of,
    function::{FrameKind, Function},
    lower::lower_py_to_num::number,
};
use melior::ir::{
    BlockLike, Module, Operation, OperationRef, RegionLike, Type, Value, ValueLike,
    attribute::{AttributeLike, StringAttribute, TypeAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
    r#type::FunctionType,
};
use stepwell_dialects::ir::{functions, replace_uses, uses};

/// Adds the native form of a function to its module.
pub fn add<'c>(function: &Function<'c, '_>, module: &Module<'c>) -> Result<(), PassError> {
    let copy = Operation::clone(&function.op);
    module.body().append_operation(copy);
    let copy = functions(module).pop().expect("it was just appended");
    let region = copy
        .region(0)
        .map_err(|_| function.bug("a function without body"))?;
    let native = function.copied(copy, region);
    drop_polls(&native);
    load_nothing(&native);
    let result = return_native(&native)
        .filter(|_| unseen::is_unseen(&native))
        .ok_or_else(|| unsupported(function))?;
    sign(&native, result);
    native.set_frame_kind(FrameKind::Native);
    Ok(())
}

fn unsupported(function: &Function) -> PassError {
    PassError::Unsupported {
        reason: "a call of itself on numbers that needs a frame".to_owned(),
        location: crate::source_location(function.op.location()),
    }
}

/// Only the function itself is loaded.
fn load_nothing(function: &Function) {
    for op in all_operations(function) {
        if name_of(op) == "py.load_global" {
            let cursor = function.before(op);
            let this = cursor.value("py.this_function", &[], function.types.object, &[]);
            replace_uses(result_of(op, 0), this);
            crate::cfg::erase(op);
        }
    }
}

/// Returns native values, and yields their type; `None` when an object is returned whose value is not known.
fn return_native<'c>(function: &Function<'c, '_>) -> Option<Type<'c>> {
    let result = all_operations(function)
        .into_iter()
        .find(|op| name_of(*op) == "py.call_this")
        .map(|call| result_of(call, 0).r#type())?;
    for op in all_operations(function) {
        if name_of(op) == "func.return" {
            let value = native_form(function, op, operand_of(op, 0)?)?;
            if value.r#type() != result {
                return None;
            }
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_operand(0, value);
        }
    }
    Some(result)
}

/// The number that an object is, for use in front of `user`.
fn native_form<'c, 'a>(
    function: &Function<'c, 'a>,
    user: OperationRef<'c, 'a>,
    object: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let Some(op) = defining_op(object) else {
        return unboxed_parameter(object);
    };
    let builder = Builder::new(function.context, function.types, user);
    match name_of(op) {
        "py.box" => operand_of(op, 0).filter(|_| op.operand_count() == 1),
        "py.constant" => {
            let value = op.attribute("value").ok()?;
            let kind = Kind::of_type(&function.types, value.r#type());
            Some(number(&builder, kind, value)?.value)
        }
        "arith.select" => {
            let yes = native_form(function, user, operand_of(op, 1)?)?;
            let no = native_form(function, user, operand_of(op, 2)?)?;
            let condition = operand_of(op, 0)?;
            (yes.r#type() == no.r#type()).then(|| builder.select(condition, yes, no))
        }
        _ => None,
    }
}

/// A parameter is unboxed at the entry.
fn unboxed_parameter<'c: 'a, 'a>(parameter: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
    let unbox = uses(parameter)
        .into_iter()
        .map(|(user, _)| user)
        .find(|user| name_of(*user) == "py.unbox")?;
    Some(result_of(unbox, 0))
}

fn sign<'c>(function: &Function<'c, '_>, result: Type<'c>) {
    let parameters: Vec<_> = function
        .region
        .first_block()
        .into_iter()
        .flat_map(|entry| {
            (0..entry.argument_count())
                .filter_map(move |index| Some(entry.argument(index).ok()?.r#type()))
        })
        .collect();
    let signature = FunctionType::new(function.context, &parameters, &[result]);
    // SAFETY: the function is alive and nobody else holds a reference to it that would see the change.
    let mut op = unsafe { OperationRefMut::from_raw(function.op.to_raw()) };
    op.set_attribute("function_type", TypeAttribute::new(signature.into()).into());
    let name = crate::inspect::str_attribute(function.op, "sym_name").unwrap_or_default();
    let name = StringAttribute::new(function.context, &format!("{name}.native"));
    op.set_attribute("sym_name", name.into());
}
