//! Addresses of endpoints, as a server distinguishes them.

/// Returns a path with an empty pair of braces for each parameter: their names do not distinguish
/// two paths.
pub(super) fn without_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, name)) = rest.split_once('{') {
        let Some((_, after)) = name.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn names_of_parameters_do_not_count() {
        for (path, expected) in [
            ("/a/{id}", "/a/{}"),
            ("/a/{id}-{n}.json", "/a/{}-{}.json"),
            ("/a", "/a"),
            ("/a/{id", "/a/{id"),
        ] {
            assert_eq!(without_names(path), expected);
        }
    }
}
