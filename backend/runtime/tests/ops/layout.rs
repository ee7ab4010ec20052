//! The layout constants, against objects.

use crate::common::Python;
use stepwell_abi::{cpython as c, layout};
use stepwell_runtime::object::{Object, incref};

unsafe fn read<T: Copy>(object: Object, offset: usize) -> T {
    // SAFETY: the test names a field of the object.
    unsafe { object.byte_add(offset).cast::<T>().read() }
}

#[test]
fn fields_are_where_the_constants_say() {
    let python = Python::run("");
    let [float, complex, list, tuple, dict, cell] = [
        "float('2.5')",
        "complex(1.5, -2.5)",
        "[None, 3]",
        "(None, 3)",
        "dict(a=1, b=2)",
        "(lambda x: lambda: x)('inside').__closure__[0]",
    ]
    .map(|text| python.value(text));
    // SAFETY: the objects are alive and have these fields.
    unsafe {
        let three = c::PyLong_FromLong(3);
        assert_eq!(read::<f64>(float, layout::FLOAT_VALUE), 2.5);
        assert_eq!(read::<[f64; 2]>(complex, layout::COMPLEX_REAL), [1.5, -2.5]);
        let items: *const Object = read(list, layout::LIST_ITEMS);
        assert_eq!(
            (read::<i64>(list, layout::OB_SIZE), *items.add(1)),
            (2, three)
        );
        assert_eq!(
            read::<Object>(tuple, layout::TUPLE_ITEMS + layout::SLOT),
            three
        );
        assert_eq!(read::<i64>(dict, layout::DICT_USED), 2);
        let contents = read(cell, layout::CELL_CONTENTS);
        incref(contents);
        assert_eq!(python.outcome(contents), "'inside'");
        assert_eq!(
            read::<usize>(list, layout::OB_TYPE),
            (&raw const c::PyList_Type).addr()
        );
        let count: i64 = read(list, layout::OB_REFCNT);
        incref(list);
        assert_eq!(read::<i64>(list, layout::OB_REFCNT), count + 1);
    }
}

#[test]
fn integers_have_a_sign_and_digits() {
    let python = Python::run("");
    for (text, sign, digits) in [
        ("0", 1, vec![0]),
        ("5", 0, vec![5]),
        ("-5", 2, vec![5]),
        ("2**30 + 7", 0, vec![7, 1]),
        ("-2**60", 2, vec![0, 0, 1]),
    ] {
        let object = python.value(text);
        // SAFETY: an int has as many digits as its tag says, and at least one.
        unsafe {
            let tag: usize = read(object, layout::LONG_TAG);
            assert_eq!(tag & 3, sign, "{text}");
            assert_eq!((tag >> 3).max(1), digits.len(), "{text}");
            for (i, digit) in digits.into_iter().enumerate() {
                assert_eq!(
                    read::<u32>(object, layout::LONG_DIGITS + 4 * i),
                    digit,
                    "{text}"
                );
            }
        }
    }
    assert_eq!(
        python.eval("__import__('sys').int_info.bits_per_digit"),
        layout::LONG_SHIFT.to_string()
    );
}
