//===- PyNames.td - globals, builtins, names, attributes -------------------===//

#ifndef STEPWELL_PY_NAMES
#define STEPWELL_PY_NAMES

include "PyBase.td"


def Py_LoadGlobalOp : Py_RaisingOp<"load_global"> {
  let summary = "LOAD_GLOBAL";
  let description = [{
    The global or builtin of that name; `index` is the place in co_names.

    Example: `%0 = py.load_global 2 "len" at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_StoreGlobalOp : Py_RaisingOp<"store_global"> {
  let summary = "STORE_GLOBAL";
  let description = [{
    Example: `py.store_global 0 "x", %v at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_DeleteGlobalOp : Py_RaisingOp<"delete_global"> {
  let summary = "DELETE_GLOBAL";
  let description = [{
    Example: `py.delete_global 0 "x" at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadNameOp : Py_RaisingOp<"load_name"> {
  let summary = "LOAD_NAME";
  let description = [{
    Example: `%0 = py.load_name 0 "x" at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_StoreNameOp : Py_RaisingOp<"store_name"> {
  let summary = "STORE_NAME";
  let description = [{
    Example: `py.store_name 0 "x", %v at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_DeleteNameOp : Py_RaisingOp<"delete_name"> {
  let summary = "DELETE_NAME";
  let description = [{
    Example: `py.delete_name 0 "x" at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadLocalsOp : Py_RaisingOp<"load_locals"> {
  let summary = "LOAD_LOCALS";
  let description = [{
    Example: `%0 = py.load_locals at %s`
  }];
  let arguments = (ins Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadBuildClassOp : Py_RaisingOp<"load_build_class"> {
  let summary = "LOAD_BUILD_CLASS";
  let description = [{
    Example: `%0 = py.load_build_class at %s`
  }];
  let arguments = (ins Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadFromDictOrGlobalsOp : Py_RaisingOp<"load_from_dict_or_globals"> {
  let summary = "LOAD_FROM_DICT_OR_GLOBALS";
  let description = [{
    Example: `%1 = py.load_from_dict_or_globals %d, 0 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$dict, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $dict `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_SetupAnnotationsOp : Py_RaisingOp<"setup_annotations"> {
  let summary = "SETUP_ANNOTATIONS";
  let description = [{
    Example: `py.setup_annotations at %s`
  }];
  let arguments = (ins Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadAttrOp : Py_RaisingOp<"load_attr"> {
  let summary = "LOAD_ATTR";
  let description = [{
    Example: `%1 = py.load_attr %0, 3 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $object `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadMethodOp : Py_RaisingOp<"load_method"> {
  let summary = "LOAD_ATTR in its method form";
  let description = [{
    The callable, and the object itself when the callable is an unbound method of it; else null.

    Example: `%m, %self = py.load_method %0, 3 "append" at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$callable, Py_ObjectV:$self_or_null, Optional<I1>:$raised);
  let assemblyFormat = [{ $object `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
  let nullable = 1;
}

def Py_StoreAttrOp : Py_RaisingOp<"store_attr"> {
  let summary = "STORE_ATTR";
  let description = [{
    Example: `py.store_attr %0, 3 "x", %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $object `,` $index $name `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ReadAttrOp : Py_Op<"read_attr", [MemoryEffects<[MemRead]>]> {
  let summary = "read a number from an attribute";
  let description = [{
    `ok` tells whether the object has an attribute of that name, found without
    running Python code, that is exactly a number of the type; without it
    `value` is arbitrary.

    Example: `%ok, %1 = py.read_attr %0, 3 "x" : f64`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name);
  let results = (outs I1:$ok, Py_Native:$value);
  let assemblyFormat = [{ $object `,` $index $name attr-dict `:` type($value) }];
}

def Py_PeekAttrOp : Py_Op<"peek_attr", [MemoryEffects<[MemRead]>]> {
  let summary = "load an attribute that the object has itself";
  let description = [{
    `ok` tells whether there is one that was found without running Python code;
    without it `result` is null.

    Example: `%ok, %1 = py.peek_attr %0, 3 "x"`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name);
  let results = (outs I1:$ok, Py_ObjectV:$result);
  let assemblyFormat = [{ $object `,` $index $name attr-dict }];
  let nullable = 1;
}

def Py_PokeAttrOp : Py_Op<"poke_attr", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "store an attribute in the object itself";
  let description = [{
    `ok` tells whether that was possible without running Python code: nobody can
    notice the end of what was there. Without it nothing was done.

    Example: `%ok = py.poke_attr %0, 3 "x", %v`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name, Py_ObjectV:$value);
  let results = (outs I1:$ok);
  let assemblyFormat = [{ $object `,` $index $name `,` $value attr-dict }];
}

def Py_WriteAttrOp : Py_Op<"write_attr", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "write a number to an attribute";
  let description = [{
    `ok` tells whether that was possible without running Python code: there is
    something at the attribute's place in the object, and it must not be one
    whose end somebody could notice. Without it nothing was done. A number that
    belongs to the object alone may be written in place.

    Example: `%ok = py.write_attr %v, %0, 3 "x" : f64`
  }];
  let arguments = (ins Py_Native:$value, Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name);
  let results = (outs I1:$ok);
  let assemblyFormat = [{ $value `,` $object `,` $index $name attr-dict `:` type($value) }];
}

def Py_DeleteAttrOp : Py_RaisingOp<"delete_attr"> {
  let summary = "DELETE_ATTR";
  let description = [{
    Example: `py.delete_attr %0, 3 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $object `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadSuperAttrOp : Py_RaisingOp<"load_super_attr"> {
  let summary = "LOAD_SUPER_ATTR";
  let description = [{
    `two_arguments` when super was called with two arguments.

    Example: `%1 = py.load_super_attr %super, %class, %self, 0 "x" two_arguments at %s`
  }];
  let arguments = (ins Py_ObjectV:$global_super, Py_ObjectV:$class_, Py_ObjectV:$self_or_null, Py_IndexAttr:$index, StrAttr:$name, UnitAttr:$two_arguments, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $global_super `,` $class_ `,` $self_or_null `,` $index $name (`two_arguments` $two_arguments^)? `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadSuperMethodOp : Py_RaisingOp<"load_super_method"> {
  let summary = "LOAD_SUPER_ATTR in its method form";
  let description = [{
    Results as of `py.load_method`.

    Example: `%m, %o = py.load_super_method %super, %class, %self, 0 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$global_super, Py_ObjectV:$class_, Py_ObjectV:$self_or_null, Py_IndexAttr:$index, StrAttr:$name, UnitAttr:$two_arguments, Py_StateV:$state);
  let results = (outs Py_ObjectV:$callable, Py_ObjectV:$bound, Optional<I1>:$raised);
  let assemblyFormat = [{ $global_super `,` $class_ `,` $self_or_null `,` $index $name (`two_arguments` $two_arguments^)? `at` $state attr-dict (`catch` type($raised)^)? }];
  let nullable = 1;
}

def Py_ImportNameOp : Py_RaisingOp<"import_name"> {
  let summary = "IMPORT_NAME";
  let description = [{
    Example: `%2 = py.import_name %level, %fromlist, 0 "os" at %s`
  }];
  let arguments = (ins Py_ObjectV:$level, Py_ObjectV:$from_list, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $level `,` $from_list `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ImportFromOp : Py_RaisingOp<"import_from"> {
  let summary = "IMPORT_FROM";
  let description = [{
    Example: `%1 = py.import_from %0, 1 "path" at %s`
  }];
  let arguments = (ins Py_ObjectV:$module, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $module `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

#endif
