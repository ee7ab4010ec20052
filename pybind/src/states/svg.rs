//! The picture: a column of boxes, with the transitions as arcs to their right.

use super::{State, Target, keeps, title};

const WIDTH: usize = 340;
const HEIGHT: usize = 48;
const GAP: usize = 26;
const LEFT: usize = 10;
const ARCS: usize = 180;

/// Draws a graph.
pub fn draw(states: &[State]) -> String {
    let ends = [Target::Return, Target::Raise, Target::Interpreter];
    let used: Vec<_> = ends
        .into_iter()
        .filter(|end| states.iter().any(|state| state.targets.contains(end)))
        .collect();
    let rows = states.len() + used.len();
    let mut parts = vec![format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="sans-serif" font-size="13"><defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>"##,
        LEFT + WIDTH + ARCS,
        top(rows)
    )];
    for (row, state) in states.iter().enumerate() {
        let heading = format!("{row} {}", title(state));
        parts.push(rectangle(
            row,
            &heading,
            &format!("keeps {}", keeps(state)),
            "#eef3fb",
        ));
    }
    for (index, end) in used.iter().enumerate() {
        parts.push(rectangle(
            states.len() + index,
            &super::target(*end),
            "",
            "#f3f3f3",
        ));
    }
    for (from, state) in states.iter().enumerate() {
        for target in &state.targets {
            let to = match target {
                Target::State(number) => Some(*number),
                end => used
                    .iter()
                    .position(|other| other == end)
                    .map(|place| states.len() + place),
            };
            parts.extend(to.map(|to| arc(from, to)));
        }
    }
    parts.push("</svg>".to_owned());
    parts.concat()
}

fn top(row: usize) -> usize {
    GAP / 2 + row * (HEIGHT + GAP)
}

fn rectangle(row: usize, heading: &str, detail: &str, fill: &str) -> String {
    let y = top(row);
    format!(
        r##"<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{fill}" stroke="#557"/><text x="{x}" y="{first}" font-weight="bold">{heading}</text><text x="{x}" y="{second}">{detail}</text>"##,
        x = LEFT + 10,
        first = y + 20,
        second = y + 38,
        heading = escape(heading),
        detail = escape(detail),
    )
}

/// The further away, the wider.
fn arc(from: usize, to: usize) -> String {
    let x = LEFT + WIDTH;
    let (start, end) = (top(from) + HEIGHT * 2 / 3, top(to) + HEIGHT / 3);
    let wide = x + (30 + 18 * from.abs_diff(to)).min(ARCS - 10);
    format!(
        r##"<path d="M{x},{start} C{wide},{start} {wide},{end} {x},{end}" fill="none" stroke="#555" marker-end="url(#tip)"/>"##
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
