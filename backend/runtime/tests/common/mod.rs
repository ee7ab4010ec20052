//! An embedded interpreter, and hand-written bodies in the place of machine code.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::{
    collections::HashMap,
    ffi::{CStr, CString},
    sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError},
};
use stepwell_abi::cpython as c;
use stepwell_runtime::{
    call,
    compiler::{self, Compiler, Outcome, Request},
    frame::Frame,
    object::{Object, ThreadState, decref},
    unit::{Body, Entry, ExitSite, Step, Unit, Version},
};

/// The interpreter, with the GIL held.
pub struct Python {
    globals: Object,
    state: c::PyGILState_STATE,
    _alone: MutexGuard<'static, ()>,
}

impl Python {
    /// Runs `source` in a new module namespace, which the other methods then use.
    pub fn run(source: &str) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        start();
        // SAFETY: the interpreter is initialised.
        let python = unsafe {
            let state = c::PyGILState_Ensure();
            let globals = c::PyDict_New();
            c::PyDict_SetItemString(globals, c"__builtins__".as_ptr(), c::PyEval_GetBuiltins());
            Self {
                globals,
                state,
                _alone: alone,
            }
        };
        python.exec(source);
        python
    }

    /// Executes statements.
    pub fn exec(&self, source: &str) {
        // SAFETY: the GIL is held; the result is owned here.
        unsafe { decref(self.start_code(source, c::Py_file_input)) }
    }

    /// The `str()` of an expression's value.
    pub fn eval(&self, source: &str) -> String {
        // SAFETY: as `exec`.
        unsafe {
            let value = self.start_code(source, c::Py_eval_input);
            let text = c::PyObject_Str(value);
            let result = CStr::from_ptr(c::PyUnicode_AsUTF8(text))
                .to_str()
                .expect("text")
                .to_owned();
            decref(text);
            decref(value);
            result
        }
    }

    /// The number that an expression yields.
    pub fn number(&self, source: &str) -> i64 {
        self.eval(source).parse().expect("a number")
    }

    /// The value of an expression: a new reference, given up to the test.
    pub fn value(&self, source: &str) -> Object {
        self.start_code(source, c::Py_eval_input)
    }

    /// What `source` comes to in the interpreter: `repr()` of its value, or its exception with the message.
    pub fn expected(&self, source: &str) -> String {
        self.exec(OUTCOME);
        self.eval(&format!("outcome(lambda: ({source}))"))
    }

    /// What a runtime function came to, as [`Python::expected`] writes it. Takes over the result.
    pub fn outcome(&self, result: Object) -> String {
        // SAFETY: the GIL is held, and a null result comes with an exception.
        unsafe {
            let failed = result.is_null();
            let value = if failed {
                c::PyErr_GetRaisedException()
            } else {
                result
            };
            assert!(!value.is_null(), "a failure sets an exception");
            c::PyDict_SetItemString(self.globals, c"_".as_ptr(), value);
            decref(value);
        }
        if result.is_null() {
            self.eval("type(_).__name__ + ': ' + str(_)")
        } else {
            self.eval("repr(_)")
        }
    }

    /// [`Python::outcome`] of a status: a number, or an exception when it is negative.
    pub fn status(&self, status: i32) -> String {
        if status < 0 {
            self.outcome(std::ptr::null_mut())
        } else {
            status.to_string()
        }
    }

    /// Makes the next call of a new function `f(a, b)` run `act`.
    pub fn prepare(&self, act: impl FnMut(*mut ThreadState, *mut Frame) -> Object + 'static) {
        self.exec("def f(a=None, b=None): return a, b\n");
        self.install_body("f", acting, &[]);
        ACT.set(Some(Box::new(act)));
    }

    /// What `act` comes to in the frame of a function `f(a, b)`.
    pub fn in_frame(
        &self,
        act: impl FnMut(*mut ThreadState, *mut Frame) -> Object + 'static,
    ) -> String {
        self.prepare(act);
        self.expected("f()")
    }

    /// What `act` comes to in the frame of a function of the test.
    pub fn in_frame_of(
        &self,
        function: &str,
        act: impl FnMut(*mut ThreadState, *mut Frame) -> Object + 'static,
    ) -> String {
        self.install_body(function, acting, &[]);
        ACT.set(Some(Box::new(act)));
        self.expected(&format!("{function}()"))
    }

    /// A global, borrowed.
    pub fn global(&self, name: &str) -> Object {
        let name = CString::new(name).expect("a name");
        // SAFETY: the GIL is held.
        unsafe { c::PyDict_GetItemString(self.globals, name.as_ptr()) }
    }

    /// Makes calls of the global function run `entry`, with one exit site for each reason.
    pub fn install(&self, name: &str, entry: Entry, reasons: &'static [&'static str]) {
        let function = self.global(name).cast::<c::PyFunctionObject>();
        // SAFETY: the global is a function.
        unsafe {
            let key = (*function).func_code as usize;
            bodies().insert(key, (entry, reasons));
            assert!(call::install(function, Box::new(())));
        }
    }

    /// [`Python::install`] for the body of a function.
    pub fn install_body(&self, name: &str, body: Body, reasons: &'static [&'static str]) {
        self.install(name, Entry::Body(body), reasons);
    }

    /// [`Python::install`] for the step of a generator.
    pub fn install_step(&self, name: &str, step: Step) {
        self.install(name, Entry::Step(step), &["exit"]);
    }

    /// The unit of a global function.
    pub fn unit(&self, name: &str) -> &Unit {
        let function = self.global(name).cast::<c::PyFunctionObject>();
        // SAFETY: the global is a function that lives as long as `self`.
        unsafe { Unit::of((*function).func_code.cast()).expect("a unit") }
    }

    fn start_code(&self, source: &str, start: u32) -> Object {
        let source = CString::new(source).expect("source");
        // SAFETY: the GIL is held.
        unsafe {
            let flags = std::ptr::null_mut();
            let result = c::PyRun_StringFlags(
                source.as_ptr(),
                start as i32,
                self.globals,
                self.globals,
                flags,
            );
            if result.is_null() {
                c::PyErr_Print();
                panic!("Python failed: {source:?}");
            }
            result
        }
    }
}

const OUTCOME: &str = "
def outcome(act):
    try: return repr(act())
    except BaseException as e: return type(e).__name__ + ': ' + str(e)
";

type Act = Box<dyn FnMut(*mut ThreadState, *mut Frame) -> Object>;

thread_local! {
    static ACT: std::cell::Cell<Option<Act>> = const { std::cell::Cell::new(None) };
}

unsafe extern "C-unwind" fn acting(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    let mut act = ACT.take().expect("an act");
    let result = act(ts, frame);
    // SAFETY: the frame is the current one.
    unsafe {
        if result.is_null() {
            stepwell_runtime::frame::add_traceback(ts, frame);
        }
    }
    result
}

impl Drop for Python {
    fn drop(&mut self) {
        // SAFETY: the GIL is held until here.
        unsafe {
            c::PyDict_Clear(self.globals);
            decref(self.globals);
            c::PyGILState_Release(self.state);
        }
    }
}

fn start() {
    static STARTED: Once = Once::new();
    // SAFETY: it happens once, before anything else of Python.
    STARTED.call_once(|| unsafe {
        c::Py_InitializeEx(0);
        assert!(compiler::set(Box::new(HandWritten)));
        c::PyEval_SaveThread();
    });
}

type Bodies = HashMap<usize, (Entry, &'static [&'static str])>;

fn bodies() -> MutexGuard<'static, Bodies> {
    static BODIES: LazyLock<Mutex<Bodies>> = LazyLock::new(Mutex::default);
    BODIES.lock().unwrap_or_else(PoisonError::into_inner)
}

struct HandWritten;

impl Compiler for HandWritten {
    fn compile(&self, request: &Request<'_>) -> Outcome {
        let Some((entry, reasons)) = bodies().get(&(request.unit.code() as usize)).copied() else {
            return Outcome::Refused("there is no body".into());
        };
        let exits = reasons.iter().map(|reason| ExitSite {
            line: 1,
            offset: 0,
            reason: (*reason).into(),
        });
        Outcome::Version(Version {
            trial: 0,
            assumed: std::ptr::null(),
            signature: request.wanted.signature.clone(),
            entry,
            exits: exits.collect(),
            patience: std::ptr::null_mut(),
            seen: std::ptr::null(),
            noted: Vec::new(),
            phases: Vec::new(),
            passes: Vec::new(),
            speculative: !request.wanted.generic,
            guesses: false,
            keep: Box::new(()),
        })
    }

    unsafe fn adopt<'a>(&self, _: &Unit, _: *mut c::PyCodeObject) -> Option<&'a Unit> {
        None
    }

    unsafe fn take_in<'a>(&self, _: *mut c::PyCodeObject) -> Option<&'a Unit> {
        None
    }

    unsafe fn covers(&self, _: *mut c::PyFunctionObject) -> bool {
        false
    }
}

/// The slot of a local or of the stack.
pub unsafe fn slot(frame: *mut Frame, index: usize) -> *mut Object {
    // SAFETY: the test knows the frame.
    unsafe { (&raw mut (*frame).localsplus).cast::<Object>().add(index) }
}

/// A runtime function, as machine code gets it. `F` has to be a pointer to a function of its signature.
pub fn runtime<F: Copy>(name: &str) -> F {
    assert_eq!(size_of::<F>(), size_of::<usize>());
    let found = stepwell_runtime::symbols::symbols()
        .into_iter()
        .find(|symbol| symbol.name == name);
    let address = found.unwrap_or_else(|| panic!("no {name}")).address;
    // SAFETY: `F` is as big as the address, and the test names the function's own type.
    unsafe { std::mem::transmute_copy(&address) }
}
