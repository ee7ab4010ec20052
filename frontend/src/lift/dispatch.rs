//! Which file lifts which opcode.

use super::builder::Lifter;
use super::simple;
use crate::bytecode::Opcode as O;
use crate::error::FrontendError;

impl Lifter<'_, '_> {
    /// Lifts one instruction; the whole frontend on one screen.
    pub(super) fn lift_instruction(&mut self) -> Result<(), FrontendError> {
        let opcode = self.instruction().opcode();
        if let Some(op) = simple::op(opcode) {
            return self.lift_simple(op);
        }
        match opcode {
            O::Nop => Ok(()),
            O::PopTop | O::EndFor => self.pop().map(drop),
            O::PushNull => self.push_null(),
            O::Copy => self.lift_copy(),
            O::Swap => self.lift_swap(),
            O::LoadConst => self.lift_load_const(),
            O::ReturnConst => self.lift_return_const(),
            O::LoadAssertionError => self.lift_load_assertion_error(),

            O::LoadFast | O::LoadFastLoadFast => self.lift_load_fast(),
            O::LoadFastCheck => self.lift_load_fast_check(),
            O::LoadFastAndClear => self.lift_load_fast_and_clear(),
            O::StoreFast | O::StoreFastStoreFast => self.lift_store_fast(),
            O::StoreFastLoadFast => self.lift_store_fast_load_fast(),
            O::DeleteFast => self.lift_delete_fast(),
            O::MakeCell => self.lift_make_cell(),
            O::CopyFreeVars => self.lift_copy_free_vars(),
            O::LoadDeref => self.lift_load_deref(),
            O::LoadFromDictOrDeref => self.lift_load_from_dict_or_deref(),
            O::StoreDeref => self.lift_store_deref(),
            O::DeleteDeref => self.lift_delete_deref(),

            O::LoadGlobal => self.lift_load_global(),
            O::LoadName => self.lift_load_name("py.load_name", 0),
            O::LoadFromDictOrGlobals => self.lift_load_name("py.load_from_dict_or_globals", 1),
            O::StoreGlobal => self.lift_change_name("py.store_global", 1),
            O::StoreName => self.lift_change_name("py.store_name", 1),
            O::DeleteGlobal => self.lift_change_name("py.delete_global", 0),
            O::DeleteName => self.lift_change_name("py.delete_name", 0),
            O::DeleteAttr => self.lift_change_name("py.delete_attr", 1),
            O::LoadAttr => self.lift_load_attr(),
            O::StoreAttr => self.lift_store_attr(),
            O::LoadSuperAttr => self.lift_load_super_attr(),
            O::ImportName => self.lift_load_name("py.import_name", 2),
            O::ImportFrom => self.lift_import_from(),

            O::BinaryOp => self.lift_binary_op(),
            O::UnaryNegative => self.lift_unary(0),
            O::UnaryInvert => self.lift_unary(1),
            O::UnaryNot => self.lift_unary_not(),
            O::CompareOp => self.lift_compare_op(),
            O::IsOp => self.lift_is_op(),
            O::ContainsOp => self.lift_contains_op(),
            O::ToBool => self.lift_to_bool(),
            O::GetLen => self.lift_get_len(),

            O::BuildList => self.lift_build("py.build_list", 1),
            O::BuildTuple => self.lift_build("py.build_tuple", 1),
            O::BuildSet => self.lift_build("py.build_set", 1),
            O::BuildString => self.lift_build("py.build_string", 1),
            O::BuildMap => self.lift_build("py.build_map", 2),
            O::BuildConstKeyMap => self.lift_build_const_key_map(),
            O::BuildSlice => self.lift_build_slice(),
            O::StoreSubscr => self.lift_store_item("py.store_subscr", 3),
            O::StoreSlice => self.lift_store_item("py.store_slice", 4),
            O::ListAppend => self.lift_extend("py.list_append"),
            O::ListExtend => self.lift_extend("py.list_extend"),
            O::SetAdd => self.lift_extend("py.set_add"),
            O::SetUpdate => self.lift_extend("py.set_update"),
            O::DictUpdate => self.lift_extend("py.dict_update"),
            O::DictMerge => self.lift_dict_merge(),
            O::MapAdd => self.lift_map_add(),
            O::UnpackSequence => self.lift_unpack_sequence(),
            O::UnpackEx => self.lift_unpack_ex(),
            O::ConvertValue => self.lift_convert_value(),

            O::Call => self.lift_call(),
            O::CallKw => self.lift_call_kw(),
            O::CallFunctionEx => self.lift_call_function_ex(),
            O::CallIntrinsic1 => self.lift_intrinsic("py.call_intrinsic_1", 1),
            O::CallIntrinsic2 => self.lift_intrinsic("py.call_intrinsic_2", 2),
            O::SetFunctionAttribute => self.lift_set_function_attribute(),

            O::Resume => self.lift_resume(),
            O::JumpForward | O::JumpBackwardNoInterrupt => self.lift_jump(),
            O::JumpBackward => self.lift_jump_backward(),
            O::PopJumpIfTrue => self.lift_pop_jump_if(true),
            O::PopJumpIfFalse => self.lift_pop_jump_if(false),
            O::PopJumpIfNone => self.lift_pop_jump_if_none(true),
            O::PopJumpIfNotNone => self.lift_pop_jump_if_none(false),
            O::ForIter => self.lift_for_iter(),
            O::ReturnValue => self.lift_return_value(),

            O::RaiseVarargs => self.lift_raise_varargs(),
            O::Reraise => self.lift_reraise(),
            O::PushExcInfo => self.lift_push_exc_info(),
            O::PopExcept => self.lift_pop_except(),
            O::CheckExcMatch => self.lift_check_exc_match(),
            O::WithExceptStart => self.lift_with_except_start(),

            O::YieldValue => self.lift_yield_value(),
            O::Send => self.lift_send(),
            O::EndSend => self.lift_end_send(),
            O::GetAwaitable => self.lift_get_awaitable(),
            O::GetAnext => self.lift_get_anext(),
            O::EndAsyncFor => self.lift_end_async_for(),
            O::CleanupThrow => self.lift_cleanup_throw(),

            O::MatchMapping => self.lift_match_kind("py.match_mapping"),
            O::MatchSequence => self.lift_match_kind("py.match_sequence"),
            O::MatchKeys => self.lift_match_keys(),
            O::MatchClass => self.lift_match_class(),

            _ => self.leave(),
        }
    }
}
