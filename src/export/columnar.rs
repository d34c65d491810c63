//! `angles.parquet` and `strides.parquet`: the values of the CSV tables, digit for digit, with unit, definition and source of
//! every column in its own metadata, and what the analysis rests on in the schema's.
//!
//! The same rows give the same bytes: no clock, no path, metadata in order.

use super::ExportError;
use super::cell::{CONFIDENCE_DECIMALS, DEGREE_DECIMALS, SECOND_DECIMALS, number};
use super::frames::AngleRow;
use super::meaning;
use super::tables::{MetricColumn, StrideRow};
use super::tidy::{Kind, Table};
use crate::skeleton::Angle;
use crate::units::Seconds;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Metadata, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// What `schema` says in the metadata of `angles.parquet`.
pub const ANGLES_SCHEMA: &str = "sledform.angles/1";
/// What `schema` says in the metadata of `strides.parquet`.
pub const STRIDES_SCHEMA: &str = "sledform.strides/1";

/// Rows turned into columns at once, so that memory does not grow with the clip: two minutes at 30 frames/s.
const ROWS_AT_ONCE: usize = 4096;

/// What the numbers rest on, by name: versions, hashes, filter. It becomes the schema's metadata.
pub type Provenance = BTreeMap<String, String>;

/// Writes `angles.parquet`: the columns of `angles.csv`.
///
/// # Errors
/// When the output does not take it.
pub fn write_angles(
    out: impl Write + Send,
    rows: &[AngleRow],
    provenance: &Provenance,
) -> Result<(), ExportError> {
    let mut columns = vec![
        whole("frame", "number of the frame in the clip, from 0", |row: &AngleRow| row.frame),
        time("time_s", "presentation time, from the clip's first frame", |row: &AngleRow| row.time),
    ];
    for angle in Angle::ALL {
        let sample = move |row: &AngleRow| row.angles[angle.index()];
        let about = [
            ("unit", "deg".to_owned()),
            ("definition", meaning::definition(angle)),
            ("positive", meaning::positive(angle).to_owned()),
        ];
        columns.push(real(&format!("{angle}_deg"), about, move |row| {
            (sample(row).map(|s| s.value.to_degrees()), DEGREE_DECIMALS)
        }));
        let about = [("unit", "1".to_owned()), ("definition", meaning::CONFIDENCE.to_owned())];
        columns.push(real(&format!("{angle}_confidence"), about, move |row| {
            (sample(row).map(|s| f64::from(s.confidence.value())), CONFIDENCE_DECIMALS)
        }));
        columns.push(words(&format!("{angle}_source"), meaning::SOURCE, move |row| {
            sample(row).map(|s| s.source.name().to_owned())
        }));
    }
    write(out, &columns, rows, ANGLES_SCHEMA, provenance)
}

/// Writes `strides.parquet`: the columns of `strides.csv`.
///
/// # Errors
/// When the output does not take it, or a row has more or fewer values than there are columns.
pub fn write_strides(
    out: impl Write + Send,
    metrics: &[MetricColumn],
    rows: &[StrideRow],
    provenance: &Provenance,
) -> Result<(), ExportError> {
    let ragged = rows.iter().enumerate().find(|(_, row)| row.values.len() != metrics.len());
    if let Some((row, found)) = ragged {
        return Err(ExportError::Ragged { row, expected: metrics.len(), found: found.values.len() });
    }
    let mut columns: Vec<Column<StrideRow>> = vec![
        whole("stride", "number of the stride, from 1", |row: &StrideRow| row.stride),
        words("side", "whose foot: left or right", |row: &StrideRow| Some(row.side.name().to_owned())),
        time("start_s", "start, from the clip's first frame", |row: &StrideRow| row.start),
        time("end_s", "end, from the clip's first frame", |row: &StrideRow| row.end),
        whole("start_frame", "frame nearest to the start", |row: &StrideRow| row.start_frame),
        whole("end_frame", "frame nearest to the end", |row: &StrideRow| row.end_frame),
        time("duration_s", "end less start", |row: &StrideRow| row.end - row.start),
        truth("valid", "whether the stride counts", |row: &StrideRow| row.reason.is_none()),
        words("reason", "why it does not count; missing where it does", |row: &StrideRow| row.reason.clone()),
    ];
    for (place, metric) in metrics.iter().enumerate() {
        let decimals = metric.decimals;
        let about: Metadata = meaning::of_metric(&metric.name).into_iter().collect();
        columns.push(real(&metric.name, about, move |row: &StrideRow| (row.values[place], decimals)));
    }
    write(out, &columns, rows, STRIDES_SCHEMA, provenance)
}

/// Writes a table put together from others; columns that are metrics bear their meaning.
///
/// # Errors
/// When the output does not take it, or a row has more or fewer cells than there are columns.
pub fn write_table(
    out: impl Write + Send,
    table: &Table,
    schema: &str,
    provenance: &Provenance,
) -> Result<(), ExportError> {
    table.check()?;
    let column = |(place, (name, kind)): (usize, &(String, Kind))| {
        let about: Metadata = meaning::of_metric(name).into_iter().collect();
        let cell = move |row: &Vec<String>| Some(row[place].clone()).filter(|cell| !cell.is_empty());
        match kind {
            Kind::Text => Column::new(name, DataType::Utf8, about, move |rows| {
                Arc::new(rows.iter().map(cell).collect::<StringArray>())
            }),
            Kind::Number => Column::new(name, DataType::Float64, about, move |rows| {
                let number = |row| cell(row)?.parse::<f64>().ok();
                Arc::new(rows.iter().map(number).collect::<Float64Array>())
            }),
            Kind::Whole => Column::new(name, DataType::Int64, about, move |rows| {
                let number = |row| cell(row)?.parse::<i64>().ok();
                Arc::new(rows.iter().map(number).collect::<Int64Array>())
            }),
            Kind::Truth => Column::new(name, DataType::Boolean, about, move |rows| {
                let truth = |row| cell(row)?.parse::<bool>().ok();
                Arc::new(rows.iter().map(truth).collect::<BooleanArray>())
            }),
        }
    };
    let columns: Vec<Column<Vec<String>>> = table.columns.iter().enumerate().map(column).collect();
    write(out, &columns, &table.rows, schema, provenance)
}

/// Rows to the cells of a column.
type Cells<R> = Box<dyn Fn(&[R]) -> ArrayRef>;

/// A column: its name and metadata, and how it is made of rows.
struct Column<R> {
    field: Field,
    cells: Cells<R>,
}

impl<R> Column<R> {
    fn new(
        name: &str,
        kind: DataType,
        about: impl Into<Metadata>,
        cells: impl Fn(&[R]) -> ArrayRef + 'static,
    ) -> Self {
        Self { field: Field::new(name, kind, true).with_metadata(about), cells: Box::new(cells) }
    }
}

/// A number with as many decimals as in the CSV table.
fn real<R>(
    name: &str,
    about: impl Into<Metadata>,
    cell: impl Fn(&R) -> (Option<f64>, usize) + 'static,
) -> Column<R> {
    let as_written = move |row: &R| {
        let (value, decimals) = cell(row);
        number(value, decimals).parse::<f64>().ok()
    };
    Column::new(name, DataType::Float64, about, move |rows| {
        Arc::new(rows.iter().map(&as_written).collect::<Float64Array>())
    })
}

fn time<R>(name: &str, definition: &str, cell: impl Fn(&R) -> Seconds + 'static) -> Column<R> {
    let about = [("unit", "s"), ("definition", definition)];
    real(name, about, move |row| (Some(cell(row).0), SECOND_DECIMALS))
}

fn whole<R>(name: &str, definition: &str, cell: impl Fn(&R) -> usize + 'static) -> Column<R> {
    Column::new(name, DataType::Int64, [("definition", definition)], move |rows| {
        Arc::new(rows.iter().map(|row| i64::try_from(cell(row)).ok()).collect::<Int64Array>())
    })
}

fn words<R>(name: &str, definition: &str, cell: impl Fn(&R) -> Option<String> + 'static) -> Column<R> {
    Column::new(name, DataType::Utf8, [("definition", definition)], move |rows| {
        Arc::new(rows.iter().map(&cell).collect::<StringArray>())
    })
}

fn truth<R>(name: &str, definition: &str, cell: impl Fn(&R) -> bool + 'static) -> Column<R> {
    Column::new(name, DataType::Boolean, [("definition", definition)], move |rows| {
        Arc::new(rows.iter().map(|row| Some(cell(row))).collect::<BooleanArray>())
    })
}

fn write<R>(
    out: impl Write + Send,
    columns: &[Column<R>],
    rows: &[R],
    schema: &str,
    provenance: &Provenance,
) -> Result<(), ExportError> {
    let fields: Vec<Field> = columns.iter().map(|c| c.field.clone()).collect();
    let metadata = Metadata::from(provenance.clone()).with("schema", schema);
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("sledform ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
    for some in rows.chunks(ROWS_AT_ONCE) {
        let cells = columns.iter().map(|c| (c.cells)(some)).collect();
        let batch =
            RecordBatch::try_new(Arc::clone(&schema), cells).map_err(parquet::errors::ParquetError::from)?;
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(())
}

#[cfg(test)]
mod tests;
