//! One of several numbers, by its place.

use super::emit::Emitter;
use melior::ir::Value;

/// The last number, unless the place is that of one in front of it.
pub(super) fn choose<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    index: Value<'c, 'a>,
    items: &[Value<'c, 'a>],
) -> Option<Value<'c, 'a>> {
    let (last, front) = items.split_last()?;
    let pairs = front.iter().enumerate().rev();
    Some(pairs.fold(*last, |rest, (place, item)| {
        let here = emitter.is(index, place as i64);
        emitter.select(here, *item, rest)
    }))
}
