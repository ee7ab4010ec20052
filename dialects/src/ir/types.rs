use melior::{
    Context,
    ir::{Type, TypeLike, r#type::IntegerType},
};

/// The types that passes ask for all the time, looked up once.
#[derive(Clone, Copy, Debug)]
pub struct Types<'c> {
    /// `!py.object`
    pub object: Type<'c>,
    /// `!py.state`
    pub state: Type<'c>,
    /// `i1`
    pub i1: Type<'c>,
    /// `i32`
    pub i32: Type<'c>,
    /// `i64`
    pub i64: Type<'c>,
    /// `f64`
    pub f64: Type<'c>,
    /// `complex<f64>`
    pub complex: Type<'c>,
    /// `!llvm.ptr`
    pub ptr: Type<'c>,
}

impl<'c> Types<'c> {
    /// The types of a context that has our dialects.
    ///
    /// # Panics
    ///
    /// When the context was not made by [`super::create_context`].
    pub fn new(context: &'c Context) -> Self {
        let parse =
            |text| Type::parse(context, text).expect("the context has the dialects of Stepwell");
        Self {
            object: parse("!py.object"),
            state: parse("!py.state"),
            i1: IntegerType::new(context, 1).into(),
            i32: IntegerType::new(context, 32).into(),
            i64: IntegerType::new(context, 64).into(),
            f64: Type::float64(context),
            complex: parse("complex<f64>"),
            ptr: parse("!llvm.ptr"),
        }
    }

    /// Whether values of this type are held unboxed.
    pub fn is_native(&self, r#type: Type<'c>) -> bool {
        r#type == self.i64 || r#type == self.f64 || r#type == self.i1 || r#type == self.complex
    }

    /// The address that identifies a type, for use as a key.
    pub fn key(r#type: Type<'c>) -> usize {
        r#type.to_raw().ptr as usize
    }
}
