//! Elements and shapes of arrays.

mod confirm;
mod parts;

use super::{Lowering, Native, operators::truth, scalars::rounded, values::convert};
use crate::{
    analysis::{
        arrays::{FirstState, first_state, indices, length_of, selects_element, takes},
        cfg::Cfg,
        fact::Kind,
        tuples::unpacked,
    },
    builder::{Builder, CmpiPredicate},
    cfg::owner_block,
    collections::HashMap,
    inspect::{
        defined_by, defining_op, integer_constant, op_key, result, str_attribute, value_key,
    },
    transform::infer_types::Facts,
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, OperationRef, Value, ValueLike, attribute::StringAttribute,
    operation::OperationLike,
};
use stepwell_abi::{ArrayType, Element, GUESS};
use stepwell_dialects::ir::{Types, has_uses, operations, replace_uses};

/// The arrays whose elements are used.
pub(super) struct Arrays<'c, 'a> {
    /// Where each value that is an array can first be looked at, by its address: found before anything is rewritten.
    first: HashMap<usize, FirstState<'c, 'a>>,
    described: Vec<Described<'c, 'a>>,
    /// Their places in that list, by the address of the value.
    places: HashMap<usize, usize>,
    uses: Vec<Use<'c, 'a>>,
    /// The items of tuples before they were boxed, by the address of the tuple.
    items: HashMap<usize, Vec<Value<'c, 'a>>>,
    /// Tuples of indices and of shapes, which may not be needed any more.
    parts: Vec<OperationRef<'c, 'a>>,
}

/// An array, and what its `py.describe` yields.
#[derive(Clone)]
struct Described<'c, 'a> {
    object: Value<'c, 'a>,
    array: ArrayType,
    /// The guard behind the `py.describe`.
    guard: OperationRef<'c, 'a>,
    fields: Vec<Value<'c, 'a>>,
}

/// A place where the description of an array has to hold.
struct Use<'c, 'a> {
    before: OperationRef<'c, 'a>,
    place: usize,
    state: Value<'c, 'a>,
}

impl<'c, 'a> Arrays<'c, 'a> {
    pub(super) fn new(types: &Types<'c>, cfg: &Cfg<'c, 'a>, facts: &Facts) -> Self {
        let arguments = |block: BlockRef<'c, 'a>| {
            (0..block.argument_count())
                .filter_map(move |index| Some(block.argument(index).ok()?.into()))
        };
        let results = |block| operations(block).into_iter().filter_map(|op| result(op, 0));
        let values = cfg
            .blocks()
            .flat_map(|block| arguments(block).chain(results(block)));
        let arrays = values.filter(|value| matches!(facts.get(*value).kind, Kind::Array(_)));
        let first = arrays.filter_map(|value| Some((value_key(value), first_state(types, value)?)));
        Self {
            first: first.collect(),
            described: Vec::new(),
            places: HashMap::default(),
            uses: Vec::new(),
            items: HashMap::default(),
            parts: Vec::new(),
        }
    }

    /// Notes a tuple that may not be needed any more.
    pub(super) fn part(&mut self, tuple: OperationRef<'c, 'a>) {
        self.parts.push(tuple);
    }
}

impl<'c, 'a> Described<'c, 'a> {
    fn data(&self) -> Value<'c, 'a> {
        self.fields[0]
    }

    fn shape(&self) -> &[Value<'c, 'a>] {
        &self.fields[1..=usize::from(self.array.rank)]
    }

    /// The distances in bytes; those of a contiguous array follow from the shape.
    fn strides(&self, builder: &Builder<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let rank = usize::from(self.array.rank);
        if !self.array.contiguous {
            return self.fields[1 + rank..].to_vec();
        }
        let mut strides = vec![builder.int(self.array.element.size() as i64)];
        for length in self.shape()[1..].iter().rev() {
            let inner = strides[strides.len() - 1];
            strides.push(builder.value("arith.muli", &[inner, *length], builder.types().i64));
        }
        strides.reverse();
        strides
    }
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// Keeps in mind what a tuple consists of, in case it is the indices of an element.
    pub(super) fn build_tuple(&mut self, op: OperationRef<'c, 'a>) {
        if let Some(tuple) = result(op, 0) {
            self.arrays.items.insert(value_key(tuple), indices(tuple));
        }
        let items: Vec<_> = op.operands().collect();
        self.box_operands(op);
        for (item, object) in items.into_iter().zip(op.operands()) {
            // A box stands for the number that it was made of.
            if let Some(native) = self.native(item).filter(|_| item != object) {
                self.natives.insert(value_key(object), native);
                self.objects.insert(value_key(object));
            }
        }
    }

    /// The indices that a subscript consists of.
    fn indices(&self, subscript: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let items = self.arrays.items.get(&value_key(subscript));
        items.cloned().unwrap_or_else(|| vec![subscript])
    }

    /// Reads an element of an array, or the length of one of its axes. False if the subscript is of something else.
    pub(super) fn load_subscript(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.axis_length(op).is_some() || self.load_element(op).is_some()
    }

    fn load_element(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op)?;
        let state = op.operand(2).ok()?;
        let (place, offset) = self.locate(op, op.operand(0).ok()?, op.operand(1).ok()?, state)?;
        let described = &self.arrays.described[place];
        let operands = [described.object, described.data(), offset];
        let element = described.array.element;
        let r#type = kind.native_type(&self.types)?;
        let word = [("element", self.word(element.word()))];
        let read = self
            .builder(op)
            .op("py.element", &operands, &[r#type], &word);
        self.use_array(read, place, state);
        self.replace(op, kind, result(read, 0)?);
        Some(())
    }

    pub(super) fn store_subscript(&mut self, op: OperationRef<'c, 'a>) {
        if self.store_element(op).is_none() && self.store_item(op).is_none() {
            self.box_operands(op);
        }
    }

    fn store_element(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let Kind::Array(array) = self.facts.get(op.operand(0).ok()?).kind else {
            return None;
        };
        let native = self.native(op.operand(2).ok()?)?;
        let storable = array.writable && takes(array, native.kind);
        let indices = self.indices(op.operand(1).ok()?);
        let kinds: Vec<_> = indices
            .iter()
            .map(|index| self.facts.get(*index).kind)
            .collect();
        if !storable || !selects_element(array, op.operand(1).ok()?, &kinds) {
            return None;
        }
        let state = op.operand(3).ok()?;
        let (place, offset) = self.locate(op, op.operand(0).ok()?, op.operand(1).ok()?, state)?;
        let value = self.cast(op, native, array.element, state);
        let described = &self.arrays.described[place];
        let operands = [value, described.object, described.data(), offset];
        let word = [("element", self.word(array.element.word()))];
        let write = self.builder(op).op("py.set_element", &operands, &[], &word);
        self.use_array(write, place, state);
        if let Some(raised) = result(op, 0).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    /// A number in the form in which an element is written. Leaves where NumPy raises or warns.
    fn cast(
        &self,
        op: OperationRef<'c, 'a>,
        native: Native<'c, 'a>,
        element: Element,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        const EXACT: i64 = 1 << 53;
        let builder = self.builder(op);
        let from = native.kind.number();
        match element {
            Element::Bool => truth(&builder, from, native.value),
            Element::F64 => convert(&builder, native.value, from, Kind::Float),
            Element::F32 => {
                if from == Kind::Int {
                    let raised = builder.value(
                        "arith.addi",
                        &[native.value, builder.int(EXACT)],
                        self.types.i64,
                    );
                    let exact = builder.cmpi(CmpiPredicate::Ule, raised, builder.int(2 * EXACT));
                    self.guard(op, exact, state, "the integer is beyond 2**53");
                }
                let wide = convert(&builder, native.value, from, Kind::Float);
                let value = rounded(&builder, wide);
                if native.kind != Kind::Scalar(Element::F32) {
                    self.quiet(op, value, &[wide], state);
                }
                value
            }
            element => {
                let whole = match from {
                    Kind::Float => {
                        builder.value("num.float_to_int", &[native.value, state], self.types.i64)
                    }
                    _ => convert(&builder, native.value, from, Kind::Int),
                };
                if native.kind != Kind::Scalar(element) {
                    self.guard_limits(op, element, whole, state);
                }
                whole
            }
        }
    }

    /// The place of an array, and how many bytes behind its beginning an element is.
    fn locate(
        &mut self,
        op: OperationRef<'c, 'a>,
        object: Value<'c, 'a>,
        subscript: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Option<(usize, Value<'c, 'a>)> {
        let numbers = self
            .indices(subscript)
            .into_iter()
            .map(|index| self.native(index).map(|native| native.value));
        let numbers = numbers.collect::<Option<Vec<_>>>()?;
        let place = self.describe(object)?;
        let described = self.arrays.described[place].clone();
        let builder = self.builder(op);
        let i64 = self.types.i64;
        let strides = described.strides(&builder);
        let mut offset = None;
        for ((index, length), stride) in numbers.into_iter().zip(described.shape()).zip(strides) {
            let inside = if self.counters.stays_below(index, *length) {
                index
            } else {
                let operands = [index, *length, state];
                let made = builder.op("num.index", &operands, &[i64], &self.unchecked());
                result(made, 0)?
            };
            let step = builder.value("arith.muli", &[inside, stride], i64);
            offset = Some(match offset {
                None => step,
                Some(sum) => builder.value("arith.addi", &[sum, step], i64),
            });
        }
        self.arrays
            .parts
            .extend(defined_by(subscript, "py.build_tuple"));
        Some((place, offset?))
    }

    /// `shape[0]`
    fn axis_length(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let shape = defined_by(op.operand(0).ok()?, "py.load_attr")?;
        let object = shape.operand(0).ok()?;
        let axis = usize::try_from(integer_constant(op.operand(1).ok()?)?).ok()?;
        if str_attribute(shape, "name") != Some("shape") || self.native_kind(op).is_none() {
            return None;
        }
        let place = self.describe(object)?;
        let length = *self.arrays.described[place].shape().get(axis)?;
        self.mark_use(shape, place);
        self.arrays.parts.push(shape);
        self.replace(op, Kind::Int, length);
        Some(())
    }

    /// `n, m = a.shape`
    pub(super) fn unpack_shape(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let shape = op.operand(0).ok()?;
        let Kind::Shape(_) = self.facts.get(shape).kind else {
            return None;
        };
        let attribute = defined_by(shape, "py.load_attr")?;
        let values = unpacked(op);
        if !values
            .iter()
            .all(|value| self.facts.get(*value).is_native())
        {
            return None;
        }
        let place = self.describe(attribute.operand(0).ok()?)?;
        self.mark_use(attribute, place);
        self.arrays.parts.push(attribute);
        let lengths = self.arrays.described[place].shape().to_vec();
        for (value, length) in values.iter().zip(lengths) {
            let length = Native::new(Kind::Int, length);
            self.natives.insert(value_key(*value), length);
        }
        self.unpack_is_done(op, values.len());
        Some(())
    }

    /// `size`, `ndim`, and `shape`, which is asked for its items when they are used.
    pub(super) fn array_attribute(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.number_of(op).is_some()
    }

    fn number_of(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let object = op.operand(0).ok()?;
        let Kind::Array(array) = self.facts.get(object).kind else {
            return None;
        };
        self.native_kind(op)?;
        let builder = self.builder(op);
        let number = if str_attribute(op, "name") == Some("ndim") {
            builder.int(array.rank.into())
        } else {
            let place = self.describe(object)?;
            self.mark_use(op, place);
            let shape = self.arrays.described[place].shape().to_vec();
            let product = shape.into_iter().reduce(|size, length| {
                builder.value("arith.muli", &[size, length], self.types.i64)
            });
            product?
        };
        self.replace(op, Kind::Int, number);
        Some(())
    }

    /// `len(array)`; the callee is checked, since the global can be anything.
    pub(super) fn length(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let object = length_of(op)?;
        let Kind::Array(_) = self.facts.get(object).kind else {
            return None;
        };
        self.native_kind(op)?;
        let place = self.describe(object)?;
        let state = op.operand(op.operand_count() - 1).ok()?;
        let symbol = [("symbol", self.word("builtin len"))];
        let guard = self.builder(op).op(
            "py.guard_identity",
            &[op.operand(0).ok()?, state],
            &[],
            &symbol,
        );
        self.use_array(guard, place, state);
        let length = *self.arrays.described[place].shape().first()?;
        self.replace(op, Kind::Int, length);
        Some(())
    }

    /// The place of an array in the list of those that are described; of a new one the `py.describe` is made behind its
    /// definition, at the first frame state there is.
    fn describe(&mut self, object: Value<'c, 'a>) -> Option<usize> {
        if let Some(place) = self.arrays.places.get(&value_key(object)) {
            return Some(*place);
        }
        let Kind::Array(array) = self.facts.get(object).kind else {
            return None;
        };
        let first = *self.arrays.first.get(&value_key(object))?;
        let (before, state) = (first.before, first.state()?);
        let results: Vec<_> = [self.types.i1]
            .into_iter()
            .chain(std::iter::repeat_n(self.types.i64, array.fields()))
            .collect();
        let text = [("array", self.word(&array.to_string()))];
        let made = self
            .builder(before)
            .op("py.describe", &[object], &results, &text);
        let is_parameter = object.is_block_argument() && owner_block(object) == self.cfg.entry();
        let reason = match is_parameter {
            true => format!("no {array}"),
            false => format!("{GUESS}{array}"),
        };
        let reason = [("reason", self.word(&reason))];
        let guard = self
            .builder(before)
            .op("num.guard", &[result(made, 0)?, state], &[], &reason);
        let fields = made.results().skip(1).map(Value::from).collect();
        let described = Described {
            object,
            array,
            guard,
            fields,
        };
        let place = self.arrays.described.len();
        self.arrays.described.push(described);
        self.arrays.places.insert(value_key(object), place);
        Some(place)
    }

    /// The place of an array of one dimension among those that are described, and its length, in front of an op.
    pub(super) fn length_of_row(
        &mut self,
        op: OperationRef<'c, 'a>,
        object: Value<'c, 'a>,
    ) -> Option<(usize, Value<'c, 'a>)> {
        let place = self.describe(object)?;
        self.mark_use(op, place);
        let length = *self.arrays.described[place].shape().first()?;
        Some((place, length))
    }

    /// In place of a `py.for_iter`: the element at a place that is known to be one of the array, read in front of `before`.
    /// The array is looked at in front of the test for its end, since it may have become longer.
    pub(super) fn take_element(
        &mut self,
        op: OperationRef<'c, 'a>,
        before: OperationRef<'c, 'a>,
        place: usize,
        index: Value<'c, 'a>,
    ) {
        let native = self.native_kind(op);
        let r#type = native.and_then(|kind| kind.native_type(&self.types));
        let (Some(kind), Some(r#type)) = (native, r#type) else {
            return;
        };
        self.mark_use(op, place);
        let builder = self.builder(before);
        let described = self.arrays.described[place].clone();
        let stride = described.strides(&builder)[0];
        let offset = builder.value("arith.muli", &[index, stride], self.types.i64);
        let operands = [described.object, described.data(), offset];
        let word = [("element", self.word(described.array.element.word()))];
        let read = builder.op("py.element", &operands, &[r#type], &word);
        self.done.insert(op_key(read));
        if let Some(value) = result(read, 0) {
            self.replace(op, kind, value);
        }
    }

    fn use_array(&mut self, before: OperationRef<'c, 'a>, place: usize, state: Value<'c, 'a>) {
        self.arrays.uses.push(Use {
            before,
            place,
            state,
        });
    }

    /// Notes a use where no op is made that stays.
    fn mark_use(&mut self, op: OperationRef<'c, 'a>, place: usize) {
        let state = op.operands().last();
        let marker = defining_op(self.builder(op).bool(true));
        if let (Some(marker), Some(state)) = (marker, state) {
            self.use_array(marker, place, state);
        }
    }

    pub(super) fn word(&self, text: &str) -> Attribute<'c> {
        StringAttribute::new(self.context, text).into()
    }
}
