//! `stepwell.states`: the state graph of a generator or coroutine, as text and as a picture.

mod svg;

use crate::inspect::Subject;
use pyo3::{exceptions::PyTypeError, prelude::*};
use stepwell_frontend::Flags;
use stepwell_passes::{
    Level,
    analysis::states::{Kind, State, Target, states as states_of},
};

/// The states of a function.
#[pyfunction]
#[pyo3(signature = (func), text_signature = "(func)")]
pub fn states(func: &Bound<'_, PyAny>) -> PyResult<StateGraph> {
    const STEPS: u32 = Flags::GENERATOR | Flags::COROUTINE | Flags::ASYNC_GENERATOR;
    let subject = Subject::new(func, None)?;
    let name = subject.code.qualname.clone();
    if subject.code.flags & STEPS == 0 {
        return Err(PyTypeError::new_err(format!(
            "{name} has no states: it is no generator, coroutine or asynchronous generator function"
        )));
    }
    let states = subject.run(|job, workshop| {
        let context = workshop.context();
        let module = job.lift(context)?;
        job.lower(context, &module, Level::State, &mut ())?;
        Ok(states_of(context, &module))
    })?;
    Ok(StateGraph { name, states })
}

/// The states of a generator or coroutine, what each keeps, and where the step that begins there ends.
#[pyclass(frozen, module = "stepwell")]
pub struct StateGraph {
    #[pyo3(get)]
    name: String,
    states: Vec<State>,
}

#[pymethods]
impl StateGraph {
    fn __len__(&self) -> usize {
        self.states.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "<StateGraph of {}: {} states>",
            self.name,
            self.states.len()
        )
    }

    fn __str__(&self) -> String {
        let mut text = format!("{}: {} states\n", self.name, self.states.len());
        for (number, state) in self.states.iter().enumerate() {
            text.push_str(&format!(
                "  {number} {}\n      keeps {}\n      leads to {}\n",
                title(state),
                keeps(state),
                targets(state)
            ));
        }
        text
    }

    fn _repr_svg_(&self) -> String {
        svg::draw(&self.states)
    }
}

/// What leads to a state, and where.
fn title(state: &State) -> String {
    let kind = match state.kind {
        Kind::Start => return "start".to_owned(),
        Kind::Yield => "yield",
        Kind::Delegate => "yield from or await",
        Kind::Returned => "end of yield from or await",
    };
    match state.line {
        0 => kind.to_owned(),
        line => format!("{kind}, line {line}"),
    }
}

fn keeps(state: &State) -> String {
    let mut kept = state.locals.clone();
    kept.extend((state.stack > 0).then(|| match state.stack {
        1 => "1 temporary".to_owned(),
        count => format!("{count} temporaries"),
    }));
    match kept.is_empty() {
        true => "nothing".to_owned(),
        false => kept.join(", "),
    }
}

fn targets(state: &State) -> String {
    let names: Vec<_> = state.targets.iter().copied().map(target).collect();
    names.join(", ")
}

fn target(target: Target) -> String {
    match target {
        Target::State(number) => number.to_string(),
        Target::Return => "return".to_owned(),
        Target::Raise => "raise".to_owned(),
        Target::Interpreter => "the interpreter".to_owned(),
    }
}
