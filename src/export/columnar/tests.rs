//! Parquet read back with Arrow: values, gaps, metadata, bytes.

use super::*;
use crate::export::{frames, tables};
use crate::signal::series::{Sample, Source};
use crate::skeleton::Side;
use crate::units::{Confidence, Radians};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn provenance() -> Provenance {
    [("pose_model", "pose_landmark_heavy"), ("low_pass_cutoff_hz", "6"), ("clip_sha256", "ab12")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn rows() -> Vec<AngleRow> {
    let row = |frame: usize| {
        let mut angles = Box::new([None; Angle::COUNT]);
        angles[Angle::Trunk.index()] = (frame != 1).then(|| Sample {
            value: Radians::from_degrees(44.987_654 + frame as f64),
            confidence: Confidence::new(0.876_54),
            source: if frame == 2 { Source::Interpolated } else { Source::Measured },
        });
        AngleRow { frame, time: Seconds(frame as f64 / 30.0), angles }
    };
    (0..3).map(row).collect()
}

fn strides() -> (Vec<MetricColumn>, Vec<StrideRow>) {
    let column = |name: &str, decimals| MetricColumn { name: name.to_owned(), decimals };
    let stride = |stride, reason: Option<&str>, values| StrideRow {
        stride,
        side: Side::Right,
        start: Seconds(1.25),
        end: Seconds(2.0),
        start_frame: 37,
        end_frame: 60,
        reason: reason.map(str::to_owned),
        values,
    };
    let rows = vec![
        stride(0, None, vec![Some(44.126), None]),
        stride(1, Some("not seen, 40 % hidden"), vec![None, Some(0.612_349)]),
    ];
    (vec![column("trunk_mean_deg", 2), column("duty_factor", 4)], rows)
}

fn schema(bytes: Vec<u8>) -> Arc<Schema> {
    Arc::clone(ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap().schema())
}

fn read(bytes: Vec<u8>) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
    builder.build().unwrap().next().unwrap().unwrap()
}

/// Every cell as the CSV tables write it: numbers compare as numbers, all else as text.
fn assert_same_as_csv(batch: &RecordBatch, csv: &[u8]) {
    let mut reader = csv::Reader::from_reader(csv);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let fields: Vec<String> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
    assert_eq!(fields, names);
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len(), batch.num_rows());
    for (column, name) in names.iter().enumerate() {
        let array = batch.column(column);
        for (i, record) in records.iter().enumerate() {
            let cell = &record[column];
            let found = match array.data_type() {
                _ if array.is_null(i) => String::new(),
                DataType::Float64 => {
                    assert_eq!(cell.parse(), Ok(array.as_primitive::<Float64Type>().value(i)), "{name}");
                    continue;
                }
                DataType::Int64 => array.as_primitive::<Int64Type>().value(i).to_string(),
                DataType::Boolean => array.as_boolean().value(i).to_string(),
                _ => array.as_string::<i32>().value(i).to_owned(),
            };
            assert_eq!(found, cell, "{name}");
        }
    }
}

#[test]
fn angles_are_those_of_the_csv_to_the_last_digit() {
    let (mut parquet, mut csv) = (Vec::new(), Vec::new());
    write_angles(&mut parquet, &rows(), &provenance()).unwrap();
    frames::write_angles(&mut csv, rows()).unwrap();
    assert_same_as_csv(&read(parquet), &csv);
}

#[test]
fn strides_are_those_of_the_csv_to_the_last_digit() {
    let (metrics, rows) = strides();
    let (mut parquet, mut csv) = (Vec::new(), Vec::new());
    write_strides(&mut parquet, &metrics, &rows, &provenance()).unwrap();
    tables::write_strides(&mut csv, &metrics, &rows).unwrap();
    assert_same_as_csv(&read(parquet), &csv);
}

#[test]
fn every_column_says_what_it_is_and_the_table_what_it_rests_on() {
    let mut out = Vec::new();
    write_angles(&mut out, &rows(), &provenance()).unwrap();
    let schema = schema(out);
    let knee = schema.field_with_name("right_knee_deg").unwrap().metadata();
    assert_eq!((knee["unit"].as_str(), knee["positive"].as_str()), ("deg", "flexion"));
    assert!(knee["definition"].contains("0 is straight"));
    assert!(schema.fields().iter().all(|f| f.metadata().contains_key("definition")));
    assert_eq!(schema.metadata()["schema"], ANGLES_SCHEMA);
    assert_eq!(schema.metadata()["pose_model"], "pose_landmark_heavy");

    let (metrics, rows) = strides();
    let mut out = Vec::new();
    write_strides(&mut out, &metrics, &rows, &provenance()).unwrap();
    let schema = self::schema(out);
    let trunk = schema.field_with_name("trunk_mean_deg").unwrap().metadata();
    let row = crate::metrics::catalogue::row("trunk_mean_deg").unwrap();
    assert_eq!((trunk["definition"].as_str(), trunk["unit"].as_str()), (row.definition, "deg"));
    assert_eq!(schema.field_with_name("duty_factor").unwrap().metadata()["unit"], "1");
    assert_eq!(schema.metadata()["schema"], STRIDES_SCHEMA);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let write = || {
        let mut out = Vec::new();
        write_angles(&mut out, &rows(), &provenance()).unwrap();
        out
    };
    let first = write();
    assert!((0..8).all(|_| write() == first));
}

#[test]
fn more_rows_than_one_batch_holds_all_come_back_in_order() {
    let long: Vec<AngleRow> = (0..ROWS_AT_ONCE + 5)
        .map(|frame| AngleRow { frame, time: Seconds(frame as f64), angles: Box::new([None; Angle::COUNT]) })
        .collect();
    let mut out = Vec::new();
    write_angles(&mut out, &long, &provenance()).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(out)).unwrap().build().unwrap();
    let frames: Vec<i64> =
        reader.flat_map(|b| b.unwrap().column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    assert_eq!(frames.len(), long.len());
    assert!((0i64..).zip(&frames).all(|(expected, found)| expected == *found));
}

#[test]
fn no_rows_are_a_table_all_the_same_and_a_ragged_row_is_an_error() {
    let mut out = Vec::new();
    write_strides(&mut out, &strides().0, &[], &provenance()).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(out)).unwrap();
    assert_eq!((builder.metadata().file_metadata().num_rows(), builder.schema().fields().len()), (0, 11));
    let error = write_strides(Vec::new(), &[], &strides().1, &provenance()).unwrap_err();
    assert!(matches!(error, ExportError::Ragged { row: 0, expected: 0, found: 2 }));
}
