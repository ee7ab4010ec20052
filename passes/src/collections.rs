//! Maps and sets by addresses, small numbers and short names, with a hash that is quick for these.
//!
//! Nothing here is the choice of an adversary but the names in a program, and a program can take its time in simpler ways.

use rustc_hash::FxBuildHasher;

/// In the order of insertion.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;
/// In the order of insertion.
pub type IndexSet<T> = indexmap::IndexSet<T, FxBuildHasher>;
/// In no order.
pub type HashMap<K, V> = std::collections::HashMap<K, V, FxBuildHasher>;
/// In no order.
pub type HashSet<T> = std::collections::HashSet<T, FxBuildHasher>;
