use melior::{
    Context,
    dialect::llvm,
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
    /// `vector<4xf32>`
    pub vec4f: Type<'c>,
    /// `vector<8xi32>`
    pub vec8i: Type<'c>,
    /// `vector<4xi1>`
    pub mask4: Type<'c>,
    /// `vector<8xi1>`
    pub mask8: Type<'c>,
    /// An address and how many elements are there: `!llvm.struct<(ptr, i64)>`
    pub pointer: Type<'c>,
    /// Whether there is a float, and which: `!llvm.struct<(i64, f64)>`
    pub optional: Type<'c>,
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
        let i1 = IntegerType::new(context, 1).into();
        let i32 = IntegerType::new(context, 32).into();
        let i64 = IntegerType::new(context, 64).into();
        let f64 = Type::float64(context);
        let ptr = llvm::r#type::pointer(context, 0);
        Self {
            object: parse("!py.object"),
            state: parse("!py.state"),
            i1,
            i32,
            i64,
            f64,
            complex: parse("complex<f64>"),
            ptr,
            vec4f: Type::vector(&[4], Type::float32(context)),
            vec8i: Type::vector(&[8], i32),
            mask4: Type::vector(&[4], i1),
            mask8: Type::vector(&[8], i1),
            pointer: llvm::r#type::r#struct(context, &[ptr, i64], false),
            optional: llvm::r#type::r#struct(context, &[i64, f64], false),
        }
    }

    /// Whether values of this type are held unboxed.
    pub fn is_native(&self, r#type: Type<'c>) -> bool {
        let natives = [
            self.i64,
            self.f64,
            self.i1,
            self.complex,
            self.optional,
            self.pointer,
            self.vec4f,
            self.vec8i,
            self.mask4,
            self.mask8,
        ];
        natives.contains(&r#type)
    }

    /// The address that identifies a type, for use as a key.
    pub fn key(r#type: Type<'c>) -> usize {
        r#type.to_raw().ptr as usize
    }
}
