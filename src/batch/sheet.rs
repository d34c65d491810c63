//! The rows of a list as spreadsheets write them, each with its line, and what makes it no table: cells that nobody asked for,
//! columns or rows that are there twice, quotes that are not closed.

use super::discover::is_video;
use super::list::{COLUMNS, Row};
use crate::store::is_recording_name;
use std::collections::BTreeMap;
use std::path::Path;

/// A row with the line it begins in, or what is wrong with it.
pub(super) type Line = (usize, Result<Row, String>);

/// What to do about a quote that takes in more than its cell.
const CLOSE: &str = "close the quote at the cell's end, or take it out";

/// The rows that say anything.
pub(super) fn read(list: &Path) -> Result<Vec<Line>, String> {
    let bytes = std::fs::read(list).map_err(|e| e.to_string())?;
    // Spreadsheets put a mark at the beginning, and some a semicolon between cells.
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8: save it as CSV UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}');
    let head = text.split(['\r', '\n']).find(|line| !line.is_empty()).unwrap_or_default();
    let between = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
    if let Some(byte) = open_quote(text, between) {
        let line = line_at(text, byte as u64);
        return Err(format!(
            "line {line}: a cell begins with a quote that is not closed, and what follows belongs to that cell; {CLOSE}"
        ));
    }
    let mut csv = csv::ReaderBuilder::new().delimiter(between).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        csv.headers().map_err(|e| e.to_string())?.iter().map(|c| c.trim().to_lowercase()).collect();
    check(&header).map_err(|mistake| format!("line {}: {mistake}", line_at(text, 0)))?;
    let mut rows: Vec<Line> = Vec::new();
    let mut met: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for record in csv.records() {
        let record = record.map_err(|e| e.to_string())?;
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let line = line_at(text, record.position().map_or(0, csv::Position::byte));
        let before = *met.entry(cells.clone()).or_insert(line);
        let row = if let Some((column, inner)) = row_within(&header, &cells, between) {
            Err(format!("column {column}: the cell holds another row, {inner:?}; {CLOSE}"))
        } else if before < line {
            Err(format!("the row says the same as line {before}; leave one of them out"))
        } else {
            row(&header, &cells)
        };
        rows.push((line, row));
    }
    Ok(rows)
}

fn check(header: &[String]) -> Result<(), String> {
    if let Some(unknown) = header.iter().find(|c| !COLUMNS.contains(&c.as_str())) {
        return Err(format!("there is no column {unknown:?}; known are {}", COLUMNS.join(",")));
    }
    if !header.iter().any(|c| c == "clip") {
        return Err("the column clip is missing".to_owned());
    }
    let twice = header.iter().enumerate().find(|(place, column)| header[..*place].contains(column));
    twice.map_or(Ok(()), |(_, column)| {
        Err(format!("the column {column} is there twice; leave one of them out"))
    })
}

fn row(header: &[String], cells: &[String]) -> Result<Row, String> {
    if cells.len() > header.len() {
        return Err(format!(
            "the row has {} cells and the header {}: write decimals with a point, and put a text with a comma or semicolon \
             in quotes, \"like, this\"",
            cells.len(),
            header.len()
        ));
    }
    let mut row = Row::default();
    for (column, cell) in header.iter().zip(cells) {
        row.set(column, cell);
    }
    Ok(row)
}

/// Where a quote begins that is not closed. As the reader does, those at the beginning of a cell count, and two in a row within
/// it are a sign.
fn open_quote(text: &str, between: u8) -> Option<usize> {
    let mut signs = text.bytes().enumerate().peekable();
    let (mut open, mut at_start) = (None, true);
    while let Some((place, sign)) = signs.next() {
        match open {
            None if sign == b'"' && at_start => open = Some(place),
            Some(_) if sign == b'"' && signs.next_if(|(_, next)| *next == b'"').is_none() => open = None,
            _ => {}
        }
        at_start = open.is_none() && (sign == between || matches!(sign, b'\r' | b'\n'));
    }
    open
}

/// A line within a cell that looks like a row of its own, with the cell's column: two quotes that are not closed, in different
/// rows, take in what is between them.
fn row_within<'a>(header: &'a [String], cells: &'a [String], between: u8) -> Option<(&'a str, &'a str)> {
    let clip = header.iter().position(|column| column == "clip")?;
    let is_row = |line: &str| {
        let named = line.split(char::from(between)).nth(clip).map(str::trim).unwrap_or_default();
        is_video(Path::new(named)) || is_recording_name(Path::new(named))
    };
    header.iter().zip(cells).find_map(|(column, cell)| {
        Some((column.as_str(), cell.split(['\r', '\n']).skip(1).find(|line| is_row(line))?))
    })
}

/// The line, from 1, of the first sign at or after a byte that ends no line: empty lines before a row are passed over.
fn line_at(text: &str, byte: u64) -> usize {
    let bytes = text.as_bytes();
    let from = usize::try_from(byte).unwrap_or_default().min(bytes.len());
    let start = from + bytes[from..].iter().take_while(|sign| matches!(sign, b'\r' | b'\n')).count();
    let before = &bytes[..start];
    // A line ends with \n, \r\n or, on old systems, \r.
    let ends = |(place, sign): (usize, &u8)| {
        *sign == b'\n' || *sign == b'\r' && before.get(place + 1) != Some(&b'\n')
    };
    1 + before.iter().enumerate().filter(|one| ends(*one)).count()
}
