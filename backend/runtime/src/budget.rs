//! How much of its time a program spends on compiling what nobody asked for by name.
//!
//! Where whole packages are compiled, more is called often than is worth its compilation: a program of half a second would
//! compile for seconds. So the time that has gone into compiling stays below a share of the time that the program has run,
//! and what is due beyond it waits. It concerns [units](crate::unit::Unit) that are frugal.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// What has been compiled for, and since when that is counted.
struct Account {
    /// The share, and when the program began; `None` when there is no end to it.
    allowed: Option<(f64, Instant)>,
    spent: Duration,
}

static ACCOUNT: Mutex<Account> = Mutex::new(Account {
    allowed: None,
    spent: Duration::ZERO,
});

/// A program may spend this much however short it has run.
const FREE: Duration = Duration::from_millis(30);

/// From now on no more than this share of the time is for compiling; `None` for as much as there is to do.
pub fn allow(share: Option<f64>) {
    let mut account = ACCOUNT.lock().unwrap_or_else(PoisonError::into_inner);
    account.spent = Duration::ZERO;
    account.allowed = share.map(|share| (share, Instant::now()));
}

/// Whether something may be compiled now.
pub(crate) fn is_left() -> bool {
    let account = ACCOUNT.lock().unwrap_or_else(PoisonError::into_inner);
    let allows =
        |(share, since): (f64, Instant)| account.spent <= FREE + since.elapsed().mul_f64(share);
    account.allowed.is_none_or(allows)
}

/// Counts a compilation.
pub(crate) fn spend(time: Duration) {
    let mut account = ACCOUNT.lock().unwrap_or_else(PoisonError::into_inner);
    account.spent = account.spent.saturating_add(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiling_stays_below_the_share() {
        assert!(is_left());
        spend(Duration::from_secs(100));
        assert!(is_left());
        allow(Some(0.5));
        assert!(is_left());
        spend(Duration::from_secs(1000));
        assert!(!is_left());
        allow(None);
        assert!(is_left());
    }
}
