//! What is known of a function that compiled code calls.

/// The machine type of a parameter or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// No result.
    Void,
    /// A pointer: an object, the thread state, the frame, or an array.
    Ptr,
    /// 64 bits.
    I64,
    /// 32 bits.
    I32,
    /// A double.
    F64,
}

/// Who owns an object that is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Result {
    /// The result is no object.
    Plain,
    /// The caller gets a reference.
    New,
    /// The reference stays with something that lives on.
    Borrowed,
    /// A new reference whose lowest bit ([`FINISHED`](crate::FINISHED)) tells that an iteration has ended. Null is no
    /// reference, with the bit or without.
    Tagged,
}

/// How a failure shows; an exception is set then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The function cannot fail.
    Never,
    /// The result is null (all bits, also of a tagged one).
    Null,
    /// The result is less than zero.
    Negative,
    /// The function always fails.
    Always,
}

/// A runtime function. Object arguments are borrowed unless they are named in `steals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name of the symbol. `sw_` is ours, anything else the interpreter exports.
    pub symbol: &'static str,
    /// The names and types of the parameters.
    pub params: &'static [(&'static str, Type)],
    /// The type of the result.
    pub result: Type,
    /// Who owns the result. Objects written through an `out` parameter are new references.
    pub ownership: Result,
    /// The parameters whose reference the function takes over, in success and failure.
    pub steals: &'static [&'static str],
    /// How a failure shows.
    pub failure: Failure,
    /// Whether the caller has to add an entry to the traceback when the function fails. What raises an exception again
    /// adds none.
    pub traceback: bool,
    /// Whether it may run arbitrary Python code.
    pub observes: bool,
    /// How many 64-bit words of memory, zero at first, each instruction gives it as `cache`.
    pub cache_words: usize,
}

impl Function {
    /// Whether the runtime has the body (the interpreter has it otherwise).
    pub fn is_ours(&self) -> bool {
        self.symbol.starts_with("sw_")
    }

    /// Whether it can set an exception.
    pub fn raises(&self) -> bool {
        self.failure != Failure::Never
    }

    pub(crate) const fn observing(mut self) -> Self {
        self.observes = true;
        self
    }

    pub(crate) const fn caching(mut self, words: usize) -> Self {
        self.cache_words = words;
        self
    }

    pub(crate) const fn stealing(mut self, steals: &'static [&'static str]) -> Self {
        self.steals = steals;
        self
    }

    pub(crate) const fn borrowed(mut self) -> Self {
        self.ownership = Result::Borrowed;
        self
    }

    pub(crate) const fn tagged(mut self) -> Self {
        self.ownership = Result::Tagged;
        self
    }

    pub(crate) const fn infallible(mut self) -> Self {
        self.failure = Failure::Never;
        self
    }

    pub(crate) const fn failing(mut self) -> Self {
        self.failure = Failure::Always;
        self
    }

    pub(crate) const fn without_traceback(mut self) -> Self {
        self.traceback = false;
        self
    }
}

type Params = &'static [(&'static str, Type)];

const fn row(
    symbol: &'static str,
    params: Params,
    result: Type,
    ownership: Result,
    failure: Failure,
) -> Function {
    Function {
        symbol,
        params,
        result,
        ownership,
        steals: &[],
        failure,
        traceback: true,
        observes: false,
        cache_words: 0,
    }
}

/// A function that yields a new object, or null when it fails.
pub(crate) const fn object(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::Ptr, Result::New, Failure::Null)
}

/// A function that yields an `i32`, which is negative when it fails.
pub(crate) const fn status(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::I32, Result::Plain, Failure::Negative)
}

/// A function without a result, which cannot fail.
pub(crate) const fn void(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::Void, Result::Plain, Failure::Never)
}

/// A function that computes a double.
pub(crate) const fn float(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::F64, Result::Plain, Failure::Never)
}

/// A function that computes an `i64`.
pub(crate) const fn integer(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::I64, Result::Plain, Failure::Never)
}

/// A function that yields a pointer that is no object.
pub(crate) const fn pointer(symbol: &'static str, params: Params) -> Function {
    row(symbol, params, Type::Ptr, Result::Plain, Failure::Never)
}
