//! Which of LLVM's passes run.

use std::ffi::CStr;

use crate::{options::OptLevel, shape::Shape};

/// For code that runs through once, or that calls the runtime whichever way it goes around. Most of the passes of
/// `default<O3>` are about loops that compute; of the others these do nearly all there is to do, once where
/// `default<O3>` does it up to six times.
const STRAIGHT: &CStr = c"require<profile-summary>,cgscc(inline),\
function(sroa<modify-cfg>,early-cse<memssa>,\
simplifycfg<switch-range-to-icmp;simplify-cond-branch;speculate-blocks>,\
instcombine<max-iterations=1;no-verify-fixpoint>,gvn,slp-vectorizer,\
simplifycfg<hoist-common-insts;sink-common-insts;switch-range-to-icmp;simplify-cond-branch;speculate-blocks>,\
instcombine<max-iterations=1;no-verify-fixpoint>),globaldce";

/// For very large code with loops that compute: what is cheap and gains most. Unrolling and vectorising take time for
/// each of its loops, and few of them can be hot.
const LARGE: &CStr = c"require<profile-summary>,cgscc(inline),\
function(sroa<modify-cfg>,early-cse<memssa>,\
simplifycfg<switch-range-to-icmp;simplify-cond-branch;speculate-blocks;keep-loops>,\
instcombine<max-iterations=1;no-verify-fixpoint>,\
loop-mssa(loop-rotate,licm),loop(indvars,loop-deletion),gvn,loop-mssa(licm),\
simplifycfg<hoist-common-insts;sink-common-insts;switch-range-to-icmp;simplify-cond-branch;speculate-blocks>,\
instcombine<max-iterations=1;no-verify-fixpoint>),globaldce";

/// How many instructions are very large code: some hundred lines of arithmetic.
const MANY: usize = 5000;

/// The pipeline for a level and the code it has to do with, which is looked at only where it matters.
pub(crate) fn pipeline(level: OptLevel, shape: impl FnOnce() -> Shape) -> &'static CStr {
    match level {
        OptLevel::O0 => c"default<O0>",
        OptLevel::O1 => c"default<O1>",
        OptLevel::O2 | OptLevel::O3 => match shape() {
            Shape {
                computes_in_loops: false,
                ..
            } => STRAIGHT,
            Shape {
                instructions: MANY..,
                ..
            } => LARGE,
            _ if level == OptLevel::O2 => c"default<O2>",
            _ => c"default<O3>",
        },
    }
}
