//! Types as the runtime tells them apart when it chooses a version.

use crate::{
    buffers, numpy,
    object::{Object, flags, has_flags, is_exactly},
};
use stepwell_abi::{ArrayType, Element, cpython as c};

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// An object of any type, also no object (an unbound slot). As a signature: accepts everything.
    Any,
    /// An object of a type that is not listed here.
    Object,
    /// Exactly `int`.
    Int,
    /// Exactly `float`.
    Float,
    /// Exactly `bool`.
    Bool,
    /// Exactly `complex`.
    Complex,
    /// An array of a type that compiled code knows: exactly `numpy.ndarray`, `array.array`, `bytes`, `bytearray`, or
    /// `memoryview`.
    Array(ArrayType),
    /// A scalar of NumPy.
    Scalar(Element),
    /// No object: of a slot in the middle of a call.
    Unbound,
    /// An iterator of a `range`, which ends within 64 bits: on the evaluation stack, in the middle of a call.
    Range,
}

impl Tag {
    /// The tag of an object; null has the tag [`Tag::Object`].
    ///
    /// # Safety
    /// `object` is null or a live object.
    #[inline]
    pub unsafe fn of(object: Object) -> Self {
        if object.is_null() {
            return Self::Object;
        }
        // SAFETY: only the addresses of the interpreter's types are used.
        unsafe {
            match () {
                () if is_exactly(object, &raw const c::PyLong_Type) => Self::Int,
                () if is_exactly(object, &raw const c::PyFloat_Type) => Self::Float,
                () if is_exactly(object, &raw const c::PyBool_Type) => Self::Bool,
                () if is_exactly(object, &raw const c::PyComplex_Type) => Self::Complex,
                () => Self::of_numbers(object),
            }
        }
    }

    /// The tag of what a slot or the evaluation stack holds in the middle of a call.
    ///
    /// # Safety
    /// As of [`Tag::of`].
    pub(crate) unsafe fn of_held(object: Object) -> Self {
        if object.is_null() {
            return Self::Unbound;
        }
        // SAFETY: as the caller's.
        unsafe {
            match Self::of(object) {
                Self::Object if is_countable_range(object) => Self::Range,
                tag => tag,
            }
        }
    }

    /// Whether an object has this tag.
    ///
    /// # Safety
    /// `object` is a live object.
    #[inline]
    pub(crate) unsafe fn fits(self, object: Object) -> bool {
        // SAFETY: as the caller's. Of the types that are told apart only `array.array` was made at run time; as an object it
        // is as good as any.
        unsafe {
            match self {
                Self::Any => true,
                Self::Object if has_flags(object, flags::HEAP_TYPE) => true,
                _ => self == Self::of(object),
            }
        }
    }

    /// The type that tells all of it; null if there is none.
    pub(crate) fn class(self) -> *const c::PyTypeObject {
        match self {
            Self::Int => &raw const c::PyLong_Type,
            Self::Float => &raw const c::PyFloat_Type,
            Self::Bool => &raw const c::PyBool_Type,
            Self::Complex => &raw const c::PyComplex_Type,
            Self::Scalar(element) => numpy::scalar_type(element),
            Self::Any | Self::Object | Self::Array(_) | Self::Unbound | Self::Range => {
                std::ptr::null()
            }
        }
    }

    /// Of an array, or of a scalar of NumPy.
    #[inline]
    unsafe fn of_numbers(object: Object) -> Self {
        // SAFETY: as the caller's.
        unsafe {
            if let Some(element) = numpy::element_of_argument(object) {
                return Self::Scalar(element);
            }
            numpy::array(object)
                .and_then(|array| array.array_type())
                .or(buffers::buffer(object).map(|buffer| buffer.array))
                .map_or(Self::Object, Self::Array)
        }
    }

    /// The name for statistics: that of the Python type, `object` for the rest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any | Self::Object => "object",
            Self::Unbound => "unbound",
            Self::Range => "range_iterator",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Complex => "complex",
            Self::Array(array) => array.source.class_name(),
            Self::Scalar(element) => element.scalar_name(),
        }
    }
}

/// Whether an object is an iterator of a `range` whose end is within 64 bits, and only its holder can advance it.
unsafe fn is_countable_range(object: Object) -> bool {
    // SAFETY: as the caller's; what is read is there in an object of that very type.
    unsafe {
        if !is_exactly(object, &raw const c::PyRangeIter_Type)
            || (*object).__bindgen_anon_1.ob_refcnt != 1
        {
            return false;
        }
        let range = object.cast::<c::_PyRangeIterObject>();
        let distance = (*range).len.checked_mul((*range).step);
        distance.is_some_and(|distance| (*range).start.checked_add(distance).is_some())
    }
}
