//! What the control flow of a module looks like.

use std::collections::HashMap;

use llvm_sys::{LLVMAttributeFunctionIndex, LLVMTypeKind, core::*, prelude::*};

/// What a pipeline is chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// How many instructions there are.
    pub(crate) instructions: usize,
    /// Whether a function has a loop with a way around that calls nothing outside the module, or calls itself.
    pub(crate) computes_in_loops: bool,
}

impl Shape {
    /// The shape of the functions of a module.
    pub(crate) fn of(functions: impl Iterator<Item = LLVMValueRef>) -> Self {
        functions.fold(Self::default(), |shape, function| {
            let calls = blocks(function).map(|block| (block, Block::read(block, function)));
            let read: HashMap<_, _> = calls.collect();
            let calls_itself = read.values().any(|block| block.calls_itself);
            Self {
                instructions: shape.instructions
                    + read.values().map(|block| block.instructions).sum::<usize>(),
                computes_in_loops: shape.computes_in_loops || calls_itself || has_loop(&read),
            }
        })
    }
}

/// What there is to know about a block.
struct Block {
    instructions: usize,
    /// It calls what is outside the module, or what is not to be inlined.
    calls_out: bool,
    /// It calls the function that it is in.
    calls_itself: bool,
    successors: Vec<LLVMBasicBlockRef>,
}

impl Block {
    fn read(block: LLVMBasicBlockRef, function: LLVMValueRef) -> Self {
        let mut this = Self {
            instructions: 0,
            calls_out: false,
            calls_itself: false,
            successors: successors(block),
        };
        for instruction in instructions(block) {
            this.instructions += 1;
            // SAFETY: the instruction is alive; only a call is asked for its callee.
            let callee = unsafe {
                (!LLVMIsACallInst(instruction).is_null()).then(|| LLVMGetCalledValue(instruction))
            };
            if let Some(callee) = callee {
                this.calls_itself |= callee == function;
                this.calls_out |= is_outside(callee) || stays(instruction);
            }
        }
        this
    }
}

/// Whether a callee is no function of the module, none that LLVM itself knows, and none of mathematics.
fn is_outside(callee: LLVMValueRef) -> bool {
    // SAFETY: the callee is alive; only a function is asked what only functions have.
    unsafe {
        LLVMIsAFunction(callee).is_null()
            || (LLVMIsDeclaration(callee) != 0
                && LLVMGetIntrinsicID(callee) == 0
                && has_pointers(LLVMGlobalGetValueType(callee)))
    }
}

/// Whether a function takes or yields an address. Those of mathematics do not.
fn has_pointers(function: LLVMTypeRef) -> bool {
    // SAFETY: the type is that of a function; LLVM fills the array with as many types as it has parameters.
    let mut types = unsafe {
        let mut types = vec![std::ptr::null_mut(); LLVMCountParamTypes(function) as usize];
        LLVMGetParamTypes(function, types.as_mut_ptr());
        types.push(LLVMGetReturnType(function));
        types.into_iter()
    };
    // SAFETY: as above.
    types.any(|kind| unsafe { LLVMGetTypeKind(kind) } == LLVMTypeKind::LLVMPointerTypeKind)
}

/// Whether a call is not to be inlined.
fn stays(call: LLVMValueRef) -> bool {
    let name = "noinline";
    // SAFETY: the call is alive; the name is given with its length.
    unsafe {
        let kind = LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len());
        !LLVMGetCallSiteEnumAttribute(call, LLVMAttributeFunctionIndex, kind).is_null()
    }
}

/// Whether there is a way around through blocks that call nothing. Depth first: an edge back to a block that has not
/// been left yet closes a loop.
fn has_loop(blocks: &HashMap<LLVMBasicBlockRef, Block>) -> bool {
    let mut is_open: HashMap<_, bool> = HashMap::new();
    let inside = |block: &LLVMBasicBlockRef| !blocks[block].calls_out;
    for start in blocks.keys().copied().filter(inside) {
        if is_open.contains_key(&start) {
            continue;
        }
        is_open.insert(start, true);
        let mut path = vec![(start, blocks[&start].successors.iter())];
        while let Some((block, rest)) = path.last_mut() {
            let Some(next) = rest.next() else {
                is_open.insert(*block, false);
                path.pop();
                continue;
            };
            match is_open.get(next) {
                Some(true) => return true,
                Some(false) => {}
                None if inside(next) => {
                    is_open.insert(*next, true);
                    path.push((*next, blocks[next].successors.iter()));
                }
                None => {}
            }
        }
    }
    false
}

fn blocks(function: LLVMValueRef) -> impl Iterator<Item = LLVMBasicBlockRef> {
    let present = |block: LLVMBasicBlockRef| (!block.is_null()).then_some(block);
    // SAFETY: the caller passes a function of a live module; the list of its blocks ends with null.
    let first = present(unsafe { LLVMGetFirstBasicBlock(function) });
    std::iter::successors(first, move |block| {
        // SAFETY: as above.
        present(unsafe { LLVMGetNextBasicBlock(*block) })
    })
}

fn instructions(block: LLVMBasicBlockRef) -> impl Iterator<Item = LLVMValueRef> {
    let present = |value: LLVMValueRef| (!value.is_null()).then_some(value);
    // SAFETY: the block is alive; the list of its instructions ends with null.
    let first = present(unsafe { LLVMGetFirstInstruction(block) });
    std::iter::successors(first, move |instruction| {
        // SAFETY: as above.
        present(unsafe { LLVMGetNextInstruction(*instruction) })
    })
}

fn successors(block: LLVMBasicBlockRef) -> Vec<LLVMBasicBlockRef> {
    // SAFETY: the block is alive and complete, so that it has a terminator with that many successors.
    unsafe {
        let terminator = LLVMGetBasicBlockTerminator(block);
        (0..LLVMGetNumSuccessors(terminator))
            .map(|index| LLVMGetSuccessor(terminator, index))
            .collect()
    }
}
