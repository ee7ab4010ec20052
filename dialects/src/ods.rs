//! Builders and accessors generated from the ODS files.
#![allow(missing_docs, clippy::all)]

melior::dialect! {
    name: "py",
    files: ["Py.td"],
    include_directory_env_vars: ["STEPWELL_ODS"],
}

melior::dialect! {
    name: "num",
    files: ["Num.td"],
    include_directory_env_vars: ["STEPWELL_ODS"],
}

melior::dialect! {
    name: "state",
    files: ["State.td"],
    include_directory_env_vars: ["STEPWELL_ODS"],
}
