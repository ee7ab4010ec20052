//! Blocks, branches and block arguments.
//!
//! While blocks are filled, branches are only noted. A block that branches go to has an argument for every value that
//! could differ. At the end an argument that gets one and the same value from everywhere (or itself, around a loop)
//! is replaced by that value, until there are none left; then the branches are written. For reducible graphs that
//! leaves the fewest arguments possible.

use melior::Context;
use melior::dialect::cf;
use melior::ir::{
    Block, BlockLike, BlockRef, Location, Region, RegionLike, Type, Value, ValueLike,
};
use std::collections::{BTreeMap, HashMap};
use stepwell_dialects::ir::{erase_block_argument, replace_uses};

/// Where a branch goes.
#[derive(Clone, Debug)]
pub(super) enum Destination<'c, 'a> {
    /// A block without arguments.
    Plain(BlockRef<'c, 'a>),
    /// A target, with a value for each of its arguments.
    Target(usize, Vec<Value<'c, 'a>>),
}

struct Branch<'c, 'a> {
    from: BlockRef<'c, 'a>,
    condition: Option<Value<'c, 'a>>,
    destinations: Vec<Destination<'c, 'a>>,
    location: Location<'c>,
}

/// A block that branches go to.
struct Target<'c, 'a> {
    block: BlockRef<'c, 'a>,
    arguments: Vec<Value<'c, 'a>>,
}

/// The blocks of a function under construction.
pub(super) struct Blocks<'c, 'a> {
    context: &'c Context,
    region: &'a Region<'c>,
    targets: BTreeMap<usize, Target<'c, 'a>>,
    branches: Vec<Branch<'c, 'a>>,
}

impl<'c, 'a> Blocks<'c, 'a> {
    pub(super) fn new(context: &'c Context, region: &'a Region<'c>) -> Self {
        Self {
            context,
            region,
            targets: BTreeMap::new(),
            branches: Vec::new(),
        }
    }

    /// The entry of the function.
    pub(super) fn entry(&self, arguments: &[(Type<'c>, Location<'c>)]) -> BlockRef<'c, 'a> {
        self.region.append_block(Block::new(arguments))
    }

    /// A new block without arguments right behind another one.
    pub(super) fn after(&self, block: BlockRef<'c, 'a>) -> BlockRef<'c, 'a> {
        self.region.insert_block_after(block, Block::new(&[]))
    }

    /// Whether the target with this number is there already.
    pub(super) fn has(&self, target: usize) -> bool {
        self.targets.contains_key(&target)
    }

    /// Makes a target; targets lie in the order of their numbers.
    pub(super) fn add(&mut self, target: usize, arguments: &[(Type<'c>, Location<'c>)]) {
        let block = Block::new(arguments);
        let block = match self.targets.range(target + 1..).next() {
            Some((_, next)) => self.region.insert_block_before(next.block, block),
            None => self.region.append_block(block),
        };
        let arguments = (0..block.argument_count())
            .filter_map(|index| Some(block.argument(index).ok()?.into()))
            .collect();
        self.targets.insert(target, Target { block, arguments });
    }

    /// A target's block and arguments.
    pub(super) fn target(&self, target: usize) -> (BlockRef<'c, 'a>, Vec<Value<'c, 'a>>) {
        let Target { block, arguments } = &self.targets[&target];
        (*block, arguments.clone())
    }

    /// Ends a block with a jump.
    pub(super) fn jump(
        &mut self,
        from: BlockRef<'c, 'a>,
        to: Destination<'c, 'a>,
        location: Location<'c>,
    ) {
        self.branches.push(Branch {
            from,
            condition: None,
            destinations: vec![to],
            location,
        });
    }

    /// Ends a block with a conditional jump.
    pub(super) fn branch(
        &mut self,
        from: BlockRef<'c, 'a>,
        condition: Value<'c, 'a>,
        if_true: Destination<'c, 'a>,
        if_false: Destination<'c, 'a>,
        location: Location<'c>,
    ) {
        self.branches.push(Branch {
            from,
            condition: Some(condition),
            destinations: vec![if_true, if_false],
            location,
        });
    }

    /// Removes arguments that are not needed and writes the branches.
    pub(super) fn finish(self) {
        let same = self.replacements();
        let resolve = |value: Value<'c, 'a>| resolve(&same, value);
        for branch in &self.branches {
            let condition = branch.condition.map(resolve);
            let destinations: Vec<_> = branch
                .destinations
                .iter()
                .map(|destination| self.written(destination, &same))
                .collect();
            branch
                .from
                .append_operation(match (condition, &destinations[..]) {
                    (Some(condition), [(yes, yes_values), (no, no_values)]) => cond_br(
                        self.context,
                        condition,
                        (*yes, yes_values),
                        (*no, no_values),
                        branch.location,
                    ),
                    (_, destinations) => {
                        let (block, values) = &destinations[0];
                        cf::br(block, values, branch.location)
                    }
                });
        }
        for target in self.targets.values() {
            for (index, &argument) in target.arguments.iter().enumerate().rev() {
                if same.contains_key(&key(argument)) {
                    replace_uses(argument, resolve(argument));
                    erase_block_argument(target.block, index);
                }
            }
        }
    }

    /// The block of a destination and the values for the arguments it keeps.
    fn written(
        &self,
        destination: &Destination<'c, 'a>,
        same: &HashMap<usize, Value<'c, 'a>>,
    ) -> (BlockRef<'c, 'a>, Vec<Value<'c, 'a>>) {
        match destination {
            Destination::Plain(block) => (*block, Vec::new()),
            Destination::Target(number, values) => {
                let target = &self.targets[number];
                let kept = target
                    .arguments
                    .iter()
                    .zip(values)
                    .filter(|(argument, _)| !same.contains_key(&key(**argument)))
                    .map(|(_, &value)| resolve(same, value))
                    .collect();
                (target.block, kept)
            }
        }
    }

    /// What each superfluous argument stands for.
    fn replacements(&self) -> HashMap<usize, Value<'c, 'a>> {
        let mut incoming: BTreeMap<usize, Vec<&[Value<'c, 'a>]>> = BTreeMap::new();
        for destination in self.branches.iter().flat_map(|branch| &branch.destinations) {
            if let Destination::Target(target, values) = destination {
                incoming.entry(*target).or_default().push(values);
            }
        }
        let mut same = HashMap::new();
        let mut changed = true;
        while changed {
            changed = false;
            for (number, rows) in &incoming {
                let target = &self.targets[number];
                for (index, &argument) in target.arguments.iter().enumerate() {
                    if same.contains_key(&key(argument)) {
                        continue;
                    }
                    let values = rows.iter().map(|row| resolve(&same, row[index]));
                    if let Some(value) = only_value(values, argument) {
                        same.insert(key(argument), value);
                        changed = true;
                    }
                }
            }
        }
        same
    }
}

/// The value that all are, apart from `argument` itself.
fn only_value<'c, 'a>(
    values: impl Iterator<Item = Value<'c, 'a>>,
    argument: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let mut others = values.filter(|&value| value != argument);
    let first = others.next()?;
    others.all(|value| value == first).then_some(first)
}

fn resolve<'c, 'a>(same: &HashMap<usize, Value<'c, 'a>>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let mut value = value;
    while let Some(&next) = same.get(&key(value)) {
        value = next;
    }
    value
}

/// The address that identifies a value.
pub(super) fn key(value: Value<'_, '_>) -> usize {
    value.to_raw().ptr as usize
}

type Arrival<'b, 'c, 'a> = (BlockRef<'c, 'a>, &'b [Value<'c, 'a>]);

/// `cf.cond_br`; melior's own counts the arguments that the blocks have now, not those that they keep.
fn cond_br<'c>(
    context: &'c Context,
    condition: Value<'c, '_>,
    (yes, yes_values): Arrival<'_, 'c, '_>,
    (no, no_values): Arrival<'_, 'c, '_>,
    location: Location<'c>,
) -> melior::ir::Operation<'c> {
    use melior::ir::attribute::DenseI32ArrayAttribute;
    use melior::ir::operation::OperationBuilder;
    let sizes = [1, yes_values.len() as i32, no_values.len() as i32];
    let sizes = DenseI32ArrayAttribute::new(context, &sizes);
    OperationBuilder::new("cf.cond_br", location)
        .add_attributes(&[(
            melior::ir::Identifier::new(context, "operandSegmentSizes"),
            sizes.into(),
        )])
        .add_operands(&[condition])
        .add_operands(yes_values)
        .add_operands(no_values)
        .add_successors(&[&yes, &no])
        .build()
        .expect("a branch is always valid")
}
