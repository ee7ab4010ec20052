//! The versions that calls were given last.

use crate::version::Installed;
use std::{cell::Cell, ptr::null};

/// How many versions take turns besides the latest.
const TURNS: usize = 3;

/// The version that was chosen last, and some before it: calls with arguments of several kinds often take turns.
pub(super) struct Recent {
    latest: Cell<*const Installed>,
    /// The last first, null behind them.
    former: [Cell<*const Installed>; TURNS],
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            latest: Cell::new(null()),
            former: [const { Cell::new(null()) }; _],
        }
    }
}

impl Recent {
    /// The version that was chosen last.
    ///
    /// # Safety
    /// The versions that were chosen are alive.
    #[inline]
    pub(super) unsafe fn latest(&self) -> Option<&Installed> {
        // SAFETY: as the caller's.
        unsafe { self.latest.get().as_ref() }
    }

    /// Others that were chosen, the last first.
    ///
    /// # Safety
    /// As [`Recent::latest`].
    #[inline]
    pub(super) unsafe fn former(&self) -> impl Iterator<Item = &Installed> {
        // SAFETY: as the caller's.
        let known = |place: &Cell<*const Installed>| unsafe { place.get().as_ref() };
        self.former.iter().map_while(known)
    }

    /// Makes a version the latest. The one that was it takes a place among the former ones: that of this version, if it had
    /// one, or that of the oldest.
    pub(super) fn choose(&self, version: &Installed) {
        let chosen: *const Installed = version;
        let mut moved = self.latest.replace(chosen);
        for place in &self.former {
            if moved == chosen || moved.is_null() {
                return;
            }
            moved = place.replace(moved);
        }
    }

    /// Nothing is known of the last calls.
    pub(super) fn forget(&self) {
        self.latest.set(null());
        for former in &self.former {
            former.set(null());
        }
    }
}
