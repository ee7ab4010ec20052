//! How long calls of baseline code take, without compiling.

use crate::budget;
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

thread_local! {
    /// The nanoseconds that this thread has compiled for.
    static COMPILED: Cell<u64> = const { Cell::new(0) };
}

/// A measurement that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch {
    begun: Instant,
    /// What [`COMPILED`] was then.
    before: u64,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self {
            begun: Instant::now(),
            before: COMPILED.get(),
        }
    }

    /// The nanoseconds since the start in which nothing was compiled.
    pub(crate) fn stop(self) -> u64 {
        self.taken()
            .saturating_sub(COMPILED.get().wrapping_sub(self.before))
    }

    fn taken(self) -> u64 {
        u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Compiles something, in time that no baseline code is to be blamed for.
pub(crate) fn compiling<T>(work: impl FnOnce() -> T) -> T {
    let watch = Stopwatch::start();
    let done = work();
    budget::spend(Duration::from_nanos(watch.stop()));
    // What was compiled in between is part of it.
    COMPILED.set(watch.before.wrapping_add(watch.taken()));
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{thread::sleep, time::Duration};

    #[test]
    fn compiling_is_not_measured() {
        let pause = Duration::from_millis(20);
        let watch = Stopwatch::start();
        compiling(|| compiling(|| sleep(pause)));
        sleep(pause);
        let measured = watch.stop();
        let total = watch.taken();
        assert!(measured >= 20_000_000);
        assert!(measured + 20_000_000 <= total);
    }
}
