//! The numbered variables of a frame.

use std::fmt;

/// How a variable is kept in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// The value itself.
    Local,
    /// A cell that functions inside share; `MAKE_CELL` makes it at the function's start.
    Cell,
    /// A cell of a function around; `COPY_FREE_VARS` brings it in.
    Free,
}

impl fmt::Display for SlotKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Local => "local",
            Self::Cell => "cell",
            Self::Free => "free",
        })
    }
}

/// One entry of a frame's `localsplus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The variable's name.
    pub name: String,
    /// How it is kept.
    pub kind: SlotKind,
}

impl Slot {
    /// The slots of a code object, from what it shows of them: `co_varnames`, `co_cellvars`, `co_freevars`.
    ///
    /// A parameter that functions inside share is in both of the first two lists and has one slot.
    pub fn layout(varnames: &[String], cellvars: &[String], freevars: &[String]) -> Vec<Self> {
        let locals = varnames.iter().map(|name| {
            if cellvars.contains(name) {
                Self::new(name, SlotKind::Cell)
            } else {
                Self::new(name, SlotKind::Local)
            }
        });
        let cells = cellvars
            .iter()
            .filter(|name| !varnames.contains(name))
            .map(|name| Self::new(name, SlotKind::Cell));
        let free = freevars.iter().map(|name| Self::new(name, SlotKind::Free));
        locals.chain(cells).chain(free).collect()
    }

    fn new(name: &str, kind: SlotKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
        }
    }
}
