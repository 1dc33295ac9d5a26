//! Quotes in CSV that violate RFC 4180.

/// Returns the first quote of a record that breaks RFC 4180, section 2, and why: the `csv` crate
/// would read on to the end of the list for the closing quote, and lose all bots up to there.
pub(super) fn wrong_quote(record: &str) -> Option<(usize, &'static str)> {
    let bytes = record.as_bytes();
    let mut at = match memchr::memchr(b'"', bytes) {
        Some(_) => 0,
        None => bytes.len(),
    };
    while at < bytes.len() {
        if bytes[at] == b'"' {
            let opening = at;
            at += 1;
            loop {
                let Some(next) = record[at..].find('"') else {
                    return Some((opening, "a quote that is never closed"));
                };
                at += next + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
            if !matches!(bytes.get(at), None | Some(b',' | b'\r' | b'\n')) {
                return Some((at, "text after the quote that ends the value"));
            }
        }
        let rest = record[at..].find([',', '\n']);
        at = rest.map_or(bytes.len(), |rest| at + rest + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_end_nowhere_or_early_are_found() {
        for (record, at) in [
            ("ada,Ada\n", None),
            ("\"ada\",\"Ada, \"\"the\"\" bot\"\r\n", None),
            ("\"a\nb\",\"\"", None),
            ("\n\nada,6\" wide\n", None),
            ("ada,\"Ada\nbob,Bob\n", Some(4)),
            ("\"", Some(0)),
            ("\"\"\"", Some(0)),
            ("ada,\"Ada\" x\n", Some(9)),
        ] {
            assert_eq!(wrong_quote(record).map(|(at, _)| at), at, "{record:?}");
        }
    }
}
