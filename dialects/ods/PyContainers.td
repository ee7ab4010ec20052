//===- PyContainers.td - containers, subscripts, slices, strings -----------===//

#ifndef STEPWELL_PY_CONTAINERS
#define STEPWELL_PY_CONTAINERS

include "PyBase.td"
include "PyEnums.td"


def Py_BuildListOp : Py_CheckingOp<"build_list"> {
  let summary = "BUILD_LIST";
  let description = [{
    Example: `%2 = py.build_list(%0, %1) at %s`
  }];
  let arguments = (ins Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildTupleOp : Py_CheckingOp<"build_tuple"> {
  let summary = "BUILD_TUPLE";
  let description = [{
    Example: `%2 = py.build_tuple(%0, %1) at %s`
  }];
  let arguments = (ins Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildSetOp : Py_RaisingOp<"build_set"> {
  let summary = "BUILD_SET";
  let description = [{
    Hashes the items.

    Example: `%2 = py.build_set(%0, %1) at %s`
  }];
  let arguments = (ins Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildMapOp : Py_RaisingOp<"build_map", [
  PredOpTrait<"every key has its value", CPred<"getItems().size() % 2 == 0">>]> {
  let summary = "BUILD_MAP";
  let description = [{
    Keys and values alternate.

    Example: `%2 = py.build_map(%k, %v) at %s`
  }];
  let arguments = (ins Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildConstKeyMapOp : Py_RaisingOp<"build_const_key_map"> {
  let summary = "BUILD_CONST_KEY_MAP";
  let description = [{
    `keys` is a tuple.

    Example: `%2 = py.build_const_key_map %keys(%0, %1) at %s`
  }];
  let arguments = (ins Py_ObjectV:$keys, Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $keys `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildStringOp : Py_CheckingOp<"build_string"> {
  let summary = "BUILD_STRING";
  let description = [{
    The items are strings.

    Example: `%2 = py.build_string(%0, %1) at %s`
  }];
  let arguments = (ins Variadic<Py_ObjectV>:$items, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ `(` $items `)` `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BuildSliceOp : Py_CheckingOp<"build_slice"> {
  let summary = "BUILD_SLICE";
  let description = [{
    `step` is null when it is not given.

    Example: `%2 = py.build_slice %a, %b, %step at %s`
  }];
  let arguments = (ins Py_ObjectV:$start, Py_ObjectV:$stop, Py_ObjectV:$step, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $start `,` $stop `,` $step `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ListAppendOp : Py_CheckingOp<"list_append"> {
  let summary = "LIST_APPEND";
  let description = [{
    The list of a comprehension, which nothing else can see yet.

    Example: `py.list_append %l, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$list, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $list `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ListExtendOp : Py_RaisingOp<"list_extend"> {
  let summary = "LIST_EXTEND";
  let description = [{
    Example: `py.list_extend %l, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$list, Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $list `,` $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_SetAddOp : Py_RaisingOp<"set_add"> {
  let summary = "SET_ADD";
  let description = [{
    Example: `py.set_add %set, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$set, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $set `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_SetUpdateOp : Py_RaisingOp<"set_update"> {
  let summary = "SET_UPDATE";
  let description = [{
    Example: `py.set_update %set, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$set, Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $set `,` $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_MapAddOp : Py_RaisingOp<"map_add"> {
  let summary = "MAP_ADD";
  let description = [{
    Example: `py.map_add %d, %k, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$dict, Py_ObjectV:$key, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $dict `,` $key `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_DictUpdateOp : Py_RaisingOp<"dict_update"> {
  let summary = "DICT_UPDATE";
  let description = [{
    Example: `py.dict_update %d, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$dict, Py_ObjectV:$mapping, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $dict `,` $mapping `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_DictMergeOp : Py_RaisingOp<"dict_merge"> {
  let summary = "DICT_MERGE";
  let description = [{
    `callable` is named in the message about a repeated keyword.

    Example: `py.dict_merge %d, %v, %f at %s`
  }];
  let arguments = (ins Py_ObjectV:$dict, Py_ObjectV:$mapping, Py_ObjectV:$callable, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $dict `,` $mapping `,` $callable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadSubscrOp : Py_RaisingOp<"load_subscr"> {
  let summary = "BINARY_SUBSCR";
  let description = [{
    Example: `%2 = py.load_subscr %0, %1 at %s`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$key, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $container `,` $key `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_StoreSubscrOp : Py_RaisingOp<"store_subscr"> {
  let summary = "STORE_SUBSCR";
  let description = [{
    Example: `py.store_subscr %c, %k, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$key, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $container `,` $key `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_DeleteSubscrOp : Py_RaisingOp<"delete_subscr"> {
  let summary = "DELETE_SUBSCR";
  let description = [{
    Example: `py.delete_subscr %c, %k at %s`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$key, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $container `,` $key `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadSliceOp : Py_RaisingOp<"load_slice"> {
  let summary = "BINARY_SLICE";
  let description = [{
    Example: `%3 = py.load_slice %c, %a, %b at %s`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$start, Py_ObjectV:$stop, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $container `,` $start `,` $stop `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_StoreSliceOp : Py_RaisingOp<"store_slice"> {
  let summary = "STORE_SLICE";
  let description = [{
    Example: `py.store_slice %c, %a, %b, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$start, Py_ObjectV:$stop, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $container `,` $start `,` $stop `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_UnpackSequenceOp : Py_RaisingOp<"unpack_sequence", [AttrSizedResultSegments]> {
  let summary = "UNPACK_SEQUENCE";
  let description = [{
    The items, first item first.

    Example: `%1:2 = py.unpack_sequence %0 at %s : !py.object, !py.object`
  }];
  let arguments = (ins Py_ObjectV:$sequence, Py_StateV:$state);
  let results = (outs Variadic<Py_ObjectV>:$items, Optional<I1>:$raised);
  let assemblyFormat = [{ $sequence `at` $state attr-dict `:` type($items) (`catch` type($raised)^)? }];
}

def Py_UnpackExOp : Py_RaisingOp<"unpack_ex", [AttrSizedResultSegments,
  PredOpTrait<"the list of the rest is one of the items", CPred<"getBefore() < getItems().size()">>]> {
  let summary = "UNPACK_EX";
  let description = [{
    `before` items, a list of the rest, and then the last items, first item first.

    Example: `%1:3 = py.unpack_ex %0, 1 at %s : !py.object, !py.object, !py.object`
  }];
  let arguments = (ins Py_ObjectV:$sequence, Py_IndexAttr:$before, Py_StateV:$state);
  let results = (outs Variadic<Py_ObjectV>:$items, Optional<I1>:$raised);
  let assemblyFormat = [{ $sequence `,` $before `at` $state attr-dict `:` type($items) (`catch` type($raised)^)? }];
}

def Py_ConvertValueOp : Py_RaisingOp<"convert_value"> {
  let summary = "CONVERT_VALUE";
  let description = [{
    Example: `%1 = py.convert_value repr %0 at %s`
  }];
  let arguments = (ins Py_ConversionKind:$kind, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_FormatSimpleOp : Py_RaisingOp<"format_simple"> {
  let summary = "FORMAT_SIMPLE";
  let description = [{
    Example: `%1 = py.format_simple %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_FormatWithSpecOp : Py_RaisingOp<"format_with_spec"> {
  let summary = "FORMAT_WITH_SPEC";
  let description = [{
    Example: `%2 = py.format_with_spec %0, %1 at %s`
  }];
  let arguments = (ins Py_ObjectV:$value, Py_ObjectV:$spec, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $value `,` $spec `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_MatchMappingOp : Py_Op<"match_mapping"> {
  let summary = "MATCH_MAPPING";
  let description = [{
    Example: `%1 = py.match_mapping %0`
  }];
  let arguments = (ins Py_ObjectV:$subject);
  let results = (outs I1:$result);
  let assemblyFormat = [{ $subject attr-dict }];
}

def Py_MatchSequenceOp : Py_Op<"match_sequence"> {
  let summary = "MATCH_SEQUENCE";
  let description = [{
    Example: `%1 = py.match_sequence %0`
  }];
  let arguments = (ins Py_ObjectV:$subject);
  let results = (outs I1:$result);
  let assemblyFormat = [{ $subject attr-dict }];
}

def Py_MatchClassOp : Py_RaisingOp<"match_class"> {
  let summary = "MATCH_CLASS";
  let description = [{
    A tuple of the attributes, or None.

    Example: `%3 = py.match_class %0, %class, %names, 1 at %s`
  }];
  let arguments = (ins Py_ObjectV:$subject, Py_ObjectV:$class_, Py_ObjectV:$names, Py_IndexAttr:$positional, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $subject `,` $class_ `,` $names `,` $positional `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_MatchKeysOp : Py_RaisingOp<"match_keys"> {
  let summary = "MATCH_KEYS";
  let description = [{
    A tuple of the values, or None.

    Example: `%2 = py.match_keys %0, %keys at %s`
  }];
  let arguments = (ins Py_ObjectV:$subject, Py_ObjectV:$keys, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $subject `,` $keys `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_TrySubscrOp : Py_Op<"try_subscr", [MemoryEffects<[MemRead]>]> {
  let summary = "an item of a list, a tuple or a dict";
  let description = [{
    `ok` tells whether there is such an item and no Python code had to run to
    find it; without it `result` is null.

    Example: `%ok, %2 = py.try_subscr %0, %1`
  }];
  let arguments = (ins Py_ObjectV:$container, Py_ObjectV:$key);
  let results = (outs I1:$ok, Py_ObjectV:$result);
  let assemblyFormat = [{ $container `,` $key attr-dict }];
  let nullable = 1;
}

#endif
