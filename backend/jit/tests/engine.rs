//! Compiles modules written as text and runs what comes out.

mod support;

use std::{
    env, fs,
    mem::transmute,
    process::{Command, Stdio},
};

use stepwell_jit::{CompileOptions, CompiledUnit, Engine, EngineError, Level};
use support::{ADD, LOOP, TABLE, context, module, resident_bytes};

const OPTIONS: CompileOptions = CompileOptions {
    opt_level: 3,
    vectorize: true,
};

fn compile(source: &str, opt_level: u8) -> Result<CompiledUnit, EngineError> {
    let context = context();
    let options = CompileOptions {
        opt_level,
        ..OPTIONS
    };
    Engine::get().compile(&module(&context, source), &options)
}

fn text(source: &str, opt_level: u8, level: Level) -> String {
    let context = context();
    let options = CompileOptions {
        opt_level,
        ..OPTIONS
    };
    Engine::get()
        .emit_text(&module(&context, source), &options, level)
        .unwrap()
}

/// The function `name` of a unit, as one from two integers to an integer.
fn binary(unit: &CompiledUnit, name: &str) -> extern "C" fn(i64, i64) -> i64 {
    let address = unit.address(name).unwrap();
    // SAFETY: the tests ask for functions of this signature only.
    unsafe { transmute(address) }
}

#[test]
fn adds_at_every_level() {
    for level in 0..=3 {
        let unit = compile(ADD, level).unwrap();
        assert_eq!(binary(&unit, "body")(40, 2), 42, "at -O{level}");
    }
}

#[test]
fn runs_a_loop_that_calls_the_host() {
    extern "C" fn square(x: i64) -> i64 {
        x * x
    }
    // SAFETY: `square` is a function of the declared signature and lives as long as the process.
    unsafe {
        Engine::get()
            .define_symbols(&[("test_square", square as *const ())])
            .unwrap()
    };
    let source = r#"
        llvm.func @test_square(i64) -> i64
        llvm.func @body(%n: i64, %start: i64) -> i64 {
          %zero = llvm.mlir.constant(0 : i64) : i64
          %one = llvm.mlir.constant(1 : i64) : i64
          llvm.br ^head(%zero, %start : i64, i64)
        ^head(%i: i64, %sum: i64):
          %more = llvm.icmp "slt" %i, %n : i64
          llvm.cond_br %more, ^step, ^done
        ^step:
          %s = llvm.call @test_square(%i) : (i64) -> i64
          %sum2 = llvm.add %sum, %s : i64
          %i2 = llvm.add %i, %one : i64
          llvm.br ^head(%i2, %sum2 : i64, i64)
        ^done:
          llvm.return %sum : i64
        }"#;
    for level in 0..=3 {
        let unit = compile(source, level).unwrap();
        assert_eq!(binary(&unit, "body")(10, 1000), 1285, "at -O{level}");
    }
}

#[test]
fn a_vectorised_loop_computes_the_same() {
    let expected = (0..1000).fold(7, |sum, i| sum ^ (i * i));
    for vectorize in [false, true] {
        let context = context();
        let options = CompileOptions {
            opt_level: 3,
            vectorize,
        };
        let module = module(&context, LOOP);
        let unit = Engine::get().compile(&module, &options).unwrap();
        assert_eq!(binary(&unit, "body")(1000, 7), expected);
        let ir = Level::LlvmIr { optimised: true };
        let text = Engine::get().emit_text(&module, &options, ir).unwrap();
        assert_eq!(text.contains("vector.body"), vectorize, "{text}");
    }
}

#[test]
fn library_calls_that_llvm_makes_itself_resolve() {
    let source = r#"
        llvm.func @body(%a: f64, %b: f64) -> f64 {
          %r = llvm.frem %a, %b : f64
          llvm.return %r : f64
        }
        llvm.func @wide(%a: i64, %b: i64) -> i64 {
          %x = llvm.sext %a : i64 to i128
          %y = llvm.sext %b : i64 to i128
          %p = llvm.mul %x, %x : i128
          %q = llvm.sdiv %p, %y : i128
          %r = llvm.trunc %q : i128 to i64
          llvm.return %r : i64
        }"#;
    let unit = compile(source, 3).unwrap();
    // SAFETY: the module's signature.
    let rem: extern "C" fn(f64, f64) -> f64 = unsafe { transmute(unit.address("body").unwrap()) };
    assert_eq!(rem(-7.5, 2.0), -1.5);
    assert_eq!(binary(&unit, "wide")(1 << 40, 1 << 30), 1 << 50);
}

#[test]
fn a_table_is_filled_after_linking() {
    for level in 0..=3 {
        let unit = compile(TABLE, level).unwrap();
        let refs = unit.data("refs").unwrap().cast::<i64>();
        let caches = unit.data("caches").unwrap().cast::<i64>();
        let body = binary(&unit, "body");
        // SAFETY: the module declares both as arrays of two 64-bit elements.
        unsafe {
            assert_eq!(*caches, 0);
            refs.write(11);
            refs.add(1).write(31);
            assert_eq!(body(0, 0), 42, "at -O{level}");
            refs.write(12);
            assert_eq!(body(0, 0), 43, "at -O{level}");
            assert_eq!(*caches, 2, "at -O{level}");
        }
    }
}

#[test]
fn units_do_not_share_names() {
    let first = compile(TABLE, 1).unwrap();
    let second = compile(TABLE, 1).unwrap();
    assert_ne!(first.address("body"), second.address("body"));
    assert_ne!(first.data("refs"), second.data("refs"));
    assert_eq!(first.functions().collect::<Vec<_>>(), ["body"]);
    assert_eq!(first.address("refs"), None);
    assert_eq!(first.data("body"), None);
}

#[test]
fn an_undefined_symbol_is_named() {
    let source = r#"
        llvm.mlir.global external @no_such_data() : i64
        llvm.func @no_such_function(i64) -> i64
        llvm.func @unused(i64) -> i64
        llvm.func @body(%a: i64, %b: i64) -> i64 {
          %p = llvm.mlir.addressof @no_such_data : !llvm.ptr
          %v = llvm.load %p : !llvm.ptr -> i64
          %r = llvm.call @no_such_function(%v) : (i64) -> i64
          llvm.return %r : i64
        }"#;
    let error = compile(source, 3).unwrap_err();
    assert_eq!(
        error.to_string(),
        "undefined symbols: no_such_function, no_such_data"
    );
}

#[test]
fn a_failed_link_is_an_error_and_leaves_nothing_behind() {
    let source = r#"
        llvm.func @body(%a: i64, %b: i64) -> i64 {
          %r = llvm.inline_asm "call no_such_label", "={rax}" : () -> i64
          llvm.return %r : i64
        }"#;
    for _ in 0..2 {
        let error = compile(source, 3).unwrap_err();
        assert!(matches!(error, EngineError::Link(_)), "{error:?}");
        assert!(error.to_string().contains("no_such_label"), "{error}");
    }
    assert_eq!(binary(&compile(ADD, 3).unwrap(), "body")(1, 2), 3);
}

#[test]
fn a_level_that_does_not_exist_is_refused() {
    assert_eq!(compile(ADD, 4).unwrap_err(), EngineError::OptLevel(4));
}

#[test]
fn a_symbol_has_one_address() {
    let (here, there) = (&1_i64, &2_i64);
    let define = |address: &'static i64| {
        let address = std::ptr::from_ref(address).cast();
        // SAFETY: no module refers to the symbol.
        unsafe { Engine::get().define_symbols(&[("test_conflict", address)]) }
    };
    assert_eq!(define(here), Ok(()));
    assert_eq!(define(here), Ok(()));
    assert_eq!(
        define(there),
        Err(EngineError::SymbolConflict("test_conflict".to_owned()))
    );
}

#[test]
fn an_op_without_translation_is_reported() {
    let source = r#"
        llvm.func @body(%a: i64, %b: i64) -> i64 {
          %r = arith.addi %a, %b : i64
          llvm.return %r : i64
        }"#;
    let error = compile(source, 3).unwrap_err();
    assert!(matches!(error, EngineError::Translate(_)), "{error:?}");
    assert!(error.to_string().contains("arith.addi"), "{error}");
}

#[test]
fn bad_assembly_is_an_error_and_not_the_end_of_the_process() {
    let source = r#"
        llvm.func @body(%a: i64, %b: i64) -> i64 {
          %r = llvm.inline_asm "no_such_instruction", "={rax}" : () -> i64
          llvm.return %r : i64
        }"#;
    let error = compile(source, 3).unwrap_err();
    assert!(matches!(error, EngineError::Codegen(_)), "{error:?}");
}

#[test]
fn llvm_ir_before_the_passes_is_as_translated() {
    insta::assert_snapshot!(text(TABLE, 3, Level::LlvmIr { optimised: false }));
}

#[test]
fn llvm_ir_after_the_passes_is_shorter() {
    insta::assert_snapshot!(text(TABLE, 3, Level::LlvmIr { optimised: true }));
}

#[test]
fn code_that_runs_through_once_is_inlined() {
    let optimised = text(TABLE, 3, Level::LlvmIr { optimised: true });
    assert!(!optimised.contains("@entry"), "{optimised}");
}

#[test]
fn a_loop_that_computes_gets_the_whole_pipeline() {
    let sum = LOOP.replace("llvm.xor %cube, %sum", "llvm.add %i, %sum");
    for level in [2, 3] {
        let optimised = text(&sum, level, Level::LlvmIr { optimised: true });
        assert!(optimised.contains(" mul "), "no formula: {optimised}");
    }
}

#[test]
fn huge_code_computes_the_same() {
    let steps: String = (0..16_000)
        .map(|step| {
            let next = step + 1;
            format!(
                "%m{step} = llvm.mul %x{step}, %a : i64\n%x{next} = llvm.xor %m{step}, %b : i64\n"
            )
        })
        .collect();
    let source = format!(
        "llvm.func @body(%a: i64, %b: i64) -> i64 {{
           %x0 = llvm.add %a, %b : i64
           {steps} llvm.return %x16000 : i64
         }}"
    );
    let unit = compile(&source, 3).unwrap();
    let expected = (0..16_000).fold(12, |x: i64, _| x.wrapping_mul(5) ^ 7);
    assert_eq!(binary(&unit, "body")(5, 7), expected);
}

#[test]
fn assembly_uses_plain_names() {
    insta::assert_snapshot!(text(ADD, 3, Level::Asm));
}

#[test]
fn text_is_the_same_twice() {
    for level in [
        Level::LlvmIr { optimised: false },
        Level::LlvmIr { optimised: true },
        Level::Asm,
    ] {
        let first = text(TABLE, 3, level);
        drop(compile(TABLE, 3).unwrap());
        assert_eq!(first, text(TABLE, 3, level));
    }
}

#[test]
fn the_profiler_gets_names_and_sizes_if_the_environment_asks() {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "units_do_not_share_names"])
        .env("STEPWELL_PERF", "1")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let map = format!("/tmp/perf-{}.map", child.id());
    assert!(child.wait().unwrap().success());
    let lines = fs::read_to_string(&map).unwrap();
    fs::remove_file(map).unwrap();
    let sizes = lines.lines().map(|line| line.split(' ').nth(1).unwrap());
    assert_eq!(lines.matches("stepwell:body.u").count(), 2, "{lines}");
    assert!(
        sizes.clone().count() > 0 && sizes.clone().all(|size| size != "0"),
        "{lines}"
    );
}

#[test]
fn threads_compile_side_by_side() {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for round in 0..20 {
                    let unit = compile(ADD, 3).unwrap();
                    assert_eq!(binary(&unit, "body")(thread, round), thread + round);
                }
            });
        }
    });
}

#[test]
fn dropped_units_give_their_memory_back() {
    let context = context();
    let module = module(&context, TABLE);
    let cycle = |count| {
        for _ in 0..count {
            drop(Engine::get().compile(&module, &OPTIONS).unwrap());
        }
    };
    cycle(300);
    let before = resident_bytes();
    cycle(2000);
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes more after 2,000 units");
}

#[test]
fn loops_are_told_of_with_what_became_of_them() {
    let context = context();
    let loops_of = |source: &str, vectorize| {
        let options = CompileOptions {
            vectorize,
            ..OPTIONS
        };
        let module = module(&context, source);
        Engine::get().loops(&module, &options).unwrap()
    };
    let [vectorised] = &loops_of(LOOP, true)[..] else {
        panic!("there is one loop");
    };
    assert!(vectorised.vectorised && vectorised.line > 0);
    assert!(vectorised.remarks[0].starts_with("vectorized loop"));
    let [scalar] = &loops_of(LOOP, false)[..] else {
        panic!("there is one loop");
    };
    assert!(
        !scalar.vectorised && !scalar.remarks.is_empty(),
        "{scalar:?}"
    );
}
