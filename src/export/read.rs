//! Tables read back: strides and curves over the stride, as [`super::tables`] wrote them. Columns are found by name, so that
//! files with more of them are read as well.

use super::ExportError;
use super::tables::Waveform;
use crate::skeleton::Side;
use crate::units::Seconds;
use csv::{Reader, StringRecord};

/// One stride of `strides.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrideSpan {
    /// Number of the stride, from 1.
    pub stride: usize,
    /// Whose foot.
    pub side: Side,
    /// Start, s.
    pub start: Seconds,
    /// End, s, after the start.
    pub end: Seconds,
    /// Whether it counts.
    pub is_valid: bool,
}

/// Reads `strides.csv`.
///
/// # Errors
/// When it is no such table.
pub fn strides(text: &str) -> Result<Vec<StrideSpan>, ExportError> {
    let mut reader = Reader::from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    let [stride, side, start, end, valid] =
        ["stride", "side", "start_s", "end_s", "valid"].map(|n| place(&names, n));
    let (stride, side, start, end, valid) = (stride?, side?, start?, end?, valid?);
    let mut spans = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let side = Side::BOTH.into_iter().find(|s| s.name() == &record[side]);
        let times = number(&record[start]).zip(number(&record[end])).filter(|(start, end)| end > start);
        let (Ok(stride), Some(side), Some((start, end))) = (record[stride].parse(), side, times) else {
            return Err(ExportError::Foreign { what: format!("row {} of the strides is none", row + 1) });
        };
        let is_valid = &record[valid] == "true";
        spans.push(StrideSpan { stride, side, start: Seconds(start), end: Seconds(end), is_valid });
    }
    Ok(spans)
}

/// Reads `waveforms.csv`; an empty cell is missing.
///
/// # Errors
/// When it is no such table.
pub fn waveforms(text: &str) -> Result<Vec<Waveform>, ExportError> {
    let mut reader = Reader::from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    place(&names, "percent")?;
    let mut waves: Vec<(usize, usize, Waveform)> = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let Some(name) = name.strip_suffix("_mean_deg") else { continue };
        let sd = place(&names, &format!("{name}_sd_deg"))?;
        waves.push((
            column,
            sd,
            Waveform { name: name.to_owned(), mean_deg: Vec::new(), sd_deg: Vec::new() },
        ));
    }
    for record in reader.records() {
        let record = record?;
        for (mean, sd, wave) in &mut waves {
            wave.mean_deg.push(number(&record[*mean]));
            wave.sd_deg.push(number(&record[*sd]));
        }
    }
    Ok(waves.into_iter().map(|(.., wave)| wave).collect())
}

fn place(names: &StringRecord, name: &str) -> Result<usize, ExportError> {
    let found = names.iter().position(|n| n == name);
    found.ok_or_else(|| ExportError::Foreign { what: format!("it has no column {name}") })
}

fn number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|v: &f64| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::tables::{PERCENTS, StrideRow, write_strides, write_waveforms};
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("CSV is UTF-8")
    }

    #[test]
    fn strides_come_back() {
        let row = |stride, side, reason: Option<&str>| StrideRow {
            stride,
            side,
            start: Seconds(1.25),
            end: Seconds(2.0),
            start_frame: 3,
            end_frame: 9,
            reason: reason.map(str::to_owned),
            values: Vec::new(),
        };
        let rows = [row(1, Side::Left, None), row(2, Side::Right, Some("hidden, mostly"))];
        let back = strides(&text(|out| write_strides(out, &[], &rows).expect("written"))).expect("read");
        assert_eq!(back.iter().map(|s| (s.stride, s.is_valid)).collect::<Vec<_>>(), [(1, true), (2, false)]);
        assert_eq!((back[1].side, back[1].start, back[1].end), (Side::Right, Seconds(1.25), Seconds(2.0)));
    }

    #[test]
    fn curves_come_back_with_their_gaps() {
        let mean_deg: Vec<_> = (0..PERCENTS).map(|p| (p != 50).then_some(p as f64 / 4.0)).collect();
        let knee = Waveform { name: "left_knee".to_owned(), mean_deg, sd_deg: vec![None; PERCENTS] };
        let waves = [knee.clone(), Waveform { name: "trunk".to_owned(), ..knee }];
        let back = waveforms(&text(|out| write_waveforms(out, &waves).expect("written"))).expect("read");
        assert_eq!(back, waves);
    }

    #[test]
    fn another_table_is_refused_by_what_it_lacks() {
        for bad in ["", "a,b\n1,2\n"] {
            assert!(strides(bad).expect_err("refused").to_string().contains("stride"), "{bad:?}");
            assert!(waveforms(bad).expect_err("refused").to_string().contains("percent"), "{bad:?}");
        }
        let backward = "stride,side,start_s,end_s,valid\n1,left,2.0,1.0,true\n";
        assert!(strides(backward).expect_err("refused").to_string().contains("row 1"));
        let short = "percent,trunk_mean_deg\n0,1\n";
        assert!(waveforms(short).expect_err("refused").to_string().contains("trunk_sd_deg"));
    }
}
