mod notes;
mod tuples;

use super::{
    annotate::{Facts, unwritten},
    items::{self, Sequences},
    named::Named,
    pinned::pinned,
    recursion::{self, This},
    strict,
    suspended::Suspended,
};
use crate::{
    analysis::{
        arrays::{self, first_state},
        branches,
        cfg::Cfg,
        composites, expectations,
        fact::{Fact, Kind},
        functions::{self, Constant},
        known::{Known, Meaning},
        numbers::{self, is_type_name},
        operators::{self, BinaryOperator},
        range_loops::{self, RangeLoop},
        sequence_loops::{self, SequenceLoop},
    },
    collections::{HashSet, IndexMap},
    inspect::{
        int_attribute, integer_constant, op_key, op_name, result, str_attribute, string, value_key,
    },
    modes::Numbers,
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, OperationRef, Value, ValueLike,
        attribute::{ArrayAttribute, TypeAttribute},
        operation::OperationLike,
    },
};
use stepwell_abi::ArrayType;
use stepwell_dialects::ir::{Types, operations};

/// Computes the facts about all values that can be reached. Calls of the function itself have native results when it
/// can run on native values alone, and in modes without objects, where they are checked.
pub(super) fn solve<'c, 'a>(
    context: &'c Context,
    function: OperationRef<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
) -> Facts {
    if let Some(this) = This::named(function) {
        let facts = solve_with(context, function, cfg, Some(this));
        if recursion::is_native(function, cfg, &facts, this.name) {
            return facts;
        }
        if strict::is_strict(function) {
            recursion::mark_framed(context, function);
            return facts;
        }
    }
    solve_with(context, function, cfg, None)
}

fn solve_with<'c, 'a>(
    context: &'c Context,
    function: OperationRef<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    this: Option<This<'c>>,
) -> Facts {
    let known = Known::of(function);
    let is_strict = strict::is_strict(function);
    let mut flow = Flow {
        types: Types::new(context),
        loops: range_loops::find(cfg),
        sequence_loops: sequence_loops::find(cfg),
        is_strict,
        numbers: Numbers::of(function),
        pinned: pinned(cfg),
        sequences: Sequences::new(function),
        named: Named::new(function),
        suspended: Suspended::new(context, function, cfg),
        hopeless: HashSet::default(),
        known,
        facts: Facts::default(),
        this,
        parameters: Vec::new(),
        returned: Fact::NEVER,
    };
    let order = cfg.reverse_postorder();
    loop {
        flow.seed(function, cfg);
        // The lattice is three steps high, so this ends after a few rounds.
        while order
            .iter()
            .fold(false, |news, block| flow.visit_block(*block) | news)
        {}
        if !flow.give_up(&order) {
            flow.note_items(&order);
            return flow.facts;
        }
        flow.sequences = Sequences::new(function);
        flow.facts = Facts::default();
    }
}

struct Flow<'c, 'a> {
    types: Types<'c>,
    loops: IndexMap<usize, RangeLoop<'c, 'a>>,
    /// Loops that may be over tuples of numbers or over arrays.
    sequence_loops: IndexMap<usize, SequenceLoop<'c, 'a>>,
    /// Whether nothing may be an object.
    is_strict: bool,
    numbers: Numbers,
    pinned: HashSet<usize>,
    sequences: Sequences,
    /// What is known of names.
    named: Named,
    /// What is known of the frame of a generator or coroutine.
    suspended: Suspended<'c, 'a>,
    /// Subscripts and iterations of sequences that nothing is known to be in.
    hopeless: HashSet<usize>,
    known: Known<'c>,
    facts: Facts,
    /// The function itself, where its calls are known.
    this: Option<This<'c>>,
    /// The kinds of its parameters.
    parameters: Vec<Kind>,
    /// What it returns, as far as seen.
    returned: Fact,
}

impl<'c, 'a> Flow<'c, 'a> {
    fn seed(&mut self, function: OperationRef<'c, 'a>, cfg: &Cfg<'c, 'a>) {
        let seeds = function.attribute("py.param_types").ok();
        let seeds = seeds.and_then(|seeds| ArrayAttribute::try_from(seeds).ok());
        let entry = cfg.entry();
        let is_step = str_attribute(function, "py.kind").is_some_and(|kind| kind != "function");
        for index in 0..entry.argument_count() {
            let seed = seeds.as_ref().and_then(|seeds| seeds.element(index).ok());
            let kind = seed.map_or(Kind::Object, |seed| self.seed_kind(seed));
            // What is in the frame of a generator is unboxed again in each step, which scalars of NumPy are not.
            let kind = match is_step && kind.element().is_some() {
                true => Kind::Object,
                false => kind,
            };
            self.parameters.push(kind);
            if let Ok(argument) = entry.argument(index) {
                self.set(argument.into(), Fact::of(kind));
            }
        }
    }

    /// A type, or the text of a kind that has none.
    fn seed_kind(&self, seed: Attribute<'c>) -> Kind {
        let text = string(seed).and_then(|text| text.parse().ok());
        let r#type = TypeAttribute::try_from(seed).ok();
        let kind = r#type.map(|seed| Kind::of_type(&self.types, seed.value()));
        text.or(kind).unwrap_or(Kind::Object)
    }

    fn visit_block(&mut self, block: melior::ir::BlockRef<'c, 'a>) -> bool {
        let mut news = false;
        for op in operations(block) {
            if let Some(value) = result(op, 0) {
                let fact = self.transfer(op);
                news |= self.set(value, fact);
            }
            news |= self.note_return(op);
            // Left out, they would count as nothing yet, and so would whatever is computed from them.
            let unpacked = self.unpacked(op);
            for (index, value) in op.results().enumerate().skip(1) {
                let item = unpacked.get(index).copied().map(Fact::of);
                news |= self.set(value.into(), item.unwrap_or(Fact::OBJECT));
            }
            let facts = &self.facts;
            news |= self.sequences.learn(op, &|value| facts.seen(value).kind);
            for edge in branches::edges(op) {
                for (index, value) in edge.values.into_iter().enumerate() {
                    let Ok(argument) = edge.target.argument(index) else {
                        continue;
                    };
                    let fact = self
                        .facts
                        .seen(argument.into())
                        .join(self.facts.seen(value));
                    news |= self.set(argument.into(), fact);
                }
            }
        }
        news
    }

    /// Joins what a `func.return` returns with what others do, and tells whether it is news.
    fn note_return(&mut self, op: OperationRef<'c, 'a>) -> bool {
        if op_name(op) != "func.return" {
            return false;
        }
        let fact = op
            .operand(0)
            .map_or(Fact::OBJECT, |value| self.facts.seen(value));
        let joined = self.returned.join(fact);
        std::mem::replace(&mut self.returned, joined) != joined
    }

    /// The fact about the first result.
    fn transfer(&self, op: OperationRef<'c, 'a>) -> Fact {
        let kind = match op_name(op) {
            "py.constant" => self.constant(op),
            "py.box" => self.boxed(op),
            "py.check_bound" => self.operand(op, 0),
            "py.binary" => self.binary(op),
            "py.unary" => {
                let invert = int_attribute(op, "kind") == Some(1);
                operators::unary(invert, self.operand(op, 0))
            }
            "py.call_intrinsic_1" if int_attribute(op, "kind") == Some(operators::POSITIVE) => {
                operators::positive(self.operand(op, 0))
            }
            "py.compare" => {
                let equality = matches!(int_attribute(op, "kind"), Some(2 | 3));
                operators::compare(equality, self.operand(op, 0), self.operand(op, 1))
            }
            "py.load_global" if self.this.is_some_and(|this| this.is_loaded_by(op)) => Kind::Type,
            "py.load_global" => self.global(op),
            "py.none" => Kind::None,
            "py.load_attr" | "py.load_method" => self.attribute(op),
            "py.load_deref" => self.variable(op),
            "py.call" => self.call(op),
            "py.load_subscr" => self.subscript(op),
            "py.get_iter" if self.iterates(op) => Kind::RangeIterator,
            "py.get_iter" => step(self.operand(op, 0), Kind::Range, Kind::RangeIterator),
            "py.for_iter" if self.loops.contains_key(&op_key(op)) => {
                step(self.operand(op, 0), Kind::RangeIterator, Kind::Int)
            }
            "py.for_iter" => self.iterated(op).unwrap_or_else(|| self.guess(op)),
            "py.load_local" => {
                let seen = |value| self.facts.seen(value);
                return self
                    .suspended
                    .read(op, seen)
                    .unwrap_or_else(|| unwritten(op));
            }
            "arith.select" => return self.selected(op),
            "py.unpack_sequence" => {
                let items = self.unpacked(op);
                items.first().copied().unwrap_or(Kind::Object)
            }
            "py.build_string" => Kind::Str,
            "py.build_tuple" => Kind::Tuple,
            "py.build_list" => Kind::List,
            "py.build_map" | "py.build_const_key_map" => Kind::Dict,
            "py.build_set" => Kind::Set,
            _ => {
                let array = self.array(op);
                return array.map_or_else(|| unwritten(op), Fact::of);
            }
        };
        match kind {
            Kind::Object => Fact::of(self.array(op).unwrap_or(kind)),
            kind => Fact::of(kind),
        }
    }

    /// The array that an instruction most likely yields. It is looked at where it is first used.
    fn array(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        self.named.seen_array(op)
    }

    /// One of two objects: a number if both are held alike. There is no place for a companion.
    fn selected(&self, op: OperationRef<'c, 'a>) -> Fact {
        if result(op, 0).is_none_or(|value| value.r#type() != self.types.object) {
            return unwritten(op);
        }
        let side = |index| {
            op.operand(index)
                .map_or(Fact::OBJECT, |value| self.facts.seen(value))
        };
        let fact = side(1).join(side(2));
        let alone = !fact.maybe_null && !matches!(fact.kind, Kind::Either(_));
        let held = fact.is_native() && alone || fact.kind.is_class();
        match held || fact.kind == Kind::Never {
            true => fact,
            false => Fact {
                kind: Kind::Object,
                ..fact
            },
        }
    }

    /// What a subscript or an iteration most likely yields. It is checked, so there has to be a place for that.
    fn guess(&self, op: OperationRef<'c, 'a>) -> Kind {
        let hopeless = self.hopeless.contains(&op_key(op));
        let guess = self.sequences.guess(op).filter(|_| !hopeless);
        match guess {
            // The number is read natively, and the check is in front of the op.
            Some(kind) if items::is_native_item(kind) && items::is_read_natively(op) => kind,
            Some(kind) if expectations::place(op).is_some() => kind,
            None if self.suspended.counts(op) && expectations::place(op).is_some() => Kind::Int,
            None => self.guess_from_seen(op),
            _ => Kind::Object,
        }
    }

    /// What a subscript or an iteration always met. What is read natively is read from a list or tuple.
    fn guess_from_seen(&self, op: OperationRef<'c, 'a>) -> Kind {
        let by_index = op_name(op) == "py.load_subscr" && self.operand(op, 1).is_integer();
        let natively = items::is_read_natively(op) && (by_index || op_name(op) == "py.for_iter");
        let seen = self.named.seen(op).filter(|seen| match natively {
            true => items::is_native_item(seen.kind),
            false => expectations::place(op).is_some(),
        });
        seen.map_or(Kind::Object, |seen| seen.kind)
    }

    /// Whether a call is `len` of what most likely is a list or tuple.
    fn is_length_of_sequence(&self, call: OperationRef<'c, 'a>) -> bool {
        arrays::length_of(call).is_some_and(|of| {
            let native = self.usable(of);
            self.sequences.is_sequence(of) && !native.is_composite() && native != Kind::Never
        })
    }

    /// What a call most likely yields, by the name of what is called.
    fn expected_result(&self, op: OperationRef<'c, 'a>) -> Kind {
        let kind = self.sequences.result_of_call(op);
        let kind = kind.or_else(|| self.named.result_of_call(op));
        let kind = kind.or_else(|| Some(self.named.seen(op)?.kind));
        kind.filter(|_| expectations::place(op).is_some())
            .unwrap_or(Kind::Object)
    }

    /// Marks the guesses that wait for items which never came. Whether there are any.
    fn give_up(&mut self, order: &[melior::ir::BlockRef<'c, 'a>]) -> bool {
        let before = self.hopeless.len();
        for op in order.iter().flat_map(|block| operations(*block)) {
            let waits = matches!(op_name(op), "py.load_subscr" | "py.for_iter")
                && self.sequences.guess(op) == Some(Kind::Never);
            if waits {
                self.hopeless.insert(op_key(op));
            }
        }
        self.hopeless.len() > before
    }

    /// The kind of an operand that is not null when the op uses it.
    fn operand(&self, op: OperationRef<'c, 'a>, index: usize) -> Kind {
        op.operand(index)
            .map_or(Kind::Object, |value| self.usable(value))
    }

    /// A value that may be null is not for operators, unless the op checks that itself.
    fn usable(&self, value: Value<'c, 'a>) -> Kind {
        self.facts.seen(value).kind
    }

    fn boxed(&self, op: OperationRef<'c, 'a>) -> Kind {
        let value = op.operand(0);
        value.map_or(Kind::Object, |value| {
            Kind::of_type(&self.types, value.r#type())
        })
    }

    fn binary(&self, op: OperationRef<'c, 'a>) -> Kind {
        let operator = int_attribute(op, "kind").and_then(BinaryOperator::from_number);
        let Some(operator) = operator else {
            return Kind::Object;
        };
        let negative = op.operand(1).is_ok_and(is_negative_constant);
        operators::binary(operator, self.operand(op, 0), self.operand(op, 1), negative)
    }

    fn global(&self, op: OperationRef<'c, 'a>) -> Kind {
        let name = str_attribute(op, "name").unwrap_or_default();
        match self.known.global(name) {
            Some(Meaning::Number(value)) => self.constant_kind(value),
            Some(Meaning::Path(_)) => Kind::Type,
            None if is_type_name(name) || self.sequences.is_callee(name) => Kind::Type,
            None => Kind::Object,
        }
    }

    fn attribute(&self, op: OperationRef<'c, 'a>) -> Kind {
        if let Some(number) = self.known.number_of(op) {
            return self.constant_kind(number);
        }
        if let Some(path) = self.known.attribute(op) {
            return match functions::constant(&path) {
                Some(Constant::Float(_)) => Kind::Float,
                Some(Constant::Complex(..)) => Kind::Complex,
                None => Kind::Type,
            };
        }
        if op_name(op) == "py.load_method" {
            return Kind::Object;
        }
        let name = str_attribute(op, "name").unwrap_or_default();
        let kind = match self.operand(op, 0) {
            Kind::Array(array) => arrays::attribute(array, name),
            Kind::Object if expectations::place(op).is_some() => self.named.attribute(name),
            number => numbers::attribute(number, name),
        };
        kind.unwrap_or(Kind::Object)
    }

    /// What a free variable most likely is.
    fn variable(&self, op: OperationRef<'c, 'a>) -> Kind {
        let kind = self.named.free(op);
        kind.filter(|_| expectations::place(op).is_some())
            .unwrap_or(Kind::Object)
    }

    fn subscript(&self, op: OperationRef<'c, 'a>) -> Kind {
        let indices: Vec<_> = op.operand(1).map(arrays::indices).unwrap_or_default();
        let kinds: Vec<_> = indices.iter().map(|index| self.usable(*index)).collect();
        let open = |kind: &Kind| *kind == Kind::Never || kind.is_index();
        let base = self.operand(op, 0);
        if let Some(kind) = composites::subscript(base, self.operand(op, 1)) {
            return kind;
        }
        if let Some(kind) = self.tuple_item(op) {
            return kind;
        }
        match base {
            Kind::Never => Kind::Never,
            Kind::Array(array)
                if op
                    .operand(1)
                    .is_ok_and(|subscript| arrays::selects_element(array, subscript, &kinds)) =>
            {
                arrays::item(array)
            }
            Kind::Array(_) if kinds.contains(&Kind::Never) && kinds.iter().all(open) => Kind::Never,
            Kind::Shape(array) if indices.iter().all(|index| is_axis(array, *index)) => Kind::Int,
            _ if self.operand(op, 1).is_integer() => self.guess(op),
            _ if self.operand(op, 1) == Kind::Never => Kind::Never,
            _ => self.guess_from_seen(op),
        }
    }

    fn call(&self, op: OperationRef<'c, 'a>) -> Kind {
        let kinds = self.argument_kinds(op);
        if let Some(constructor) = numbers::constructor(op) {
            return constructor.result_of(op, &kinds);
        }
        if let Some(kind) = self.on_tuples(op) {
            return kind;
        }
        if self.this.is_some_and(|this| this.is_called_by(op)) {
            return self.call_this(&kinds);
        }
        if arrays::length_of(op).is_some() && !kinds.iter().any(|kind| kind.is_composite()) {
            return match kinds[..] {
                [Kind::Never] => Kind::Never,
                [Kind::Array(_)] => Kind::Int,
                _ if self.is_length_of_sequence(op) => Kind::Int,
                _ => self.expected_result(op),
            };
        }
        if !self.loops.values().any(|found| found.call == op) {
            let result = self.function(op, &kinds);
            return result.unwrap_or_else(|| self.expected_result(op));
        }
        let counts = |kind: &Kind| kind.is_integer() || kind.is_index();
        if kinds
            .iter()
            .any(|kind| *kind != Kind::Never && !counts(kind))
        {
            Kind::Object
        } else if kinds.contains(&Kind::Never) {
            Kind::Never
        } else {
            Kind::Range
        }
    }

    fn argument_kinds(&self, call: OperationRef<'c, 'a>) -> Vec<Kind> {
        numbers::arguments(call)
            .into_iter()
            .map(|value| self.usable(value))
            .collect()
    }

    /// A call of the function itself.
    fn call_this(&self, arguments: &[Kind]) -> Kind {
        let fits = |(given, wanted): (&Kind, &Kind)| given == wanted || *given == Kind::Never;
        let all = arguments.len() == self.parameters.len()
            && arguments.iter().zip(&self.parameters).all(fits);
        match all {
            true if arguments.contains(&Kind::Never) => Kind::Never,
            true if self.returned.is_native() || self.returned == Fact::NEVER => self.returned.kind,
            _ => Kind::Object,
        }
    }

    /// The result of a function that computes natively.
    fn function(&self, op: OperationRef<'c, 'a>, kinds: &[Kind]) -> Option<Kind> {
        let path = self.known.path(op.operand(0).ok()?)?;
        if !functions::is_known(&path) {
            return None;
        }
        let kinds = numbers::arrange_kinds(op, &path, kinds)?;
        if kinds.contains(&Kind::Never) {
            return Some(Kind::Never);
        }
        if let Some(kind) = self.parts(op, &kinds) {
            return kind;
        }
        let composite = composites::call(&path, &kinds);
        composite.or_else(|| functions::find(&path, &kinds).map(|row| row.result))
    }

    /// Records a fact and tells whether it is news. Where identity matters a number is an object, and so is an array that
    /// could not be looked at.
    fn set(&mut self, value: Value<'c, 'a>, fact: Fact) -> bool {
        let pinned =
            fact.is_native() && fact.kind != Kind::Bool && self.pinned.contains(&value_key(value));
        let hidden =
            matches!(fact.kind, Kind::Array(_)) && first_state(&self.types, value).is_none();
        let kind = match pinned || hidden {
            true => Kind::Object,
            false => fact.kind,
        };
        self.facts.set(value, Fact { kind, ..fact })
    }
}

/// `to` for an operand that is `from`, nothing yet for one that is not known yet.
fn step(operand: Kind, from: Kind, to: Kind) -> Kind {
    match operand {
        Kind::Never => Kind::Never,
        kind if kind == from => to,
        _ => Kind::Object,
    }
}

/// Whether a constant is the number of an axis.
fn is_axis(array: ArrayType, index: Value) -> bool {
    integer_constant(index).is_some_and(|axis| (0..i64::from(array.rank)).contains(&axis))
}

fn is_negative_constant(value: Value) -> bool {
    integer_constant(value).is_some_and(|value| value < 0)
}
