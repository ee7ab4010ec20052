//! The opcodes by name.

macro_rules! opcodes {
    ($($variant:ident = $name:literal,)*) => {
        /// An instruction's operation. Which number stands for it is a matter of the interpreter's version, see
        /// [`super::v3_13`]; what it means is in the documentation of Python's `dis`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Opcode {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Opcode {
            /// The name that CPython has for it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

opcodes! {
    BeforeAsyncWith = "BEFORE_ASYNC_WITH",
    BeforeWith = "BEFORE_WITH",
    BinaryOp = "BINARY_OP",
    BinarySlice = "BINARY_SLICE",
    BinarySubscr = "BINARY_SUBSCR",
    BuildConstKeyMap = "BUILD_CONST_KEY_MAP",
    BuildList = "BUILD_LIST",
    BuildMap = "BUILD_MAP",
    BuildSet = "BUILD_SET",
    BuildSlice = "BUILD_SLICE",
    BuildString = "BUILD_STRING",
    BuildTuple = "BUILD_TUPLE",
    Call = "CALL",
    CallFunctionEx = "CALL_FUNCTION_EX",
    CallIntrinsic1 = "CALL_INTRINSIC_1",
    CallIntrinsic2 = "CALL_INTRINSIC_2",
    CallKw = "CALL_KW",
    CheckEgMatch = "CHECK_EG_MATCH",
    CheckExcMatch = "CHECK_EXC_MATCH",
    CleanupThrow = "CLEANUP_THROW",
    CompareOp = "COMPARE_OP",
    ContainsOp = "CONTAINS_OP",
    ConvertValue = "CONVERT_VALUE",
    Copy = "COPY",
    CopyFreeVars = "COPY_FREE_VARS",
    DeleteAttr = "DELETE_ATTR",
    DeleteDeref = "DELETE_DEREF",
    DeleteFast = "DELETE_FAST",
    DeleteGlobal = "DELETE_GLOBAL",
    DeleteName = "DELETE_NAME",
    DeleteSubscr = "DELETE_SUBSCR",
    DictMerge = "DICT_MERGE",
    DictUpdate = "DICT_UPDATE",
    EndAsyncFor = "END_ASYNC_FOR",
    EndFor = "END_FOR",
    EndSend = "END_SEND",
    ExitInitCheck = "EXIT_INIT_CHECK",
    ExtendedArg = "EXTENDED_ARG",
    FormatSimple = "FORMAT_SIMPLE",
    FormatWithSpec = "FORMAT_WITH_SPEC",
    ForIter = "FOR_ITER",
    GetAiter = "GET_AITER",
    GetAnext = "GET_ANEXT",
    GetAwaitable = "GET_AWAITABLE",
    GetIter = "GET_ITER",
    GetLen = "GET_LEN",
    GetYieldFromIter = "GET_YIELD_FROM_ITER",
    ImportFrom = "IMPORT_FROM",
    ImportName = "IMPORT_NAME",
    InterpreterExit = "INTERPRETER_EXIT",
    IsOp = "IS_OP",
    JumpBackward = "JUMP_BACKWARD",
    JumpBackwardNoInterrupt = "JUMP_BACKWARD_NO_INTERRUPT",
    JumpForward = "JUMP_FORWARD",
    ListAppend = "LIST_APPEND",
    ListExtend = "LIST_EXTEND",
    LoadAssertionError = "LOAD_ASSERTION_ERROR",
    LoadAttr = "LOAD_ATTR",
    LoadBuildClass = "LOAD_BUILD_CLASS",
    LoadConst = "LOAD_CONST",
    LoadDeref = "LOAD_DEREF",
    LoadFast = "LOAD_FAST",
    LoadFastAndClear = "LOAD_FAST_AND_CLEAR",
    LoadFastCheck = "LOAD_FAST_CHECK",
    LoadFastLoadFast = "LOAD_FAST_LOAD_FAST",
    LoadFromDictOrDeref = "LOAD_FROM_DICT_OR_DEREF",
    LoadFromDictOrGlobals = "LOAD_FROM_DICT_OR_GLOBALS",
    LoadGlobal = "LOAD_GLOBAL",
    LoadLocals = "LOAD_LOCALS",
    LoadName = "LOAD_NAME",
    LoadSuperAttr = "LOAD_SUPER_ATTR",
    MakeCell = "MAKE_CELL",
    MakeFunction = "MAKE_FUNCTION",
    MapAdd = "MAP_ADD",
    MatchClass = "MATCH_CLASS",
    MatchKeys = "MATCH_KEYS",
    MatchMapping = "MATCH_MAPPING",
    MatchSequence = "MATCH_SEQUENCE",
    Nop = "NOP",
    PopExcept = "POP_EXCEPT",
    PopJumpIfFalse = "POP_JUMP_IF_FALSE",
    PopJumpIfNone = "POP_JUMP_IF_NONE",
    PopJumpIfNotNone = "POP_JUMP_IF_NOT_NONE",
    PopJumpIfTrue = "POP_JUMP_IF_TRUE",
    PopTop = "POP_TOP",
    PushExcInfo = "PUSH_EXC_INFO",
    PushNull = "PUSH_NULL",
    RaiseVarargs = "RAISE_VARARGS",
    Reraise = "RERAISE",
    Resume = "RESUME",
    ReturnConst = "RETURN_CONST",
    ReturnGenerator = "RETURN_GENERATOR",
    ReturnValue = "RETURN_VALUE",
    Send = "SEND",
    SetupAnnotations = "SETUP_ANNOTATIONS",
    SetAdd = "SET_ADD",
    SetFunctionAttribute = "SET_FUNCTION_ATTRIBUTE",
    SetUpdate = "SET_UPDATE",
    StoreAttr = "STORE_ATTR",
    StoreDeref = "STORE_DEREF",
    StoreFast = "STORE_FAST",
    StoreFastLoadFast = "STORE_FAST_LOAD_FAST",
    StoreFastStoreFast = "STORE_FAST_STORE_FAST",
    StoreGlobal = "STORE_GLOBAL",
    StoreName = "STORE_NAME",
    StoreSlice = "STORE_SLICE",
    StoreSubscr = "STORE_SUBSCR",
    Swap = "SWAP",
    ToBool = "TO_BOOL",
    UnaryInvert = "UNARY_INVERT",
    UnaryNegative = "UNARY_NEGATIVE",
    UnaryNot = "UNARY_NOT",
    UnpackEx = "UNPACK_EX",
    UnpackSequence = "UNPACK_SEQUENCE",
    WithExceptStart = "WITH_EXCEPT_START",
    YieldValue = "YIELD_VALUE",
}

impl std::fmt::Display for Opcode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}
