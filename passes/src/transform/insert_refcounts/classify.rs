//! Who owns each value.

use super::ownership::needed;
use crate::{
    analysis::{
        liveness::{Liveness, Numbers, Values, step_back},
        slots::{defining_op, slot_of},
    },
    cfg::{Cfg, name_of},
    function::{FrameKind, Function},
    transform::hoist_sequences::BORROWED,
};
use melior::ir::{
    Attribute, BlockLike, Location, OperationRef, Type, Value, ValueLike, operation::OperationLike,
};
use stepwell_dialects::{
    ir::operations,
    ownership::{Ownership, op_info},
};

/// Who keeps the object of a value alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// This value itself, until it gives its reference away.
    Owned,
    /// A slot of the frame.
    Slot(usize),
    /// The code object, the function or the interpreter, for as long as the frame lives.
    Forever,
}

/// The classes of the object values of a function.
pub struct Classes<'c, 'a> {
    /// The values; those that live for ever are not among them.
    pub values: Values<'c, 'a>,
    /// `!py.object`
    pub object: Type<'c>,
    classes: Vec<Class>,
    nullable: Numbers,
}

impl<'c, 'a> Classes<'c, 'a> {
    /// Classifies every object value.
    pub fn new(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) -> Self {
        let mut this = Self {
            values: Values::default(),
            object: function.types.object,
            classes: Vec::new(),
            nullable: Numbers::default(),
        };
        // Without a frame, the caller owns the arguments.
        let frameless = function.frame_kind() != FrameKind::Pushed;
        for (place, block) in cfg.blocks.iter().enumerate() {
            let first = if place == 0 && frameless {
                block.argument_count()
            } else {
                0
            };
            for index in first..block.argument_count() {
                let class = if place == 0 {
                    Class::Slot(index)
                } else {
                    Class::Owned
                };
                if let Ok(argument) = block.argument(index) {
                    this.add(function, argument.into(), class, false);
                }
            }
            for op in operations(*block) {
                this.add_results(function, op);
            }
        }
        this.spread_null(cfg);
        this
    }

    fn add_results(&mut self, function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) {
        let info = op_info(name_of(op));
        let borrowed = info.is_some_and(|info| info.results == Ownership::Borrowed);
        let class = match slot_of(op) {
            Some(slot) if name_of(op) == "py.load_local" => Class::Slot(slot),
            _ if borrowed || op.has_attribute(BORROWED) => return,
            _ => Class::Owned,
        };
        for result in op.results() {
            self.add(
                function,
                result.into(),
                class,
                info.is_some_and(|info| info.nullable) || is_box_of_maybe_unbound(op),
            );
        }
    }

    fn add(
        &mut self,
        function: &Function<'c, 'a>,
        value: Value<'c, 'a>,
        class: Class,
        nullable: bool,
    ) {
        if value.r#type() != function.types.object {
            return;
        }
        self.values.add(value);
        if nullable {
            self.nullable.insert(self.classes.len());
        }
        self.classes.push(class);
    }

    /// A block argument can be null when a value that is passed for it can.
    fn spread_null(&mut self, cfg: &Cfg<'c, 'a>) {
        let passed = self.passed(cfg);
        loop {
            let before = self.nullable.clone();
            for (argument, operand) in &passed {
                if self.can_be_null(*operand) {
                    self.nullable.insert(*argument);
                }
            }
            if self.nullable == before {
                return;
            }
        }
    }

    /// Each object argument with each value that is passed for it.
    fn passed(&self, cfg: &Cfg<'c, 'a>) -> Vec<(usize, Value<'c, 'a>)> {
        let mut list = Vec::new();
        for (place, block) in cfg.blocks.iter().enumerate() {
            for (source, number) in &cfg.predecessors[place] {
                let operands = cfg.edge_operands(*source, *number).into_iter().enumerate();
                list.extend(operands.filter_map(|(index, operand)| {
                    let argument = block.argument(index).ok()?;
                    Some((self.values.number(argument.into())?, operand))
                }));
            }
        }
        list
    }

    /// Whether a value can be null.
    pub fn can_be_null(&self, value: Value<'c, 'a>) -> bool {
        match self.values.number(value) {
            Some(number) => self.nullable.contains(number),
            None => is_null(value),
        }
    }

    /// Who keeps the object of a value alive.
    pub fn class(&self, value: Value) -> Class {
        self.values
            .number(value)
            .map_or(Class::Forever, |number| self.classes[number])
    }

    /// Whether the value has a reference of its own to give away.
    pub fn is_owned(&self, value: Value) -> bool {
        self.class(value) == Class::Owned
    }

    /// Takes a reference to each local that is needed behind a store to its slot.
    pub fn take_over_endangered(
        &mut self,
        function: &Function<'c, 'a>,
        cfg: &Cfg<'c, 'a>,
        liveness: &Liveness,
    ) {
        let mut endangered = Numbers::default();
        for (place, block) in cfg.blocks.iter().enumerate() {
            let mut live = liveness.at_end[place].clone();
            for op in operations(*block).into_iter().rev() {
                if name_of(op) == "py.store_local" {
                    let slot = slot_of(op);
                    let lost = live.iter().filter(|number| matches!(self.classes[*number], Class::Slot(held) if Some(held) == slot));
                    lost.for_each(|number| endangered.insert(number));
                }
                step_back(&self.values, &mut live, op, &needed(&function.types, op));
            }
        }
        for number in endangered.iter() {
            self.take_over(function, number);
        }
    }

    fn take_over(&mut self, function: &Function<'c, 'a>, number: usize) {
        let value = self.values.value(number);
        self.classes[number] = Class::Owned;
        let cursor = match defining_op(value) {
            Some(op) => function.after(op),
            None => {
                let block = crate::cfg::owner_block(value);
                function.at_start(block, Location::unknown(function.context))
            }
        };
        self.emit(&cursor, "py.incref", value);
    }

    /// Emits a count of a value that is not known to be null.
    pub fn emit(&self, cursor: &crate::cursor::Cursor<'c, 'a>, name: &str, value: Value<'c, 'a>) {
        if is_null(value) {
            return;
        }
        let unit = Attribute::unit(cursor.context);
        let flags: &[_] = if self.can_be_null(value) {
            &[("maybe_null", unit)]
        } else {
            &[]
        };
        cursor.op(name, &[value], &[], flags);
    }
}

fn is_null(value: Value) -> bool {
    defining_op(value).is_some_and(|op| name_of(op) == "py.null")
}

/// `py.box %v if %bound` is null for a local that is unbound.
fn is_box_of_maybe_unbound(op: OperationRef) -> bool {
    name_of(op) == "py.box" && op.operand_count() == 2
}
