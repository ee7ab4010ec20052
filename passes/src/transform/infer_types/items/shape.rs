//! What is in a sequence, down to the numbers.

use crate::analysis::fact::{Fact, Kind};
use std::{rc::Rc, str::Split};

/// What a sequence holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Items {
    /// At the end of `depth` subscripts are numbers of a kind; [`Kind::Never`] for an empty sequence.
    Of { depth: u8, kind: Kind },
    /// Tuples whose items are unlike each other, at the end of `depth - 1` subscripts.
    Rows { depth: u8, row: Rc<[Item]> },
    /// Nothing that helps, or no sequence.
    Any,
}

/// What one item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Item {
    /// A number of a kind.
    Number(Kind),
    /// A sequence, or any other object.
    Object(Items),
}

/// Deeper sequences are like any other object.
const DEEPEST: u8 = 3;
/// Longer tuples are like any other object.
const LONGEST: usize = 8;

impl Items {
    pub(super) const EMPTY: Self = Self::Of {
        depth: 1,
        kind: Kind::Never,
    };

    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (one, other) | (other, one) if one == Self::EMPTY => other,
            (Self::Of { depth, kind }, Self::Of { depth: d, kind: k }) if depth == d => {
                match Fact::of(kind).join(Fact::of(k)).kind {
                    Kind::Object => Self::Any,
                    kind => Self::Of { depth, kind },
                }
            }
            (Self::Rows { depth, row }, Self::Rows { depth: d, row: r })
                if depth == d && row.len() == r.len() =>
            {
                let pairs = row.iter().cloned().zip(r.iter().cloned());
                let row = pairs.map(|(one, other)| one.join(other)).collect();
                Self::Rows { depth, row }
            }
            _ => Self::Any,
        }
    }

    /// A sequence of such sequences.
    fn wrapped(self) -> Self {
        match self {
            Self::Of { depth, kind } if depth < DEEPEST => Self::Of {
                depth: depth + 1,
                kind,
            },
            Self::Rows { depth, row } if depth < DEEPEST => Self::Rows {
                depth: depth + 1,
                row,
            },
            _ => Self::Any,
        }
    }

    /// A sequence of items that are all like this one.
    pub(super) fn of(item: Item) -> Self {
        match item {
            Item::Number(kind) => Self::Of { depth: 1, kind },
            Item::Object(items) => items.wrapped(),
        }
    }

    /// A tuple of these items.
    pub(super) fn row(items: Vec<Item>) -> Self {
        let alike = items.windows(2).all(|pair| pair[0] == pair[1]);
        match items.first() {
            None => Self::EMPTY,
            Some(first) if alike => Self::of(first.clone()),
            Some(_) if items.len() <= LONGEST => Self::Rows {
                depth: 1,
                row: items.into(),
            },
            Some(_) => Self::Any,
        }
    }

    /// What a subscript or an iteration yields.
    pub(super) fn item(&self) -> Item {
        match self {
            Self::Of { depth: 1, kind } => Item::Number(*kind),
            Self::Of { depth, kind } => Item::Object(Self::Of {
                depth: depth - 1,
                kind: *kind,
            }),
            Self::Rows { depth: 1, .. } | Self::Any => Item::Object(Self::Any),
            Self::Rows { depth, row } => Item::Object(Self::Rows {
                depth: depth - 1,
                row: row.clone(),
            }),
        }
    }

    /// What a subscript yields that is known, which may count from the end.
    pub(super) fn at(&self, index: i64) -> Item {
        let Self::Rows { depth: 1, row } = self else {
            return self.item();
        };
        let from_end = if index < 0 { row.len() as i64 } else { 0 };
        let place = usize::try_from(index + from_end).ok();
        let item = place.and_then(|place| row.get(place));
        item.cloned().unwrap_or(Item::Object(Self::Any))
    }

    /// What it is taken apart into.
    pub(super) fn unpacked(&self, count: usize) -> Option<Vec<Item>> {
        match self {
            Self::Rows { depth: 1, row } => (row.len() == count).then(|| row.to_vec()),
            Self::Any => None,
            other => Some(vec![other.item(); count]),
        }
    }

    /// Reads `list` and what its items are, or `row`, their number and what each is: `list row 2 f64 list i64`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let items = match Item::parse(&mut words)? {
            Item::Object(items) => items,
            Item::Number(_) => return None,
        };
        (items != Self::Any && words.next().is_none()).then_some(items)
    }
}

impl Item {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => {
                match Fact::of(one).join(Fact::of(other)).kind {
                    Kind::Object => Self::Object(Items::Any),
                    kind => Self::Number(kind),
                }
            }
            (Self::Object(one), Self::Object(other)) => Self::Object(one.join(other)),
            _ => Self::Object(Items::Any),
        }
    }

    fn parse(words: &mut Split<'_, char>) -> Option<Self> {
        Some(match words.next()? {
            "list" => Self::Object(Items::of(Self::parse(words)?)),
            "row" => {
                let count = words.next()?.parse().ok()?;
                let row = (0..count).map(|_| Self::parse(words));
                Self::Object(Items::row(row.collect::<Option<_>>()?))
            }
            "object" => Self::Object(Items::Any),
            word => {
                let kind = word.parse::<Fact>().ok()?.kind;
                kind.is_native().then_some(Self::Number(kind))?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        let float = Item::Number(Kind::Float);
        let floats = Items::of(float.clone());
        assert_eq!(Items::parse("list f64"), Some(floats.clone()));
        assert_eq!(
            Items::parse("list list f64"),
            Some(floats.clone().wrapped())
        );
        let row = Items::row(vec![Item::Object(floats), float]);
        assert_eq!(Items::parse("list row 2 list f64 f64"), Some(row.wrapped()));
        assert_eq!(Items::parse("row 2 f64"), None);
        assert_eq!(Items::parse("list object"), None);
        assert_eq!(Items::parse("f64"), None);
    }

    #[test]
    fn rows_are_joined_item_by_item() {
        let row = |kind| Items::row(vec![Item::Number(kind), Item::Number(Kind::Int)]);
        let joined = row(Kind::Float).join(row(Kind::Bool));
        assert_eq!(joined.at(1), Item::Number(Kind::Int));
        assert_eq!(joined.at(-2), Item::Object(Items::Any));
        assert_eq!(joined.at(2), Item::Object(Items::Any));
        assert_eq!(Items::EMPTY.join(row(Kind::Float)), row(Kind::Float));
        assert_eq!(row(Kind::Float).unpacked(3), None);
    }
}
