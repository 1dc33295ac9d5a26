//! Lists of bots in CSV: RFC 4180, the first line names the variables.

use std::collections::HashSet;

use std::io::{self, Read};

use super::text::Kept;
use super::{BOT_ID, ENDPOINTS, ListReader, Written};
use crate::input::explain::Code;
use crate::input::source::Span;

/// What a column of CSV holds.
#[derive(Clone, Copy)]
enum Column {
    Variable(usize),
    Endpoints,
    /// What is passed over.
    Ignored,
    /// What no project has; that was reported of the header.
    Unknown,
}

impl ListReader<'_> {
    pub(super) fn read_csv(&mut self, text: impl Read) -> io::Result<()> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(Kept::new(text));
        let mut columns: Option<(csv::StringRecord, Vec<Column>)> = None;
        let mut record = csv::ByteRecord::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(_) if reader.get_ref().is_full() => {
                    let (bytes, line) = reader.get_mut().cut_rest();
                    self.endless(&bytes, line);
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            let end = reader.position().byte();
            let start = record.position().map_or(0, csv::Position::byte);
            let (bytes, line) = reader.get_mut().cut(start, end);
            let Some(text) = self.text(&bytes, line) else {
                return Ok(());
            };
            let Ok(fields) = csv::StringRecord::from_byte_record(record.clone()) else {
                continue;
            };
            if let Some((at, message)) = wrong_quote(text) {
                let is_record = columns.is_some();
                self.excerpt(text, line, |reader, span| {
                    let place = Span::new(span.file, at..text.ceil_char_boundary(at + 1));
                    let help = "a value in double quotes ends with one before the comma or the line's end; write a quote inside it twice";
                    let report = |reader: &mut Self| {
                        reader.error(Code::InvalidCsv, place, message, help);
                    };
                    match is_record {
                        true => reader.record(None, report),
                        false => report(reader),
                    }
                });
                match columns {
                    Some(_) => continue,
                    // Nobody knows what the columns are.
                    None => return Ok(()),
                }
            }
            match &columns {
                None => {
                    if let Some(fault) = other_separator(&fields) {
                        self.excerpt(text, line, |reader, span| {
                            let help = "separate the columns by commas; in a spreadsheet, choose the comma where it is exported";
                            reader.error(Code::InvalidCsv, span, fault, help);
                        });
                        return Ok(());
                    }
                    columns = Some(self.header(fields, text, line));
                }
                Some((header, columns)) => self.csv_record(header, columns, &fields, text, line),
            }
        }
    }

    /// What the columns hold; reports those that nothing is known of.
    fn header(
        &mut self,
        header: csv::StringRecord,
        text: &str,
        line: u32,
    ) -> (csv::StringRecord, Vec<Column>) {
        let columns: Vec<Column> = header
            .iter()
            .map(
                |name| match self.names.iter().position(|other| *other == name) {
                    Some(variable) => Column::Variable(variable),
                    None if name == ENDPOINTS => Column::Endpoints,
                    None if self.is_ignored(name) => Column::Ignored,
                    None => Column::Unknown,
                },
            )
            .collect();
        let is_known = columns
            .iter()
            .all(|column| !matches!(column, Column::Unknown));
        let mut seen = HashSet::new();
        let is_once = header.iter().all(|name| seen.insert(name));
        if !is_known || !is_once || header.iter().all(|name| name != BOT_ID) {
            self.excerpt(text, line, |reader, span| reader.csv_header(&header, span));
        }
        (header, columns)
    }

    fn csv_header(&mut self, header: &csv::StringRecord, span: Span) {
        let mut seen = HashSet::new();
        for name in header {
            if !seen.insert(name) {
                self.error(
                    Code::DuplicateKey,
                    span,
                    format!("`{name}` stands in the header twice"),
                    "remove one of the columns",
                );
            }
        }
        if !header.iter().any(|name| name == BOT_ID) {
            self.error(
                Code::MissingKey,
                span,
                format!("no column `{BOT_ID}`"),
                "the first line names the columns: bot_id,…",
            );
        }
        for name in header {
            self.known(name, span);
        }
    }

    fn csv_record(
        &mut self,
        header: &csv::StringRecord,
        columns: &[Column],
        record: &csv::StringRecord,
        text: &str,
        line: u32,
    ) {
        if record.len() != header.len() {
            let values = match record.len() {
                1 => "1 value".to_owned(),
                count => format!("{count} values"),
            };
            let message = format!("{values}, where the header names {}", header.len());
            return self.excerpt(text, line, |reader, span| {
                let help = "put a value that holds commas or line breaks in double quotes";
                reader.record(None, |reader| {
                    reader.error(Code::InvalidCsv, span, message, help);
                });
            });
        }
        let mut values: Vec<Option<&str>> = vec![None; self.names.len()];
        let mut chosen = None;
        for (column, text) in columns.iter().zip(record) {
            match column {
                _ if text.is_empty() => {}
                Column::Variable(variable) => values[*variable] = Some(text),
                Column::Endpoints => chosen = Some(named(text)).filter(|names| !names.is_empty()),
                Column::Ignored | Column::Unknown => {}
            }
        }
        if !self.enlist(&values, chosen, line) {
            self.excerpt(text, line, |reader, span| {
                let mut fields = header.iter().zip(record);
                let id = fields.find(|(name, _)| *name == BOT_ID);
                let id = id.map(|(_, id)| id);
                reader.record(id, |reader| reader.judge_csv(header, record, span));
            });
        }
    }

    /// Says what is wrong with a record.
    fn judge_csv(&mut self, header: &csv::StringRecord, record: &csv::StringRecord, span: Span) {
        let mut values = Vec::new();
        let mut endpoints = None;
        for (name, text) in header.iter().zip(record) {
            if name == ENDPOINTS {
                let names: Vec<_> = named(text).into_iter().map(|name| (name, span)).collect();
                endpoints = (!names.is_empty()).then(|| self.choose(&names, span));
            } else if !text.is_empty() && self.model.variables.find(name).is_some() {
                values.push(Written {
                    name,
                    name_span: span,
                    text,
                    span,
                });
            }
        }
        if header.iter().any(|name| name == BOT_ID) {
            self.add(&values, endpoints, span);
        }
    }
}

/// What to say of a header whose columns are not separated by commas.
fn other_separator(header: &csv::StringRecord) -> Option<&'static str> {
    let only = header.get(0).filter(|_| header.len() == 1)?;
    match only {
        _ if only.split(';').any(|name| name.trim_matches('"') == BOT_ID) && only != BOT_ID => {
            Some("columns separated by `;`")
        }
        _ if only
            .split('\t')
            .any(|name| name.trim_matches('"') == BOT_ID)
            && only != BOT_ID =>
        {
            Some("columns separated by tabs")
        }
        _ => None,
    }
}

/// A quote of a record that does not do what its author meant, and why (RFC 4180, section 2): the
/// reader takes the end of the list for the closing one, and with it all bots up to there.
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

/// The endpoints that a field of CSV names.
fn named(text: &str) -> Vec<&str> {
    let names = text.split([' ', ',', ';']);
    names.filter(|name| !name.is_empty()).collect()
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
