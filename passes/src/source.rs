use melior::ir::Location;

/// The place in the user's source that a location stands for, as `file.py:3:5`.
///
/// Names wrapped around it are dropped; of several fused places the first is taken.
pub fn source_location(location: Location) -> String {
    if location.is_file_line_col_range() {
        let file = location.file_line_col_range_filename();
        return format!(
            "{}:{}:{}",
            file.as_string_ref().as_str().unwrap_or("?"),
            location.file_line_col_range_start_line(),
            location.file_line_col_range_start_column(),
        );
    }
    if location.is_name() {
        return source_location(location.name_child_location());
    }
    if location.is_call_site() {
        return source_location(location.call_site_callee());
    }
    if location.is_fused() && location.fused_num_locations() > 0 {
        return source_location(location.fused_location(0));
    }
    "unknown place".to_owned()
}

/// The source line that a location stands for, 0 where there is none.
pub fn source_line(location: Location) -> i64 {
    if location.is_file_line_col_range() {
        return location.file_line_col_range_start_line() as i64;
    }
    if location.is_name() {
        return source_line(location.name_child_location());
    }
    if location.is_call_site() {
        return source_line(location.call_site_callee());
    }
    if location.is_fused() && location.fused_num_locations() > 0 {
        return source_line(location.fused_location(0));
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use stepwell_dialects::ir::create_context;

    #[test]
    fn names_are_looked_through() {
        let context = create_context();
        let place = Location::file_line_col_range(&context, "f.py", 3, 5, 3, 9);
        let named = Location::name(&context, "x", place);
        assert_eq!(source_location(named), "f.py:3:5");
        assert_eq!(source_line(named), 3);
        assert_eq!(
            source_location(Location::unknown(&context)),
            "unknown place"
        );
    }
}
