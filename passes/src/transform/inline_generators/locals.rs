//! The locals of generators that are inlined: nobody else can see their frames, so a suspension changes none.

use crate::{
    analysis::{self, suspensions::reloads},
    cfg::{Cfg, drop_argument, edges, erase, op_key, value_key},
    function::Function,
    inspect::result,
};
use melior::ir::{BlockLike, Value};
use stepwell_dialects::ir::{blocks, operations, replace_uses};

/// Goes on behind each suspension with the locals that there were in front of it.
pub fn keep(function: &Function) {
    let Some(cfg) = analysis::cfg::Cfg::new(function.op) else {
        return;
    };
    let reloads = reloads(&function.types, &cfg);
    let all = blocks(function.region).into_iter().flat_map(operations);
    for load in all.collect::<Vec<_>>() {
        let before = reloads
            .get(&op_key(load))
            .and_then(|reload| reload.before());
        if let (Some(before), Some(loaded)) = (before, result(load, 0)) {
            replace_uses(loaded, before);
            erase(load);
        }
    }
    while let Some((place, index, value)) = unchanging(&Cfg::new(function.region)) {
        let cfg = Cfg::new(function.region);
        if let Ok(argument) = cfg.blocks[place].argument(index) {
            replace_uses(argument.into(), value);
        }
        drop_argument(function, &cfg, place, index);
    }
}

/// The block argument that is the same value whichever way control comes: the place of its block, its number, and the value.
fn unchanging<'c, 'a>(cfg: &Cfg<'c, 'a>) -> Option<(usize, usize, Value<'c, 'a>)> {
    for (place, block) in cfg.blocks.iter().enumerate().skip(1) {
        for index in 0..block.argument_count() {
            let argument: Value = block.argument(index).ok()?.into();
            let incoming = cfg.predecessors[place]
                .iter()
                .filter_map(|(source, number)| {
                    let terminator = cfg.blocks[*source].terminator()?;
                    edges(terminator).get(*number)?.operands.get(index).copied()
                });
            let mut others = incoming.filter(|value| value_key(*value) != value_key(argument));
            if let Some(first) = others.next()
                && others.all(|other| value_key(other) == value_key(first))
            {
                return Some((place, index, first));
            }
        }
    }
    None
}
