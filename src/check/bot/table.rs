//! Lists of bots in CSV: RFC 4180, the first line names the variables.

use std::collections::HashSet;

use std::io::{self, Read};

use crate::hole::variable::BOT_ID;

use super::quote::wrong_quote;
use super::reader::{ENDPOINTS, ListReader, Written};
use super::text::Kept;
use crate::input::explain::Code;
use crate::input::source::Span;

/// What a column of CSV contains.
#[derive(Clone, Copy)]
enum Column {
    Variable(usize),
    Endpoints,
    /// An ignored column.
    Ignored,
    /// An unknown column, which was reported at the header.
    Unknown,
}

/// Reads a list record by record; its errors are those of the text.
pub(super) fn read(reader: &mut ListReader<'_>, text: impl Read) -> io::Result<()> {
    let mut records = csv::ReaderBuilder::new()
        // Else the crate ends the list at the first record of another length; each such record gets
        // a report of its own.
        .flexible(true)
        .has_headers(false)
        .from_reader(Kept::new(text));
    let mut columns: Option<(csv::StringRecord, Vec<Column>)> = None;
    // Bytes instead of text: invalid UTF-8 is reported with its line and bytes.
    let mut record = csv::ByteRecord::new();
    loop {
        match records.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) if records.get_ref().is_full() => {
                let (bytes, line) = records.get_mut().cut_rest();
                reader.endless(&bytes, line);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        let end = records.position().byte();
        let start = record.position().map_or(0, csv::Position::byte);
        let (bytes, line) = records.get_mut().cut(start, end);
        let Some(text) = reader.text(&bytes, line) else {
            return Ok(());
        };
        let Ok(fields) = csv::StringRecord::from_byte_record(record.clone()) else {
            continue;
        };
        // The crate accepts such a record and joins it with the following ones.
        if let Some((at, message)) = wrong_quote(text) {
            let is_record = columns.is_some();
            reader.excerpt(text, line, |reader, span| {
                let place = Span::new(span.file, at..text.ceil_char_boundary(at + 1));
                let help = "a quoted value ends with a double quote before the comma or the end of the line; write a quote inside it twice";
                let report = |reader: &mut ListReader<'_>| {
                    reader.error(Code::InvalidCsv, place, message, help);
                };
                if is_record {
reader.record(None, report)
} else {
report(reader)
}
            });
            match columns {
                Some(_) => continue,
                // The columns are unknown.
                None => return Ok(()),
            }
        }
        match &columns {
            None => {
                if let Some(fault) = other_separator(&fields) {
                    reader.excerpt(text, line, |reader, span| {
                        let help = "separate the columns with commas; in a spreadsheet, choose the comma when you export it";
                        reader.error(Code::InvalidCsv, span, fault, help);
                    });
                    return Ok(());
                }
                columns = Some(header(reader, fields, text, line));
            }
            Some((header, columns)) => csv_record(reader, header, columns, &fields, text, line),
        }
    }
}

/// Maps the columns to variables; reports unknown columns.
fn header(
    reader: &mut ListReader<'_>,
    header: csv::StringRecord,
    text: &str,
    line: u32,
) -> (csv::StringRecord, Vec<Column>) {
    let columns: Vec<Column> = header
        .iter()
        .map(
            |name| match reader.names.iter().position(|other| *other == name) {
                Some(variable) => Column::Variable(variable),
                None if name == ENDPOINTS => Column::Endpoints,
                None if reader.is_ignored(name) => Column::Ignored,
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
        reader.excerpt(text, line, |reader, span| csv_header(reader, &header, span));
    }
    (header, columns)
}

fn csv_header(reader: &mut ListReader<'_>, header: &csv::StringRecord, span: Span) {
    let mut seen = HashSet::new();
    for name in header {
        if !seen.insert(name) {
            reader.error(
                Code::DuplicateKey,
                span,
                format!("duplicate column `{name}`"),
                "remove one of the columns",
            );
        }
    }
    if !header.iter().any(|name| name == BOT_ID) {
        reader.error(
            Code::MissingKey,
            span,
            format!("missing column `{BOT_ID}`"),
            "the first line names the columns: bot_id,…",
        );
    }
    for name in header {
        reader.known(name, span);
    }
}

fn csv_record(
    reader: &mut ListReader<'_>,
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
        let message = format!("{values}, but the header names {}", header.len());
        return reader.excerpt(text, line, |reader, span| {
            let help = "put a value with commas or line breaks in double quotes";
            reader.record(None, |reader| {
                reader.error(Code::InvalidCsv, span, message, help);
            });
        });
    }
    let mut values: Vec<Option<&str>> = vec![None; reader.names.len()];
    let mut chosen = None;
    for (column, text) in columns.iter().zip(record) {
        match column {
            // An empty field is a variable without a value, since CSV has no other way to omit one.
            _ if text.is_empty() => {}
            Column::Variable(variable) => values[*variable] = Some(text),
            Column::Endpoints => chosen = Some(named(text)).filter(|names| !names.is_empty()),
            Column::Ignored | Column::Unknown => {}
        }
    }
    if !reader.enlist(&values, chosen, line) {
        reader.excerpt(text, line, |reader, span| {
            let mut fields = header.iter().zip(record);
            let id = fields.find(|(name, _)| *name == BOT_ID);
            let id = id.map(|(_, id)| id);
            reader.record(id, |reader| judge_csv(reader, header, record, span));
        });
    }
}

/// Reports all errors of a record.
fn judge_csv(
    reader: &mut ListReader<'_>,
    header: &csv::StringRecord,
    record: &csv::StringRecord,
    span: Span,
) {
    let mut values = Vec::new();
    let mut endpoints = None;
    for (name, text) in header.iter().zip(record) {
        if name == ENDPOINTS {
            let names: Vec<_> = named(text).into_iter().map(|name| (name, span)).collect();
            endpoints = (!names.is_empty()).then(|| reader.choose(&names, span));
        } else if !text.is_empty() && reader.model.variables.find(name).is_some() {
            values.push(Written {
                name,
                name_span: span,
                text,
                span,
            });
        }
    }
    if header.iter().any(|name| name == BOT_ID) {
        reader.add(&values, endpoints, span);
    }
}

/// Returns the message for a header whose columns are not separated by commas.
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

/// Returns the endpoints that a field of CSV names.
fn named(text: &str) -> Vec<&str> {
    // An endpoint's ID contains neither spaces nor commas, so any of these separates IDs.
    let names = text.split([' ', ',', ';']);
    names.filter(|name| !name.is_empty()).collect()
}
